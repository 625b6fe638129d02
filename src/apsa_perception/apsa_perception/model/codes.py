"""Constants of apsa_msgs for code without ROS; a test compares both."""

from enum import IntEnum


class ErrorCode(IntEnum):
    """``ExerciseError`` codes; the meaning of a published code never changes."""

    KNEE_VALGUS = 100
    KNEES_PAST_TOES = 102
    KNEE_BENT = 103
    TRUNK_LEAN_FORWARD = 200
    TRUNK_LEAN_LATERAL = 201
    TRUNK_LEAN_BACK = 202
    HIPS_HIGH = 203
    HIPS_LOW = 204
    PELVIS_DROP = 205
    SHOULDER_HIKE = 206
    UNSTEADY = 207
    INSUFFICIENT_DEPTH = 300
    INSUFFICIENT_RANGE = 301
    ASYMMETRY = 400
    TOO_FAST = 500
    JERKY = 501
    OUTWARD_TOO_FAST = 502
    RETURN_TOO_FAST = 503
    HOLD_TOO_SHORT = 504
    TOO_SLOW = 505
    UNSPECIFIED = 900


class Severity(IntEnum):
    """Severity of an error."""

    MILD = 1
    MODERATE = 2
    SEVERE = 3


class Side(IntEnum):
    """The person's own side."""

    BOTH = 0
    LEFT = 1
    RIGHT = 2

    @property
    def opposite(self) -> "Side":
        """The other side; both stay both."""
        return {Side.LEFT: Side.RIGHT, Side.RIGHT: Side.LEFT}.get(self, Side.BOTH)


class Phase(IntEnum):
    """Phase of a repetition (``Repetition.PHASE_*``)."""

    UNKNOWN = 0
    REST = 1
    OUTWARD = 2
    PEAK = 3
    RETURN = 4


class Grade(IntEnum):
    """``ExerciseQuality`` grades."""

    NOT_JUDGED = 0
    POOR = 1
    FAIR = 2
    GOOD = 3

    @staticmethod
    def of_score(score: float) -> "Grade":
        """Return the grade of a score.

        Raises:
            ValueError: the score is not in 0..1, or NaN.
        """
        if not 0.0 <= score <= 1.0:  # true for NaN, too
            raise ValueError(f"score is {score:g}; expected 0 to 1")
        if score < 0.5:
            return Grade.POOR
        return Grade.FAIR if score < 0.8 else Grade.GOOD


class NotJudgedReason(IntEnum):
    """Reason why a repetition has no score (``ExerciseQuality.REASON_*``)."""

    NONE = 0
    JOINTS_HIDDEN = 1
    TOO_SHORT = 2
    VIEW = 3
    UNCERTAIN = 4
    IMPLAUSIBLE = 5
    SIDEWAYS = 6
    NOT_RETURNED = 7
    ANOTHER_EXERCISE = 8


class JudgedBy(IntEnum):
    """Source of a score or an error: rules of the exercise, the network, or both for an error.

    Equals ``ExerciseQuality.RULES/NETWORK`` and ``ExerciseError.RULE/NETWORK/RULE_AND_NETWORK``.
    """

    RULES = 0
    NETWORK = 1
    RULES_AND_NETWORK = 2


class SessionState(IntEnum):
    """``Session`` states."""

    IDLE = 0
    RUNNING = 1
    PAUSED = 2
    CALIBRATING = 3
    CLOSED = 4
    PREPARING = 5
    RESTING = 6


UNDER_WAY = (
    SessionState.RUNNING,
    SessionState.PAUSED,
    SessionState.PREPARING,
    SessionState.RESTING,
)
"""States of a session that has started and not ended, besides a calibration."""

STARTED_BY_HAND = (SessionState.IDLE, SessionState.PAUSED, SessionState.CLOSED)
"""States in which a raised hand starts or continues the session."""

PAUSED_BY_HAND = (SessionState.RUNNING, SessionState.RESTING)
"""States in which a raised hand pauses it."""


