"""Reports read again from their JSON files."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from apsa_feedback.outputs.report.curve import Curve
from apsa_feedback.outputs.report.plan import PlannedPart
from apsa_feedback.outputs.report.session_record import (
    FORMAT,
    ErrorRecord,
    HoldRecord,
    RepetitionRecord,
    SessionRecord,
)
from apsa_feedback.outputs.report.sides import SIDES, SideValues
from apsa_perception.model.codes import ExerciseKind, RatingState
from apsa_perception.model.results import SetRating

_BUILT = ("range", "errors", *SIDES)
"""What is not taken from a stored repetition or hold as it is."""


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
        return StoredRecord(path, written, _record(content, curves))
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def reports_of(folder: Path, person: str) -> list[StoredRecord]:
    """Return the reports of a person without curves, oldest first; other files are left out."""
    found = [read_report(path, curves=False) for path in folder.glob(f"{person}_*.json")]
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
    held = content["summary"].get("best_hold_s") is not None
    kind = ExerciseKind.HOLD if held else ExerciseKind.REPETITIONS
    record = SessionRecord(content["person"], content["exercise"], content["title"], kind)
    record.begin(0)
    record.family = content.get("family") or record.exercise
    record.session_id = content.get("session_id", "")
    record.measure, record.unit = content["measure"], content["unit"]
    record.duration_s = float(content["duration_s"])
    record.repetitions = [
        RepetitionRecord(**_own(each), **_sides(each), errors=_errors(each))
        for each in content["repetitions"]
    ]
    for each in content.get("holds", ()):
        hold = HoldRecord(**_own(each), errors=_errors(each))
        record.holds[hold.index] = hold
    for side, points in content["curve"].items() if curves else ():
        curve = record.curve.setdefault(side, Curve())
        for at, value in points:
            curve.add(at, float("nan") if value is None else value)
    record.cues = [(each["at_s"], each["text"]) for each in content["cues"]]
    record.rating = _rating(record.session_id, content.get("rating") or {})
    if content.get("plan"):
        record.plan = PlannedPart(**content["plan"])
    return record


def _own(content: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in content.items() if name not in _BUILT}


def _sides(content: dict[str, Any]) -> dict[str, Any]:
    """Left and right, which reports of older versions lack."""
    found = {side: content.get(side) for side in SIDES}
    return {side: SideValues(**values) if values else None for side, values in found.items()}


def _errors(content: dict[str, Any]) -> list[ErrorRecord]:
    return [ErrorRecord(**each) for each in content["errors"]]


def _rating(session_id: str, content: dict[str, Any]) -> SetRating:
    if not content:
        return SetRating()
    return SetRating(session_id, RatingState.ANSWERED, **content)
