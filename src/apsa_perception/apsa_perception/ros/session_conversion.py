"""The session, with the rating of its last set, from and to apsa_msgs."""

from apsa_msgs.msg import Session
from apsa_msgs.msg import SetRating as SetRatingMsg

from apsa_perception.assessment.set_ratings import HIGHEST
from apsa_perception.model.codes import (
    ExerciseKind,
    ExerciseSide,
    Missing,
    RatingState,
    SessionEvent,
    SessionState,
    SetEnd,
)
from apsa_perception.model.results import SessionStatus, SetRating
from apsa_perception.ros.conversion import header, to_ns, to_time

_UNKNOWN = SetRatingMsg.UNKNOWN


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
        rating=_rating_to_msg(status.rating),
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
        rating=_rating_from_msg(message.rating),
    )


def _rating_to_msg(rating: SetRating) -> SetRatingMsg:
    """Return a rating as a message."""
    return SetRatingMsg(
        state=int(rating.state),
        session_id=rating.session_id,
        pain=_UNKNOWN if rating.pain is None else rating.pain,
        effort=float(_UNKNOWN if rating.effort is None else rating.effort),
        note=rating.note,
    )


def _rating_from_msg(message: SetRatingMsg) -> SetRating:
    """Return a rating message as a rating; what is outside a scale is not answered."""
    return SetRating(
        session_id=message.session_id,
        state=RatingState(message.state),
        pain=message.pain if 0 <= message.pain <= HIGHEST else None,
        effort=message.effort if 0.0 <= message.effort <= HIGHEST else None,
        note=message.note,
    )
