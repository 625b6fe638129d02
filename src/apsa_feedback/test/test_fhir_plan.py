"""A weekly plan and adherence to it as HL7 FHIR R5, read again with ``fhir.resources``."""

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fhir.resources", reason="requirements/fhir.txt is not installed")

from fhir.resources.bundle import Bundle

from apsa_feedback.commands.person_data import main
from apsa_feedback.outputs.report.adherence import adherence_of
from apsa_feedback.outputs.report.fhir_bundle import bundle_of
from apsa_feedback.outputs.report.plan_table import plan_table
from apsa_feedback.outputs.report.stored_record import reports_of
from apsa_feedback.outputs.report.weekly_plan import PlannedProgramme, WeeklyPlan
from apsa_feedback.outputs.report.weekly_plan_file import write_plan
from support.history_cases import PERSON, do_knee

START = date(2026, 11, 4)  # a Wednesday
KNEE = PlannedProgramme("knee", START, 3, 2)

Resources = Sequence[Any]


def export(folder: Path, today: str, *programmes: PlannedProgramme) -> Resources:
    """Export the reports of a folder with a plan at noon of a day; return the resources read."""
    now = datetime.fromisoformat(f"{today}T12:00:00+01:00")
    text = bundle_of(PERSON, reports_of(folder, PERSON), now, WeeklyPlan.of([*programmes]))
    return [entry.resource for entry in Bundle.model_validate_json(text).entry]


def of_kind(found: Resources, kind: str) -> Resources:
    return [one for one in found if one.get_resource_type() == kind]


def weeks(found: Resources) -> Resources:
    """The Observations of weeks."""
    return [each for each in of_kind(found, "Observation") if each.basedOn]


def counts(week: Any) -> tuple[int, int, int]:
    """Days done, planned and partly done of the Observation of a week."""
    values = [week.valueQuantity, *(each.valueQuantity for each in week.component)]
    assert {(each.system, each.code) for each in values} == {("http://unitsofmeasure.org", "d/wk")}
    done, planned, partly = (int(each.value) for each in values)
    return done, planned, partly


def period(week: Any) -> tuple[str, str]:
    return week.effectivePeriod.start.isoformat(), week.effectivePeriod.end.isoformat()


def url(resource: Any) -> str:
    return f"urn:uuid:{resource.id}"


def test_a_programme_is_a_service_request_on_which_its_sets_are_based(tmp_path: Path) -> None:
    do_knee(tmp_path, "2026-11-03T18:00:00+01:00", 1)
    do_knee(tmp_path, "2026-11-04T18:00:00+01:00", 1)
    named = PlannedProgramme("shoulder", START, 1, 2, (0, 3))
    found = export(tmp_path, "2026-11-20", KNEE, named)
    knee, shoulder = of_kind(found, "ServiceRequest")
    assert knee.occurrenceTiming.repeat.model_dump() == {
        "boundsPeriod": {"start": START, "end": date(2026, 11, 24)},
        "frequency": 2, "period": 1, "periodUnit": "wk",
    }  # fmt: skip
    assert (knee.status, shoulder.status) == ("active", "completed")
    assert shoulder.occurrenceTiming.repeat.dayOfWeek == ["mon", "thu"]
    before, during = of_kind(found, "Procedure")
    assert before.basedOn is None
    assert [each.reference for each in during.basedOn] == [url(knee)]


def test_the_day_of_a_run_over_midnight_is_that_of_its_first_set(tmp_path: Path) -> None:
    do_knee(tmp_path, "2026-11-03T23:55:00+01:00", 2)  # begun before the plan
    do_knee(tmp_path, "2026-11-24T23:55:00+01:00", 2)  # on its last day
    found = export(tmp_path, "2026-11-25", KNEE)
    based = [bool(each.basedOn) for each in of_kind(found, "Procedure")]
    assert based == [False, False, True, True]
    assert [counts(each)[0] for each in weeks(found)] == [0, 0, 1]


def test_weeks_kept_partly_kept_and_missed_and_the_unfinished_one(tmp_path: Path) -> None:
    do_knee(tmp_path, "2026-11-03T18:00:00+01:00", 2)  # before the plan
    do_knee(tmp_path, "2026-11-04T18:00:00+01:00", 2)
    do_knee(tmp_path, "2026-11-06T18:00:00+01:00", 2)
    do_knee(tmp_path, "2026-11-08T18:00:00+01:00", 1)
    do_knee(tmp_path, "2026-11-19T18:00:00+01:00", 2)
    longer = PlannedProgramme("knee", START, 5, 2)
    found = export(tmp_path, "2026-11-20", longer)
    assert [(each.status, period(each), counts(each)) for each in weeks(found)] == [
        ("final", ("2026-11-04", "2026-11-10"), (2, 2, 1)),
        ("final", ("2026-11-11", "2026-11-17"), (0, 2, 0)),
        ("preliminary", ("2026-11-18", "2026-11-20"), (1, 2, 0)),  # until today
    ]  # the weeks to come have nothing to observe
    (request,) = of_kind(found, "ServiceRequest")
    assert {each.basedOn[0].reference for each in weeks(found)} == {url(request)}
    later = export(tmp_path, "2026-11-25", longer)
    assert [each.id for each in weeks(later)][:3] == [each.id for each in weeks(found)]
    third = weeks(later)[2]
    assert (third.status, period(third)) == ("final", ("2026-11-18", "2026-11-24"))


