"""Errors of a finished repetition: live errors during it and errors of the whole repetition."""

from collections.abc import Sequence
from dataclasses import replace

from apsa_perception.assessment.evidence import Frame
from apsa_perception.assessment.live_errors import probability_beyond
from apsa_perception.assessment.personal_ranges import PersonalRanges
from apsa_perception.exercises.definition import (
    ExerciseDefinition,
    RepetitionQuantity,
    RepetitionRule,
    joints_without_other_side,
)
from apsa_perception.model.codes import JudgedBy, Phase, Side
from apsa_perception.model.results import ErrorResult, MeasureResult
from apsa_perception.repetition.segment import Segment


def errors_during(segment: Segment, frames: Sequence[Frame]) -> list[ErrorResult]:
    """Return the last state of every live error that overlaps the repetition."""
    latest: dict[tuple[str, Side, int], ErrorResult] = {}
    for frame in frames:
        for error in frame.errors:
            if error.end_ns >= segment.start_ns:
                latest[(error.source_name, error.side, error.start_ns)] = error
    return list(latest.values())


def errors_of_whole(
    exercise: ExerciseDefinition,
    segment: Segment,
    measures: dict[RepetitionQuantity, MeasureResult],
    ranges: PersonalRanges,
) -> list[ErrorResult]:
    """Return errors of the whole repetition; the turning point is judged by the personal range."""
    errors = []
    for rule in exercise.repetition_rules:
        measure = measures[rule.quantity]
        if rule.quantity is RepetitionQuantity.PEAK and not rule.personal:
            own = ranges.limits(
                exercise.name, exercise.primary, segment.side, segment.rest_value, rule.limits
            )
            rule = replace(rule, limits=own)
        if measure.judged and rule.limits.excess(measure.value) > 0:
            errors.append(_error(rule, segment, measure))
    return errors


def _error(rule: RepetitionRule, segment: Segment, measure: MeasureResult) -> ErrorResult:
    side, phase = segment.side, Phase.UNKNOWN
    match rule.quantity:
        case RepetitionQuantity.PEAK | RepetitionQuantity.RANGE:
            phase = Phase.PEAK
        case RepetitionQuantity.SIDE_DIFFERENCE:
            phase = Phase.PEAK
            left, right = segment.side_excursions
            side = Side.LEFT if left < right else Side.RIGHT
        case RepetitionQuantity.OUTWARD_DURATION:
            phase = Phase.OUTWARD
        case RepetitionQuantity.RETURN_DURATION:
            phase = Phase.RETURN
    return ErrorResult(
        code=rule.code,
        severity=rule.limits.severity(measure.value),
        probability=probability_beyond(rule.limits.excess(measure.value), measure.uncertainty),
        side=side,
        phase=phase,
        joints=joints_without_other_side(rule.joints, side),
        measure=measure.name,
        value=measure.value,
        limit=rule.limits.first,
        unit=measure.unit,
        source=JudgedBy.RULES,
        source_name=f"{rule.code.name.lower()}:{measure.name}",
        start_ns=segment.start_ns,
        end_ns=segment.end_ns,
    )
