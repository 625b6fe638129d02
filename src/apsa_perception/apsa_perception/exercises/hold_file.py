"""Reads the part of an exercise file that defines a hold."""

import math

from apsa_perception.biomechanics.measures import MEASURES
from apsa_perception.exercises.hold import Hold, PositionLimit
from apsa_perception.model.codes import ExerciseSide
from apsa_perception.model.yaml_reader import Reader

MEASURES_PAGE = "docs/measures.md"
"""Page that lists all measures and errors."""

_LONGEST_S = 3600.0
_LARGEST = 1000.0
_MEASURES = {name: name for name in MEASURES}
_SIDES = {sides.name.lower(): sides for sides in ExerciseSide}
_OF = {"held": False, "other": True}


def read_hold(reader: Reader) -> Hold:
    """Read the mapping ``hold``.

    Raises:
        ValueError: it has a mistake; one sentence with the line.
    """
    sides = reader.choice("sides", _SIDES)
    limits = reader.inner_list("position")
    if not limits:
        raise reader.needs("at least one limit in 'position'")
    hold = Hold(
        sides=sides,
        position=tuple(_limit(limit, sides) for limit in limits),
        target_s=reader.number("target_s", 0.0, _LONGEST_S, 0.0),
        start_s=reader.number("start_s", 0.1, 10.0, 0.5),
        leave_s=reader.number("leave_s", 0.1, 10.0, 0.5),
        unseen_s=reader.number("unseen_s", 0.5, 30.0, 3.0),
    )
    reader.finish()
    return hold


def _limit(reader: Reader, sides: ExerciseSide) -> PositionLimit:
    name = reader.choice("measure", _MEASURES, MEASURES_PAGE)
    measure = MEASURES[name]
    if not (reader.has("from") or reader.has("to")):
        raise reader.needs("'from', 'to' or both")
    low = reader.number("from", -_LARGEST, _LARGEST) if reader.has("from") else -math.inf
    high = reader.number("to", -_LARGEST, _LARGEST) if reader.has("to") else math.inf
    if high <= low:
        raise reader.refuse("to", f"more than from, {low:g}")
    other = reader.has("side") and reader.choice("side", _OF)
    if other and (sides is ExerciseSide.BOTH or not measure.sided):
        raise reader.refuse("side", "held: a hold of both sides has no other one")
    limit = PositionLimit(name, low, high, reader.number("hysteresis", 0.0, _LARGEST), other)
    reader.finish()
    return limit
