"""The person's repetition with its errors corrected.

- Too little depth or range: each limb keeps its path, extended so that it reaches the target.
- Left/right difference: the limb with the smaller range moves as far as the other.
- Too fast: the movement takes twice the duration below which it counts as too fast.

Other errors, such as trunk lean, do not appear in an angle that a robot's limbs follow.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from apsa_feedback.outputs.robot.human_angles import SIDES, other_side, pitch_of
from apsa_feedback.outputs.robot.movement import Movement
from apsa_feedback.outputs.robot.prescribed_movement import LEVEL
from apsa_perception.model.codes import ErrorCode, Side
from apsa_perception.model.results import ErrorResult, RepetitionResult
from apsa_perception.model.skeleton import FloatArray

_LEADING = {
    "shoulder_elevation": "shoulder_elevation",
    "elbow_angle": "elbow_flexion",
    "knee_angle": "knee_flexion",
}
"""The angle that corresponds to a measure."""
_COUPLED = {
    "elbow_flexion": ("elbow_flexion",),
    "knee_flexion": ("knee_flexion", "hip_flexion"),
}
_TOO_SHORT = (ErrorCode.INSUFFICIENT_DEPTH, ErrorCode.INSUFFICIENT_RANGE)
_SLOWDOWN = 2.0
_MIN_RANGE = math.radians(10.0)
"""A smaller range has no reliable direction for an extension."""
_DIRECTION_FROM = math.sin(math.radians(15.0))
_SIDEWAYS = math.cos(math.radians(70.0))


@dataclass(frozen=True)
class Correction:
    """A corrected repetition.

    Attributes:
        movement: the repetition without its errors.
        errors: the corrected errors.
        angles: names of the angles that were changed.
    """

    movement: Movement
    errors: tuple[ErrorCode, ...]
    angles: frozenset[str]


def corrected(
    own: Movement, repetition: RepetitionResult, errors: Iterable[ErrorResult]
) -> Correction | None:
    """Return the repetition without its errors; None if none of them can be shown."""
    shown, codes, names = own, [], frozenset[str]()
    leading = _LEADING.get(repetition.measure, "")
    for error in sorted(errors, key=lambda each: each.code):
        before = shown
        if error.code in _TOO_SHORT and leading:
            for side in _sides(repetition.side):
                shown = _extended(shown, side, leading, _goal(repetition))
        elif error.code is ErrorCode.ASYMMETRY and leading and error.side is not Side.BOTH:
            side = error.side.name.lower()
            farther = own.angles.get(other_side(f"{side}_{leading}"))
            if farther is not None:
                goal = farther[_turning_point(farther, _goal(repetition))]
                shown = _extended(shown, side, leading, float(goal))
        elif error.code is ErrorCode.TOO_FAST and own.duration_s > 0:
            shown = shown.stretched(max(1.0, _SLOWDOWN * error.limit / own.duration_s))
        if shown is not before:
            codes.append(error.code)
            names |= _changed(before, shown)
    return Correction(shown, tuple(codes), names) if codes else None


def _sides(side: Side) -> tuple[str, ...]:
    return SIDES if side is Side.BOTH else (side.name.lower(),)


def _goal(repetition: RepetitionResult) -> float:
    """The target as a value of the leading angle; a flexion is pi minus the inner angle."""
    target = math.radians(repetition.target_value)
    return target if repetition.measure == "shoulder_elevation" else math.pi - target


def _turning_point(values: FloatArray, goal: float) -> int:
    return int(np.argmax(np.copysign(1.0, goal - values[0]) * values))


def _extended(own: Movement, side: str, leading: str, goal: float) -> Movement:
    """The movement with the path of a limb extended to its goal; unchanged if it got there.

    The timing is that of the person: half of the original path becomes half of the extended one.
    """
    values = own.angles.get(f"{side}_{leading}")
    if values is None:
        return own
    turn = _turning_point(values, goal)
    rest, peak = float(values[0]), float(values[turn])
    if abs(peak - rest) < _MIN_RANGE or (goal - rest) / (peak - rest) <= 1.0:
        return own
    ratio = (goal - rest) / (peak - rest)
    if leading == "shoulder_elevation":
        extended = _arm(own, side, rest + ratio * (values - rest), turn)
    else:
        extended = {
            name: own.angles[name][0] + ratio * (own.angles[name] - own.angles[name][0])
            for name in (f"{side}_{each}" for each in _COUPLED[leading])
            if name in own.angles
        }
    return replace(own, angles={**own.angles, **extended})


def _arm(own: Movement, side: str, elevation: FloatArray, turn: int) -> dict[str, FloatArray]:
    """An arm with the given elevation, in the plane in which the person raises it."""
    pitch, roll = (own.angles.get(f"{side}_shoulder_{name}") for name in ("pitch", "roll"))
    if pitch is None or roll is None:
        return {}
    out, ahead = np.sin(roll), np.cos(roll) * np.sin(pitch)
    plane = np.unwrap(np.arctan2(out, ahead))
    # A hanging arm has no plane: use the one of the turning point.
    plane = np.where(np.hypot(out, ahead) < _DIRECTION_FROM, plane[turn], plane)
    if math.cos(plane[turn]) < _SIDEWAYS:  # or behind the body, where few robots can follow
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
