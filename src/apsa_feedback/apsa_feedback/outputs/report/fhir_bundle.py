"""Reports as HL7 FHIR R5: a Bundle with the person, their sets and what was measured.

A set is a Procedure, and a programme of the weekly plan a ServiceRequest on which the sets are
based, with adherence to it as an Observation for each week and a Goal. Pain, effort, repetitions,
holds, quality and range of motion of a set are Observations that are part of it. Pain has its LOINC
code; the others have codes of this project only, because a code of a terminology would claim a
method of measurement that was not used.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from fhir.resources.bundle import Bundle
from fhir.resources.observation import Observation
from fhir.resources.patient import Patient
from fhir.resources.procedure import Procedure

from apsa_feedback.outputs.report.adherence import adherence_of
from apsa_feedback.outputs.report.fhir_adherence import adherence_resources
from apsa_feedback.outputs.report.fhir_plan import based_on, service_requests
from apsa_feedback.outputs.report.fhir_resource import (
    SYSTEM,
    code_of,
    identified,
    quantity,
    reference,
)
from apsa_feedback.outputs.report.history import range_by_side
from apsa_feedback.outputs.report.plan_section import titles_of
from apsa_feedback.outputs.report.session_record import SessionRecord
from apsa_feedback.outputs.report.stored_record import StoredRecord
from apsa_feedback.outputs.report.weekly_plan import WeeklyPlan

_UNITS = {"deg": "deg", "m": "m", "s": "s", "1": "1", "": "1"}
"""Units of measures as UCUM has them."""

_PAIN = {
    "system": "http://loinc.org",
    "code": "72514-3",
    "display": "Pain severity - 0-10 verbal numeric rating [Score] - Reported",
}
_TITLES = {
    "effort": "Effort, Borg CR10",
    "repetitions": "Repetitions",
    "test_time": "Time for the repetitions of the test",
    "hold_total": "Time in the position",
    "hold_best": "Longest hold",
    "quality": "Quality of movement, mean, 0 to 100",
    "range_left": "Range of motion, left, mean",
    "range_right": "Range of motion, right, mean",
    "range_both": "Range of motion, mean",
}


def bundle_of(
    person: str,
    reports: Sequence[StoredRecord],
    now: datetime,
    plan: WeeklyPlan | None = None,
) -> str:
    """Return the reports of a person as JSON of a FHIR R5 Bundle.

    Args:
        person: the pseudonym, which is the identifier of the Patient.
        reports: the person's reports, oldest first.
        now: time of the export.
        plan: what is planned for the person; None: nothing.

    Raises:
        ValueError: a report does not fit the resources of FHIR.
    """
    patient = identified(Patient, "patient", person, identifier=[{"system": SYSTEM,
                                                                  "value": person}])  # fmt: skip
    subject = f"urn:uuid:{patient.id}"
    plan, today = plan or WeeklyPlan(), now.date()
    planned = service_requests(person, plan, titles_of(reports), subject, today)
    entries = [patient]
    for kept, (_, request) in zip(adherence_of(plan, reports), planned, strict=True):
        entries += [request, *adherence_resources(person, kept, request, subject, today)]
    requests = based_on(reports, planned)
    for each in reports:
        entries += _set(each, subject, requests.get(each.path, ()))
    bundle = Bundle.model_validate(
        {
            "type": "collection",
            "timestamp": now.isoformat(timespec="seconds"),
            "entry": [
                {"fullUrl": f"urn:uuid:{one.id}", "resource": one.model_dump()} for one in entries
            ],
        }
    )
    text: str = bundle.model_dump_json(indent=2)
    return text


def _set(stored: StoredRecord, patient: str, requests: Sequence[Any]) -> Iterator[Any]:
    """The Procedure of a set, then its Observations; ``requests``: what it was planned by."""
    record, rating = stored.record, stored.record.rating
    begun = stored.written - timedelta(seconds=record.duration_s)
    name = stored.path.stem
    note = {"note": [{"text": rating.note}]} if rating.note else {}
    planned = {"basedOn": [reference(each) for each in requests]} if requests else {}
    procedure = identified(
        Procedure,
        "procedure",
        name,
        status="completed",
        subject={"reference": patient},
        code=code_of(record.exercise, record.title),
        occurrencePeriod={"start": _iso(begun), "end": _iso(stored.written)},
        **note,
        **planned,
    )
    yield procedure
    for key, value, unit in _values(record):
        yield identified(
            Observation,
            key,
            name,
            status="final",
            subject={"reference": patient},
            partOf=[reference(procedure)],
            code={"coding": [_PAIN]} if key == "pain" else code_of(key, _TITLES[key]),
            effectiveDateTime=_iso(stored.written),
            **_quantity(value, unit),
        )


def _values(record: SessionRecord) -> Iterable[tuple[str, float, str]]:
    """Key, value and unit of what is known of a set."""
    summary, rating = record.summary(), record.rating
    if rating.pain is not None:
        yield "pain", rating.pain, ""
    if rating.effort is not None:
        yield "effort", rating.effort, ""
    if record.is_hold:
        yield "hold_total", summary.total_hold_s or 0.0, "s"
        yield "hold_best", summary.best_hold_s or 0.0, "s"
    else:
        yield "repetitions", summary.repetitions, ""
        if record.test_time_s is not None:
            yield "test_time", record.test_time_s, "s"
    if summary.mean_score is not None:
        yield "quality", 100.0 * summary.mean_score, ""
    for side, value in range_by_side(record).items():
        yield f"range_{side}", value, record.unit


def _quantity(value: float, unit: str) -> dict[str, Any]:
    """A whole number without a unit is an integer, such as a score of pain."""
    if not unit and value == int(value):
        return {"valueInteger": int(value)}
    return {"valueQuantity": quantity(round(value, 3), unit or "1", _UNITS.get(unit, unit))}


def _iso(when: datetime) -> str:
    return when.isoformat(timespec="seconds")
