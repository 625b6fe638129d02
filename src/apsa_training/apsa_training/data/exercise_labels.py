"""Labels of exercises: the family and, for one-sided exercises, the person's own moving side."""

from apsa_perception.model.codes import Side

_SUFFIX = {Side.BOTH: "", Side.LEFT: "_left", Side.RIGHT: "_right"}


def exercise_label(family: str, side: Side) -> str:
    """Return the name of an exercise in the exercise library, such as ``side_tap_left``."""
    return family + _SUFFIX[side]