def test_the_values_are_those_of_the_table_of_the_plan(tmp_path: Path) -> None:
    for day in (4, 8, 10, 11, 12, 13, 18):
        do_knee(tmp_path, f"2026-11-{day:02}T18:00:00+01:00", 1 + day % 2)
    kept = adherence_of(WeeklyPlan((KNEE,)), reports_of(tmp_path, PERSON))
    rows = csv.DictReader(io.StringIO(plan_table(PERSON, kept)))
    names = ("days_done", "days_planned", "days_partly_done")
    expected = [
        ((row["first_day"], row["last_day"]), tuple(int(row[name]) for name in names))
        for row in rows
    ]
    found = [(period(each), counts(each)) for each in weeks(export(tmp_path, "2026-12-24", KNEE))]
    assert found == expected
    assert [done for _, (done, _, _) in found] == [0, 2, 0]


def test_a_plan_that_was_changed_or_interrupted_has_the_days_of_each_time(tmp_path: Path) -> None:
    for day in ("04", "06", "18", "19", "20"):
        do_knee(tmp_path, f"2026-11-{day}T18:00:00+01:00", 2)
    stricter = PlannedProgramme("knee", START + timedelta(days=14), 1, 4)
    changed = WeeklyPlan((KNEE,)).with_programme(stricter)
    later = PlannedProgramme("knee", date(2026, 12, 2), 1, 1)  # a week without a plan before it
    found = export(tmp_path, "2026-12-24", *changed.with_programme(later).programmes)
    assert [(period(each)[0], counts(each)) for each in weeks(found)] == [
        ("2026-11-04", (2, 2, 0)),
        ("2026-11-11", (0, 2, 0)),
        ("2026-11-18", (3, 4, 0)),
        ("2026-12-02", (0, 1, 0)),
    ]
    requests = of_kind(found, "ServiceRequest")
    numbers = [[url(one) for one in requests].index(each.basedOn[0].reference)
               for each in weeks(found)]  # fmt: skip
    assert numbers == [0, 0, 1, 2]


@pytest.mark.parametrize(
    ("today", "done", "lifecycle", "achievement", "observed"),
    [
        ("2026-11-03", (), "planned", None, 0),
        ("2026-11-04", (), "active", "in-progress", 1),
        ("2026-11-24", (4, 5, 11, 12, 18, 19), "active", "in-progress", 3),
        ("2026-11-25", (4, 5, 11, 12, 18, 19), "completed", "achieved", 3),
        ("2026-11-25", (4, 5, 6, 11, 12, 18), "completed", "not-achieved", 3),  # one too early
    ],
)
def test_the_goal_is_the_days_of_each_week_and_its_outcome_the_weeks(
    tmp_path: Path,
    today: str,
    done: tuple[int, ...],
    lifecycle: str,
    achievement: str | None,
    observed: int,
) -> None:
    for day in done:
        do_knee(tmp_path, f"2026-11-{day:02}T18:00:00+01:00", 2)
    found = export(tmp_path, today, KNEE)
    (goal,), (request,) = of_kind(found, "Goal"), of_kind(found, "ServiceRequest")
    assert goal.lifecycleStatus == lifecycle
    status = goal.achievementStatus
    assert (status.coding[0].code if status else None) == achievement
    assert [each.reference for each in goal.addresses] == [url(request)]
    (target,) = goal.target
    assert (target.detailRange.low.value, target.detailRange.low.code) == (2, "d/wk")
    assert (target.detailRange.high, goal.startDate, target.dueDate) == (None, START, KNEE.end)
    outcome = [each.reference.reference for each in goal.outcome or ()]
    assert outcome == [url(each) for each in weeks(found)]
    assert len(outcome) == observed
    assert {each.code.coding[0].code for each in weeks(found)} <= {target.measure.coding[0].code}


def test_codes_are_those_of_the_standard_and_references_are_in_the_bundle(tmp_path: Path) -> None:
    do_knee(tmp_path, "2026-11-04T18:00:00+01:00", 2)
    found = export(tmp_path, "2026-11-20", KNEE)
    for one, field in [(each, "status") for each in weeks(found)] + [
        (each, "lifecycleStatus") for each in of_kind(found, "Goal")
    ]:
        allowed = type(one).model_fields[field].json_schema_extra["enum_values"]
        assert getattr(one, field) in allowed
    assert len({each.id for each in found}) == len(found)
    urls = {url(each) for each in found}
    for each in weeks(found):
        assert {each.subject.reference, each.basedOn[0].reference} <= urls
    (goal,) = of_kind(found, "Goal")
    assert {goal.subject.reference, goal.addresses[0].reference} <= urls


def test_a_plan_of_which_nothing_was_done_is_exported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["fhir", PERSON, "--reports", str(tmp_path)]
    assert main(asked) == 2
    assert "neither reports nor a plan of P-017" in capsys.readouterr().err
    write_plan(tmp_path, PERSON, WeeklyPlan((PlannedProgramme("knee", date(2020, 1, 1), 1, 3),)))
    assert main(asked) == 0
    content = (tmp_path / f"{PERSON}_fhir.json").read_text()
    found = [entry.resource for entry in Bundle.model_validate_json(content).entry]
    assert [counts(each) for each in weeks(found)] == [(0, 3, 0)]
