"""The keys of a cue book: what the coach can say, and the words of screen and report."""

from collections.abc import Mapping
from enum import StrEnum

from apsa_perception.biomechanics.measures import MEASURES
from apsa_perception.exercises.region import AUTO_GROUP, GROUPS
from apsa_perception.model.codes import (
    ErrorCode,
    Grade,
    Missing,
    NotJudgedReason,
    Phase,
    RequestErrorCode,
    SessionState,
)


class CueKey(StrEnum):
    """Keys of the cues that name no error; the key of an error is its name."""

    PRAISE_CORRECTED = "praise_corrected"
    ENCOURAGEMENT = "encouragement"
    COUNT = "count"
    LAST_ONE = "last_one"
    SET_STARTED = "set_started"
    SET_ENDED = "set_ended"
    SET_ENDED_UNJUDGED = "set_ended_unjudged"
    SET_ENDED_EMPTY = "set_ended_empty"
    SET_ENDED_FORM = "set_ended_form"
    SET_ENDED_FATIGUE = "set_ended_fatigue"
    NEXT_EXERCISE = "next_exercise"
    TIME_LEFT = "time_left"
    COUNTDOWN = "countdown"
    PROGRAMME_DONE = "programme_done"
    TEST_DONE = "test_done"
    SESSION_STARTED = "session_started"
    WARM_UP_STARTED = "warm_up_started"
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
    CAMERA_UPSIDE_DOWN = "camera_upside_down"
    RETURN_TO_REST = "return_to_rest"
    RETURN_STANDING = "return_standing"
    RETURN_SEATED = "return_seated"
    RETURN_FOOT_DOWN = "return_foot_down"
    RETURN_ARMS_DOWN = "return_arms_down"
    RETURN_ARMS_STRAIGHT = "return_arms_straight"
    ANOTHER_EXERCISE = "another_exercise"
    LOOKS_LIKE = "looks_like"
    AUTO_STARTED = "auto_started"
    EXERCISE_RECOGNISED = "exercise_recognised"
    ONE_PERSON = "one_person"
    COME_CLOSER = "come_closer"
    TURN_SIDEWAYS = "turn_sideways"
    FACE_CAMERA = "face_camera"
    STAND_STILL = "stand_still"
    TAKE_POSITION = "take_position"
    HOLD_BEGAN = "hold_began"
    HOLD_HALF = "hold_half"
    HOLD_LEFT = "hold_left"
    HOLD_COUNT = "hold_count"
    HOLD_REACHED = "hold_reached"
    HOLD_ENDED = "hold_ended"
    SESSION_ENDED_HOLDS = "session_ended_holds"
    SESSION_ENDED_NO_HOLD = "session_ended_no_hold"
    PAIN_LIMIT = "pain_limit"


TEMPO_ERRORS = (
    ErrorCode.OUTWARD_TOO_FAST,
    ErrorCode.RETURN_TOO_FAST,
    ErrorCode.HOLD_TOO_SHORT,
)
"""Errors whose cue says for how many seconds the tempo asks."""

JOINT_WORDS: tuple[str, ...] = (
    *("pelvis", "spine", "neck", "head", "shoulder", "elbow", "wrist", "hand"),
    *("hip", "knee", "ankle", "foot"),
)
"""Joints without their side."""

ERROR_KEYS: tuple[str, ...] = tuple(code.name.lower() for code in ErrorCode)

_WITH_PLACEHOLDERS: Mapping[str, frozenset[str]] = {
    **{code.name.lower(): frozenset({"count"}) for code in TEMPO_ERRORS},
    CueKey.PRAISE_CORRECTED: frozenset({"error"}),
    CueKey.COUNT: frozenset({"count"}),
    CueKey.SET_ENDED: frozenset({"count", "good", "seconds"}),
    CueKey.SET_ENDED_UNJUDGED: frozenset({"count", "seconds"}),
    CueKey.SET_ENDED_EMPTY: frozenset({"seconds"}),
    CueKey.SET_ENDED_FORM: frozenset({"seconds"}),
    CueKey.SET_ENDED_FATIGUE: frozenset({"seconds"}),
    CueKey.NEXT_EXERCISE: frozenset({"next"}),
    CueKey.TIME_LEFT: frozenset({"seconds"}),
    CueKey.COUNTDOWN: frozenset({"count"}),
    CueKey.TEST_DONE: frozenset({"count", "took"}),
    CueKey.SESSION_STARTED: frozenset({"exercise"}),
    CueKey.WARM_UP_STARTED: frozenset({"exercise"}),
    CueKey.ANOTHER_EXERCISE: frozenset({"exercise"}),
    CueKey.LOOKS_LIKE: frozenset({"exercise", "found"}),
    CueKey.EXERCISE_RECOGNISED: frozenset({"exercise"}),
    CueKey.SESSION_ENDED: frozenset({"count", "good"}),
    CueKey.SESSION_ENDED_UNJUDGED: frozenset({"count"}),
    CueKey.HOLD_LEFT: frozenset({"count"}),
    CueKey.HOLD_COUNT: frozenset({"count"}),
    CueKey.HOLD_REACHED: frozenset({"count"}),
    CueKey.HOLD_ENDED: frozenset({"count"}),
    CueKey.SESSION_ENDED_HOLDS: frozenset({"count", "best"}),
}

