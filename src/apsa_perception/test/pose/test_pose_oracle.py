"""The backend ``litert`` finds what MediaPipe finds.

Both run the same models. With OpenCV 4.11 and 4.13 they differ by no more than the rounding of the
results. Another version may round the crop otherwise. Such differences grow while the region
follows the person, in an ambiguous picture to another posture; therefore clips are compared in
pairs of pictures, of which the detector sees the first and the region follows to the second.
"""

from collections.abc import Callable, Iterator
from itertools import islice, pairwise
from pathlib import Path

import numpy as np
import pytest

from apsa_perception.imaging.images import RgbImage
from apsa_perception.model.skeleton import CanonicalPose, FloatArray
from apsa_perception.pose.backend import PoseBackend, open_backend
from apsa_perception.pose.litert_backend import LiteRtBackend
from apsa_perception.sources.video import VideoReader
from support.paths import ROOT

SAMPLE = ROOT / "samples" / "squat.mp4"
STORED = ROOT / "tests" / "data" / "pose" / "squat_mediapipe.npz"
COMPARED_PX = 640
MEDIAN_PX, MEDIAN_M = 0.5, 0.003
MOST_PX, MOST_M = 3.0, 0.02
"""95th percentiles."""
CLIPS = ("squat_front.mp4", "lunge_side.mp4", "glute_bridge_floor.mp4", "legs_only_calf_raise.mp4")
STEP = 20
"""Pictures from one pair to the next, over the whole clip."""


def found_in(
    backend: PoseBackend, clip: Path, frames: int
) -> tuple[list[list[CanonicalPose]], int]:
    """People frame by frame, and the longer side of the pictures."""
    with VideoReader(clip) as video:
        found = [backend.detect(rgb, stamp) for stamp, rgb in islice(video, frames)]
        return found, max(video.size)


def assert_equal(
    pixels: FloatArray, their_pixels: FloatArray, metres: FloatArray, theirs: FloatArray, side: int
) -> None:
    off_px = np.linalg.norm(pixels - their_pixels, axis=-1) * (COMPARED_PX / side)
    off_m = np.linalg.norm(metres - theirs, axis=-1)
    assert np.median(off_px) < MEDIAN_PX
    assert np.median(off_m) < MEDIAN_M
    assert np.percentile(off_px, 95) < MOST_PX
    assert np.percentile(off_m, 95) < MOST_M


def test_the_sample_is_seen_as_mediapipe_saw_it() -> None:
    with np.load(STORED) as stored:
        found, side = found_in(LiteRtBackend(), SAMPLE, len(stored["found"]))
        assert [bool(poses) for poses in found] == stored["found"].tolist()
        people = [poses[0] for poses in found if poses]
        pixels = np.array([pose.pixels for pose in people])
        positions = np.array([pose.positions for pose in people])
        assert_equal(pixels, stored["pixels"], positions, stored["positions"], side)
        confidence = np.array([pose.confidence for pose in people])
        np.testing.assert_allclose(confidence, stored["confidence"], atol=0.02)
        assert (np.array([pose.observed for pose in people]) == stored["observed"]).all()


def pairs_in(clip: Path) -> Iterator[tuple[tuple[int, RgbImage], ...]]:
    with VideoReader(clip) as video:
        for index, (one, other) in enumerate(pairwise(video)):
            if index % STEP == 0:
                yield one, other


@pytest.mark.slow
@pytest.mark.parametrize("name", CLIPS)
def test_clips_are_seen_as_mediapipe_sees_them(name: str, clip: Callable[[str], Path]) -> None:
    pytest.importorskip("mediapipe", reason="bootstrap.py --with oracle installs MediaPipe")
    backends = LiteRtBackend(), open_backend("mediapipe")
    found: list[tuple[CanonicalPose, CanonicalPose]] = []
    side = 1
    for pair in pairs_in(clip(name)):
        for backend in backends:
            backend.reset()
        for stamp, rgb in pair:
            ours, theirs = (backend.detect(rgb, stamp) for backend in backends)
            assert len(ours) == len(theirs)
            found.extend(zip(ours, theirs, strict=True))
            side = max(rgb.shape)
    if found:
        one, other = zip(*found, strict=True)
        assert_equal(
            np.array([pose.pixels for pose in one]),
            np.array([pose.pixels for pose in other]),
            np.array([pose.positions for pose in one]),
            np.array([pose.positions for pose in other]),
            side,
        )
