"""Drawn people are found by the real pose model, the same each time, and keep their labels."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from apsa_perception.model.joints import Joint
from apsa_perception.model.skeleton import FloatArray
from apsa_perception.pose.backend import PoseBackend, open_backend
from apsa_perception.pose.root import fitted_root
from apsa_perception.pose.skeleton_correction import assumed_intrinsics
from apsa_training.camera import laboratory
from apsa_training.camera.appearance import Appearance
from apsa_training.camera.body import Phenotype
from apsa_training.camera.drawing import Scene
from apsa_training.camera.drawn_files import is_drawn, load_drawn, pack
from apsa_training.camera.laboratory import Task, draw, tasks_of
from apsa_training.camera.observation import fit_viewpoint, observe, pictures
from apsa_training.camera.variation import Variation, draw_variation
from apsa_training.camera.viewpoint import Viewpoint
from apsa_training.data.sequences import MotionData, MotionSequence
from support.paths import ROOT

BODIES = ROOT / "tests" / "data" / "bodies"
RAISE = "102_18_6_7_1_chair.txt"
STANDING = "206_18_3_11_2_stand.txt"


def drawn_as(yaw_deg: float = 0.0, rate_hz: float = 10.0) -> Variation:
    """How a recording is drawn in the tests: the body that ships, a calm picture."""
    variation = draw_variation(1, "a", "b", 0)
    return replace(
        variation,
        phenotype=Phenotype(),
        viewpoint=Viewpoint(yaw_deg=yaw_deg, pitch_deg=5.0),
        frame_rate_hz=rate_hz,
        missing=0.0,
        framing=0.8,
    )


@pytest.fixture(scope="module")
def backend() -> PoseBackend:
    return open_backend()


@pytest.mark.parametrize("yaw_deg", [0.0, 40.0, -90.0])
def test_the_whole_motion_is_in_the_picture(
    yaw_deg: float, recording: Callable[[str], MotionSequence]
) -> None:
    *_, (_, _, picture, viewpoint, motion) = pictures(recording(RAISE), drawn_as(yaw_deg), BODIES)
    pixels = viewpoint.pixels(viewpoint.optical(motion.joints))
    assert pixels.min() > 0.0
    assert (pixels < (picture.shape[1], picture.shape[0])).all()
    extent = np.ptp(pixels, axis=(0, 1)) / (picture.shape[1], picture.shape[0])
    assert 0.5 < extent.max() < 0.9
    assert fit_viewpoint(viewpoint, motion, 0.4).distance_m > viewpoint.distance_m


def test_joints_of_the_left_are_on_the_right_of_a_picture_from_the_front(
    recording: Callable[[str], MotionSequence],
) -> None:
    _, frame, _, viewpoint, motion = next(pictures(recording(STANDING), drawn_as(), BODIES))
    pixels = viewpoint.pixels(viewpoint.optical(motion.joints[frame]))
    assert pixels[Joint.LEFT_SHOULDER, 0] > pixels[Joint.RIGHT_SHOULDER, 0] + 20
    assert pixels[Joint.HEAD, 1] < pixels[Joint.LEFT_ANKLE, 1] - 100


def test_the_pose_model_finds_the_drawn_person(
    recording: Callable[[str], MotionSequence], backend: PoseBackend
) -> None:
    seen = observe(recording(STANDING), drawn_as(20.0, 15.0), BODIES, backend)
    assert seen.seen.all()
    assert seen.confidence.mean() > 0.9
    hips_to_shoulders = [Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER, Joint.LEFT_HIP, Joint.RIGHT_HIP]
    off = np.linalg.norm(seen.pixels - seen.true_pixels, axis=2)[:, hips_to_shoulders]
    height = np.ptp(seen.true_pixels[..., 1])
    assert off.mean() < 0.04 * height
    assert np.linalg.norm(seen.positions - seen.truth, axis=2)[:, hips_to_shoulders].mean() < 0.12


def test_a_set_is_drawn_once_packed_and_read_back(
    recording: Callable[[str], MotionSequence],
    backend: PoseBackend,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(laboratory, "_variation", lambda task: drawn_as(10.0 * task.constructed))
    (tmp_path / "bodies").symlink_to(BODIES)
    correct = replace(recording(RAISE), correct=1)
    data = MotionData("irds", (correct, replace(recording(STANDING), correct=0)))
    tasks = tasks_of(data, 1, 7, tmp_path, constructed=1)
    assert [task.constructed for task in tasks] == [False, True, False]
    files = [draw(task, backend) for task in tasks]
    stamps = [file.stat().st_mtime_ns for file in files]
    assert [draw(task, backend).stat().st_mtime_ns for task in tasks] == stamps
    assert pack(files, tmp_path / "set.npz", correct=True) == 3
    assert is_drawn(tmp_path / "set.npz")
    assert not is_drawn(ROOT / "tests" / "data" / "irds_sample.npz")
    read = load_drawn(tmp_path / "set.npz")
    assert sorted((one.correct, bool(one.faults)) for one in read.sequences) == [
        (0, False),
        (0, True),
        (1, False),
    ]
    drawn = next(one for one in read.sequences if one.correct == 1)
    assert (drawn.name, drawn.subject, drawn.exercise) == (
        correct.name,
        correct.subject,
        correct.exercise,
    )
    assert drawn.stamps_s[-1] == pytest.approx(correct.stamps_s[-1], abs=0.11)
    assert np.isfinite(drawn.positions).all()
    with np.load(next(file for file in files if "_drawn_" in file.name)) as one:
        name, seen = str(one["name"]), one["positions"][one["seen"]]
    packed = next(each for each in read.sequences if each.name == name and not each.faults)
    pixels, size = packed.pixels, packed.image_size
    assert pixels is not None
    before, after = (
        np.mean([_off_px(*frame, size) for frame in zip(joints, pixels, strict=True)])
        for joints in (seen, packed.positions)
    )
    assert after < 0.6 * before


def _off_px(joints: FloatArray, pixels: FloatArray, size: tuple[int, int]) -> float:
    """Mean distance in pixels between the joints' places and what the picture shows."""
    intrinsics = assumed_intrinsics(size)
    root = fitted_root(joints, pixels, np.ones(len(joints), np.bool_), intrinsics)
    assert root is not None
    places = (joints + root) @ intrinsics.T
    return float(np.linalg.norm(places[:, :2] / places[:, 2:] - pixels, axis=1).mean())


