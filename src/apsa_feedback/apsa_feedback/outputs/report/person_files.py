"""What is written about a person from all reports: progress page and tables."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from apsa_feedback.coaching.cue_book import CueBook
from apsa_feedback.outputs.report.adherence import adherence_of
from apsa_feedback.outputs.report.history_page import history_page
from apsa_feedback.outputs.report.plan_section import plan_section
from apsa_feedback.outputs.report.plan_table import plan_table
from apsa_feedback.outputs.report.stored_record import StoredRecord, reports_of
from apsa_feedback.outputs.report.table import as_csv, columns_of, rows_of
from apsa_feedback.outputs.report.weekly_plan_file import read_plan
from apsa_perception.model.files import write_private


def progress_path(folder: Path, person: str) -> Path:
    """Return where the page over all sessions of a person is."""
    return folder / f"{person}_progress.html"


def progress_page(
    folder: Path, person: str, book: CueBook, titles: Mapping[str, str] | None = None
) -> str:
    """Return the page over all sessions of a person as HTML; ``titles`` as of ``plan_section``."""
    reports = reports_of(folder, person)
    plan = plan_section(folder, person, reports, book, titles)
    return history_page(person, reports, book, plan)


def write_progress(folder: Path, person: str, book: CueBook) -> Path:
    """Write the page over all sessions of a person; return its path.

    Raises:
        OSError: it cannot be written.
    """
    path = progress_path(folder, person)
    write_private(path, progress_page(folder, person, book))
    return path


def write_tables(folder: Path, person: str, out: Path) -> list[Path]:
    """Write all repetitions, all holds and the weeks of the plan as one CSV file each.

    Without a plan there is no table of it.

    Args:
        folder: folder of the reports.
        person: the pseudonym.
        out: folder for the tables.

    Returns:
        Their paths.

    Raises:
        OSError: a file cannot be written.
        ValueError: the file of the plan has a mistake.
    """
    plan = read_plan(folder, person)
    reports = reports_of(folder, person)
    paths = []
    for name, hold in (("repetitions", False), ("holds", True)):
        rows = [row for each in reports if each.record.is_hold == hold for row in _rows(each)]
        path = out / f"{person}_{name}.csv"
        write_private(path, as_csv(columns_of(hold=hold), rows))
        paths.append(path)
    if plan.programmes:
        path = out / f"{person}_plan.csv"
        write_private(path, plan_table(person, adherence_of(plan, reports)))
        paths.append(path)
    return paths


def _rows(stored: StoredRecord) -> list[tuple[str | int | float | None, ...]]:
    return rows_of(stored.record, _iso(stored.written))


def _iso(when: datetime) -> str:
    return when.isoformat(timespec="seconds")
