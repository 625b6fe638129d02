"""Compare what a replay gave with what was expected of it."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from difflib import SequenceMatcher
from typing import TypeVar

from apsa_feedback.expected.outcome import Counted, Found, Held, Outcome, Said

E = TypeVar("E", Found, Said)
D = TypeVar("D", Counted, Held)


@dataclass(frozen=True)
class Tolerance:
    """Largest differences that are still equal; the defaults allow for another pose model build.

    Attributes:
        time_s: of times in seconds.
        score: of quality scores.
        deg: of angles in degrees.
        ratio: of ratios; for values of other units, relative to the expected one.
    """

    time_s: float = 0.1
    score: float = 0.02
    deg: float = 2.0
    ratio: float = 0.03

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0:
                raise ValueError(f"tolerance {each.name} is {value!r}; expected a number from 0")

    def of(self, unit: str, expected: float) -> float:
        """Return the tolerance of a value with a unit."""
        by_unit = {"deg": self.deg, "s": self.time_s, "1": self.ratio}
        return by_unit.get(unit, self.ratio * abs(expected))


@dataclass(frozen=True)
class Check:
    """One thing that was compared, and how it differs; no differences: as expected."""

    name: str
    differences: tuple[str, ...]


def compare(expected: Outcome, found: Outcome, tolerance: Tolerance) -> list[Check]:
    """Compare two outcomes: a check for each repetition and hold, for live errors and for cues."""
    checks = _each("repetition", expected.repetitions, found.repetitions, _repetition, tolerance)
    checks += _each("hold", expected.holds, found.holds, _hold, tolerance)
    live = _in_order(
        expected.live_errors,
        found.live_errors,
        [f"{one.name} {one.side} {one.severity}" for one in expected.live_errors],
        [f"{one.name} {one.side} {one.severity}" for one in found.live_errors],
        tolerance,
    )
    said = _in_order(
        expected.cues,
        found.cues,
        [one.key for one in expected.cues],
        [one.key for one in found.cues],
        tolerance,
    )
    return [*checks, Check("live errors", tuple(live)), Check("cues", tuple(said))]


def _each(
    what: str,
    expected: Sequence[D],
    found: Sequence[D],
    differ: Callable[[D, D, Tolerance], Iterator[str]],
    tolerance: Tolerance,
) -> list[Check]:
    wanted: dict[tuple[int, int, int], D] = {}
    given: dict[tuple[int, int, int], D] = {}
    for rows, by_key in ((expected, wanted), (found, given)):
        by_key.update({(one.session, one.number, one.body): one for one in rows})
    checks: list[Check] = []
    for key in sorted({*wanted, *given}):
        one, other = wanted.get(key), given.get(key)
        name = f"session {key[0]}, {what} {key[1]} of person {key[2]}"
        if one is None:
            differences = ["not expected"]
        elif other is None:
            differences = ["missing"]
        else:
            differences = list(differ(one, other, tolerance))
        checks.append(Check(name, tuple(differences)))
    return checks


def _hold(one: Held, other: Held, tolerance: Tolerance) -> Iterator[str]:
    for name in ("exercise", "side"):
        yield from _same(name, getattr(one, name), getattr(other, name))
    for name in ("start", "end", "held"):
        times = getattr(one, f"{name}_s"), getattr(other, f"{name}_s")
        yield from _near(name, *times, tolerance.time_s, "s")
    yield from _errors(one.errors, other.errors, tolerance)


def _repetition(one: Counted, other: Counted, tolerance: Tolerance) -> Iterator[str]:
    for name in ("exercise", "side", "unit", "grade", "not_judged"):
        yield from _same(name.replace("_", " "), getattr(one, name), getattr(other, name))
    yield from _near("start", one.start_s, other.start_s, tolerance.time_s, "s")
    yield from _near("end", one.end_s, other.end_s, tolerance.time_s, "s")
    yield from _near("peak", one.peak, other.peak, tolerance.of(one.unit, one.peak), one.unit)
    yield from _near("score", one.score, other.score, tolerance.score, "")
    yield from _errors(one.errors, other.errors, tolerance)


def _errors(
    expected: Sequence[Found], found: Sequence[Found], tolerance: Tolerance
) -> Iterator[str]:
    wanted = {(each.name, each.side): each for each in expected}
    given = {(each.name, each.side): each for each in found}
    for key in sorted({*wanted, *given}):
        error, counterpart = wanted.get(key), given.get(key)
        label = f"error {key[0]} {key[1]}"
        if error is None:
            yield f"{label} is not expected"
        elif counterpart is None:
            yield f"{label} is missing"
        else:
            yield from _same(f"severity of {label}", error.severity, counterpart.severity)
            limit = tolerance.of(error.unit, error.value or 0.0)
            yield from _near(f"value of {label}", error.value, counterpart.value, limit, error.unit)


def _in_order(
    expected: Sequence[E],
    found: Sequence[E],
    wanted: Sequence[str],
    given: Sequence[str],
    tolerance: Tolerance,
) -> Iterator[str]:
    """Differences of two sequences that are aligned by what they say."""
    aligned = SequenceMatcher(None, wanted, given, autojunk=False)
    for kind, first, last, start, end in aligned.get_opcodes():
        if kind == "equal":
            pairs = zip(wanted[first:last], expected[first:last], found[start:end], strict=True)
            for label, one, other in pairs:
                yield from _near(label, one.at_s, other.at_s, tolerance.time_s, "s")
            continue
        for label, one in zip(wanted[first:last], expected[first:last], strict=True):
            yield f"{label} at {one.at_s} s is missing"
        for label, other in zip(given[start:end], found[start:end], strict=True):
            yield f"{label} at {other.at_s} s is not expected"


def _same(name: str, expected: str, found: str) -> Iterator[str]:
    if expected != found:
        yield f"{name} is {found}, expected {expected}"


def _near(
    name: str, expected: float | None, found: float | None, limit: float, unit: str
) -> Iterator[str]:
    if expected is None or found is None:
        if expected is not found:
            yield f"{name} is {_text(found, unit)}, expected {_text(expected, unit)}"
    elif not math.isclose(expected, found, rel_tol=1e-9, abs_tol=limit):
        yield f"{name} is {_text(found, unit)}, expected {_text(expected, unit)} ± {limit:g}"


def _text(value: float | None, unit: str) -> str:
    if value is None:
        return "none"
    return f"{value:g}" if unit in ("", "1") else f"{value:g} {unit}"
