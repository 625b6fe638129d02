"""Names of measures, sides and sets within an English sentence of the terminal."""

from collections.abc import Mapping

from apsa_perception.exercises.definition import RepetitionQuantity
from apsa_perception.model.codes import Side
from apsa_perception.model.results import SessionStatus

_QUANTITIES: Mapping[str, str] = {
    RepetitionQuantity.RANGE.value: "report_range",
    RepetitionQuantity.SIDE_DIFFERENCE.value: "report_symmetry",
    RepetitionQuantity.DURATION.value: "report_duration",
}
"""Quantities of a repetition whose words are those of the report."""


def measure_name(name: str, words: Mapping[str, str]) -> str:
    """Return the name of a measure, or of a quantity of a repetition, as the page has it.

    Args:
        name: as in the messages, such as ``knee_angle``, ``side_difference`` or ``tempo_out``.
        words: those of the page.
    """
    keys = (f"measure_{name}", _QUANTITIES.get(name, ""), f"therapist_{name}", name)
    known = (words[key] for key in keys if key in words)
    return next(known, name.replace("_", " "))


def of_side(side: Side, words: Mapping[str, str]) -> str:
    """Return a side before what happened on it: "left side, "; empty for both."""
    return "" if side is Side.BOTH else f"{words[f'side_{side.name.lower()}']}, "


def set_title(status: SessionStatus) -> str:
    """Return the exercise of a session, in a programme with its set: "Squat, set 1 of 2"."""
    title = status.title or status.exercise
    return f"{title}, set {status.set_number} of {status.set_count}" if status.programme else title


def uncapitalised(text: str) -> str:
    """Return a text as within a sentence."""
    return text[:1].lower() + text[1:]
