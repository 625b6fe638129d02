"""The keys of a cue book: what the coach can say, and the words of screen and report."""

from collections.abc import Mapping
from enum import StrEnum

from apsa_perception.biomechanics.measures import MEASURES
from apsa_perception.model.codes import ErrorCode, Grade, Phase, SessionState


class CueKey(StrEnum):
    """Keys of the cues that name no error; the key of an error is its name."""

    PRAISE_CORRECTED = "praise_corrected"
    ENCOURAGEMENT = "encouragement"
    COUNT = "count"
    LAST_ONE = "last_one"
    TARGET_REACHED = "target_reached"
    TARGET_REACHED_UNJUDGED = "target_reached_unjudged"
    SESSION_STARTED = "session_started"
    SESSION_PAUSED = "session_paused"
    SESSION_RESUMED = "session_resumed"
    SESSION_ENDED = "session_ended"
    SESSION_ENDED_UNJUDGED = "session_ended_unjudged"
    SESSION_ENDED_EMPTY = "session_ended_empty"
    CALIBRATING = "calibrating"
    CALIBRATED = "calibrated"
    CALIBRATION_FAILED = "calibration_failed"
    NOBODY_THERE = "nobody_there"
    STEP_BACK_LEGS = "step_back_legs"
    STEP_BACK = "step_back"
    NOT_VISIBLE = "not_visible"
    TURN = "turn"
    CAMERA_SIDEWAYS = "camera_sideways"
    RETURN_TO_REST = "return_to_rest"
    ANOTHER_EXERCISE = "another_exercise"


ERROR_KEYS: tuple[str, ...] = tuple(code.name.lower() for code in ErrorCode)

_WITH_PLACEHOLDERS: Mapping[CueKey, frozenset[str]] = {
    CueKey.PRAISE_CORRECTED: frozenset({"error"}),
    CueKey.COUNT: frozenset({"count"}),
    CueKey.TARGET_REACHED: frozenset({"count", "good"}),
    CueKey.TARGET_REACHED_UNJUDGED: frozenset({"count"}),
    CueKey.SESSION_STARTED: frozenset({"exercise"}),
    CueKey.ANOTHER_EXERCISE: frozenset({"exercise"}),
    CueKey.SESSION_ENDED: frozenset({"count", "good"}),
    CueKey.SESSION_ENDED_UNJUDGED: frozenset({"count"}),
}

PLACEHOLDERS: Mapping[str, frozenset[str]] = {
    **{key: frozenset() for key in ERROR_KEYS},
    **{key.value: _WITH_PLACEHOLDERS.get(key, frozenset()) for key in CueKey},
}
"""Every key that a book must hold, with the placeholders its texts may use."""

WORDS: tuple[str, ...] = (
    *ERROR_KEYS,
    *(f"grade_{grade.name.lower()}" for grade in Grade),
    *(f"phase_{phase.name.lower()}" for phase in Phase),
    *(f"state_{state.name.lower()}" for state in SessionState),
    *("left", "right", "repetitions", "quality", "measure", "target", "average"),
    *("start", "pause", "resume", "stop", "calibrate", "no_picture", "no_exercise"),
    *("nobody", "choose_person", "person_away"),
    *("connection_lost", "settings", "exercise", "language", "picture", "close"),
    *(f"measure_{name}" for name in MEASURES),
    *(f"report_{part}" for part in ("title", "person", "course", "range", "symmetry", "duration")),
    *(f"report_{part}" for part in ("rest", "peak", "errors", "trend", "first", "unnamed")),
    *(f"report_{part}" for part in ("cues", "empty", "notice")),
    "severe",
)
"""Every word that a book must hold for the screen and the report."""
