"""Adherence to a weekly plan as FHIR: an Observation for each week, and the Goal they measure.

The Observation of a week has the days on which the programme was done completely, with the days
planned and partly done as components. It is based on the ServiceRequest of the programme. The Goal
of a programme is the number of days in each week; its outcome are the Observations.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from fhir.resources.goal import Goal
from fhir.resources.observation import Observation

from apsa_feedback.outputs.report.adherence import Adherence, PlannedWeek
from apsa_feedback.outputs.report.fhir_plan import name_of
from apsa_feedback.outputs.report.fhir_resource import code_of, identified, quantity, reference

_DONE = code_of("plan_days_done", "Days of the week on which the programme was done completely")
_PLANNED = code_of("plan_days_planned", "Days planned for the week")
_PARTLY = code_of("plan_days_partly_done", "Days of the week on which it was done partly")
_ACHIEVEMENT = "http://terminology.hl7.org/CodeSystem/goal-achievement"


def adherence_resources(
    person: str, kept: Adherence, request: Any, patient: str, today: date
) -> Iterator[Any]:
    """Return the Observations of the weeks that have begun, then the Goal.

    A week that has not ended is preliminary, and its period ends today. In a later export the same
    resource is final.

    Args:
        person: the pseudonym.
        kept: how the programme was done.
        request: the ServiceRequest of the programme.
        patient: reference of the Patient.
        today: local day of the export.

    Raises:
        ValueError: a value does not fit the resources of FHIR.
    """
    plan = kept.plan
    name = name_of(person, plan)
    weeks = [
        _week(each, f"{name}:{each.number}", request, patient, today)
        for each in kept.weeks
        if each.begins <= today
    ]
    yield from weeks
    title = request.code.concept.text
    yield identified(
        Goal,
        "plan_goal",
        name,
        subject={"reference": patient},
        description={"text": f"{title}: days of each week: {plan.per_week}"},
        startDate=plan.start,
        target=[{
            "measure": _DONE,
            "detailRange": {"low": _days(plan.per_week)},  # more days reach it, too
            "dueDate": plan.end,
        }],
        addresses=[reference(request)],
        **({"outcome": [{"reference": reference(each)} for each in weeks]} if weeks else {}),
        **_status(kept, today),
    )  # fmt: skip


def _week(week: PlannedWeek, name: str, request: Any, patient: str, today: date) -> Any:
    ended = week.ends < today
    return identified(
        Observation,
        "plan_week",
        name,
        status="final" if ended else "preliminary",
        subject={"reference": patient},
        basedOn=[reference(request)],
        code=_DONE,
        effectivePeriod={"start": week.begins, "end": min(week.ends, today)},
        valueQuantity=_days(week.done),
        component=[
            {"code": _PLANNED, "valueQuantity": _days(week.planned)},
            {"code": _PARTLY, "valueQuantity": _days(week.partly)},
        ],
    )


def _status(kept: Adherence, today: date) -> dict[str, Any]:
    """Status of the Goal: it is achieved if each week had its days, known after the last one."""
    if today < kept.plan.start:
        return {"lifecycleStatus": "planned"}
    if today <= kept.plan.end:
        return {"lifecycleStatus": "active", "achievementStatus": _achievement("in-progress")}
    achieved = all(week.planned <= week.done for week in kept.weeks)
    code = "achieved" if achieved else "not-achieved"
    return {"lifecycleStatus": "completed", "achievementStatus": _achievement(code)}


def _achievement(code: str) -> dict[str, Any]:
    return {"coding": [{"system": _ACHIEVEMENT, "code": code}]}


def _days(count: int) -> dict[str, Any]:
    return quantity(count, "days per week", "d/wk")
