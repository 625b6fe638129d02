"""BlazePose with LiteRT and with MediaPipe: same answer every time, quiet, strict about stamps."""

import hashlib
import os
import subprocess
import sys
from itertools import islice

import numpy as np
import pytest

from apsa_perception.pose.backend import PoseBackend, StampError, open_backend
from apsa_perception.pose.litert_backend import LiteRtBackend
from apsa_perception.sources.video import VideoReader
from support.paths import ROOT

CLIP = ROOT / "samples" / "squat.mp4"
FRAMES = 25


@pytest.fixture(params=["litert", "mediapipe"])
def name(request: pytest.FixtureRequest) -> str:
    """Each of the two backends that is installed."""
    if request.param == "mediapipe":
        pytest.importorskip("mediapipe", reason="bootstrap.py --with oracle installs MediaPipe")
    found: str = request.param
    return found


def digest(backend: PoseBackend) -> str:
    """Hash of every array of the clip's first frames."""
    hashed = hashlib.sha256()
    with VideoReader(CLIP) as video:
        for stamp, rgb in islice(video, FRAMES):
            for pose in backend.detect(rgb, stamp):
                for values in pose:
                    hashed.update(np.ascontiguousarray(values).tobytes())
    return hashed.hexdigest()


def test_two_instances_a_reset_one_and_another_process_agree_to_the_last_bit(name: str) -> None:
    one, two = open_backend(name), open_backend(name)
    expected = digest(one)
    assert digest(two) == expected
    one.reset()
    assert digest(one) == expected
    script = (
        f"import runpy; names = runpy.run_path({__file__!r}); "
        f"print(names['digest'](names['open_backend']({name!r})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == expected
    assert done.stderr == ""


@pytest.mark.parametrize("model", LiteRtBackend.MODELS)
def test_each_model_finds_the_person(model: str) -> None:
    backend = open_backend("litert", model)
    assert backend.name == f"blazepose_{model}"
    with VideoReader(CLIP) as video:
        (stamp, rgb), (later, following) = islice(video, 2)
    first, second = backend.detect(rgb, stamp), backend.detect(following, later)
    for poses in (first, second):
        assert len(poses) == 1
        assert poses[0].observed.all()
        assert (poses[0].confidence > 0.5).all()
    np.testing.assert_allclose(first[0].pixels, second[0].pixels, atol=15)
    np.testing.assert_allclose(first[0].positions, second[0].positions, atol=0.1)


def test_big_pictures_give_pixels_of_the_picture_given(name: str) -> None:
    with VideoReader(CLIP) as video:
        _, rgb = next(iter(video))
    small = open_backend(name).detect(rgb, 1_000_000)[0]
    big = open_backend(name).detect(rgb.repeat(3, axis=0).repeat(3, axis=1), 1_000_000)[0]
    np.testing.assert_allclose(big.pixels / 3, small.pixels, atol=6)
    np.testing.assert_allclose(big.positions, small.positions, atol=0.05)


def test_a_camera_that_changes_its_resolution_keeps_the_person() -> None:
    with VideoReader(CLIP) as video:
        frames = list(islice(video, 4))
    steady, changing = LiteRtBackend(), LiteRtBackend()
    for index, (stamp, rgb) in enumerate(frames):
        halved = np.ascontiguousarray(rgb[::2, ::2]) if index >= 2 else rgb
        expected = steady.detect(rgb, stamp)[0]
        found = changing.detect(halved, stamp)[0]
        scale = rgb.shape[1] / halved.shape[1]
        np.testing.assert_allclose(found.pixels * scale, expected.pixels, atol=8)


def test_refuses_a_stamp_that_does_not_follow_and_goes_on(name: str) -> None:
    backend = open_backend(name)
    blank = np.zeros((120, 160, 3), np.uint8)
    assert backend.detect(blank, 2_000_000) == []
    for stamp in (2_000_000, 2_000_999, 1_000_000):
        with pytest.raises(StampError, match=f"stamp {stamp} ns is not later than 2000000 ns"):
            backend.detect(blank, stamp)
    assert backend.detect(blank, 2_001_000) == []
    backend.reset()
    assert backend.detect(blank, 0) == []


@pytest.mark.parametrize("size", [(1, 1), (1, 4000), (3000, 2)])
def test_pictures_without_a_person_of_any_size_give_nobody(size: tuple[int, int]) -> None:
    backend = LiteRtBackend()
    noise = np.random.default_rng(0).integers(0, 256, (*size, 3), np.uint8)
    assert backend.detect(noise, 1_000_000) == []


def test_somebody_alone_is_found_the_same_whether_or_not_others_are_searched_for() -> None:
    assert digest(LiteRtBackend(max_people=2)) == digest(LiteRtBackend(max_people=1))


def test_people_side_by_side_are_each_found_and_no_more_than_asked_for() -> None:
    with VideoReader(CLIP) as video:
        _, rgb = next(iter(video))
    middle, half = rgb.shape[1] // 2, rgb.shape[0] * 2 // 9
    column = rgb[:, middle - half : middle + half]
    picture = np.ascontiguousarray(np.hstack([column] * 3))
    expected = (np.arange(3) + 0.5) * 2 * half
    for limit in (3, 2):
        backend = LiteRtBackend(max_people=limit)
        for stamp in (1_000_000, 40_000_000):  # searched for, then followed
            places = sorted(float(pose.pixels[0, 0]) for pose in backend.detect(picture, stamp))
            assert len(places) == limit
            for place in places:
                assert np.abs(expected - place).min() < 0.25 * half
