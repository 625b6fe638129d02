"""The weeks of a plan as CSV: a row for each week of each planned programme."""

from collections.abc import Iterable

from apsa_feedback.outputs.report.adherence import Adherence
from apsa_feedback.outputs.report.table import as_csv

_COLUMNS = (
    "person", "programme", "week", "first_day", "last_day", "days_planned", "days_done",
    "days_partly_done",
)  # fmt: skip


def plan_table(person: str, planned: Iterable[Adherence]) -> str:
    """Return the weeks as CSV with the names of the columns.

    Args:
        person: the pseudonym.
        planned: the programmes of the plan.
    """
    rows = [
        (person, each.plan.programme, week.number, week.begins.isoformat(), week.ends.isoformat(),
         week.planned, week.done, week.partly)
        for each in planned for week in each.weeks
    ]  # fmt: skip
    return as_csv(_COLUMNS, [*rows])
