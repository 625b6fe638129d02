"""What is stored about a person in the folder of the reports: progress page, tables, deletion."""

import re
from collections.abc import Iterator, Mapping
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
from apsa_perception.assessment.personal_ranges import is_pseudonym
from apsa_perception.model.files import write_private

_ENDING = (
    r"(_\w+_\d{8}-\d{6}(-\d+)?|_progress|_repetitions|_holds|_plan|_fhir)"
    r"\.(html|csv|json|yaml)(\.\d+\.part)?"
)

_REPORT = re.compile(rf"(?P<person>[^_]+){_ENDING}")


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


def delete_reports(folder: Path, person: str) -> int:
    """Delete reports, progress page and plan of a person; return how many files there were.

    Raises:
        OSError: a file cannot be deleted.
    """
    found = list(_files_of(folder, person))
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def people_of(folder: Path) -> list[str]:
    """Return the pseudonyms of the people who have reports or a plan in a folder, sorted.

    A folder that cannot be read has none.
    """
    try:
        names = [path.name for path in folder.iterdir()]
    except OSError:
        return []
    found = {match["person"] for name in names if (match := _REPORT.fullmatch(name))}
    return sorted(person for person in found if is_pseudonym(person))


def is_page_of(person: str, name: str) -> bool:
    """Return whether a file name is that of a page about a person."""
    return name.endswith(".html") and _name_of(person).fullmatch(name) is not None


def _rows(stored: StoredRecord) -> list[tuple[str | int | float | None, ...]]:
    return rows_of(stored.record, _iso(stored.written))


def _iso(when: datetime) -> str:
    return when.isoformat(timespec="seconds")


def _files_of(folder: Path, person: str) -> Iterator[Path]:
    """The files that reports of a person are written to, also those that a crash cut off."""
    name = _name_of(person)
    return (path for path in folder.iterdir() if name.fullmatch(path.name))


def _name_of(person: str) -> re.Pattern[str]:
    return re.compile(rf"\.?{re.escape(person)}{_ENDING}")