def test_the_same_seed_gives_the_same_drawing(
    recording: Callable[[str], MotionSequence], backend: PoseBackend
) -> None:
    one, other = (observe(recording(STANDING), drawn_as(), BODIES, backend) for _ in range(2))
    assert np.array_equal(one.positions, other.positions)
    first, second = draw_variation(1, "s", "r", 0), draw_variation(1, "s", "r", 0)
    assert first == second
    assert draw_variation(1, "s", "other", 0).phenotype == first.phenotype
    assert draw_variation(2, "s", "r", 0).phenotype != first.phenotype


def test_nobody_in_any_drawing_is_one_sentence(tmp_path: Path) -> None:
    np.savez(tmp_path / "empty.npz", seen=np.zeros(4, bool))
    with pytest.raises(ValueError, match="nobody was found in any drawing"):
        pack([tmp_path / "empty.npz"], tmp_path / "set.npz")


def test_somebody_who_sits_gets_a_chair(
    recording: Callable[[str], MotionSequence],
) -> None:
    scene = Scene(furniture=(255.0, 0.0, 0.0), noise=0.0, jpeg_quality=0)
    variation = replace(drawn_as(40.0), scene=scene, appearance=Appearance())

    def red_pixels(name: str) -> int:
        _, _, picture, _, _ = next(pictures(recording(name), variation, BODIES))
        return int(((picture[..., 0] > 60) & (picture[..., 1:] == 0).all(axis=2)).sum())

    assert red_pixels(RAISE) > 300
    assert red_pixels(STANDING) == 0


def test_tasks_have_files_of_their_own(
    tmp_path: Path, recording: Callable[[str], MotionSequence]
) -> None:
    one = Task(recording(RAISE), "irds", 0, 1, tmp_path)
    others = (replace(one, drawing=1), replace(one, seed=2), replace(one, constructed=True))
    assert len({one.path, *(other.path for other in others)}) == 4
