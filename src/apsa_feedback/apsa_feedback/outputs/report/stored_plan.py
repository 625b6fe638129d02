"""The weekly plan of the person now, for other outputs to show."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from apsa_feedback.outputs.report.adherence import Adherence, adherence_of
from apsa_feedback.outputs.report.plan_section import known_programmes
from apsa_feedback.outputs.report.settings import ReportSettings
from apsa_feedback.outputs.report.stored_record import reports_of
from apsa_feedback.outputs.report.weekly_plan_file import plan_path, read_plan
from apsa_perception.model.paths import path_of


def stored_plan(
    settings: ReportSettings,
    person: Callable[[], str],
    titles: Callable[[], Mapping[str, str]],
    today: Callable[[], date] = date.today,
) -> Callable[[], dict[str, Any]] | None:
    """Return a function that reads the plan, as JSON values; None without a folder.

    ``entries`` has for each planned programme ``programme``, ``per_week``, ``weekdays`` (Monday is
    0), ``start``, ``end``, ``weeks``, ``week`` (``done``, ``partly`` and ``planned`` days of the
    present week; None before and after the plan), ``kept`` (percent; None before a week has ended)
    and ``due`` (whether it is to be done today). ``problem`` is one sentence in English why the
    plan cannot be used.

    Args:
        settings: the folder.
        person: returns the pseudonym of the person now; empty: none, who has no plan.
        titles: returns the titles of the programmes that can be planned.
        today: returns the local day.
    """
    if not settings.dir:
        return None
    folder = path_of(settings.dir)

    def plan() -> dict[str, Any]:
        of = person()
        try:
            entries = _entries(folder, of, titles(), today()) if of else []
        except ValueError as error:
            return {"person": of, "entries": [], "problem": str(error)}
        return {"person": of, "entries": entries, "problem": ""}

    return plan


def _entries(
    folder: Path, person: str, titles: Mapping[str, str], today: date
) -> list[dict[str, Any]]:
    """The entries of the plan; raises ValueError with one sentence."""
    if not plan_path(folder, person).exists():  # all reports are read only where they matter
        return []
    reports = reports_of(folder, person)
    plan = read_plan(folder, person, known_programmes(titles, reports))
    return [
        {**_entry(each, today), "due": each.plan.programme in titles and each.is_due(today)}
        for each in adherence_of(plan, reports)
    ]


def _entry(each: Adherence, today: date) -> dict[str, Any]:
    plan, week, share = each.plan, each.week_of(today), each.share(today)
    counts = week and {"done": week.done, "partly": week.partly, "planned": week.planned}
    return {
        "programme": plan.programme,
        "per_week": plan.per_week,
        "weekdays": list(plan.weekdays),
        "start": plan.start.isoformat(),
        "end": plan.end.isoformat(),
        "weeks": plan.weeks,
        "week": counts,
        "kept": None if share is None else round(100.0 * share),
    }
