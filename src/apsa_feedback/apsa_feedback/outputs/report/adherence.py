"""How well a weekly plan was kept: the days of each week on which its programme was done.

A day is done when all sets of the programme were done on it, in one run or in several. A day with
some of them is partly done and does not count. More days than planned in one week do not make up
for another week. A run that goes on after midnight belongs to the day on which it began.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from apsa_feedback.outputs.report.history import runs_by_id, sets_done
from apsa_feedback.outputs.report.stored_record import StoredRecord
from apsa_feedback.outputs.report.weekly_plan import DAYS_OF_WEEK, PlannedProgramme, WeeklyPlan


@dataclass(frozen=True)
class TrainingDay:
    """A local day on which a programme was begun: ``done`` of ``planned`` sets; 0: unknown."""

    day: date
    done: int
    planned: int

    @property
    def complete(self) -> bool:
        """Whether all sets were done."""
        return 0 < self.planned <= self.done


@dataclass(frozen=True)
class PlannedWeek:
    """A week of a plan.

    Attributes:
        number: from 1.
        begins: its first day.
        planned: days planned.
        days: days on which at least one set of the programme was done.
    """

    number: int
    begins: date
    planned: int
    days: tuple[TrainingDay, ...]

    @property
    def ends(self) -> date:
        """Its last day."""
        return self.begins + timedelta(days=DAYS_OF_WEEK - 1)

    @property
    def done(self) -> int:
        """Days on which all sets were done."""
        return sum(each.complete for each in self.days)

    @property
    def partly(self) -> int:
        """Days on which some sets were done."""
        return len(self.days) - self.done

    def on(self, day: date) -> TrainingDay | None:
        """Return what was done on a day."""
        return next((each for each in self.days if each.day == day), None)


@dataclass(frozen=True)
class Adherence:
    """A planned programme and its weeks, in their order."""

    plan: PlannedProgramme
    weeks: tuple[PlannedWeek, ...]

    def week_of(self, day: date) -> PlannedWeek | None:
        """Return the week of a day; None before and after the plan."""
        number = self.plan.week_of(day)
        return None if number is None else self.weeks[number - 1]

    def share(self, today: date) -> float | None:
        """Return the share of the planned days that were done, 0 to 1; None before a week ended.

        Only weeks that ended before today count: the present one can still be completed.
        """
        ended = [week for week in self.weeks if week.ends < today]
        if not ended:
            return None
        return sum(min(w.done, w.planned) for w in ended) / sum(w.planned for w in ended)

    def is_due(self, today: date) -> bool:
        """Return whether the programme is still to be done today."""
        week = self.week_of(today)
        if week is None or ((found := week.on(today)) and found.complete):
            return False
        if self.plan.weekdays:
            return today.weekday() in self.plan.weekdays
        return week.done < week.planned


def adherence_of(plan: WeeklyPlan, reports: Sequence[StoredRecord]) -> list[Adherence]:
    """Return how each programme of a plan was done.

    Args:
        plan: the plan.
        reports: reports of the person, oldest first.
    """
    days = training_days(reports)
    return [_adherence(each, days.get(each.programme, ())) for each in plan.programmes]


def training_days(reports: Sequence[StoredRecord]) -> dict[str, tuple[TrainingDay, ...]]:
    """Return the days on which sets of programmes were done, by the name of the programme."""
    found: dict[tuple[str, date], list[StoredRecord]] = {}
    for sets in runs_by_id(reports).values():
        plan = sets[0].record.plan
        if plan is not None:
            found.setdefault((plan.programme, sets[0].written.date()), []).extend(sets)
    days: dict[str, list[TrainingDay]] = {}
    for (programme, day), sets in sorted(found.items(), key=lambda item: item[0]):
        done, planned = sets_done(sets)
        if done:
            days.setdefault(programme, []).append(TrainingDay(day, done, planned))
    return {programme: tuple(each) for programme, each in days.items()}


def _adherence(plan: PlannedProgramme, days: Iterable[TrainingDay]) -> Adherence:
    weeks: Mapping[int, list[TrainingDay]] = {n: [] for n in range(1, plan.weeks + 1)}
    for each in days:
        number = plan.week_of(each.day)
        if number is not None:
            weeks[number].append(each)
    return Adherence(
        plan,
        tuple(
            PlannedWeek(
                number,
                plan.start + timedelta(days=DAYS_OF_WEEK * (number - 1)),
                plan.per_week,
                tuple(found),
            )
            for number, found in weeks.items()
        ),
    )
