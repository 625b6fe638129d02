"""Errors by construction: the amount is exact, rest stays rest, nothing else changes."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from apsa_perception.model.codes import ErrorCode, Side
from apsa_perception.model.joints import Joint
from apsa_training.camera.axes import to_laboratory, unit
from apsa_training.camera.constructed import (
    SIZES,
    ConstructedError,
    draw_error,
    excursion,
    with_error,
)
from apsa_training.camera.variation import random_of
from apsa_training.data.sequences import MotionSequence
from support.figures import repeat, squat
from support.recordings import recorded

BODY = (Joint.PELVIS, Joint.NECK)


@pytest.fixture(scope="module")
def squats() -> MotionSequence:
    """One repetition of a made-up squat."""
    return recorded(repeat(lambda stamp, way: [squat(stamp, way)], 1))


def lowest(recording: MotionSequence) -> int:
    return int(excursion(to_laboratory(recording.positions)).argmax())


def trunk(recording: MotionSequence, frame: int) -> np.ndarray:
    joints = to_laboratory(recording.positions)[frame]
    return unit(joints[Joint.NECK] - joints[Joint.PELVIS])


@pytest.mark.parametrize(
    ("code", "side", "axis", "sign"),
    [
        (ErrorCode.TRUNK_LEAN_FORWARD, Side.BOTH, 0, 1.0),
        (ErrorCode.TRUNK_LEAN_LATERAL, Side.LEFT, 1, 1.0),
        (ErrorCode.TRUNK_LEAN_LATERAL, Side.RIGHT, 1, -1.0),
    ],
)
def test_a_lean_is_added_in_degrees_and_in_its_direction(
    code: ErrorCode, side: Side, axis: int, sign: float, squats: MotionSequence
) -> None:
    faulty, _ = with_error(squats, ConstructedError(code, side, 20.0))
    frame = lowest(squats)
    before, after = trunk(squats, frame), trunk(faulty, frame)
    moved = np.degrees(np.arctan2(after[axis], after[2]) - np.arctan2(before[axis], before[2]))
    assert moved == pytest.approx(sign * 20.0, abs=0.5)


def test_a_knee_turns_inwards_and_hip_and_ankle_stay(squats: MotionSequence) -> None:
    error = ConstructedError(ErrorCode.KNEE_VALGUS, Side.LEFT, 25.0)
    faulty, _ = with_error(squats, error)
    frame = lowest(squats)
    before, after = (to_laboratory(one.positions)[frame] for one in (squats, faulty))
    changed = np.flatnonzero(np.linalg.norm(after - before, axis=1) > 1e-9)
    assert changed.tolist() == [Joint.LEFT_KNEE]
    assert after[Joint.LEFT_KNEE, 1] < before[Joint.LEFT_KNEE, 1] - 0.03  # left is positive


def test_a_hiked_shoulder_is_higher_by_its_size(squats: MotionSequence) -> None:
    error = ConstructedError(ErrorCode.SHOULDER_HIKE, Side.RIGHT, 0.05)
    faulty, _ = with_error(squats, error)
    frame = lowest(squats)
    rise = to_laboratory(faulty.positions - squats.positions)[frame, :, 2]
    assert rise[Joint.RIGHT_SHOULDER] == pytest.approx(0.05)
    assert rise[Joint.LEFT_SHOULDER] == 0.0


def test_less_depth_keeps_bone_lengths(squats: MotionSequence) -> None:
    error = ConstructedError(ErrorCode.INSUFFICIENT_DEPTH, Side.BOTH, 0.5)
    faulty, _ = with_error(squats, error)
    for one, other in ((Joint.LEFT_HIP, Joint.LEFT_KNEE), (Joint.LEFT_KNEE, Joint.LEFT_ANKLE)):
        lengths = [
            np.linalg.norm(each.positions[:, one] - each.positions[:, other], axis=1)
            for each in (squats, faulty)
        ]
        assert lengths[0] == pytest.approx(lengths[1], abs=1e-6)
    ways = [np.ptp(each.positions[:, Joint.LEFT_ANKLE, 1]) for each in (squats, faulty)]
    assert ways[1] < 0.7 * ways[0]


@pytest.mark.parametrize("code", SIZES, ids=lambda code: code.name.lower())
def test_rest_stays_rest_and_the_label_says_what_is_wrong(
    code: ErrorCode, squats: MotionSequence
) -> None:
    size = 2.0 if code is ErrorCode.TOO_FAST else 0.5
    faulty, onset_s = with_error(squats, ConstructedError(code, Side.LEFT, size))
    assert faulty.positions[0] == pytest.approx(squats.positions[0], abs=1e-3)
    assert (faulty.correct, faulty.faults) == (0, {code.name.lower(): True})
    assert 0.0 < onset_s < faulty.stamps_s[lowest(squats)]
    assert (np.diff(faulty.stamps_s) > 0).all()


def test_too_fast_is_faster_by_its_factor(squats: MotionSequence) -> None:
    faulty, _ = with_error(squats, ConstructedError(ErrorCode.TOO_FAST, Side.BOTH, 2.0))
    assert faulty.stamps_s[-1] == pytest.approx(squats.stamps_s[-1] / 2)


def test_what_cannot_be_constructed_is_one_sentence(squats: MotionSequence) -> None:
    with pytest.raises(ValueError, match="hips_high cannot be constructed; expected one of knee"):
        with_error(squats, ConstructedError(ErrorCode.HIPS_HIGH, Side.BOTH, 1.0))


def test_errors_fit_the_exercise(recording: Callable[[str], MotionSequence]) -> None:
    random = random_of("errors")
    arms = {draw_error(random, "shoulder_abduction").code for _ in range(100)}
    legs = {draw_error(random, "deep_squat").code for _ in range(100)}
    assert ErrorCode.KNEE_VALGUS in legs - arms
    assert ErrorCode.SHOULDER_HIKE in arms - legs
    arm_raise = replace(recording("102_18_6_7_1_chair.txt"), correct=1)
    for _ in range(20):
        with_error(arm_raise, draw_error(random, arm_raise.family))
