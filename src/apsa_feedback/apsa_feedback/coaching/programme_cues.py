"""What the coach says about a programme: sets, rests, countdowns, and what is missing to start."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from apsa_feedback.coaching.camera_cues import turned_key
from apsa_feedback.coaching.cue_book import CueBook
from apsa_feedback.coaching.cue_keys import CueKey
from apsa_feedback.stream.formatting import localised
from apsa_perception.model.codes import ExerciseKind, Missing, SessionState, SetEnd
from apsa_perception.model.results import SessionStatus
from apsa_perception.model.time import to_seconds

_COUNTED_S = 3
_NEXT_AT_S = (15, 5)
_NEXT_REPEAT_S = 60.0
_TIME_LEFT_AT_S = 10
_MISSING: Mapping[Missing, CueKey] = {
    Missing.PERSON: CueKey.NOBODY_THERE,
    Missing.ONE_PERSON: CueKey.ONE_PERSON,
    Missing.WHOLE_BODY: CueKey.STEP_BACK,
    Missing.CLOSENESS: CueKey.COME_CLOSER,
    Missing.LIGHT: CueKey.NOT_VISIBLE,
    Missing.SIDE_VIEW: CueKey.TURN_SIDEWAYS,
    Missing.FRONT_VIEW: CueKey.FACE_CAMERA,
    Missing.STILLNESS: CueKey.STAND_STILL,
}


@dataclass(frozen=True)
class Announcement:
    """A cue about the course of the session; ``repeat_s``: earliest repetition."""

    key: CueKey
    values: Mapping[str, object] = field(default_factory=dict)
    repeat_s: float = 0.0


def hint_of_missing(status: SessionStatus) -> CueKey | None:
    """Return the key of the hint for what the person must change before the start."""
    if status.missing is Missing.UPRIGHT_CAMERA:
        return turned_key(status.message)
    return _MISSING.get(status.missing)


def start_of_set(
    key: CueKey, before: SessionStatus | None, exercise_named: bool, warm_up: bool
) -> CueKey:
    """Return the key of the cue for the start of a set; it names an exercise that is new.

    Args:
        key: of the cue for the change of the session.
        before: the session before the change.
        exercise_named: whether the exercise was announced.
        warm_up: whether the set is a warm-up.
    """
    if key not in (CueKey.SESSION_STARTED, CueKey.SET_STARTED):
        return key
    # The start of a set for which the coach has waited was announced when the waiting began.
    waited = before is not None and before.state is SessionState.PREPARING
    if warm_up and not (waited and key is CueKey.SET_STARTED and exercise_named):
        return CueKey.WARM_UP_STARTED
    return key if exercise_named else CueKey.SESSION_STARTED


def end_of_set(status: SessionStatus) -> CueKey:
    """Return the key of the cue for the end of a set after which a rest follows."""
    if status.set_end is SetEnd.FORM:
        return CueKey.SET_ENDED_FORM
    if status.set_end is SetEnd.FATIGUE:
        return CueKey.SET_ENDED_FATIGUE
    if status.set_end is SetEnd.SKIPPED or not status.repetitions:
        return CueKey.SET_ENDED_EMPTY
    # "0 good" would be wrong about repetitions that nobody could judge.
    return CueKey.SET_ENDED if status.repetitions_judged else CueKey.SET_ENDED_UNJUDGED


def end_of_programme(status: SessionStatus) -> CueKey:
    """Return the key of the cue for the end of a programme; a single set has a result."""
    only = status.exercise_count == 1 and status.set_count == 1
    return CueKey.TEST_DONE if only and status.repetitions else CueKey.PROGRAMME_DONE


def values_of(status: SessionStatus, book: CueBook) -> dict[str, object]:
    """Return the values of the placeholders of all cues about the session."""
    took_s = to_seconds(status.stamp_ns - status.started_ns)
    return {
        "exercise": book.spoken(status.exercise, status.title),
        "next": book.spoken(status.next_exercise, status.next_title),
        "count": status.holds or status.repetitions,
        "best": int(status.held_best_s),
        "good": status.repetitions_good,
        "seconds": status.seconds_left,
        "took": localised(f"{took_s:.1f}", book.words),
    }


def announcement(
    before: SessionStatus | None, now: SessionStatus, book: CueBook
) -> Announcement | None:
    """Return what the passing of time calls for while the state stays, if anything."""
    if before is None or before.state is not now.state:
        return None
    left, was = now.seconds_left, before.seconds_left
    counts_down = now.state in (SessionState.RESTING, SessionState.PREPARING)
    if counts_down and left != was and 0 < left <= _COUNTED_S:
        return Announcement(CueKey.COUNTDOWN, {"count": left})
    if now.state is SessionState.RESTING and any(was > at >= left for at in _NEXT_AT_S):
        return Announcement(CueKey.NEXT_EXERCISE, values_of(now, book), _NEXT_REPEAT_S)
    # The cues of a hold tell its seconds.
    timed = now.state is SessionState.RUNNING and now.exercise_kind is ExerciseKind.REPETITIONS
    timed = timed and was > _TIME_LEFT_AT_S >= left > 0
    return Announcement(CueKey.TIME_LEFT, {"seconds": left}) if timed else None
