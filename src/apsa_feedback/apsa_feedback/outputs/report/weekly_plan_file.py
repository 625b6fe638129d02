"""The weekly plan of a person as a YAML file beside the reports: read, checked and written."""

import json
from collections.abc import Collection
from datetime import date, datetime
from pathlib import Path
from typing import Any

from apsa_feedback.outputs.report.weekly_plan import DAYS_OF_WEEK, PlannedProgramme, WeeklyPlan
from apsa_perception.exercises.file import is_name
from apsa_perception.model.files import write_private
from apsa_perception.model.sentences import Sentence
from apsa_perception.model.yaml_reader import Reader, read_yaml

WEEKDAYS = {
    "monday": 0,
    "tuesday": 1,
    "wednesday": 2,
    "thursday": 3,
    "friday": 4,
    "saturday": 5,
    "sunday": 6,
}

_MOST_WEEKS = 104
_MOST_ENTRIES = 100
_YEARS = range(2000, 2101)
_DATE = "a date such as 2026-11-02"
_REQUEST = "the plan"


def plan_path(folder: Path, person: str) -> Path:
    """Return where the plan of a person is."""
    return folder / f"{person}_plan.yaml"


def read_plan(folder: Path, person: str, known: Collection[str] | None = None) -> WeeklyPlan:
    """Read the plan of a person; without a file it is empty.

    Args:
        folder: folder of the reports.
        person: the pseudonym.
        known: names of the programmes that can be planned; None: any.

    Raises:
        ValueError: the file has a mistake; one sentence with file, line and what is expected.
    """
    path = plan_path(folder, person)
    if not path.exists():
        return WeeklyPlan()
    reader = read_yaml(path)
    readers = reader.inner_list("programmes")
    reader.finish()
    if len(readers) > _MOST_ENTRIES:
        raise reader.mistake(f"programmes has {len(readers)} entries; expected at most "
                             f"{_MOST_ENTRIES}", "programmes")  # fmt: skip
    entries: list[PlannedProgramme] = []
    for each in readers:
        entry = _entry(each)
        if known is not None and entry.programme not in known:
            raise each.unknown("programme", sorted(known))
        if other := next((other for other in entries if other.overlaps(entry)), None):
            raise each.refuse(
                "start", f"a day after {other.end}, until which {entry.programme} is planned"
            )
        entries.append(entry)
    return WeeklyPlan.of(entries)


def write_plan(folder: Path, person: str, plan: WeeklyPlan) -> None:
    """Write the plan of a person; an empty one deletes the file.

    Raises:
        ValueError: it has more programmes than ``read_plan`` takes.
        OSError: it cannot be written or deleted.
    """
    count = len(plan.programmes)
    if count > _MOST_ENTRIES:
        raise ValueError(Sentence.PLAN_FULL.text(count=count, most=_MOST_ENTRIES))
    path = plan_path(folder, person)
    if plan.programmes:
        write_private(path, "programmes:\n" + "".join(_lines(each) for each in plan.programmes))
    else:
        path.unlink(missing_ok=True)


def entry_of(text: str) -> PlannedProgramme:
    """Return the entry in a JSON object, with the keys of the file.

    Raises:
        ValueError: it is something else; one sentence.
    """
    return _entry(_object(text))


def place_of(text: str) -> tuple[str, date]:
    """Return programme and first day in a JSON object, which name an entry.

    Raises:
        ValueError: it is something else; one sentence.
    """
    reader = _object(text)
    place = (reader.text("programme"), _date(reader, "start"))
    reader.finish()
    return place


def _object(text: str) -> Reader:
    try:
        content: Any = json.loads(text)
    except (ValueError, RecursionError):
        content = text
    return Reader(content, _REQUEST)


def _entry(reader: Reader) -> PlannedProgramme:
    programme = reader.text("programme")
    if not is_name(programme):
        raise reader.refuse("programme", "the name of a programme, such as knee")
    weekdays: tuple[int, ...] = ()
    if reader.has("days"):
        weekdays = tuple(sorted(reader.choices("days", WEEKDAYS)))
    if bool(weekdays) == reader.has("days_per_week"):
        raise reader.needs("either 'days_per_week' or 'days', the weekdays")
    per_week = len(weekdays) or reader.integer("days_per_week", 1, DAYS_OF_WEEK)
    start, weeks = _date(reader, "start"), reader.integer("weeks", 1, _MOST_WEEKS)
    reader.finish()
    return PlannedProgramme(programme, start, weeks, per_week, weekdays)


def _date(reader: Reader, key: str) -> date:
    """A date of YAML, or a text with one."""
    value = reader.raw(key)
    try:
        found = date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        raise reader.refuse(key, _DATE) from None
    if not isinstance(found, date) or isinstance(found, datetime) or found.year not in _YEARS:
        raise reader.refuse(key, _DATE)
    return found


def _lines(each: PlannedProgramme) -> str:
    names = [name for name, number in WEEKDAYS.items() if number in each.weekdays]
    days = f"days: [{', '.join(names)}]" if names else f"days_per_week: {each.per_week}"
    return (
        f"  - programme: {each.programme}\n"
        f"    {days}\n"
        f"    start: {each.start.isoformat()}\n"
        f"    weeks: {each.weeks}\n"
    )
