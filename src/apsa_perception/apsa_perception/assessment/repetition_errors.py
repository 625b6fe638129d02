"""The errors of a finished repetition: those raised during it and those of it as a whole."""

import math
from collections.abc import Sequence
from dataclasses import replace

from apsa_perception.assessment.errors import probability_beyond
from apsa_perception.assessment.evidence import Evidence, Frame
from apsa_perception.assessment.personal import PersonalRanges
from apsa_perception.biomechanics.measures import MEASURES
from apsa_perception.codes import JudgedBy, Phase, Side
from apsa_perception.exercises.definition import (
    ExerciseDefinition,
    PrimaryMotion,
    RepetitionQuantity,
    RepetitionRule,
    joints_without_other_side,
)
from apsa_perception.repetition.segmenter import Segment
from apsa_perception.results import ErrorResult, MeasureResult

_DURATION_ERROR_S = 0.1


def errors_during(segment: Segment, frames: Sequence[Frame]) -> list[ErrorResult]:
    """The final form of every live error that lasted into the repetition."""
    latest: dict[tuple[str, Side, int], ErrorResult] = {}
    for frame in frames:
        for error in frame.errors:
            if error.end_ns >= segment.start_ns:
                latest[(error.source_name, error.side, error.start_ns)] = error
    return list(latest.values())


def repetition_measures(
    motion: PrimaryMotion, segment: Segment, evidence: Evidence, min_share: float
) -> dict[RepetitionQuantity, MeasureResult]:
    """The quantities that a repetition as a whole is judged by, or why they cannot be had.

    Args:
        motion: the movement that is counted.
        segment: the repetition.
        evidence: how well it was seen.
        min_share: least share of frames in which the sides can be compared.
    """
    difference, reason = abs(segment.side_excursions[0] - segment.side_excursions[1]), ""
    if segment.side is not Side.BOTH:
        reason = "not judged: one side moved"
    elif math.isnan(difference):
        reason = "not judged: one side not seen"
    elif evidence.comparable_share < min_share:
        reason = "not judged: the sides can be compared in a frontal view only"
    return {
        RepetitionQuantity.PEAK: MeasureResult(
            motion.measure, segment.peak_value, motion.unit, segment.side
        ),
        RepetitionQuantity.SIDE_DIFFERENCE: MeasureResult(
            RepetitionQuantity.SIDE_DIFFERENCE.value,
            math.nan if reason else difference,
            motion.unit,
            reason=reason,
        ),
        RepetitionQuantity.DURATION: MeasureResult(
            RepetitionQuantity.DURATION.value, (segment.end_ns - segment.start_ns) * 1e-9, "s"
        ),
    }


def errors_of_whole(
    exercise: ExerciseDefinition,
    segment: Segment,
    measures: dict[RepetitionQuantity, MeasureResult],
    ranges: PersonalRanges,
) -> list[ErrorResult]:
    """Errors of depth, range, symmetry and tempo; range by the person's own where assessed."""
    errors = []
    for rule in exercise.repetition_rules:
        measure = measures[rule.quantity]
        if rule.quantity is RepetitionQuantity.PEAK:
            own = ranges.limits(
                exercise.name, exercise.primary, segment.side, segment.rest_value, rule.limits
            )
            rule = replace(rule, limits=own)
        if measure.judged and rule.limits.excess(measure.value) > 0:
            errors.append(_error(exercise.primary, rule, segment, measure))
    return errors


def _error(
    motion: PrimaryMotion, rule: RepetitionRule, segment: Segment, measure: MeasureResult
) -> ErrorResult:
    side, phase = segment.side, Phase.PEAK
    typical_error = MEASURES[motion.measure].typical_error
    match rule.quantity:
        case RepetitionQuantity.SIDE_DIFFERENCE:
            left, right = segment.side_excursions
            side = Side.LEFT if left < right else Side.RIGHT
            typical_error *= math.sqrt(2.0)
        case RepetitionQuantity.DURATION:
            phase = Phase.UNKNOWN
            typical_error = _DURATION_ERROR_S
    return ErrorResult(
        code=rule.code,
        severity=rule.limits.severity(measure.value),
        probability=probability_beyond(rule.limits.excess(measure.value), typical_error),
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
