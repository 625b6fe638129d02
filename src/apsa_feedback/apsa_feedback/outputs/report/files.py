"""The files of a report: written atomically, and read again for the trend."""

import json
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from apsa_feedback.coaching.cue_book import CueBook
from apsa_feedback.outputs.guide import Guides
from apsa_feedback.outputs.report.page import page
from apsa_feedback.outputs.report.records import Past
from apsa_feedback.outputs.report.session_record import SessionRecord
from apsa_feedback.outputs.report.stored_record import StoredRecord, reports_of
from apsa_feedback.outputs.report.table import table
from apsa_feedback.outputs.report.week_of_session import week_of_session
from apsa_perception.exercises.file import is_name
from apsa_perception.model.files import private_folder, write_private

UNNAMED = "session"
"""What stands for the pseudonym in the names of files without one."""

_TREND_SESSIONS = 12


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


def write(
    folder: Path,
    record: SessionRecord,
    book: CueBook,
    now: datetime,
    guides: Guides | None = None,
) -> Path:
    """Write JSON, CSV and HTML; return the path of the page.

    What cannot be made again comes first, so that it is kept when the disk becomes full.

    Args:
        folder: folder of the reports.
        record: the session.
        book: the words of the language.
        now: when it is written.
        guides: how the exercises are done; None: the page does not show it.

    Raises:
        OSError: a file cannot be written.
    """
    past = earlier(folder, record.person, record.exercise, warm_up=record.is_warm_up)
    exercise = _file_name(record.exercise)
    stem = _free_stem(folder, f"{record.person or UNNAMED}_{exercise}_{now:%Y%m%d-%H%M%S}")
    return _write(folder / f"{stem}.json", record, book, now, past, guides)


def rewrite(stored: StoredRecord, book: CueBook, guides: Guides | None = None) -> Path:
    """Write the files of a report again, whose record has changed; return the path of the page.

    Raises:
        OSError: a file cannot be written.
    """
    record = stored.record
    before = [
        past
        for past in earlier(
            stored.path.parent, record.person, record.exercise, warm_up=record.is_warm_up
        )
        if datetime.fromisoformat(past.written) < stored.written
    ]
    return _write(stored.path, record, book, stored.written, before, guides)


def _write(
    path: Path,
    record: SessionRecord,
    book: CueBook,
    when: datetime,
    past: Sequence[Past],
    guides: Guides | None,
) -> Path:
    written = when.isoformat(timespec="seconds")
    guide = guides.of(record.exercise, book) if guides else None
    texts = {
        ".json": json.dumps(record.as_json(written), allow_nan=False),
        ".csv": table(record, written),
        ".html": page(record, book, written, past, guide, week_of_session(path, record, when)),
    }
    for ending, text in texts.items():
        write_private(path.with_suffix(ending), text)
    return path.with_suffix(".html")


def earlier(folder: Path, person: str, exercise: str, *, warm_up: bool = False) -> list[Past]:
    """Return the latest sessions of a person with an exercise, oldest first.

    Without a pseudonym there are none: sessions of different people are not a trend. Other files
    are ignored.

    Args:
        folder: folder of the reports.
        person: the pseudonym.
        exercise: name of the exercise.
        warm_up: whether warm-ups are wanted, or all other sets: they are not compared.
    """
    if not person:
        return []
    found = []
    for each in reports_of(folder, person, _file_name(exercise)):
        if each.record.exercise == exercise and each.record.is_warm_up == warm_up:
            summary = each.record.summary()
            found.append(
                Past(
                    each.written.isoformat(timespec="seconds"),
                    summary.mean_score,
                    summary.mean_range,
                    summary.best_hold_s,
                )
            )
    return found[-_TREND_SESSIONS:]


def _file_name(exercise: str) -> str:
    """The name of an exercise in a file name: messages may hold any text."""
    return exercise if is_name(exercise) else "unnamed"


def _free_stem(folder: Path, stem: str) -> str:
    free, number = stem, 2
    while (folder / f"{free}.json").exists():
        free, number = f"{stem}-{number}", number + 1
    return free
