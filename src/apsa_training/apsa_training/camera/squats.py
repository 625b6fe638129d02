"""Squats as people train them, made from the deep squats of a data set.

People in UI-PRMD squat far deeper than an exercise asks for. The family ``squat`` has the same
repetitions with less of the movement, between their own depth and thighs about horizontal, and
correct ones with an error that is plain to see.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from apsa_perception.model.codes import ErrorCode, Side
from apsa_perception.model.joints import Joint
from apsa_perception.model.skeleton import FloatArray
from apsa_training.camera.axes import unit
from apsa_training.camera.constructed import ConstructedError, with_error
from apsa_training.camera.variation import random_of
from apsa_training.data.sequences import MotionData, MotionSequence

DEEP_SQUAT, SQUAT = "deep_squat", "squat"
_COPIES = 2
_LEG = ("HIP", "KNEE", "ANKLE")
_SHALLOWEST_DEG = 105.0
_STRAIGHT_DEG = 170.0
# From what a person beside the coach would call an error.
_ERRORS: tuple[tuple[ErrorCode, Side, float, float], ...] = (
    (ErrorCode.KNEE_VALGUS, Side.BOTH, 15.0, 35.0),
    (ErrorCode.KNEE_VALGUS, Side.LEFT, 18.0, 35.0),
    (ErrorCode.KNEE_VALGUS, Side.RIGHT, 18.0, 35.0),
    (ErrorCode.TRUNK_LEAN_FORWARD, Side.BOTH, 18.0, 35.0),
    (ErrorCode.TRUNK_LEAN_LATERAL, Side.LEFT, 12.0, 25.0),
    (ErrorCode.TRUNK_LEAN_LATERAL, Side.RIGHT, 12.0, 25.0),
)


def with_squats(data: MotionData) -> MotionData:
    """Add squats to a data set that has deep squats; another is returned as it is.

    Depths and errors are drawn at random, by the name of the recording.
    """
    deep = [one for one in data.sequences if one.family == DEEP_SQUAT]
    bottoms: dict[str, list[float]] = {}
    for one in deep:
        if one.correct == 1:
            bottoms.setdefault(one.subject, []).append(lowest_knee_deg(one.positions))
    made = [
        squat
        for one in deep
        if one.subject in bottoms
        for squat in _squats(one, float(np.median(bottoms[one.subject])))
    ]
    return replace(data, sequences=(*data.sequences, *made))


def _squats(deep: MotionSequence, bottom_deg: float) -> Iterator[MotionSequence]:
    """Squats made from a repetition of somebody whose correct ones end at a knee angle."""
    most = (_SHALLOWEST_DEG - bottom_deg) / (_STRAIGHT_DEG - bottom_deg)
    random = random_of(deep.subject, deep.name, SQUAT)
    for copy in range(_COPIES):
        yield _shallower(deep, random.uniform(0.0, max(most, 0.0)), f"{deep.name} squat {copy}")
    if deep.correct == 1:
        code, side, least, largest = _ERRORS[random.integers(len(_ERRORS))]
        wrong, _ = with_error(deep, ConstructedError(code, side, random.uniform(least, largest)))
        yield _shallower(wrong, random.uniform(0.0, max(most, 0.0)), f"{deep.name} squat wrong")
        # As many correct squats as incorrect ones.
        yield _shallower(deep, random.uniform(0.0, max(most, 0.0)), f"{deep.name} squat {_COPIES}")


def _shallower(deep: MotionSequence, share: float, name: str) -> MotionSequence:
    less = ConstructedError(ErrorCode.INSUFFICIENT_DEPTH, Side.BOTH, share)
    squat, _ = with_error(deep, less)
    return replace(squat, name=name, family=SQUAT, correct=deep.correct, faults={})


def lowest_knee_deg(positions: FloatArray) -> float:
    """Smallest angle of the knees, mean of both sides, in ``(T, 20, 3)`` joints."""
    angles = []
    for side in ("LEFT", "RIGHT"):
        hip, knee, ankle = (positions[:, Joint[f"{side}_{name}"]] for name in _LEG)
        cosine = (unit(hip - knee) * unit(ankle - knee)).sum(axis=-1)
        angles.append(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))
    return float(np.mean(angles, axis=0).min())
