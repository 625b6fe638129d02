"""The weekly plan on the page over all sessions: a line and a chart for each programme."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from apsa_feedback.coaching.cue_book import CueBook
from apsa_feedback.outputs.report.adherence import Adherence, adherence_of
from apsa_feedback.outputs.report.adherence_chart import week_chart
from apsa_feedback.outputs.report.stored_record import StoredRecord
from apsa_feedback.outputs.report.svg import Element
from apsa_feedback.outputs.report.weekly_plan import DAYS_OF_WEEK, WeeklyPlan
from apsa_feedback.outputs.report.weekly_plan_file import read_plan
from apsa_feedback.stream.formatting import localised


@dataclass(frozen=True)
class ProgrammeSection:
    """A programme of the plan: its title, what was planned and kept in one line, its weeks."""

    title: str
    line: str
    chart: Element


@dataclass(frozen=True)
class PlanSection:
    """What the page shows of a plan.

    Attributes:
        programmes: a part for each entry.
        key: what the signs of the charts mean.
        problem: one sentence in English why the plan cannot be used; empty: it can.
    """

    programmes: tuple[ProgrammeSection, ...] = ()
    key: str = ""
    problem: str = ""


def plan_section(
    folder: Path,
    person: str,
    reports: Sequence[StoredRecord],
    book: CueBook,
    titles: Mapping[str, str] | None = None,
) -> PlanSection | None:
    """Return the plan of a person as the page shows it; None without a plan.

    Args:
        folder: folder of the reports.
        person: the pseudonym.
        reports: the person's reports, oldest first.
        book: the words of the language.
        titles: titles of the known programmes by name; None: any name can be planned.
    """
    known = None if titles is None else known_programmes(titles, reports)
    try:
        plan = read_plan(folder, person, known)
    except ValueError as error:
        return PlanSection(problem=str(error))
    if not plan.programmes:
        return None
    today = date.today()
    named = {**titles_of(reports), **(titles or {})}
    span = _span(plan)
    words = book.words
    parts = tuple(
        ProgrammeSection(
            title := book.programme(each.plan.programme, named.get(each.plan.programme, "")
                                    or each.plan.programme),
            _line(each, words, today),
            week_chart(each, span, f"{words['plan_title']}: {title}", today),
        )
        for each in adherence_of(plan, reports)
    )  # fmt: skip
    key = (("■", "plan_done"), ("□", "plan_partly"), ("╌", "plan_planned"))
    return PlanSection(parts, "   ".join(f"{sign} {words[name]}" for sign, name in key))


def known_programmes(titles: Mapping[str, str], reports: Sequence[StoredRecord]) -> Collection[str]:
    """Return what can be planned: the programmes of now, and those that were done before."""
    return {*titles, *titles_of(reports)}


def titles_of(reports: Sequence[StoredRecord]) -> dict[str, str]:
    """Return the titles of the programmes in reports by name, as they were last."""
    plans = (each.record.plan for each in reports)
    return {plan.programme: plan.title for plan in plans if plan is not None}


def _line(each: Adherence, words: Mapping[str, str], today: date) -> str:
    """Such as "2026-11-02 – 2026-12-13 · Days a week: 3 · Days this week: 2 / 3 · Kept: 83 %"."""
    parts = [f"{each.plan.start} – {each.plan.end}"]
    parts.append(f"{words['plan_per_week']}: {each.plan.per_week}")
    if week := each.week_of(today):
        parts.append(f"{words['plan_week']}: {week.done} / {week.planned}")
    if (share := each.share(today)) is not None:
        parts.append(f"{words['plan_kept']}: {localised(f'{100.0 * share:.0f} %', words)}")
    return " · ".join(parts)


def _span(plan: WeeklyPlan) -> tuple[float, float]:
    """Bounds of the axis: the same for all programmes."""
    first = min(each.start for each in plan.programmes).toordinal()
    last = max(each.end for each in plan.programmes).toordinal() + 1
    return float(first), float(max(last, first + 2 * DAYS_OF_WEEK))
