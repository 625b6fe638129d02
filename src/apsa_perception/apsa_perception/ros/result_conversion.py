"""Results of the assessment from and to apsa_msgs."""

import math

import numpy as np
from apsa_msgs.msg import (
    ExerciseError,
    ExerciseErrorArray,
    ExerciseQuality,
    Measure,
    Repetition,
    Session,
)

from apsa_perception.model.codes import (
    ErrorCode,
    ErrorScope,
    ExerciseKind,
    ExerciseSide,
    Grade,
    JudgedBy,
    Missing,
    NotJudgedReason,
    Phase,
    SessionEvent,
    SessionState,
    SetEnd,
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
    SessionStatus,
)
from apsa_perception.ros.conversion import header, to_ns, to_time
from apsa_perception.ros.rating_conversion import rating_from_msg, rating_to_msg


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


def session_to_msg(status: SessionStatus, frame_id: str) -> Session:
    """Return the session's state as a message."""
    return Session(
        header=header(status.stamp_ns, frame_id),
        session_id=status.session_id,
        state=int(status.state),
        exercise=status.exercise,
        title=status.title,
        started=to_time(status.started_ns),
        repetitions=status.repetitions,
        repetitions_judged=status.repetitions_judged,
        repetitions_good=status.repetitions_good,
        target_repetitions=status.target_repetitions,
        calibrated=status.calibrated,
        selected_body_id=status.selected_body_id,
        message=status.message,
        event=int(status.event),
        exercise_family=status.exercise_family,
        exercise_side=int(status.exercise_side),
        programme=status.programme,
        exercise_number=status.exercise_number,
        exercise_count=status.exercise_count,
        set_number=status.set_number,
        set_count=status.set_count,
        seconds_left=status.seconds_left,
        set_end=int(status.set_end),
        next_exercise=status.next_exercise,
        next_title=status.next_title,
        tempo=status.tempo,
        speed_loss=status.speed_loss,
        score_change=status.score_change,
        missing=int(status.missing),
        exercise_kind=int(status.exercise_kind),
        holds=status.holds,
        held_best=status.held_best_s,
        held_total=status.held_total_s,
        target_hold=status.target_hold_s,
        programme_run_id=status.programme_run_id,
        rating=rating_to_msg(status.rating),
    )


def session_from_msg(message: Session) -> SessionStatus:
    """Return a session message as a status."""
    return SessionStatus(
        stamp_ns=to_ns(message.header.stamp),
        session_id=message.session_id,
        state=SessionState(message.state),
        exercise=message.exercise,
        title=message.title,
        started_ns=to_ns(message.started),
        repetitions=message.repetitions,
        repetitions_judged=message.repetitions_judged,
        repetitions_good=message.repetitions_good,
        target_repetitions=message.target_repetitions,
        calibrated=message.calibrated,
        selected_body_id=message.selected_body_id,
        message=message.message,
        event=SessionEvent(message.event),
        exercise_family=message.exercise_family,
        exercise_side=ExerciseSide(message.exercise_side),
        programme=message.programme,
        exercise_number=message.exercise_number,
        exercise_count=message.exercise_count,
        set_number=message.set_number,
        set_count=message.set_count,
        seconds_left=message.seconds_left,
        set_end=SetEnd(message.set_end),
        next_exercise=message.next_exercise,
        next_title=message.next_title,
        tempo=message.tempo,
        speed_loss=message.speed_loss,
        score_change=message.score_change,
        missing=Missing(message.missing),
        exercise_kind=ExerciseKind(message.exercise_kind),
        holds=message.holds,
        held_best_s=message.held_best,
        held_total_s=message.held_total,
        target_hold_s=message.target_hold,
        programme_run_id=message.programme_run_id,
        rating=rating_from_msg(message.rating),
    )
