"""Whether one side of a person keeps the position of a hold."""

import math
from collections.abc import Mapping
from statistics import fmean

from apsa_perception.biomechanics.measures import MEASURES
from apsa_perception.biomechanics.posture import Posture
from apsa_perception.exercises.definition import ExerciseDefinition
from apsa_perception.exercises.hold import Hold, PositionLimit
from apsa_perception.model.codes import ExerciseSide, Side

_LEFT_AND_RIGHT = (Side.LEFT, Side.RIGHT)

HELD_SIDES = {
    ExerciseSide.BOTH: (Side.BOTH,),
    ExerciseSide.LEFT: (Side.LEFT,),
    ExerciseSide.RIGHT: (Side.RIGHT,),
    ExerciseSide.EITHER: _LEFT_AND_RIGHT,
}
"""Sides that can hold a position, by those of the exercise."""

Values = Mapping[tuple[str, int], float]
"""Values by name of the measure and side."""


def side_kept(
    exercise: ExerciseDefinition,
    hold: Hold,
    side: Side,
    held: bool,
    posture: Posture,
    values: Values,
) -> bool | None:
    """Whether a side keeps the position; None if that is not seen.

    Args:
        exercise: the exercise.
        hold: its position.
        side: the side that holds it.
        held: whether the hold is in progress, so that its hysteresis applies.
        posture: the posture.
        values: values of the measures.
    """
    sides = _LEFT_AND_RIGHT if side is Side.BOTH else (side,)
    seen = any(posture.seen[list(exercise.joints_of(one))].all() for one in sides)
    known = [
        None if math.isnan(value := value_of(limit, side, values)) else limit.keeps(value, held)
        for limit in hold.position
    ]
    if False in known:
        return False
    return True if seen and None not in known else None


def value_of(limit: PositionLimit, side: Side, values: Values) -> float:
    """Value that a limit is about: of the held or the other side, of both their mean; else NaN."""
    if not MEASURES[limit.measure].sided:
        return values.get((limit.measure, int(Side.BOTH)), math.nan)
    if side is not Side.BOTH:
        wanted = side.opposite if limit.other_side else side
        return values.get((limit.measure, int(wanted)), math.nan)
    seen = [values[key] for one in _LEFT_AND_RIGHT if (key := (limit.measure, int(one))) in values]
    return fmean(seen) if seen else math.nan
