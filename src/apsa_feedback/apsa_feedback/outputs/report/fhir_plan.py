"""The weekly plan as FHIR: a ServiceRequest for each planned programme."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from fhir.resources.servicerequest import ServiceRequest

from apsa_feedback.outputs.report.fhir_resource import code_of, identified
from apsa_feedback.outputs.report.history import runs_by_id
from apsa_feedback.outputs.report.stored_record import StoredRecord
from apsa_feedback.outputs.report.weekly_plan import PlannedProgramme, WeeklyPlan

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Requests = Sequence[tuple[PlannedProgramme, Any]]


def service_requests(
    person: str, plan: WeeklyPlan, titles: Mapping[str, str], patient: str, today: date
) -> Requests:
    """Return the programmes of a plan with their ServiceRequests.

    Args:
        person: the pseudonym.
        plan: the plan.
        titles: titles of programmes by name.
        patient: reference of the Patient.
        today: programmes that ended before are completed.
    """
    return [(each, _request(person, each, titles, patient, today)) for each in plan.programmes]


def based_on(reports: Sequence[StoredRecord], requests: Requests) -> dict[Path, list[Any]]:
    """Return the ServiceRequests of the sets of programmes, by the path of the report.

    They are those that hold on the day on which the programme was begun, by which adherence counts.
    """
    found: dict[Path, list[Any]] = {}
    for sets in runs_by_id(reports).values():
        part, day = sets[0].record.plan, sets[0].written.date()
        holding = [
            request
            for plan, request in requests
            if part is not None
            and plan.programme == part.programme
            and plan.week_of(day) is not None
        ]
        found |= {each.path: holding for each in sets}
    return found


def name_of(person: str, plan: PlannedProgramme) -> str:
    """Return what tells a programme of a plan from all others, for the identity of resources."""
    return f"{person}:{plan.programme}:{plan.start}"


def _request(
    person: str, plan: PlannedProgramme, titles: Mapping[str, str], patient: str, today: date
) -> ServiceRequest:
    repeat: dict[str, Any] = {
        "boundsPeriod": {"start": plan.start.isoformat(), "end": plan.end.isoformat()},
        "frequency": 1 if plan.weekdays else plan.per_week,
        "period": 1,
        "periodUnit": "d" if plan.weekdays else "wk",
    }
    if plan.weekdays:  # as in FHIR's examples: once on each of these days
        repeat["dayOfWeek"] = [_WEEKDAYS[day] for day in plan.weekdays]
    title = titles.get(plan.programme, plan.programme)
    request: ServiceRequest = identified(
        ServiceRequest,
        "plan",
        name_of(person, plan),
        status="completed" if plan.end < today else "active",
        intent="plan",
        subject={"reference": patient},
        code={"concept": code_of(plan.programme, title)},
        occurrenceTiming={"repeat": repeat},
    )
    return request
