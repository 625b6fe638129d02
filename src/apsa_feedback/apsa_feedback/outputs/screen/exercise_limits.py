"""The limits that an exercise applies, and how a frame's measures stand to them."""

from typing import Any

from apsa_feedback.coaching.cue_book import CueBook
from apsa_feedback.outputs.screen.frame_header import number
from apsa_perception.assessment.personal_limits import PersonalLimits, rules_by_key
from apsa_perception.assessment.repetition_measures import REPETITION_MEASURES
from apsa_perception.biomechanics.measures import MEASURES
from apsa_perception.exercises.definition import (
    ExerciseDefinition,
    LiveRule,
    RepetitionQuantity,
    RepetitionRule,
)
from apsa_perception.model.codes import Phase, Side
from apsa_perception.model.results import ErrorSet, MeasureResult

UNJUDGED, FREE, INSIDE, BEYOND, OFF = "unjudged", "free", "inside", "beyond", "off"
"""States of a measure beside the severities of an error that it shows."""


def limits_of(
    exercise: ExerciseDefinition,
    book: CueBook,
    last: ErrorSet | None = None,
    own: PersonalLimits | None = None,
) -> list[dict[str, Any]]:
    """Return the limits of an exercise: of every frame, of repetitions, of a position.

    Each has ``measure`` or ``quantity``, ``unit``, and ``low`` and ``high``: lists of numbers, the
    mildest first, one for each of ``severities``. ``relative`` means that the value counts from
    rest. Those of repetitions have the value, uncertainty and state of the last one. Those of
    errors have ``key``, by which they can be changed, ``first``, the mildest limit, and ``usual``,
    that of the exercise if the person has another one.

    Args:
        exercise: the exercise, as its file defines it.
        book: words of the errors.
        last: errors and measures of the last repetition.
        own: limits of the person; None: there are none.
    """
    own = own or PersonalLimits()
    usual = {each.key: each.usual for each in own.changed(exercise)}
    exercise = own.applied(exercise)
    limits = [
        {
            **(
                _of_frame(rule, book)
                if isinstance(rule, LiveRule)
                else _of_repetition(rule, exercise, book, last)
            ),
            "key": key,
            "severities": [severity.name.lower() for severity, _ in rule.limits.steps],
            "first": rule.limits.first,
            "usual": usual.get(key),
        }
        for key, rule in rules_by_key(exercise).items()
    ]
    for each in exercise.hold.position if exercise.hold else ():
        low, high = each.bounds
        unit = MEASURES[each.measure].unit
        limits.append({
            "measure": each.measure, "quantity": "", "unit": unit, "word": "", "relative": False,
            "low": [] if low is None else [low], "high": [] if high is None else [high],
        })  # fmt: skip
    return limits


def states_of(live: ErrorSet, exercise: ExerciseDefinition) -> list[str]:
    """Return the state of each measure of a frame, in their order.

    A severity in lower case: the coach has raised an error by this measure. ``beyond``: the value
    is beyond a limit, for too short a time yet. ``off``: it is beyond a limit that does not count
    now: not in this phase, or only in a part of the movement or without an excuse, of which a frame
    does not tell. Limits from rest count once their error is raised.
    """
    return [_state(measure, live, exercise) for measure in live.measures]


def _state(measure: MeasureResult, live: ErrorSet, exercise: ExerciseDefinition) -> str:
    if not measure.judged:
        return UNJUDGED
    shown = [
        error.severity
        for error in live.errors
        if error.measure == measure.name
        and (Side.BOTH in (measure.side, error.side) or measure.side is error.side)
    ]
    if shown:
        return max(shown).name.lower()
    rules = [rule for rule in exercise.live_rules if rule.measure == measure.name]
    position = exercise.hold.position if exercise.hold else ()
    bounds = [bound for bound in position if bound.measure == measure.name]
    crossed = [rule for rule in rules if _is_beyond(rule, measure.value)]
    if any(_counts(rule, live.phase) for rule in crossed):
        return BEYOND
    if any(not bound.keeps(measure.value, held=False) for bound in bounds):
        return BEYOND
    if crossed:
        return OFF
    return INSIDE if rules or bounds else FREE


def _is_beyond(rule: LiveRule, value: float) -> bool:
    value = abs(value) if rule.bidirectional else value
    return not rule.relative_to_rest and rule.limits.excess(value) > 0


def _counts(rule: LiveRule, phase: Phase) -> bool:
    whole = rule.from_progress <= 0.0 and rule.to_progress >= 1.0
    return phase in rule.phases and whole and rule.rest_excuse is None


def _of_frame(rule: LiveRule, book: CueBook) -> dict[str, Any]:
    values = [limit for _, limit in rule.limits.steps]
    above = rule.limits.sign > 0
    mirrored = [-value for value in values] if rule.bidirectional else []
    return {
        "measure": rule.measure,
        "quantity": "",
        "unit": MEASURES[rule.measure].unit,
        "word": book.words[rule.code.name.lower()],
        "relative": rule.relative_to_rest,
        "low": mirrored if above else values,
        "high": values if above else [],
    }


def _of_repetition(
    rule: RepetitionRule, exercise: ExerciseDefinition, book: CueBook, last: ErrorSet | None
) -> dict[str, Any]:
    measure = exercise.primary.measure
    values = [limit for _, limit in rule.limits.steps]
    above = rule.limits.sign > 0
    peak = rule.quantity is RepetitionQuantity.PEAK
    return {
        "measure": measure if peak else "",
        "quantity": rule.quantity.value,
        "unit": REPETITION_MEASURES[rule.quantity].unit or MEASURES[measure].unit,
        "word": book.words[rule.code.name.lower()],
        "relative": False,
        "low": [] if above else values,
        "high": values if above else [],
        **_of_last(measure if peak else rule.quantity.value, last),
    }


def _of_last(name: str, last: ErrorSet | None) -> dict[str, Any]:
    """Value, uncertainty and state of a measure of the last repetition."""
    found = next((one for one in last.measures if one.name == name), None) if last else None
    if last is None or found is None or not found.judged:
        return {"value": None, "uncertainty": None, "state": UNJUDGED}
    shown = [error.severity for error in last.errors if error.measure == name]
    return {
        "value": number(found.value),
        "uncertainty": number(found.uncertainty),
        "state": max(shown).name.lower() if shown else INSIDE,
    }
