"""Results of the assessment with the fields of apsa_msgs; times are stamps in nanoseconds."""

import math
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from apsa_perception.model.codes import (
    ErrorCode,
    ErrorScope,
    ExerciseKind,
    ExerciseSide,
    Grade,
    HoldState,
    JudgedBy,
    Missing,
    NotJudgedReason,
    Phase,
    RatingState,
    SessionEvent,
    SessionState,
    SetEnd,
    Severity,
    Side,
)
from apsa_perception.model.joints import JOINT_COUNT, Joint
from apsa_perception.model.skeleton import FloatArray
from apsa_perception.model.time import to_seconds


class MeasureResult(NamedTuple):
    """A biomechanical quantity, or why it was not taken (``value`` NaN, ``reason`` filled).

    ``uncertainty`` is its standard error in the unit, ``change_uncertainty`` that of its change
    since rest, in which what the same view of the same person always adds is left out; NaN if
    unknown.
    """

    name: str
    value: float
    unit: str
    side: Side = Side.BOTH
    reason: str = ""
    uncertainty: float = math.nan
    change_uncertainty: float = math.nan

    @property
    def judged(self) -> bool:
        """Whether the measure has a value."""
        return not self.reason


@dataclass(frozen=True, slots=True, kw_only=True)
class OfSession:
    """A result of a session; in a programme each set is a session.

    Attributes:
        session_id: the session; empty: none.
        exercise_number: position of its exercise in the programme, from 1; 0: no programme.
        set_number: set of this exercise, from 1; 0: no programme.
    """

    session_id: str = ""
    exercise_number: int = 0
    set_number: int = 0


@dataclass(frozen=True, slots=True)
class RepetitionResult(OfSession):
    """One finished repetition (apsa_msgs/Repetition)."""

    stamp_ns: int
    body_id: int
    exercise: str
    index: int
    side: Side
    start_ns: int
    peak_ns: int
    end_ns: int
    measure: str
    unit: str
    rest_value: float
    peak_value: float
    target_value: float
    confidence: float

    @property
    def duration_s(self) -> float:
        """Seconds from start to end."""
        return to_seconds(self.end_ns - self.start_ns)


@dataclass(frozen=True, slots=True)
class HoldResult(OfSession):
    """A position that is held, at its beginning, a full second or its end (apsa_msgs/Hold)."""

    stamp_ns: int
    body_id: int
    exercise: str
    index: int
    side: Side
    state: HoldState
    start_ns: int
    end_ns: int
    held_s: float
    missed_s: float
    best_s: float
    total_s: float
    target_s: float
    measure: str
    unit: str
    value: float
    confidence: float


@dataclass(frozen=True)
class QualityResult(OfSession):
    """The judgement of one repetition (apsa_msgs/ExerciseQuality)."""

    stamp_ns: int
    body_id: int
    exercise: str
    repetition: int
    window_start_ns: int
    window_end_ns: int
    source: JudgedBy
    model_name: str
    model_version: str
    score: float = float("nan")
    grade: Grade = Grade.NOT_JUDGED
    not_judged_reason: NotJudgedReason = NotJudgedReason.NONE
    reason: str = ""
    confidence: float = 0.0
    joint_relevance: FloatArray = field(default_factory=lambda: np.zeros(JOINT_COUNT))
    inference_ms: float = 0.0


@dataclass(frozen=True)
class ErrorResult:
    """A named deviation in the execution (apsa_msgs/ExerciseError)."""

    code: ErrorCode
    severity: Severity
    probability: float
    side: Side
    phase: Phase
    joints: tuple[Joint, ...]
    measure: str
    value: float
    limit: float
    unit: str
    source: JudgedBy
    source_name: str
    start_ns: int
    end_ns: int

    @property
    def name(self) -> str:
        """The code's name in lower case."""
        return self.code.name.lower()


@dataclass(frozen=True)
class ErrorSet(OfSession):
    """Errors of a frame, of a repetition or of a hold (apsa_msgs/ExerciseErrorArray)."""

    stamp_ns: int
    body_id: int
    exercise: str
    scope: ErrorScope
    repetition: int
    phase: Phase
    errors: tuple[ErrorResult, ...] = ()
    measures: tuple[MeasureResult, ...] = ()


@dataclass(frozen=True)
class SetRating:
    """How a set felt (apsa_msgs/SetRating).

    Attributes:
        session_id: the set; empty: nothing is asked.
        state: whether an answer is asked for or given.
        pain: 0 to 10; None: not answered.
        effort: Borg CR10, 0 to 10; None: not answered.
        note: free text of the person.
    """

    session_id: str = ""
    state: RatingState = RatingState.NONE
    pain: int | None = None
    effort: float | None = None
    note: str = ""


@dataclass(frozen=True)
class SessionStatus:
    """State of the session (apsa_msgs/Session)."""

    stamp_ns: int
    session_id: str
    state: SessionState
    exercise: str
    title: str
    started_ns: int = 0
    repetitions: int = 0
    repetitions_judged: int = 0
    repetitions_good: int = 0
    target_repetitions: int = 0
    calibrated: bool = False
    message: str = ""
    event: SessionEvent = SessionEvent.NONE
    exercise_family: str = ""
    exercise_side: ExerciseSide = ExerciseSide.BOTH
    selected_body_id: int = 0
    programme: str = ""
    exercise_number: int = 0
    exercise_count: int = 0
    set_number: int = 0
    set_count: int = 0
    seconds_left: int = 0
    set_end: SetEnd = SetEnd.NONE
    next_exercise: str = ""
    next_title: str = ""
    tempo: str = ""
    missing: Missing = Missing.NOTHING
    exercise_kind: ExerciseKind = ExerciseKind.REPETITIONS
    holds: int = 0
    held_best_s: float = 0.0
    held_total_s: float = 0.0
    target_hold_s: float = 0.0
    speed_loss: float = 0.0
    score_change: float = 0.0
    programme_run_id: str = ""
    rating: SetRating = SetRating()


AssessmentResult = RepetitionResult | QualityResult | HoldResult | ErrorSet | SessionStatus
