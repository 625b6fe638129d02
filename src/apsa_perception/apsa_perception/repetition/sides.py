"""Which sides make a repetition, and the one value of both."""

import math

from apsa_perception.model.codes import ExerciseSide, Side
from apsa_perception.repetition.segment import ONE_SIDED, Sample, one_sided

LEFT, RIGHT = 0, 1
_NAN = float("nan")
_SIDES_OF = {ExerciseSide.LEFT: frozenset({LEFT}), ExerciseSide.RIGHT: frozenset({RIGHT})}
_BOTH = frozenset({LEFT, RIGHT})
_NONE: frozenset[int] = frozenset()


def moving_sides(sides: ExerciseSide, peak: Sample | None, base: float) -> frozenset[int]:
    """Return the sides that may make the movement in progress or, at rest, the next one.

    Args:
        sides: which sides make the repetition.
        peak: the farthest sample of the movement in progress; None at rest.
        base: value at rest.
    """
    if sides in _SIDES_OF:
        return _SIDES_OF[sides]
    if sides is ExerciseSide.BOTH or peak is None:
        return _BOTH
    ways = [0.0 if math.isnan(value) else value - base for value in (peak.left, peak.right)]
    return frozenset(side for side in _BOTH if ways[side] >= ONE_SIDED * max(ways))


def awaited_sides(
    sides: ExerciseSide, moving: frozenset[int], values: tuple[float, float]
) -> frozenset[int]:
    """Return the sides without a value that a frame has to wait for.

    The mean of both sides needs one of them only; the one that moves further cannot be replaced
    by the other one.
    """
    if not any(map(math.isnan, values)):  # most frames
        return _NONE
    missing = frozenset(side for side in moving if math.isnan(values[side]))
    if sides is ExerciseSide.BOTH and missing != _BOTH:
        return _NONE
    return missing


def combined_value(
    sides: ExerciseSide, moving: frozenset[int], values: tuple[float, float]
) -> float:
    """Return the value of the movement; NaN if no side that may make it was seen."""
    if all(math.isnan(values[side]) for side in moving):
        return _NAN
    if sides in _SIDES_OF:
        return values[LEFT] if sides is ExerciseSide.LEFT else values[RIGHT]
    seen = [value for value in values if not math.isnan(value)]
    return max(seen) if sides is ExerciseSide.EITHER else sum(seen) / len(seen)


def comes_into_view(sample: Sample, previous: Sample, distance: float) -> bool:
    """Return whether a side is new in view and farther from rest by at least a distance."""
    return any(
        math.isnan(before) and value == sample.value and value - previous.value > distance
        for value, before in ((sample.left, previous.left), (sample.right, previous.right))
    )


def side_of_segment(sides: ExerciseSide, excursions: tuple[float, float]) -> Side:
    """Return which side moved, given the excursions of left and right; NaN is not seen."""
    match sides:
        case ExerciseSide.LEFT:
            return Side.LEFT
        case ExerciseSide.RIGHT:
            return Side.RIGHT
        case ExerciseSide.BOTH:
            return Side.BOTH
    left, right = (0.0 if math.isnan(size) else size for size in excursions)
    if not one_sided((left, right)):
        return Side.BOTH
    return Side.LEFT if left > right else Side.RIGHT
