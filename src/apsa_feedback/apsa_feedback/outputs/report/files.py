"""The files of a report: written atomically, and read again for the trend."""

import csv
import io
import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

from apsa_feedback.coaching.cue_book import CueBook
from apsa_feedback.outputs.report.page import page
from apsa_feedback.outputs.report.session_record import FORMAT, Past, SessionRecord
from apsa_perception.exercises.file import is_name
from apsa_perception.model.files import private_folder, write_private

_TREND_SESSIONS = 12
_COLUMNS = (
    "repetition", "side", "start_s", "duration_s", "measure", "unit", "rest", "peak", "target",
    "range", "side_difference", "score", "grade", "reason", "errors",
)  # fmt: skip
_HOLD_COLUMNS = (
    "hold", "side", "start_s", "end_s", "held_s", "missed_s", "target_s", "measure", "unit",
    "value", "errors",
)  # fmt: skip


def prepare(folder: Path) -> None:
    """Create the folder.

    Raises:
        OSError: it cannot be created, or is not writable.
    """
    try:
        private_folder(folder)
    except OSError as error:
        raise OSError(f"the report folder {folder} cannot be created: {error.strerror}") from None
    if not os.access(folder, os.W_OK):
        raise OSError(f"the report folder {folder} is not writable")


def write(folder: Path, record: SessionRecord, book: CueBook, now: datetime) -> Path:
    """Write JSON, CSV and HTML; return the path of the page.

    What cannot be made again comes first, so that it is kept when the disk becomes full.

    Raises:
        OSError: a file cannot be written.
    """
    past = earlier(folder, record.person, record.exercise)
    written = now.isoformat(timespec="seconds")
    exercise = _file_name(record.exercise)
    stem = _free_stem(folder, f"{record.person or 'session'}_{exercise}_{now:%Y%m%d-%H%M%S}")
    content = record.as_json(written)
    texts = {
        "json": json.dumps(content, allow_nan=False),
        "csv": _csv(record),
        "html": page(record, book, written, past),
    }
    for ending, text in texts.items():
        write_private(folder / f"{stem}.{ending}", text)
    return folder / f"{stem}.html"


def earlier(folder: Path, person: str, exercise: str) -> list[Past]:
    """Return the latest sessions of a person with an exercise, oldest first.

    Without a pseudonym there are none: sessions of different people are not a trend. Other files
    are ignored.
    """
    if not person:
        return []
    found = []
    for path in folder.glob(f"{person}_{_file_name(exercise)}_*.json"):
        content = _read(path)
        if content and (content["person"], content["exercise"]) == (person, exercise):
            summary = content["summary"]
            found.append(
                Past(
                    content["written"],
                    summary["mean_score"],
                    summary["mean_range"],
                    summary.get("best_hold_s"),
                )
            )
    return sorted(found, key=lambda past: datetime.fromisoformat(past.written))[-_TREND_SESSIONS:]


def _file_name(exercise: str) -> str:
    """The name of an exercise in a file name: messages may hold any text."""
    return exercise if is_name(exercise) else "unnamed"


def _read(path: Path) -> dict[str, Any] | None:
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        datetime.fromisoformat(content["written"])
        usable = content["format"] == FORMAT and all(
            value is None or isinstance(value, int | float)
            for value in (
                content["summary"]["mean_score"],
                content["summary"]["mean_range"],
                content["summary"].get("best_hold_s"),
            )
        )
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return content if usable else None


def _csv(record: SessionRecord) -> str:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    if record.is_hold:
        rows.writerow(_HOLD_COLUMNS)
        for hold in record.holds.values():
            rows.writerow(
                (
                    hold.index, hold.side, hold.start_s, hold.end_s, hold.held_s, hold.missed_s,
                    hold.target_s, record.measure, record.unit, hold.value,
                    " ".join(error.name for error in hold.errors),
                )
            )  # fmt: skip
        return text.getvalue()
    rows.writerow(_COLUMNS)
    for each in record.repetitions:
        rows.writerow(
            (
                each.index, each.side, each.start_s, each.duration_s, record.measure, record.unit,
                each.rest, each.peak, each.target, round(each.range, 3), each.side_difference,
                each.written_score, each.grade, each.reason,
                " ".join(error.name for error in each.errors),
            )
        )  # fmt: skip
    return text.getvalue()


def _free_stem(folder: Path, stem: str) -> str:
    free, number = stem, 2
    while (folder / f"{free}.json").exists():
        free, number = f"{stem}-{number}", number + 1
    return free
