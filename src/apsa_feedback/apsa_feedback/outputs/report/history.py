"""All sessions of a person: values by exercise and day, and how a plan was followed."""

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from apsa_feedback.outputs.report.session_record import SessionRecord
from apsa_feedback.outputs.report.sides import SIDES
from apsa_feedback.outputs.report.stored_record import StoredRecord
from apsa_feedback.outputs.report.time_axis import day_of, week_of
from apsa_perception.programmes.one_side import side_of_title

Series = dict[str, list[tuple[float, float]]]
"""Day and value by side (``left``, ``right``, ``both``) or by name."""


@dataclass
class ExerciseHistory:
    """An exercise of all its sides over time.

    Attributes:
        titles: titles for people by name; several if each side has a file of its own.
        unit: unit of the range.
        is_hold: whether holds are timed.
        sets: sets in each week, by the middle of the week; what follows is without warm-ups.
        ranges: mean range of motion of a day.
        qualities: mean quality of a day, 0 to 100.
        holds: longest hold of a day in seconds.
    """

    titles: dict[str, str]
    unit: str
    is_hold: bool
    sets: list[tuple[float, int]] = field(default_factory=list)
    ranges: Series = field(default_factory=dict)
    qualities: Series = field(default_factory=dict)
    holds: Series = field(default_factory=dict)


@dataclass(frozen=True)
class ProgrammeRun:
    """A run of a programme: ``done`` of ``planned`` sets; 0 planned: unknown."""

    name: str
    title: str
    begun: datetime
    done: int
    planned: int

    @property
    def share(self) -> float | None:
        """Share of the sets that were done, in percent."""
        return 100.0 * self.done / self.planned if self.planned else None


def exercises_of(reports: Sequence[StoredRecord]) -> list[ExerciseHistory]:
    """Return the exercises of reports, those of both sides as one, the latest one first."""
    families: dict[str, list[StoredRecord]] = {}
    for each in reports:
        families.setdefault(each.record.family, []).append(each)
    latest = sorted(families.values(), key=lambda found: found[-1].written, reverse=True)
    return [_exercise(found) for found in latest]


def runs_of(reports: Sequence[StoredRecord]) -> list[ProgrammeRun]:
    """Return the runs of programmes in reports, the latest one first."""
    found = [_run(sets) for sets in runs_by_id(reports).values()]
    return sorted(found, key=lambda run: run.begun, reverse=True)


def runs_by_id(reports: Iterable[StoredRecord]) -> dict[str, list[StoredRecord]]:
    """Return the reports of each run of a programme, in their order."""
    runs: dict[str, list[StoredRecord]] = {}
    for each in reports:
        if each.record.plan is not None:
            runs.setdefault(each.record.plan.run, []).append(each)
    return runs


def sets_done(reports: Iterable[StoredRecord]) -> tuple[int, int]:
    """Return how many different sets of a programme were done, and how many it has; 0: unknown."""
    done, planned = set(), 0
    for each in reports:
        record, plan = each.record, each.record.plan
        if plan is None:
            continue
        planned = max(planned, plan.sets)
        held_s = record.summary().total_hold_s
        if plan.is_done(record.count, held_s, record.duration_s):
            # The title tells the sets of the two sides of an exercise apart.
            place = (plan.exercise_number, plan.set_number)
            done.add((record.exercise, record.title, *place))
    return len(done), planned


def ratings_of(reports: Iterable[StoredRecord]) -> Series:
    """Return the worst pain and the highest effort of each day, by name."""
    rated = [(each.written, each.record.rating) for each in reports if each.record.answered]
    pain = [(when, float(r.pain)) for when, r in rated if r.pain is not None]
    effort = [(when, r.effort) for when, r in rated if r.effort is not None]
    found = {"pain": by_day(pain, max), "effort": by_day(effort, max)}
    return {name: values for name, values in found.items() if values}


def range_by_side(record: SessionRecord) -> dict[str, float]:
    """Return the mean range of motion of a session by side; ``both`` where sides are unknown."""
    found: dict[str, list[float]] = {}
    for one in record.repetitions:
        sides = {side: values.range for side in SIDES if (values := getattr(one, side))}
        for side, value in (sides or {one.side: one.range}).items():
            found.setdefault(side, []).append(value)
    return {side: statistics.fmean(values) for side, values in found.items()}


def _exercise(reports: Sequence[StoredRecord]) -> ExerciseHistory:
    last = reports[-1].record
    weeks: dict[float, int] = {}
    for each in reports:
        week = week_of(day_of(each.written))
        weeks[week] = weeks.get(week, 0) + 1
    ranges: dict[str, list[tuple[datetime, float]]] = {}
    qualities: dict[str, list[tuple[datetime, float]]] = {}
    holds: dict[str, list[tuple[datetime, float]]] = {}
    for each in reports:
        if each.record.is_warm_up:
            continue
        for side, value in range_by_side(each.record).items():
            ranges.setdefault(side, []).append((each.written, value))
        for one in each.record.repetitions:
            if one.score is not None:
                qualities.setdefault(one.side, []).append((each.written, 100.0 * one.score))
        for hold in each.record.holds.values():
            holds.setdefault(hold.side, []).append((each.written, hold.held_s))
    return ExerciseHistory(
        titles={each.record.exercise: side_of_title(each.record.title)[0] for each in reports},
        unit=last.unit,
        is_hold=last.is_hold,
        sets=sorted(weeks.items()),
        ranges={side: by_day(values, statistics.fmean) for side, values in ranges.items()},
        qualities={side: by_day(values, _whole_mean) for side, values in qualities.items()},
        holds={side: by_day(values, max) for side, values in holds.items()},
    )


def _whole_mean(scores: list[float]) -> float:
    """The mean as people read a score."""
    return float(round(statistics.fmean(scores)))


def _run(sets: Sequence[StoredRecord]) -> ProgrammeRun:
    plans = [each.record.plan for each in sets if each.record.plan is not None]
    done, planned = sets_done(sets)
    last = plans[-1]
    return ProgrammeRun(last.programme, last.title, sets[0].written, done, planned)


def by_day(
    values: Iterable[tuple[datetime, float]], combined: Callable[[list[float]], float]
) -> list[tuple[float, float]]:
    """Return one value for each day, at the time of its first one: points never overlap."""
    days: dict[int, tuple[float, list[float]]] = {}
    for when, value in values:
        at = day_of(when)
        days.setdefault(int(at), (at, []))[1].append(value)
    return [(at, combined(found)) for at, found in days.values()]
