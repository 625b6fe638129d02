"""Files about people in the folder of the reports: whose they are, and their deletion."""

import re
from collections.abc import Iterator
from pathlib import Path

from apsa_perception.assessment.personal_ranges import is_pseudonym

_ENDING = (
    r"(_\w+_\d{8}-\d{6}(-\d+)?|_progress|_repetitions|_holds|_plan|_fhir)"
    r"\.(html|csv|json|yaml)(\.\d+\.part)?"
)

_REPORT = re.compile(rf"(?P<person>[^_]+){_ENDING}")


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


def _files_of(folder: Path, person: str) -> Iterator[Path]:
    """The files that reports of a person are written to, also those that a crash cut off."""
    name = _name_of(person)
    return (path for path in folder.iterdir() if name.fullmatch(path.name))


def _name_of(person: str) -> re.Pattern[str]:
    return re.compile(rf"\.?{re.escape(person)}{_ENDING}")
