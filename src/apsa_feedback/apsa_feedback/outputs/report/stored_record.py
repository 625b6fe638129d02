"""Reports read again from their JSON files."""

import json
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import IntEnum
from pathlib import Path
from typing import Any, TypeVar, cast

from apsa_feedback.outputs.report.curve import Curve
from apsa_feedback.outputs.report.plan import PlannedPart
from apsa_feedback.outputs.report.records import ErrorRecord, HoldRecord, RepetitionRecord
from apsa_feedback.outputs.report.session_record import FORMAT, SessionRecord
from apsa_feedback.outputs.report.sides import SIDES, SideValues
from apsa_perception.assessment.personal_limits import ChangedLimit
from apsa_perception.model.codes import ErrorCode, ExerciseKind, Grade, RatingState, Side
from apsa_perception.model.results import SetRating

T = TypeVar("T")

_LARGEST = 1e9
"""Larger numbers are no measure of a body or a session."""

_YEARS = range(1970, 9000)

_BUILT = ("errors", *SIDES)
"""Fields that are records themselves."""


@dataclass(frozen=True)
class _Head:
    """The values of a report that are no lists; older versions lack the last four."""

    person: str
    exercise: str
    title: str
    measure: str
    unit: str
    duration_s: float
    family: str = ""
    session_id: str = ""
    speed_loss: float = 0.0
    score_change: float = 0.0


@dataclass(frozen=True)
class _Counted:
    """What the summary holds beyond the lists: an unfinished repetition may count."""

    repetitions: int = 0


@dataclass(frozen=True)
class StoredRecord:
    """A report on the disk.

    Attributes:
        path: its JSON file; the page and the table have the same name.
        written: when it was written.
        record: the session.
    """

    path: Path
    written: datetime
    record: SessionRecord


def read_report(path: Path, *, curves: bool = True) -> StoredRecord | None:
    """Return the report in a JSON file; None if it is no report or damaged.

    Args:
        path: the file.
        curves: whether to read the curves, too, which takes most of the time.
    """
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            return None
        written = datetime.fromisoformat(content["written"])
        if written.year not in _YEARS:
            return None
        written = written if written.tzinfo else written.astimezone()
        return StoredRecord(path, written, _record(content, curves))
    except (OSError, ValueError, TypeError, KeyError, AttributeError, ArithmeticError):
        return None


def reports_of(folder: Path, person: str, exercise: str = "*") -> list[StoredRecord]:
    """Return the reports of a person without curves, oldest first; other files are left out.

    Args:
        folder: folder of the reports.
        person: the pseudonym.
        exercise: the exercise as it is in the names of the files; ``*``: all.
    """
    paths = folder.glob(f"{person}_{exercise}_*.json")
    found = [read_report(path, curves=False) for path in paths]
    own = [each for each in found if each is not None and each.record.person == person]
    return sorted(own, key=lambda each: (each.written.timestamp(), each.path.name))


def report_of_session(folder: Path, person: str, session_id: str) -> StoredRecord | None:
    """Return the report of a session, if there is one.

    Args:
        folder: folder of the reports.
        person: pseudonym in the names of the files, or what stands for it.
        session_id: which session; not empty.
    """
    for path in folder.glob(f"{person}_*.json"):
        try:
            if session_id not in path.read_text(encoding="utf-8"):
                continue
        except (OSError, ValueError):
            continue
        found = read_report(path)
        if found is not None and found.record.session_id == session_id:
            return found
    return None


def _record(content: dict[str, Any], curves: bool) -> SessionRecord:
    head = _made(_Head, content)
    held = content["summary"].get("best_hold_s") is not None
    kind = ExerciseKind.HOLD if held else ExerciseKind.REPETITIONS
    record = SessionRecord(head.person, head.exercise, head.title, kind)
    record.begin(0)
    record.family, record.session_id = head.family or head.exercise, head.session_id
    record.measure, record.unit = head.measure, head.unit
    record.duration_s = head.duration_s
    record.course = (head.speed_loss, head.score_change)
    record.counted = _made(_Counted, content["summary"]).repetitions
    for each in content["repetitions"]:
        one = _made(RepetitionRecord, each)
        _known(one.side, Side)
        _known(one.grade, Grade)
        one.left, one.right = (_side(each.get(side)) for side in SIDES)
        one.errors = _errors(each)
        record.repetitions.append(one)
    for each in content.get("holds", ()):
        hold = _made(HoldRecord, each)
        _known(hold.side, Side)
        hold.errors = _errors(each)
        record.holds[hold.index] = hold
    for side, points in content["curve"].items() if curves else ():
        curve = record.curve.setdefault(side, Curve())
        for at, value in points:
            curve.add(at, float("nan") if value is None else value)
    record.cues = [(float(each["at_s"]), str(each["text"])) for each in content["cues"]]
    record.limits = tuple(_made(ChangedLimit, each) for each in content.get("limits", ()))
    for limit in record.limits:
        _known(limit.error, ErrorCode)
    if content.get("rating"):
        answer = _made(SetRating, content["rating"])
        record.rating = replace(answer, session_id=record.session_id, state=RatingState.ANSWERED)
    if content.get("plan"):
        record.plan = _made(PlannedPart, content["plan"])
    return record


def _side(content: dict[str, Any] | None) -> SideValues | None:
    """Values of a side, which reports of older versions lack."""
    return None if content is None else _made(SideValues, content)


def _errors(content: dict[str, Any]) -> list[ErrorRecord]:
    errors = [_made(ErrorRecord, each) for each in content["errors"]]
    for error in errors:
        _known(error.name, ErrorCode)
    return errors


def _made(kind: type[T], content: dict[str, Any]) -> T:
    """Return a record of plain values; what it has no field for, or builds itself, is left out.

    Raises:
        TypeError: a value is missing, of another type, or too large.
    """
    values = {}
    for each in fields(kind):  # type: ignore[arg-type]
        if each.name in content and each.name not in _BUILT:
            value = content[each.name]
            if not _fits(value, cast(type, each.type)):
                raise TypeError(f"{each.name} is {value!r}")
            values[each.name] = value
    return kind(**values)


def _fits(value: Any, expected: type) -> bool:
    """Whether a value of JSON is of the type of a field."""
    if isinstance(value, bool):
        return expected is bool
    if isinstance(value, int | float):
        number = isinstance(value, expected) or isinstance(0.0, expected)
        return number and abs(value) <= _LARGEST  # false for NaN
    return isinstance(value, expected)


def _known(name: str, codes: type[IntEnum]) -> None:
    """Raise ``KeyError`` unless the name is that of a code."""
    codes[name.upper()]
