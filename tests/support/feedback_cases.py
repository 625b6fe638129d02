"""Results as the assessment publishes them, for the feedback tests."""

import itertools
from collections.abc import Iterable
from dataclasses import replace
from functools import cache

import numpy as np

from apsa_feedback.coaching.cue import CueResult
from apsa_feedback.coaching.cue_book import CueBook
from apsa_feedback.coaching.policy import CuePolicy
from apsa_feedback.coaching.settings import CueSettings
from apsa_feedback.stream.events import Event, EventGroup, SkeletonFrame
from apsa_feedback.stream.session_tracker import SessionTracker
from apsa_perception.model.codes import (
    ErrorCode,
    ErrorScope,
    Grade,
    JudgedBy,
    NotJudgedReason,
    Phase,
    SessionState,
    Severity,
    Side,
)
from apsa_perception.model.joints import JOINT_COUNT, Joint
from apsa_perception.model.results import (
    ErrorResult,
    ErrorSet,
    MeasureResult,
    QualityResult,
    RepetitionResult,
    SessionStatus,
)
from apsa_perception.model.skeleton import Skeleton
from apsa_perception.programmes.library import ProgrammeLibrary
from support.paths import ROOT

CUE_FOLDER = ROOT / "config" / "cues"
SETTINGS = CueSettings(
    min_gap_s=2.0,
    error_repeat_s=12.0,
    keep_s=3.0,
    hint_after_s=5.0,
    hint_repeat_s=20.0,
    praise_after=1,
    encourage_after=0,
    count_every=0,
)
KNEE = MeasureResult("knee_flexion", 90.0, "deg")
VALGUS = MeasureResult("knee_valgus", 15.0, "deg")
LEGS = (Joint.LEFT_KNEE, Joint.LEFT_ANKLE, Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE)


def ns(seconds: float) -> int:
    """Stamp of a moment."""
    return round(seconds * 1e9)


def error(
    code: ErrorCode = ErrorCode.KNEE_VALGUS,
    severity: Severity = Severity.MODERATE,
    side: Side = Side.BOTH,
    measure: str = "knee_valgus",
) -> ErrorResult:
    """An error of any kind."""
    return ErrorResult(
        code, severity, 0.9, side, Phase.PEAK, (Joint.LEFT_KNEE,), measure, 15.0, 10.0, "deg",
        JudgedBy.RULES, "rule", ns(0), ns(0),
    )  # fmt: skip


def live(
    seconds: float,
    *errors: ErrorResult,
    body_id: int = 1,
    measures: tuple[MeasureResult, ...] = (KNEE, VALGUS),
) -> ErrorSet:
    """The live errors of a frame."""
    return ErrorSet(ns(seconds), body_id, "squat", ErrorScope.LIVE, 0, Phase.PEAK, errors, measures)


def repetition(
    end: float,
    index: int,
    *errors: ErrorResult,
    grade: Grade = Grade.GOOD,
    reason: NotJudgedReason = NotJudgedReason.NONE,
    measures: tuple[MeasureResult, ...] = (KNEE, VALGUS),
) -> tuple[Event, ...]:
    """The three results of a repetition of two seconds."""
    start, stamp = ns(end - 2.0), ns(end)
    score = float("nan") if grade is Grade.NOT_JUDGED else 0.9
    return (
        RepetitionResult(
            stamp, 1, "squat", index, Side.BOTH, start, ns(end - 1.0), stamp, "knee_flexion",
            "deg", 10.0, 92.0, 90.0, 0.9,
        ),
        QualityResult(
            stamp, 1, "squat", index, start, stamp, JudgedBy.RULES, "rules", "1", score, grade,
            reason, "The legs are outside the picture." if reason else "", 0.9,
        ),
        ErrorSet(
            stamp, 1, "squat", ErrorScope.REPETITION, index, Phase.UNKNOWN, errors, measures
        ),
    )  # fmt: skip


def session(
    seconds: float = 0.0,
    state: SessionState = SessionState.RUNNING,
    session_id: str = "s1",
    target: int = 0,
    repetitions: int = 0,
) -> SessionStatus:
    """A state of the session."""
    return SessionStatus(
        ns(seconds), session_id, state, "squat", "Squat", ns(0), repetitions, repetitions,
        repetitions, target,
    )  # fmt: skip


def skeleton(seconds: float, *hidden: Joint, body_id: int = 1) -> SkeletonFrame:
    """A frame with one person of whom some joints are not seen."""
    observed = np.ones(JOINT_COUNT, dtype=bool)
    observed[list(hidden)] = False
    body = Skeleton(
        ns(seconds),
        body_id,
        np.zeros((JOINT_COUNT, 3)),
        np.full((JOINT_COUNT, 2), np.nan),
        observed * 0.9,
        observed,
    )
    return SkeletonFrame(ns(seconds), (body,))


@cache
def book(locale: str = "en") -> CueBook:
    """The shipped texts."""
    return CueBook.load(CUE_FOLDER, locale)


def with_boundaries(events: Iterable[Event]) -> list[Event]:
    """The events with a ``NewSession`` before each session but the first."""
    tracker = SessionTracker()
    return [marked for event in events for marked in tracker.mark(event)]


def cues(
    events: list[Event],
    texts: CueBook | None = None,
    programmes: ProgrammeLibrary | None = None,
    **changes: float,
) -> list[CueResult]:
    """Play events, grouped by their stamp, to a fresh policy; return what it said."""
    settings = replace(SETTINGS, **changes)
    policy = CuePolicy(settings, texts or book(), programmes=programmes)
    groups = itertools.groupby(with_boundaries(events), key=lambda event: event.stamp_ns)
    said = (policy.step(EventGroup(stamp, tuple(group))) for stamp, group in groups)
    return [cue for cue in said if cue is not None]


def keys(events: list[Event], **changes: float) -> list[str]:
    """Keys of the cues that a fresh policy gives."""
    return [cue.key for cue in cues(events, **changes)]


def frames(start: float, end: float, *errors: ErrorResult, **kwargs: object) -> list[Event]:
    """Live errors at ten frames a second, the end not included."""
    steps = round((end - start) * 10)
    return [live(round(start + i / 10, 1), *errors, **kwargs) for i in range(steps)]  # type: ignore[arg-type]


START = [session(), live(0.0)]
"""A session starts, and a person is seen."""