class SessionEvent(IntEnum):
    """The last change of the session (``Session.EVENT_*``)."""

    NONE = 0
    EXERCISE_CHOSEN = 1
    STARTED = 2
    RESUMED = 3
    PAUSED = 4
    CLOSED = 5
    CALIBRATION_STARTED = 6
    CALIBRATED = 7
    CALIBRATION_FAILED = 8
    PERSON_CHANGED = 9
    REPETITION = 10
    OTHER_SIDE = 11
    RANGE_ADOPTED = 12
    RECORDING_STARTED = 13
    RECORDED = 14
    RECORDING_FAILED = 15
    CAMERA_SIDEWAYS = 16
    NOT_RETURNED = 17
    SET_ENDED = 18
    SET_STARTED = 19
    PROGRAMME_DONE = 20
    HOLD = 21
    PERSON_SELECTED = 22
    SET_RATED = 23
    PAIN_LIMIT = 24
    RANGES_DELETED = 25
    EXERCISE_RECOGNISED = 26
    ANOTHER_EXERCISE = 27


class Missing(IntEnum):
    """What the person must change before the start (``Session.MISSING_*``)."""

    NOTHING = 0
    PERSON = 1
    ONE_PERSON = 2
    UPRIGHT_CAMERA = 3
    WHOLE_BODY = 4
    CLOSENESS = 5
    LIGHT = 6
    SIDE_VIEW = 7
    FRONT_VIEW = 8
    STILLNESS = 9


class SetEnd(IntEnum):
    """Why a set ended (``Session.SET_END_*``)."""

    NONE = 0
    COUNT = 1
    TIME = 2
    FORM = 3
    FATIGUE = 4
    SKIPPED = 5


class RatingState(IntEnum):
    """Whether the person was asked about a set, and answered (``SetRating`` constants)."""

    NONE = 0
    ASKED = 1
    ANSWERED = 2
    SKIPPED = 3


class ExerciseKind(IntEnum):
    """What is counted in an exercise (``Session.KIND_*``)."""

    REPETITIONS = 0
    HOLD = 1


class HoldState(IntEnum):
    """State of a hold (``Hold`` constants)."""

    BEGAN = 0
    HELD = 1
    ENDED = 2


class ExerciseSide(IntEnum):
    """Which sides of the body an exercise is for (``Session.SIDE_*``)."""

    BOTH = 0
    LEFT = 1
    RIGHT = 2
    EITHER = 3


class RequestErrorCode(IntEnum):
    """Why a service refuses a request; a published code never changes its meaning."""

    NONE = 0
    UNKNOWN_EXERCISE = 100
    NO_EXERCISE = 101
    EXERCISE_FILE = 102
    EXERCISE_EXISTS = 103
    UNKNOWN_PROGRAMME = 104
    PROGRAMME_FILE = 105
    INVALID_NAME = 200
    INVALID_PERSON = 201
    OUT_OF_RANGE = 202
    UNKNOWN_PERSON = 203
    SESSION_STATE = 300
    BUSY = 301
    TOO_FEW_REPETITIONS = 302
    SESSION_STOPPED = 303
    SESSION_REPLACED = 304
    NO_FOLDER = 400
    NOT_WRITTEN = 401
    NOT_READ = 402
    DEVICE = 500
    UNSPECIFIED = 900


class RequestError(ValueError):
    """A request is refused: one sentence for people and a code for programs.

    Attributes:
        code: the reason.
    """

    def __init__(self, code: RequestErrorCode, message: str) -> None:
        super().__init__(message)
        self.code = code

    @staticmethod
    def code_of(error: ValueError) -> RequestErrorCode:
        """Return the code of a refusal; ``UNSPECIFIED`` for an error that has none."""
        return error.code if isinstance(error, RequestError) else RequestErrorCode.UNSPECIFIED


class CuePriority(IntEnum):
    """``Cue`` priorities, least urgent first."""

    INFO = 0
    ENCOURAGEMENT = 1
    FORM = 2
    SAFETY = 3


class ErrorScope(IntEnum):
    """``ExerciseErrorArray`` scopes."""

    LIVE = 0
    REPETITION = 1
    HOLD = 2
