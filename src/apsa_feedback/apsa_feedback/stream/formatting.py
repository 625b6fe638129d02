"""Values and scores as people read them, the same on every output."""

import re
import unicodedata
from collections.abc import Mapping

_SIGNS = {"deg": "°", "1": "", "": ""}
_WHOLE = ("deg", "")
_POINT = re.compile(r"(?<=\d)\.(?=\d)")
_PERCENT = re.compile(r"(\d) ?%")


def sign_of(unit: str) -> str:
    """Return what follows a number for people: ``°``, `` m``, or nothing for a ratio (``1``)."""
    return _SIGNS.get(unit, f" {unit}")


def amount(value: float, unit: str) -> str:
    """Return a value with its unit for people: ``92°``, ``0.45 m``, the ratio ``0.12``.

    Without a unit it is a score from 0 to 100, such as ``87``.
    """
    return f"{value:.{0 if unit in _WHOLE else 2}f}{sign_of(unit)}"


def localised(text: str, words: Mapping[str, str]) -> str:
    """Return a text with its numbers as the language writes them: ``1,4 s``, ``30 %``.

    Args:
        text: text whose numbers have a decimal point, and a percent sign with a space or without.
        words: ``decimal_mark`` and ``percent_example``, which is how 7 percent are written.
    """
    text = _POINT.sub(words["decimal_mark"], text)
    return _PERCENT.sub(lambda found: words["percent_example"].replace("7", found[1]), text)


def points(score: float) -> int:
    """Return a score of 0 to 1 as people read it, 0 to 100.

    Screen and report must agree: pass the score as it was published. Rounding 0.065 twice would
    give 7 instead of 6.
    """
    return round(score * 100.0)


def printable(text: str) -> str:
    """Return the text with control, format and surrogate characters as escapes, for a terminal."""
    return "".join(
        repr(one)[1:-1] if unicodedata.category(one).startswith("C") else one for one in text
    )
