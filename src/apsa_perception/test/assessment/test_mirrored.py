"""A mirrored picture that is said to be one gives what the camera would have given."""

from collections.abc import Callable
from functools import cache
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from apsa_perception.assessment.offline import Run
from apsa_perception.biomechanics.measures import MEASURES
from apsa_perception.biomechanics.posture import picture_of
from apsa_perception.model.codes import Side
from apsa_perception.model.joints import Joint
from apsa_perception.model.skeleton import Skeleton
from apsa_perception.pose.backend import open_backend
from apsa_perception.pose.estimator import PoseEstimator
from apsa_perception.sources.video import VideoReader
from support.figures import Frames, figure, posture_of, repeat
from support.runs import assess

FRAMES = 70
INTRINSICS = np.array([[800.0, 0.0, 500.0], [0.0, 800.0, 270.0], [0.0, 0.0, 1.0]])


@cache
def frames_of(path: Path, *, flipped: bool, mirrored: bool) -> Frames:
    """People in the first frames of a clip, turned about its upright axis or not."""
    estimator = PoseEstimator(open_backend(), mirrored=mirrored)
    width = 960
    intrinsics = INTRINSICS.copy()
    if flipped:
        intrinsics[0, 2] = width - intrinsics[0, 2]
    with VideoReader(path) as video:
        frames = [
            (stamp, estimator.process(rgb[:, ::-1] if flipped else rgb, stamp, intrinsics))
            for stamp, rgb in islice(video, FRAMES)
        ]
    estimator.close()
    return frames


def values(run: Run, name: str, side: Side) -> list[float]:
    return [m.value for one in run.live for m in one.measures if (m.name, m.side) == (name, side)]


def told(run: Run) -> list[tuple[object, ...]]:
    """Everything about the live errors but their numbers."""
    errors = [error for one in run.live for error in one.errors]
    return [(e.code, e.severity, e.side, e.phase, e.joints, e.start_ns, e.end_ns) for e in errors]


@pytest.mark.slow
def test_a_mirrored_clip_gives_the_same_errors_of_the_same_sides(
    clip: Callable[[str], Path],
) -> None:
    path = clip("squat_front_knees_in.mp4")
    plain = frames_of(path, flipped=False, mirrored=False)
    turned = frames_of(path, flipped=True, mirrored=True)
    for (_, before), (_, after) in zip(plain, turned, strict=True):
        for one, other in zip(before, after, strict=True):
            np.testing.assert_array_equal(other.positions, one.positions)
            np.testing.assert_allclose(other.pixels[:, 0], 960 - one.pixels[:, 0])
            assert one.root is not None
            np.testing.assert_allclose(other.root, one.root)
    right, wrong = assess(plain, "squat"), assess(turned, "squat")
    assert right.live_codes
    assert told(right) == told(wrong)
    for side in (Side.LEFT, Side.RIGHT):
        np.testing.assert_allclose(
            values(wrong, "knee_valgus", side), values(right, "knee_valgus", side), atol=1e-6
        )


@pytest.mark.slow
@pytest.mark.parametrize("mirrored", [True, False])
@pytest.mark.parametrize(
    "name", ["squat_front_knees_in.mp4", "lunge_side.mp4", "glute_bridge_floor.mp4"]
)
def test_each_skeleton_shows_whether_its_picture_is_mirrored(
    clip: Callable[[str], Path], name: str, mirrored: bool
) -> None:
    frames = frames_of(clip(name), flipped=mirrored, mirrored=mirrored)
    shown = [picture_of(skeleton)[0] for _, people in frames for skeleton in people]
    assert len(shown) > FRAMES // 2
    assert set(shown) == {mirrored}


@pytest.mark.slow
def test_a_mirrored_clip_that_is_not_said_to_be_one_exchanges_the_sides(
    clip: Callable[[str], Path],
) -> None:
    path = clip("squat_front_knees_in.mp4")
    plain = assess(frames_of(path, flipped=False, mirrored=False), "squat")
    turned = assess(frames_of(path, flipped=True, mirrored=False), "squat")
    of = {side: np.array(values(plain, "knee_angle", side)) for side in (Side.LEFT, Side.RIGHT)}
    apart = np.nanmean(np.abs(of[Side.LEFT] - of[Side.RIGHT]))
    exchanged = np.nanmean(np.abs(values(turned, "knee_angle", Side.RIGHT) - of[Side.LEFT]))
    assert exchanged < apart


def in_mirror_image(one: Skeleton) -> Skeleton:
    """The figure as a mirroring camera delivers it: only its pixels are turned."""
    one.pixels[:, 0] = one.image_size[0] - one.pixels[:, 0]
    return one


def test_measures_in_the_picture_allow_for_a_mirror_image_and_a_tilted_camera() -> None:
    up = np.array([np.sin(0.2), -np.cos(0.2), 0.0])
    for name in ("trunk_lean_lateral", "knee_valgus", "pelvis_drop", "shoulder_hike"):
        measure = MEASURES[name]
        for side in measure.sides:
            results = []
            for one in (figure(lean_left_deg=12.0), in_mirror_image(figure(lean_left_deg=12.0))):
                results.append(measure.take(posture_of(one, up=up), side).value)
            assert results[1] == pytest.approx(results[0], abs=1e-6), name


@pytest.mark.parametrize("unknown", [[Joint.LEFT_HAND], [Joint.LEFT_HAND, Joint.LEFT_WRIST]])
def test_a_joint_without_a_place_in_the_picture_does_not_hide_that_it_is_mirrored(
    unknown: list[Joint],
) -> None:
    up = np.array([np.sin(0.2), -np.cos(0.2), 0.0])
    ups = []
    for one in (figure(), in_mirror_image(figure())):
        one.pixels[unknown] = np.nan
        ups.append(posture_of(one, up=up).plane_up)
    np.testing.assert_allclose(ups[1], np.multiply(ups[0], (-1.0, 1.0)))


@pytest.mark.parametrize("moving", ["left", "right"])
def test_the_other_side_of_a_one_sided_exercise_is_told(moving: str) -> None:
    arms = {
        "left": lambda way: (10.0 + 120.0 * way, 10.0),
        "right": lambda way: (10.0, 130.0 * way),
    }
    frames = repeat(lambda stamp, way: [figure(stamp, arms_deg=arms[moving](way))], 2)
    run = assess(frames, "shoulder_abduction_left")
    said = [status.message for status in run.statuses if "mirrored" in status.message]
    if moving == "left":
        assert (len(run.repetitions), said) == (2, [])
    else:
        assert run.repetitions == []
        assert said
        assert "right side moved" in said[0]
