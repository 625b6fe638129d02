"""Who is reported, under which number, and what happens to bad input."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from apsa_perception.imaging.images import ImageError
from apsa_perception.model.joints import Joint
from apsa_perception.model.skeleton import CanonicalPose, Skeleton
from apsa_perception.pose.backend import StampError
from apsa_perception.pose.estimator import PoseEstimator
from apsa_perception.pose.track import CONFIRM_S, MIN_OBSERVED
from support.pose_bodies import INTRINSICS, PERIOD_NS, PICTURE, ScriptedBackend, pose, standing

RunClip = Callable[..., Any]  # ClipRun of conftest.py
CONFIRM_FRAMES = int(CONFIRM_S * 1e9 / PERIOD_NS)
LEGS = [joint for joint in Joint if joint.name.endswith(("KNEE", "ANKLE", "FOOT"))]


def person(x: float = 0.0, z: float = 3.0) -> CanonicalPose:
    return pose(standing(), (x, 0.0, z))


def ids(frames: list[list[Skeleton]]) -> list[tuple[int, ...]]:
    """Numbers in the order in which they come and go."""
    seen = [tuple(body.body_id for body in frame) for frame in frames]
    return [seen[0], *(b for a, b in pairwise(seen) if a != b)]


def run(script: list[list[CanonicalPose]]) -> list[list[Skeleton]]:
    estimator = PoseEstimator(ScriptedBackend(script))
    return [estimator.process(PICTURE, (i + 1) * PERIOD_NS) for i in range(len(script))]


def test_a_person_counts_after_being_found_without_a_break() -> None:
    flicker = [[person()], [person()], []] * 6
    assert ids(run(flicker)) == [()]
    frames = run([[person()]] * 10)
    assert [len(frame) for frame in frames] == [0] * CONFIRM_FRAMES + [1] * (10 - CONFIRM_FRAMES)


def test_a_skeleton_carries_stamp_size_and_place() -> None:
    estimator = PoseEstimator(ScriptedBackend([[person(0.3)]] * 10), corrected=False)
    for i in range(10):
        found = estimator.process(PICTURE, (i + 1) * PERIOD_NS, INTRINSICS)
    assert found[0].stamp_ns == 10 * PERIOD_NS
    assert found[0].image_size == (640, 480)
    assert found[0].root is not None
    np.testing.assert_allclose(found[0].root, (0.3, 0.0, 3.0), atol=1e-6)
    np.testing.assert_allclose(found[0].positions, standing(), atol=1e-9)


def test_somebody_lost_for_a_moment_keeps_their_number() -> None:
    frames = run([[person()]] * 10 + [[]] * 5 + [[person(0.1)]] * 10)
    assert ids(frames) == [(), (1,), (), (1,)]


def test_somebody_lost_for_longer_keeps_their_number_with_fresh_filters() -> None:
    frames = run([[person()]] * 10 + [[]] * 15 + [[person(0.5)]] * 10)
    assert ids(frames) == [(), (1,), (), (1,)]
    np.testing.assert_allclose(frames[-1][0].pixels, person(0.5).pixels)


@pytest.mark.parametrize("other", [person(1.2), person(0.0, 6.0)])
def test_a_hop_to_somebody_elsewhere_is_a_new_person_with_fresh_filters(
    other: CanonicalPose,
) -> None:
    frames = run([[person()]] * 10 + [[other]] * 10)
    assert ids(frames) == [(), (1,), (), (2,)]
    np.testing.assert_allclose(frames[-1][0].pixels, other.pixels)


def test_two_people_keep_their_numbers_in_whatever_order_they_are_found() -> None:
    script = []
    for i in range(30):
        couple = [person(-0.8 + 0.01 * i), person(0.8 - 0.01 * i)]
        script.append(couple if i % 3 else couple[::-1])
    frames = run(script)
    assert ids(frames) == [(), (1, 2)]
    left_of = [frame[0].pixels[0, 0] < frame[1].pixels[0, 0] for frame in frames if frame]
    assert len(set(left_of)) == 1


def test_mixed_up_sides_are_no_hop() -> None:
    mixed_up = pose(standing() * (-1, 1, 1))
    assert ids(run(([[person()]] * 5 + [[mixed_up]] * 2) * 4)) == [(), (1,)]


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_poses_that_are_not_finite_or_hardly_seen_are_nobody(value: float) -> None:
    broken = person()
    broken.positions[5, 1] = value
    hidden = person()
    hidden.observed[MIN_OBSERVED - 1 :] = False
    assert ids(run([[broken]] * 10)) == [()]
    assert ids(run([[hidden]] * 10)) == [()]


@pytest.mark.parametrize("stamp", [0, 5 * PERIOD_NS, 10 * PERIOD_NS])
def test_a_clock_that_does_not_advance_is_refused_and_changes_nothing(stamp: int) -> None:
    script = [[person(0.001 * i)] for i in range(20)]
    expected = run(script)
    estimator = PoseEstimator(ScriptedBackend(script))
    for i in range(20):
        if i == 10:
            with pytest.raises(StampError, match="is not later than the last one, 400000000 ns"):
                estimator.process(PICTURE, stamp)
        frame = estimator.process(PICTURE, (i + 1) * PERIOD_NS)
        for body, same in zip(frame, expected[i], strict=True):
            assert body.body_id == same.body_id
            np.testing.assert_array_equal(body.positions, same.positions)


@pytest.mark.parametrize(
    "picture",
    [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 3)), np.zeros((0, 4, 3), np.uint8)],
)
def test_what_is_no_rgb_picture_is_refused(picture: np.ndarray) -> None:
    estimator = PoseEstimator(ScriptedBackend([]))
    with pytest.raises(ImageError, match=r"expected \(H, W, 3\) uint8"):
        estimator.process(picture, 1)


def test_a_gap_in_time_resets_the_backend_and_the_person_is_known_again() -> None:
    backend = ScriptedBackend([[person()]] * 20)
    estimator = PoseEstimator(backend)
    stamps = [*range(1, 11), *range(30, 40)]
    frames = [estimator.process(PICTURE, stamp * PERIOD_NS) for stamp in stamps]
    assert ids(frames) == [(), (1,), (), (1,)]
    assert backend.resets == 1


@pytest.mark.faults
@pytest.mark.parametrize("factor", [0.5, 0.75, 2.0])
def test_a_change_of_resolution_keeps_the_person_and_the_pixels_of_the_picture(
    factor: float,
) -> None:
    size = np.array([640, 480])
    other = person()._replace(pixels=person().pixels * factor)
    script = [[person()]] * 10 + [[other]] * 10 + [[person()]] * 10
    estimator = PoseEstimator(ScriptedBackend(script))
    frames = []
    for i in range(30):
        width, height = (size * factor).astype(int) if 10 <= i < 20 else size
        picture = np.zeros((height, width, 3), np.uint8)
        frames.append(estimator.process(picture, (i + 1) * PERIOD_NS))
    assert ids(frames) == [(), (1,)]
    (between,), (after,) = frames[15], frames[25]
    np.testing.assert_allclose(between.pixels, other.pixels)
    np.testing.assert_allclose(after.pixels, person().pixels)
    assert between.image_size == tuple((size * factor).astype(int))


def test_reset_starts_anew() -> None:
    estimator = PoseEstimator(ScriptedBackend([[person()]] * 20))
    first = [estimator.process(PICTURE, (i + 1) * PERIOD_NS) for i in range(10)]
    estimator.reset()
    again = [estimator.process(PICTURE, (i + 1) * PERIOD_NS) for i in range(10)]
    assert ids(again) == ids(first) == [(), (1,)]


@pytest.mark.slow
def test_an_exerciser_and_a_trainer_keep_their_numbers(run_clip: RunClip) -> None:
    frames = run_clip("squat_pulses_two_people.mp4").skeletons
    assert ids(frames) == [(), (1, 2)]
    exerciser = [frame[0].pixels[Joint.SPINE, 0] for frame in frames if frame]
    assert min(exerciser) > 320  # in the right half of the picture


@pytest.mark.slow
def test_people_who_cross_outdoors_keep_their_numbers(run_clip: RunClip) -> None:
    """One exercises on a box, jumps down and runs to the right; the other walks by to the left."""
    frames = run_clip("crossing_people_outdoors.mp4").skeletons
    bodies = [body for frame in frames for body in frame]
    assert {body.body_id for body in bodies} == {1, 2}
    for body in bodies:
        x, y = body.pixels[Joint.SPINE]
        second = body.stamp_ns * 1e-9
        walks = y > 500 and second < 6.7
        assert body.body_id == (2 if walks else 1), (second, x, y)


def test_a_close_up_of_legs_is_nobody(run_clip: RunClip) -> None:
    assert ids(run_clip("legs_only_calf_raise.mp4").skeletons) == [()]


@pytest.mark.parametrize("name", ["wall_pushup_upper_body.mp4", "lateral_raise_thighs_up.mp4"])
def test_legs_out_of_the_picture_are_inferred(name: str, run_clip: RunClip) -> None:
    frames = run_clip(name, 60).skeletons
    observed = np.array([body.observed for frame in frames for body in frame])
    assert len(observed) > 50
    # From the thighs up, the knees do show at the lower edge now and then.
    hidden = [joint for joint in LEGS if name.startswith("wall") or "KNEE" not in joint.name]
    assert not observed[:, hidden].any()
    assert observed[:, [Joint.NECK, Joint.HEAD, Joint.LEFT_SHOULDER]].all()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["lunge_side.mp4", "lunge_side_trunk_lean.mp4"])
def test_leg_mix_ups_in_a_side_view_are_mostly_taken_back(name: str, run_clip: RunClip) -> None:
    run = run_clip(name)
    raw = np.array([poses[0].positions for poses in run.raw])
    kept = np.array([bodies[0].positions for bodies in run.skeletons if bodies])

    def jumps(positions: np.ndarray) -> int:
        ankles = positions[:, [Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE]]
        return int((np.linalg.norm(np.diff(ankles, axis=0), axis=-1) > 0.25).sum())

    assert jumps(raw) > 10
    assert jumps(kept) < 0.5 * jumps(raw)


def test_somebody_all_in_view_is_followed_and_hardly_a_joint_is_doubted(run_clip: RunClip) -> None:
    frames = run_clip("squat_front.mp4", 75).skeletons
    assert ids(frames) == [(), (1,)]
    assert sum(map(len, frames)) == len(frames) - CONFIRM_FRAMES
    observed = np.array([body.observed for frame in frames for body in frame])
    assert observed[:, LEGS].all()
    assert observed.mean() > 0.98
