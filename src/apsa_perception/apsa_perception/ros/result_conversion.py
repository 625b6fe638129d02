"""Repetitions, their quality and errors from and to apsa_msgs."""

import math

import numpy as np
from apsa_msgs.msg import (
    ExerciseError,
    ExerciseErrorArray,
    ExerciseQuality,
    Measure,
    Repetition,
)

from apsa_perception.model.codes import (
    ErrorCode,
    ErrorScope,
    Grade,
    JudgedBy,
    NotJudgedReason,
    Phase,
    Severity,
    Side,
)
from apsa_perception.model.joints import Joint
from apsa_perception.model.results import (
    ErrorResult,
    ErrorSet,
    MeasureResult,
    QualityResult,
    RepetitionResult,
)
from apsa_perception.ros.conversion import header, to_ns, to_time


def repetition_to_msg(result: RepetitionResult, frame_id: str) -> Repetition:
    """Return a repetition as a message."""
    return Repetition(
        header=header(result.stamp_ns, frame_id),
        body_id=result.body_id,
        exercise=result.exercise,
        index=result.index,
        side=int(result.side),
        start=to_time(result.start_ns),
        peak=to_time(result.peak_ns),
        end=to_time(result.end_ns),
        duration=result.duration_s,
        measure=result.measure,
        unit=result.unit,
        rest_value=result.rest_value,
        peak_value=result.peak_value,
        target_value=result.target_value,
        confidence=result.confidence,
        session_id=result.session_id,
        exercise_number=result.exercise_number,
        set_number=result.set_number,
    )


def repetition_from_msg(message: Repetition) -> RepetitionResult:
    """Return a repetition message as a result."""
    return RepetitionResult(
        stamp_ns=to_ns(message.header.stamp),
        body_id=message.body_id,
        exercise=message.exercise,
        index=message.index,
        side=Side(message.side),
        start_ns=to_ns(message.start),
        peak_ns=to_ns(message.peak),
        end_ns=to_ns(message.end),
        measure=message.measure,
        unit=message.unit,
        rest_value=message.rest_value,
        peak_value=message.peak_value,
        target_value=message.target_value,
        confidence=message.confidence,
        session_id=message.session_id,
        exercise_number=message.exercise_number,
        set_number=message.set_number,
    )


def quality_to_msg(result: QualityResult, frame_id: str) -> ExerciseQuality:
    """Return a judgement as a message."""
    return ExerciseQuality(
        header=header(result.stamp_ns, frame_id),
        body_id=result.body_id,
        exercise=result.exercise,
        repetition=result.repetition,
        score=result.score,
        grade=int(result.grade),
        not_judged_reason=int(result.not_judged_reason),
        reason=result.reason,
        confidence=result.confidence,
        joint_relevance=result.joint_relevance.astype(np.float32),
        window_start=to_time(result.window_start_ns),
        window_end=to_time(result.window_end_ns),
        source=int(result.source),
        model_name=result.model_name,
        model_version=result.model_version,
        inference_time_ms=result.inference_ms,
        session_id=result.session_id,
        exercise_number=result.exercise_number,
        set_number=result.set_number,
    )


def quality_from_msg(message: ExerciseQuality) -> QualityResult:
    """Return a judgement message as a result."""
    return QualityResult(
        stamp_ns=to_ns(message.header.stamp),
        body_id=message.body_id,
        exercise=message.exercise,
        repetition=message.repetition,
        window_start_ns=to_ns(message.window_start),
        window_end_ns=to_ns(message.window_end),
        source=JudgedBy(message.source),
        model_name=message.model_name,
        model_version=message.model_version,
        score=message.score,
        grade=Grade(message.grade),
        not_judged_reason=NotJudgedReason(message.not_judged_reason),
        reason=message.reason,
        confidence=message.confidence,
        joint_relevance=np.asarray(message.joint_relevance, dtype=np.float64),
        inference_ms=message.inference_time_ms,
        session_id=message.session_id,
        exercise_number=message.exercise_number,
        set_number=message.set_number,
    )


def errors_to_msg(result: ErrorSet, frame_id: str) -> ExerciseErrorArray:
    """Return the errors of a frame or a repetition as a message."""
    return ExerciseErrorArray(
        header=header(result.stamp_ns, frame_id),
        body_id=result.body_id,
        exercise=result.exercise,
        scope=int(result.scope),
        repetition=result.repetition,
        phase=int(result.phase),
        errors=[_error_to_msg(error) for error in result.errors],
        measures=[
            Measure(
                name=measure.name,
                side=int(measure.side),
                value=measure.value if measure.judged else math.nan,
                unit=measure.unit,
                uncertainty=measure.uncertainty if measure.judged else math.nan,
                judged=measure.judged,
                reason=measure.reason,
            )
            for measure in result.measures
        ],
        session_id=result.session_id,
        exercise_number=result.exercise_number,
        set_number=result.set_number,
    )


def _error_to_msg(error: ErrorResult) -> ExerciseError:
    return ExerciseError(
        code=int(error.code),
        name=error.name,
        severity=int(error.severity),
        probability=error.probability,
        side=int(error.side),
        phase=int(error.phase),
        joints=[int(joint) for joint in error.joints],
        measure=error.measure,
        value=error.value,
        limit=error.limit,
        unit=error.unit,
        source=int(error.source),
        source_name=error.source_name,
        start=to_time(error.start_ns),
        end=to_time(error.end_ns),
    )


def errors_from_msg(message: ExerciseErrorArray) -> ErrorSet:
    """Return an error message as a result."""
    return ErrorSet(
        stamp_ns=to_ns(message.header.stamp),
        body_id=message.body_id,
        exercise=message.exercise,
        scope=ErrorScope(message.scope),
        repetition=message.repetition,
        phase=Phase(message.phase),
        errors=tuple(_error_from_msg(error) for error in message.errors),
        measures=tuple(
            MeasureResult(
                name=measure.name,
                value=measure.value,
                unit=measure.unit,
                side=Side(measure.side),
                reason=measure.reason,
                uncertainty=measure.uncertainty,
            )
            for measure in message.measures
        ),
        session_id=message.session_id,
        exercise_number=message.exercise_number,
        set_number=message.set_number,
    )


def _error_from_msg(error: ExerciseError) -> ErrorResult:
    return ErrorResult(
        code=ErrorCode(error.code),
        severity=Severity(error.severity),
        probability=error.probability,
        side=Side(error.side),
        phase=Phase(error.phase),
        joints=tuple(Joint(joint) for joint in error.joints),
        measure=error.measure,
        value=error.value,
        limit=error.limit,
        unit=error.unit,
        source=JudgedBy(error.source),
        source_name=error.source_name,
        start_ns=to_ns(error.start),
        end_ns=to_ns(error.end),
    )
