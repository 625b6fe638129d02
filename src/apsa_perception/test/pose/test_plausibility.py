"""Mixed-up sides and leaping joints are taken back, real movement is not."""

import numpy as np
import pytest

from apsa_perception.model.joints import MIRROR, Joint
from apsa_perception.model.skeleton import CanonicalPose
from apsa_perception.pose.plausibility import MAX_SWAP_S, PlausibilityGuard
from support.pose_bodies import PERIOD_NS, pose, striding

LEGS = [
    Joint.LEFT_KNEE, Joint.LEFT_ANKLE, Joint.LEFT_FOOT,
    Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE, Joint.RIGHT_FOOT,
]  # fmt: skip


def legs_mixed_up(right: CanonicalPose) -> CanonicalPose:
    order = np.arange(len(Joint))
    order[LEGS] = [MIRROR[joint] for joint in LEGS]
    return CanonicalPose(*(values[order] for values in right))


def lunge(frame: int) -> CanonicalPose:
    """A stride whose front knee moves at about 0.5 m/s."""
    positions = striding()
    positions[Joint.LEFT_KNEE, 1] += 0.1 * np.sin(frame / 5)
    return pose(positions)


@pytest.mark.parametrize("frames", [1, 3, 12])
def test_legs_mixed_up_for_a_while_keep_their_sides(frames: int) -> None:
    guard = PlausibilityGuard()
    for i in range(40):
        mixed_up = 10 <= i < 10 + frames
        out = guard.update(legs_mixed_up(lunge(i)) if mixed_up else lunge(i), i * PERIOD_NS)
        for values, expected in zip(out, lunge(i), strict=True):
            np.testing.assert_array_equal(values, expected)


def test_the_model_is_believed_when_it_keeps_to_its_word() -> None:
    guard = PlausibilityGuard()
    guard.update(legs_mixed_up(lunge(0)), 0)
    stamps = range(PERIOD_NS, int((MAX_SWAP_S + 1) * 1e9), PERIOD_NS)
    for stamp in stamps:
        out = guard.update(lunge(1), stamp)
    np.testing.assert_array_equal(out.positions, lunge(1).positions)


def test_a_leaping_joint_is_inferred_at_its_last_place() -> None:
    guard = PlausibilityGuard()
    guard.update(lunge(0), 0)
    leap = lunge(0)
    leap.positions[Joint.LEFT_WRIST] += (0.0, -0.6, 0.0)
    out = guard.update(leap, PERIOD_NS)
    np.testing.assert_array_equal(
        out.positions[Joint.LEFT_WRIST], lunge(0).positions[Joint.LEFT_WRIST]
    )
    assert not out.observed[Joint.LEFT_WRIST]
    assert out.confidence[Joint.LEFT_WRIST] == 0
    assert np.delete(out.observed, Joint.LEFT_WRIST).all()
    assert guard.update(lunge(0), 2 * PERIOD_NS).observed.all()


def test_hips_go_with_legs_mixed_up_and_back() -> None:
    guard = PlausibilityGuard()
    for i in range(40):
        right = lunge(i)
        mixed_up = CanonicalPose(*(values[list(MIRROR)] for values in right))
        out = guard.update(mixed_up if 10 <= i < 22 else right, i * PERIOD_NS)
        np.testing.assert_array_equal(
            out.positions[[Joint.LEFT_HIP, *LEGS]], right.positions[[Joint.LEFT_HIP, *LEGS]]
        )


def test_half_a_leg_that_leaps_is_held_as_a_whole() -> None:
    guard = PlausibilityGuard()
    guard.update(lunge(0), 0)
    leap = lunge(3)
    leap.positions[Joint.LEFT_ANKLE] += (0.4, 0.0, 0.0)
    out = guard.update(leap, PERIOD_NS)
    left = [Joint.LEFT_KNEE, Joint.LEFT_ANKLE, Joint.LEFT_FOOT]
    np.testing.assert_array_equal(out.positions[left], lunge(0).positions[left])
    assert not out.observed[left].any()
    assert np.delete(out.observed, left).all()


def test_a_joint_that_stays_where_it_leapt_to_is_believed_within_a_fifth_of_a_second() -> None:
    guard = PlausibilityGuard()
    guard.update(lunge(0), 0)
    leap = lunge(0)
    leap.positions[Joint.LEFT_WRIST] += (0.0, -0.6, 0.0)
    for stamp in range(PERIOD_NS, 200_000_001, PERIOD_NS):
        out = guard.update(leap, stamp)
    np.testing.assert_array_equal(out.positions, leap.positions)
    assert out.observed.all()


@pytest.mark.parametrize(("sideways", "held"), [(True, True), (False, False)])
def test_a_leg_that_shrinks_is_held_seen_from_the_side(sideways: bool, held: bool) -> None:
    def body(shrunk: float) -> CanonicalPose:
        positions = striding()
        for joint, side in ((Joint.LEFT_SHOULDER, 1), (Joint.LEFT_HIP, 1)):
            line = np.array([0.0, 0.0, 0.3 * side]) if sideways else np.array([0.3 * side, 0, 0])
            positions[MIRROR[joint]] = positions[joint] - line
        hip, knee, ankle = positions[[Joint.LEFT_HIP, Joint.LEFT_KNEE, Joint.LEFT_ANKLE]]
        positions[Joint.LEFT_KNEE] = hip + shrunk * (knee - hip)
        positions[Joint.LEFT_ANKLE] = positions[Joint.LEFT_KNEE] + shrunk * (ankle - knee)
        return pose(positions)

    guard = PlausibilityGuard()
    # 3 % a frame are within reach: only the length gives it away.
    for i in range(25):
        out = guard.update(body(1.0), i * PERIOD_NS)
    for i in range(25, 35):
        out = guard.update(body(1.0 - 0.03 * (i - 24)), i * PERIOD_NS)
    assert out.observed[Joint.LEFT_KNEE] != held
    assert out.observed[Joint.RIGHT_KNEE]


@pytest.mark.parametrize("rate", [10, 25, 60])
def test_a_fast_arm_swing_passes_unchanged(rate: int) -> None:
    guard = PlausibilityGuard()
    for i in range(2 * rate):
        swing = lunge(0)
        swing.positions[Joint.LEFT_WRIST, 1] = 0.5 * np.sin(2 * np.pi * i / rate)  # up to 3 m/s
        out = guard.update(swing, int(i * 1e9 / rate))
        np.testing.assert_array_equal(out.positions, swing.positions)
        assert out.observed.all()
