"""Exercise names of one side: the network judges both sides by one reference, their family."""

from collections.abc import Mapping
from types import MappingProxyType

from apsa_perception.model.codes import Side

ONE_SIDED_FAMILIES = (
    "arm_lift",
    "elbow_flexion",
    "hurdle_step",
    "inline_lunge",
    "pelvis_rotation",
    "shoulder_abduction",
    "shoulder_extension",
    "shoulder_flexion",
    "shoulder_rotation",
    "shoulder_scaption",
    "side_lunge",
    "side_tap",
    "straight_leg_raise",
    "trunk_rotation",
    "trunk_tilt",
)
"""Exercises of which the data sets have repetitions of one side."""

ONE_SIDED: Mapping[str, tuple[str, Side]] = MappingProxyType(
    {
        f"{family}_{side.name.lower()}": (family, side)
        for family in ONE_SIDED_FAMILIES
        for side in (Side.LEFT, Side.RIGHT)
    }
)
"""Family and moving side of every one-sided exercise, by name."""

_NAMES = {entry: name for name, entry in ONE_SIDED.items()}


def family(exercise: str) -> str:
    """Return the exercise without its side; one that is not one-sided is its own family."""
    return ONE_SIDED.get(exercise, (exercise, Side.BOTH))[0]


def side_of(exercise: str) -> Side:
    """Return the side that the exercise is for, ``BOTH`` unless it is one-sided."""
    return ONE_SIDED.get(exercise, (exercise, Side.BOTH))[1]


def name_of(family: str, side: Side) -> str:
    """Return the name of an exercise of a family for one side, or the family for ``BOTH``.

    Raises:
        KeyError: the family has no one-sided exercises.
    """
    return family if side is Side.BOTH else _NAMES[family, side]
