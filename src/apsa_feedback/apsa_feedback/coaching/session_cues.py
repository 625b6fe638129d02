"""What the coach says and shows when the session changes."""

from apsa_perception.model.codes import SessionState
from apsa_perception.model.results import SessionStatus

FAREWELLS = frozenset({"session_ended", "session_ended_empty", "session_ended_unjudged"})
"""Keys of the cues at the end of a session."""


def note_of_change(before: SessionStatus | None, now: SessionStatus) -> str:
    """Return what the session has to say beyond its state, such as why a calibration failed."""
    if now.message == (before.message if before else ""):
        return ""
    states = {before.state if before else SessionState.IDLE, now.state}
    return now.message if len(states) == 1 or SessionState.CALIBRATING in states else ""


def cue_of_change(before: SessionStatus | None, now: SessionStatus) -> str | None:
    """Return the key of the cue for a change of the session's state, if it has one."""
    was = before.state if before else SessionState.IDLE
    if was is SessionState.CALIBRATING and now.state is not SessionState.CLOSED:
        succeeded = now.calibrated and not now.calibration_failed
        return "calibrated" if succeeded else "calibration_failed"
    match now.state:
        case SessionState.RUNNING:
            resumed = was is SessionState.PAUSED and before and before.exercise == now.exercise
            return "session_resumed" if resumed else "session_started"
        case SessionState.PAUSED:
            return "session_paused"
        case SessionState.CALIBRATING:
            return "calibrating"
        case SessionState.CLOSED:
            if was is SessionState.IDLE:
                return None
            if not now.repetitions:
                return "session_ended_empty"
            # "Good ones: 0" would tell somebody whom nobody could judge that all was wrong.
            return "session_ended" if now.repetitions_judged else "session_ended_unjudged"
        case SessionState.IDLE:
            return None
