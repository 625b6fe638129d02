"""What the coach says and shows when the session changes."""

from collections.abc import Mapping

from apsa_feedback.coaching.camera_cues import turned_key, waits_upside_down
from apsa_feedback.coaching.cue_keys import CueKey
from apsa_feedback.coaching.programme_cues import end_of_programme, end_of_set
from apsa_feedback.coaching.return_cues import return_key
from apsa_perception.exercises.auto import AUTO
from apsa_perception.exercises.definition import ExerciseDefinition
from apsa_perception.model.codes import ExerciseKind, SessionEvent, SessionState
from apsa_perception.model.results import SessionStatus

FAREWELLS: frozenset[str] = frozenset(
    {
        CueKey.SESSION_ENDED,
        CueKey.SESSION_ENDED_UNJUDGED,
        CueKey.SESSION_ENDED_EMPTY,
        CueKey.PROGRAMME_DONE,
        CueKey.TEST_DONE,
        CueKey.SESSION_ENDED_HOLDS,
        CueKey.SESSION_ENDED_NO_HOLD,
    }
)
"""Keys of the cues that end a session."""

_CUES: Mapping[SessionEvent, CueKey] = {
    SessionEvent.STARTED: CueKey.SESSION_STARTED,
    SessionEvent.RESUMED: CueKey.SESSION_RESUMED,
    SessionEvent.PAUSED: CueKey.SESSION_PAUSED,
    SessionEvent.SET_STARTED: CueKey.SET_STARTED,
    SessionEvent.CALIBRATION_STARTED: CueKey.CALIBRATING,
    SessionEvent.CALIBRATED: CueKey.CALIBRATED,
    SessionEvent.CALIBRATION_FAILED: CueKey.CALIBRATION_FAILED,
    SessionEvent.EXERCISE_RECOGNISED: CueKey.EXERCISE_RECOGNISED,
}
_SHOWN_BY_STATE = frozenset(
    {
        SessionEvent.STARTED,
        SessionEvent.RESUMED,
        SessionEvent.PAUSED,
        SessionEvent.CLOSED,
        SessionEvent.SET_STARTED,
    }
)
_STATE_EVENTS = frozenset(
    {
        *_CUES,
        SessionEvent.CLOSED,
        SessionEvent.EXERCISE_CHOSEN,
        SessionEvent.SET_ENDED,
        SessionEvent.PROGRAMME_DONE,
    }
)


def note_of_change(before: SessionStatus | None, now: SessionStatus) -> str:
    """Return the new sentence about what the state does not show, such as a failed calibration.

    Empty if there is none.
    """
    if now.message == (before.message if before else ""):
        return ""
    if any(waits_upside_down(each) for each in (before, now) if each is not None):
        return ""  # the message is about the picture, which is shown as missing
    if now.event is not SessionEvent.NONE:
        return "" if now.event in _SHOWN_BY_STATE else now.message
    states = {before.state if before else SessionState.IDLE, now.state}
    return now.message if len(states) == 1 or SessionState.CALIBRATING in states else ""


def hint_of_event(
    event: SessionEvent, message: str = "", exercise: ExerciseDefinition | None = None
) -> CueKey | None:
    """Return the key of the hint for an event that leaves the state as it is, if there is one.

    Args:
        event: the event.
        message: its sentence.
        exercise: that of the session, in whose words the hint is; None: it is not known.
    """
    match event:
        case SessionEvent.NOT_RETURNED:
            return return_key(exercise)
        case SessionEvent.CAMERA_SIDEWAYS:
            return turned_key(message)
        case SessionEvent.ANOTHER_EXERCISE:
            return CueKey.ANOTHER_EXERCISE
    return None


def reaches_pain_limit(before: SessionStatus, now: SessionStatus) -> bool:
    """Whether the person has just told of pain at or above its limit."""
    return now.event is SessionEvent.PAIN_LIMIT and now.rating != before.rating


def cue_of_change(before: SessionStatus | None, now: SessionStatus) -> CueKey | None:
    """Return the key of the cue for another state or another exercise, if there is one."""
    key = _cue_of_event(before, now)
    if key is CueKey.SESSION_STARTED and now.exercise == AUTO:
        return CueKey.AUTO_STARTED
    return key


def _cue_of_event(before: SessionStatus | None, now: SessionStatus) -> CueKey | None:
    known = before is not None and now.event in _STATE_EVENTS
    event = now.event if known else _inferred_event(before, now)
    if event is SessionEvent.EXERCISE_CHOSEN:
        return CueKey.SESSION_STARTED if now.state is SessionState.RUNNING else None
    if event is SessionEvent.RESUMED and before and before.exercise != now.exercise:
        return CueKey.SESSION_STARTED
    if event is SessionEvent.SET_STARTED and now.state is SessionState.PREPARING:
        return None  # what is missing is told, and "go" follows
    if event is SessionEvent.CLOSED:
        return _farewell(before, now)
    if event is SessionEvent.SET_ENDED:
        return end_of_set(now)
    if event is SessionEvent.PROGRAMME_DONE:
        return end_of_programme(now)
    return _CUES.get(event)


def _farewell(before: SessionStatus | None, now: SessionStatus) -> CueKey | None:
    if before is None or before.state is SessionState.IDLE:
        return None
    if now.exercise_kind is ExerciseKind.HOLD:
        return CueKey.SESSION_ENDED_HOLDS if now.holds else CueKey.SESSION_ENDED_NO_HOLD
    if not now.repetitions:
        return CueKey.SESSION_ENDED_EMPTY
    # "0 good" would be wrong about repetitions that nobody could judge.
    return CueKey.SESSION_ENDED if now.repetitions_judged else CueKey.SESSION_ENDED_UNJUDGED


def _inferred_event(before: SessionStatus | None, now: SessionStatus) -> SessionEvent:
    """The event that a change of state means: bags recorded by older versions hold no events."""
    was = before.state if before else SessionState.IDLE
    if before is not None and was is now.state:
        chosen = before.exercise != now.exercise
        return SessionEvent.EXERCISE_CHOSEN if chosen else SessionEvent.NONE
    if was is SessionState.CALIBRATING and now.state is not SessionState.CLOSED:
        return SessionEvent.CALIBRATED if now.calibrated else SessionEvent.CALIBRATION_FAILED
    match now.state:
        case SessionState.RUNNING:
            resumed = was is SessionState.PAUSED
            return SessionEvent.RESUMED if resumed else SessionEvent.STARTED
        case SessionState.PAUSED:
            return SessionEvent.PAUSED
        case SessionState.CALIBRATING:
            return SessionEvent.CALIBRATION_STARTED
        case SessionState.CLOSED:
            return SessionEvent.CLOSED
        case SessionState.RESTING:
            return SessionEvent.SET_ENDED
        case SessionState.PREPARING:
            starts = was in (SessionState.IDLE, SessionState.CLOSED)
            return SessionEvent.STARTED if starts else SessionEvent.NONE
        case SessionState.IDLE:
            return SessionEvent.NONE
