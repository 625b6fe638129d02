"""The person's own repetition as it should have been: what was wrong is brought to its target.

- Too little depth or range: each limb keeps its way, made longer so that it reaches the target.
- Sides that differ: the limb that lagged behind goes as far as the other.
- Too fast: the movement takes twice the time below which it counts as too fast.

Other errors, such as a lean of the trunk, are in no angle that a robot's limbs follow.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from apsa_feedback.outputs.robot.angles import SIDES, other_side, pitch_of
from apsa_feedback.outputs.robot.demonstration import LEVEL
from apsa_feedback.outputs.robot.movement import Movement
from apsa_perception.model.codes import ErrorCode, Side
from apsa_perception.model.results import ErrorResult, RepetitionResult
from apsa_perception.model.skeleton import FloatArray

_LEADING = {
    "shoulder_elevation": "shoulder_elevation",
    "elbow_angle": "elbow_flexion",
    "knee_angle": "knee_flexion",
}
"""The angle here that has the way of a measure."""
_GOES_ALONG = {
    "elbow_flexion": ("elbow_flexion",),
    "knee_flexion": ("knee_flexion", "hip_flexion"),
}
_TOO_SHORT = (ErrorCode.INSUFFICIENT_DEPTH, ErrorCode.INSUFFICIENT_RANGE)
_CALM = 2.0
_LEAST_WAY = math.radians(10.0)
"""A shorter way has no direction that could be followed further."""
_DIRECTION_FROM = math.sin(math.radians(15.0))
_SIDEWAYS = math.cos(math.radians(70.0))


@dataclass(frozen=True)
class Correction:
    """A corrected repetition.

    Attributes:
        movement: how it should have been.
        errors: what is corrected in it.
        angles: names of the angles that differ from what the person did.
    """

    movement: Movement
    errors: tuple[ErrorCode, ...]
    angles: frozenset[str]


def corrected(
    own: Movement, repetition: RepetitionResult, errors: Iterable[ErrorResult]
) -> Correction | None:
    """Return the repetition without its errors; None where none of them can be shown."""
    shown, codes, names = own, [], frozenset[str]()
    leading = _LEADING.get(repetition.measure, "")
    for error in sorted(errors, key=lambda each: each.code):
        before = shown
        if error.code in _TOO_SHORT and leading:
            for side in _sides(repetition.side):
                shown = _lengthened(shown, side, leading, _goal(repetition))
        elif error.code is ErrorCode.ASYMMETRY and leading and error.side is not Side.BOTH:
            side = error.side.name.lower()
            farther = own.angles.get(other_side(f"{side}_{leading}"))
            if farther is not None:
                goal = farther[_turning_point(farther, _goal(repetition))]
                shown = _lengthened(shown, side, leading, float(goal))
        elif error.code is ErrorCode.TOO_FAST and own.duration_s > 0:
            shown = shown.stretched(max(1.0, _CALM * error.limit / own.duration_s))
        if shown is not before:
            codes.append(error.code)
            names |= _changed(before, shown)
    return Correction(shown, tuple(codes), names) if codes else None


def _sides(side: Side) -> tuple[str, ...]:
    return SIDES if side is Side.BOTH else (side.name.lower(),)


def _goal(repetition: RepetitionResult) -> float:
    """The target as the leading angle has it; a flexion is what an inner angle lacks to pi."""
    target = math.radians(repetition.target_value)
    return target if repetition.measure == "shoulder_elevation" else math.pi - target


def _turning_point(values: FloatArray, goal: float) -> int:
    return int(np.argmax(np.copysign(1.0, goal - values[0]) * values))


def _lengthened(own: Movement, side: str, leading: str, goal: float) -> Movement:
    """The movement with a limb's way made longer to its goal; the same one where it is not short.

    The way is that of the person: where it was half gone, half of the longer way is gone.
    """
    values = own.angles.get(f"{side}_{leading}")
    if values is None:
        return own
    turn = _turning_point(values, goal)
    rest, peak = float(values[0]), float(values[turn])
    if abs(peak - rest) < _LEAST_WAY or (goal - rest) / (peak - rest) <= 1.0:
        return own
    ratio = (goal - rest) / (peak - rest)
    if leading == "shoulder_elevation":
        longer = _arm(own, side, rest + ratio * (values - rest), turn)
    else:
        longer = {
            name: own.angles[name][0] + ratio * (own.angles[name] - own.angles[name][0])
            for name in (f"{side}_{each}" for each in _GOES_ALONG[leading])
            if name in own.angles
        }
    return replace(own, angles={**own.angles, **longer})


def _arm(own: Movement, side: str, elevation: FloatArray, turn: int) -> dict[str, FloatArray]:
    """An arm raised so far, in the plane in which the person raises it."""
    pitch, roll = (own.angles.get(f"{side}_shoulder_{name}") for name in ("pitch", "roll"))
    if pitch is None or roll is None:
        return {}
    out, ahead = np.sin(roll), np.cos(roll) * np.sin(pitch)
    plane = np.unwrap(np.arctan2(out, ahead))
    # An arm that hangs points nowhere: there, the plane is the one of the turning point.
    plane = np.where(np.hypot(out, ahead) < _DIRECTION_FROM, plane[turn], plane)
    if math.cos(plane[turn]) < _SIDEWAYS:  # or behind the body, which few robots can follow
        elevation = np.minimum(elevation, LEVEL)
    out, ahead = np.sin(elevation) * np.sin(plane), np.sin(elevation) * np.cos(plane)
    return {
        f"{side}_shoulder_elevation": elevation,
        f"{side}_shoulder_pitch": np.unwrap(pitch_of(ahead, np.cos(elevation))),
        f"{side}_shoulder_roll": np.arcsin(np.clip(out, -1.0, 1.0)),
    }


def _changed(before: Movement, after: Movement) -> frozenset[str]:
    if after.duration_s != before.duration_s:
        return frozenset(after.angles)
    return frozenset(name for name in after.angles if after.angles[name] is not before.angles[name])
