"""What a replay gave, reduced to what a tester compares: repetitions, holds, live errors, cues.

Times are seconds since the first assessed frame, so that a recording that is cut or played again
gives the same ones.
"""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from apsa_perception.model.codes import (
    ErrorCode,
    ErrorScope,
    Grade,
    NotJudgedReason,
    Severity,
    Side,
)

_TIME_DIGITS, _VALUE_DIGITS = 3, 4


@dataclass(frozen=True)
class Found:
    """An error of a repetition, or one raised while moving.

    Attributes:
        name: of the error, such as ``knee_valgus``.
        side: both, left or right.
        severity: mild, moderate or severe.
        value: of its measure; None without one.
        unit: of the value.
        at_s: when it was raised; None for the error of a repetition.
    """

    name: str
    side: str
    severity: str
    value: float | None = None
    unit: str = ""
    at_s: float | None = None


@dataclass(frozen=True)
class Counted:
    """One repetition with its quality and errors.

    Attributes:
        session: its number in the recording, from 1; counting starts again in each.
        body: number of the person.
        number: of the repetition, from 1.
        exercise: its name.
        side: both, left or right.
        start_s: start.
        end_s: end.
        peak: the measure at the turning point.
        unit: of the peak.
        grade: good, fair, poor or not_judged.
        score: quality 0..1; None if not judged.
        not_judged: why not; none if it was.
        errors: its errors, by name and side.
    """

    session: int
    body: int
    number: int
    exercise: str
    side: str
    start_s: float
    end_s: float
    peak: float
    unit: str
    grade: str = "none"
    score: float | None = None
    not_judged: str = "none"
    errors: tuple[Found, ...] = ()


@dataclass(frozen=True)
class Held:
    """One hold with its errors, as it was at its end or when the recording ended.

    Attributes:
        session: its number in the recording, from 1.
        body: number of the person.
        number: of the hold, from 1.
        exercise: its name.
        side: both, left or right.
        start_s: first frame in the position.
        end_s: last frame in the position.
        held_s: seconds seen in the position.
        errors: its errors, by name and side.
    """

    session: int
    body: int
    number: int
    exercise: str
    side: str
    start_s: float
    end_s: float
    held_s: float
    errors: tuple[Found, ...] = ()


@dataclass(frozen=True)
class Said:
    """A cue: its key in the cue book and when it was given."""

    key: str
    at_s: float


@dataclass(frozen=True)
class Outcome:
    """What a session gave, in the order of time."""

    repetitions: tuple[Counted, ...] = ()
    live_errors: tuple[Found, ...] = ()
    cues: tuple[Said, ...] = ()
    holds: tuple[Held, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for a file."""
        return asdict(self)


@dataclass
class _Reading:
    first_s: float
    number: int = 1
    counted: dict[tuple[int, int, int], dict[str, Any]] = field(default_factory=dict)
    held: dict[tuple[int, int, int], dict[str, Any]] = field(default_factory=dict)
    live: list[Found] = field(default_factory=list)
    present: dict[int, set[tuple[str, str, str]]] = field(default_factory=dict)
    cues: list[Said] = field(default_factory=list)

    def since(self, stamp_s: float) -> float:
        return round(max(stamp_s - self.first_s, 0.0), _TIME_DIGITS)


def read_results(path: Path) -> Outcome:
    """Read a results file, which the option ``json`` writes.

    Raises:
        ValueError: it cannot be read, or a line is not a result; one sentence.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return outcome_of([json.loads(line) for line in lines])
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} cannot be read: {error}") from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ValueError(
            f"{path} is not a results file ({type(error).__name__}: {error}); expected one JSON "
            "object per line, as the option json writes them"
        ) from error