PLACEHOLDERS: Mapping[str, frozenset[str]] = {
    key: _WITH_PLACEHOLDERS.get(key, frozenset())
    for key in (*ERROR_KEYS, *(each.value for each in CueKey))
}
"""Every key that a book must hold, with the placeholders its texts may use."""

THERAPIST = "therapist_"
REFUSED = "refused_"
"""Prefixes of words that only the therapist's view needs."""

_THERAPIST_PARTS = (
    *("patient", "measures", "mild", "moderate", "inside", "beyond", "free", "off"),
    *("from_rest", "outward_duration", "return_duration", "smoothness", "sway"),
    *("targets", "no_limit", "pain_limit", "wait", "hand", "ask", "fixed"),
    *("known", "people", "whole_number", "new", "choose", "nobody", "stop_first"),
    *("range", "range_hint", "no_reports"),
    *("in_position", "limits", "limit_set", "limit_reset", "limit_hint", "limit_nobody"),
    *(f"plan_{part}" for part in ("set", "remove", "weekdays", "start", "weeks")),
    *(f"plan_{part}" for part in ("hint", "none", "confirm")),
    *("teach", "teach_hint", "name", "exercise_title", "count", "record", "past", "done"),
)
THERAPIST_WORDS: tuple[str, ...] = (
    *(f"{THERAPIST}{part}" for part in _THERAPIST_PARTS),
    *(f"{REFUSED}{c.name.lower()}" for c in RequestErrorCode if c is not RequestErrorCode.NONE),
)
"""Words of the therapist's view, which the page of the patient does not get."""

WORDS: tuple[str, ...] = (
    *ERROR_KEYS,
    *(f"grade_{grade.name.lower()}" for grade in Grade),
    *(f"unjudged_{r.name.lower()}" for r in NotJudgedReason if r is not NotJudgedReason.NONE),
    *(f"phase_{phase.name.lower()}" for phase in Phase),
    *(f"state_{state.name.lower()}" for state in SessionState),
    *(
        "left",
        "right",
        "side_left",
        "side_right",
        "repetitions",
        "quality",
        "measure",
        "target",
        "average",
    ),
    *("start", "pause", "resume", "stop", "calibrate", "no_picture", "no_exercise"),
    *("nobody", "choose_person", "person_away"),
    *("connection_lost", "coach_ended", "settings", "exercise", "language", "picture", "close"),
    *("sound", "mirror", "full_screen", "no_voice", "show_how"),
    *("camera", "camera_frontal", "camera_oblique", "camera_side", "camera_distance"),
    *("token_missing", "token_wrong", "token_wait"),
    *(f"note_{each}" for each in ("person_changed", "other_side_left", "other_side_right")),
    *(f"note_{each}" for each in ("person_selected", "person_automatic", "range_adopted")),
    *(f"note_{each}" for each in ("recording_started", "recorded", "recording_failed")),
    *(f"measure_{name}" for name in MEASURES),
    *(f"report_{part}" for part in ("title", "person", "course", "range", "symmetry", "duration")),
    *(f"report_{part}" for part in ("rest", "peak", "errors", "trend", "first", "unnamed")),
    "report_one_day",
    *(f"report_{part}" for part in ("cues", "empty", "notice", "limits", "result", "unfinished")),
    *("programme", "set", "warm_up", "next", "skip", "repeat", "start_now", "tempo", "time_left"),
    *(f"tempo_{part}" for part in ("out", "hold", "back", "last", "average")),
    *("no_camera", "too_dark", "hand_signal", "decimal_mark", "percent_example"),
    *(f"missing_{each.name.lower()}" for each in Missing if each is not Missing.NOTHING),
    "missing_upside_down",
    *(f"rating_{part}" for part in ("title", "pain", "effort", "note", "send", "skip")),
    *("rating_last", "rating_open", "speed_loss", "score_change"),
    *("speed_loss_meaning", "score_change_meaning"),
    *(f"pain_{each}" for each in (0, 10)),
    *(f"effort_{each}" for each in (0, 1, 2, 3, 5, 7, 10)),
    *(f"history_{part}" for part in ("title", "date", "sets", "plan", "sessions", "empty")),
    "history_week_sets",
    *(f"plan_{part}" for part in ("title", "today", "week", "sets_today", "per_week", "kept")),
    *(f"plan_{part}" for part in ("done", "partly", "planned")),
    *("delete_person", "delete_confirm", "note_ranges_deleted"),
    "therapists_view",
    *THERAPIST_WORDS,
    *("search", "no_match", "how_to"),
    *("score_grades", "score_rules", "score_network", "score_none"),
    *("score_gain", "score_joints", "score_target"),
    *(f"joint_{name}" for name in JOINT_WORDS),
    *(f"group_{group}" for group in GROUPS if group != AUTO_GROUP),
    *("error_above", "error_below"),
    *("severe", "time_held", "holds", "best", "total", "report_not_counted", "report_no_holds"),
)
"""Every word that a book must hold for the screen and the report."""
