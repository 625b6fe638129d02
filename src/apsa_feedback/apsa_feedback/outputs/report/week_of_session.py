"""The week of the plan in which a session was, for its report."""

from datetime import date, datetime, timedelta
from pathlib import Path

from apsa_feedback.outputs.report.adherence import PlannedWeek, adherence_of
from apsa_feedback.outputs.report.session_record import SessionRecord
from apsa_feedback.outputs.report.stored_record import StoredRecord, read_report
from apsa_feedback.outputs.report.weekly_plan import (
    DAYS_OF_WEEK,
    PlannedProgramme,
    WeeklyPlan,
)
from apsa_feedback.outputs.report.weekly_plan_file import read_plan


def week_of_session(path: Path, record: SessionRecord, when: datetime) -> PlannedWeek | None:
    """Return what was done until a session, itself included; None if its programme is not planned.

    A plan with a mistake is none; the page over all sessions says what is wrong.

    Args:
        path: JSON file of the report, which need not exist yet.
        record: the session.
        when: when the report was written first.
    """
    if not record.person or record.plan is None:
        return None
    try:
        plan = read_plan(path.parent, record.person)
    except ValueError:
        return None
    day = when.date()
    for each in plan.programmes:
        if each.programme == record.plan.programme and each.week_of(day) is not None:
            earlier = [
                one
                for one in _reports_of_week(path.parent, record.person, each, day)
                if one.path != path and one.written <= when
            ]
            reports = [*earlier, StoredRecord(path, when, record)]
            (found,) = adherence_of(WeeklyPlan((each,)), reports)
            return found.week_of(day)
    return None


def _reports_of_week(
    folder: Path, person: str, plan: PlannedProgramme, day: date
) -> list[StoredRecord]:
    """The reports of the week until a day, oldest first, by the days in the names of their files.

    Those of the day before the week are among them: a run can go on after midnight.
    """
    number = plan.week_of(day) or 1
    first = plan.start + timedelta(days=DAYS_OF_WEEK * (number - 1) - 1)
    days = (first + timedelta(days=offset) for offset in range((day - first).days + 1))
    paths = [path for each in days for path in folder.glob(f"{person}_*_{each:%Y%m%d}-*.json")]
    found = [read_report(path, curves=False) for path in paths]
    own = [each for each in found if each is not None and each.record.person == person]
    return sorted(own, key=lambda each: (each.written.timestamp(), each.path.name))