def outcome_of(rows: Iterable[Mapping[str, Any]]) -> Outcome:
    """Reduce results, as ``ResultsFile`` writes them, to an outcome."""
    rows = list(rows)
    frames = [row["stamp"] for row in rows if _topic(row) == "errors"]
    reading = _Reading(min(frames, default=0.0))
    for row in rows:
        message = row["message"]
        match _topic(row):
            case "repetitions":
                _add_repetition(reading, message)
            case "holds":
                _add_hold(reading, message)
            case "quality":
                _add_quality(reading, message)
            case "errors":
                _add_errors(reading, message, row["stamp"])
            case "cue":
                reading.cues.append(Said(message["key"], reading.since(row["stamp"])))
    repetitions = (Counted(**values) for values in reading.counted.values())
    holds = (Held(**values) for values in reading.held.values())
    return Outcome(
        tuple(sorted(repetitions, key=lambda one: (one.session, one.start_s, one.body))),
        tuple(reading.live),
        tuple(reading.cues),
        tuple(sorted(holds, key=lambda one: (one.session, one.start_s, one.body))),
    )


def _topic(row: Mapping[str, Any]) -> str:
    name: str = row["topic"]
    return name.rpartition("/")[2]


def _add_repetition(reading: _Reading, message: Mapping[str, Any]) -> None:
    if (reading.number, message["body_id"], message["index"]) in reading.counted:
        reading.number += 1
    reading.counted[reading.number, message["body_id"], message["index"]] = {
        "session": reading.number,
        "body": message["body_id"],
        "number": message["index"],
        "exercise": message["exercise"],
        "side": Side(message["side"]).name.lower(),
        "start_s": reading.since(_seconds(message["start"])),
        "end_s": reading.since(_seconds(message["end"])),
        "peak": round(message["peak_value"], _VALUE_DIGITS),
        "unit": message["unit"],
    }


def _add_hold(reading: _Reading, message: Mapping[str, Any]) -> None:
    key = message["body_id"], message["index"]
    known = reading.held.get((reading.number, *key))
    start_s = reading.since(_seconds(message["start"]))
    if known is not None and known["start_s"] != start_s:
        reading.number += 1
        known = None
    reading.held[reading.number, *key] = {
        "session": reading.number,
        "body": message["body_id"],
        "number": message["index"],
        "exercise": message["exercise"],
        "side": Side(message["side"]).name.lower(),
        "start_s": start_s,
        "end_s": reading.since(_seconds(message["end"])),
        "held_s": round(message["held"], _TIME_DIGITS),
    }


def _add_quality(reading: _Reading, message: Mapping[str, Any]) -> None:
    score = message["score"]
    reading.counted[reading.number, message["body_id"], message["repetition"]] |= {
        "grade": Grade(message["grade"]).name.lower(),
        "score": None if score is None or math.isnan(score) else round(score, _VALUE_DIGITS),
        "not_judged": NotJudgedReason(message["not_judged_reason"]).name.lower(),
    }


def _add_errors(reading: _Reading, message: Mapping[str, Any], stamp_s: float) -> None:
    found = sorted(
        (_found(each) for each in message["errors"]), key=lambda each: (each.name, each.side)
    )
    if message["scope"] != ErrorScope.LIVE:
        summed = reading.held if message["scope"] == ErrorScope.HOLD else reading.counted
        summed[reading.number, message["body_id"], message["repetition"]]["errors"] = tuple(found)
        return
    before = reading.present.get(message["body_id"], set())
    now = {(each.name, each.side, each.severity) for each in found}
    reading.present[message["body_id"]] = now
    at_s = reading.since(stamp_s)
    reading.live += [
        Found(each.name, each.side, each.severity, each.value, each.unit, at_s)
        for each in found
        if (each.name, each.side, each.severity) not in before
    ]


def _found(error: Mapping[str, Any]) -> Found:
    value = error["value"] if error["measure"] else None
    return Found(
        ErrorCode(error["code"]).name.lower(),
        Side(error["side"]).name.lower(),
        Severity(error["severity"]).name.lower(),
        None if value is None or math.isnan(value) else round(value, _VALUE_DIGITS),
        error["unit"] if value is not None else "",
    )


def _seconds(stamp: Mapping[str, int]) -> float:
    return stamp["sec"] + stamp["nanosec"] * 1e-9
