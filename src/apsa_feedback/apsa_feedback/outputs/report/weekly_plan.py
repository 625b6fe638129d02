"""The weekly plan of a person: which programmes on how many days of a week, and for how long."""

from dataclasses import dataclass
from datetime import date, timedelta

from apsa_perception.model.sentences import Sentence

DAYS_OF_WEEK = 7


@dataclass(frozen=True)
class PlannedProgramme:
    """A programme that is done on some days of each week.

    A week of the plan begins on the weekday of the first day, so that each of them is a whole one.

    Attributes:
        programme: its name.
        start: the first day.
        weeks: number of weeks, at least 1.
        per_week: days of a week on which it is done, 1 to 7.
        weekdays: on which days, Monday is 0; empty: the person chooses them.
    """

    programme: str
    start: date
    weeks: int
    per_week: int
    weekdays: tuple[int, ...] = ()

    @property
    def end(self) -> date:
        """The last day."""
        return self.start + timedelta(days=DAYS_OF_WEEK * self.weeks - 1)

    def week_of(self, day: date) -> int | None:
        """Return the number of the week of a day, from 1; None before and after the plan."""
        if not self.start <= day <= self.end:
            return None
        return (day - self.start).days // DAYS_OF_WEEK + 1

    def overlaps(self, other: "PlannedProgramme") -> bool:
        """Whether both plan the same programme for the same day."""
        apart = self.end < other.start or other.end < self.start
        return self.programme == other.programme and not apart

    def before(self, day: date) -> "PlannedProgramme | None":
        """Return the plan without the weeks that have not ended before a day; None without any."""
        weeks = min(self.weeks, (day - self.start).days // DAYS_OF_WEEK)
        if weeks < 1:
            return None
        return PlannedProgramme(self.programme, self.start, weeks, self.per_week, self.weekdays)


@dataclass(frozen=True)
class WeeklyPlan:
    """What a person is to do.

    Attributes:
        programmes: in the order of their first days; the same programme never twice on a day.
    """

    programmes: tuple[PlannedProgramme, ...] = ()

    def with_programme(self, new: PlannedProgramme) -> "WeeklyPlan":
        """Return the plan with another entry.

        Of an entry of the same programme that goes on at its first day, the weeks that have ended
        before that day stay.
        """
        kept = [each.before(new.start) if each.overlaps(new) else each for each in self.programmes]
        return WeeklyPlan(_sorted([each for each in (*kept, new) if each is not None]))

    def without(self, programme: str, start: date) -> "WeeklyPlan":
        """Return the plan without the entry of a programme with this first day.

        Raises:
            ValueError: there is none.
        """
        left = tuple(p for p in self.programmes if (p.programme, p.start) != (programme, start))
        if len(left) == len(self.programmes):
            raise ValueError(Sentence.NOT_PLANNED.text(name=repr(programme), start=start))
        return WeeklyPlan(left)

    @staticmethod
    def of(entries: list[PlannedProgramme]) -> "WeeklyPlan":
        """Return the plan of entries that do not overlap."""
        return WeeklyPlan(_sorted(entries))


def _sorted(entries: list[PlannedProgramme]) -> tuple[PlannedProgramme, ...]:
    return tuple(sorted(entries, key=lambda each: (each.start, each.programme)))
