"""One side asked of an exercise that either side can do."""

from collections.abc import Mapping
from dataclasses import replace

from apsa_perception.exercises.definition import ExerciseDefinition
from apsa_perception.model.codes import ExerciseSide

SIDES: Mapping[str, ExerciseSide] = {"left": ExerciseSide.LEFT, "right": ExerciseSide.RIGHT}
"""Sides that a set can ask for, by their name in a programme file."""


def for_side(exercise: ExerciseDefinition, side: str) -> ExerciseDefinition:
    """Return the exercise for one side only, named in its title.

    Args:
        exercise: the exercise.
        side: left or right; empty: leave it.
    """
    if not side:
        return exercise
    title, only = sided_title(exercise.title, side), SIDES[side]
    if exercise.hold is not None:
        return replace(exercise, title=title, hold=replace(exercise.hold, sides=only))
    return replace(exercise, title=title, motion=replace(exercise.primary, sides=only))


def sided_title(title: str, side: str) -> str:
    """Return the English title of an exercise for one side; an empty side leaves it."""
    return f"{title}{_ending(side)}" if side else title


def side_of_title(title: str) -> tuple[str, str]:
    """Return the title without its side, and the side that ``sided_title`` added or nothing."""
    for side in SIDES:
        if title.endswith(_ending(side)):
            return title.removesuffix(_ending(side)), side
    return title, ""


def _ending(side: str) -> str:
    return f", {side} side"
