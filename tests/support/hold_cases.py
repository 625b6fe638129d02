"""A session of holds as the assessment publishes it, for the feedback tests."""

from apsa_feedback.stream.events import Event
from apsa_perception.model.codes import (
    ErrorCode,
    ErrorScope,
    ExerciseKind,
    HoldState,
    Phase,
    SessionState,
    Side,
)
from apsa_perception.model.results import ErrorSet, HoldResult, MeasureResult, SessionStatus
from support.feedback_cases import error, ns

KNEE = MeasureResult("knee_angle", 92.0, "deg")


def hold_session(
    seconds: float = 0.0,
    state: SessionState = SessionState.RUNNING,
    holds: int = 0,
    best: float = 0.0,
    total: float = 0.0,
    target: float = 30.0,
) -> SessionStatus:
    """A state of a session of wall sits."""
    return SessionStatus(
        ns(seconds), "s1", state, "wall_sit", "Wall sit", exercise_kind=ExerciseKind.HOLD,
        holds=holds, held_best_s=best, held_total_s=total, target_hold_s=target,
    )  # fmt: skip


def frame(seconds: float, phase: Phase, measures: tuple[MeasureResult, ...] = (KNEE,)) -> ErrorSet:
    """The live errors of a frame."""
    return ErrorSet(ns(seconds), 1, "wall_sit", ErrorScope.LIVE, 0, phase, (), measures)


def state_of_hold(
    seconds: float,
    state: HoldState,
    held: float,
    index: int = 1,
    before: float = 0.0,
    target: float = 30.0,
) -> HoldResult:
    """A hold at a moment; ``before`` are seconds of earlier holds."""
    start = seconds - held
    return HoldResult(
        ns(seconds), 1, "wall_sit", index, Side.BOTH, state, ns(start), ns(seconds), held, 0.0,
        max(held, before), held + before, target, "knee_angle", "deg", 92.0, 0.9,
    )  # fmt: skip


def hold(
    begin: float, seconds: int, index: int = 1, before: float = 0.0, target: float = 30.0
) -> list[Event]:
    """Frames and results of a hold, with an error in it."""
    events: list[Event] = []
    for second in range(seconds + 1):
        at, state = begin + second, HoldState.HELD if second else HoldState.BEGAN
        events += [
            state_of_hold(at, state, second or 0.5, index, before, target),
            frame(at, Phase.PEAK),
        ]
    end = begin + seconds + 0.5
    summary = ErrorSet(
        ns(end), 1, "wall_sit", ErrorScope.HOLD, index, Phase.UNKNOWN,
        (error(ErrorCode.INSUFFICIENT_DEPTH, measure="depth"),),
    )  # fmt: skip
    ended = state_of_hold(end, HoldState.ENDED, seconds + 0.2, index, before, target)
    return [*events, ended, summary, frame(end, Phase.REST)]


def two_holds() -> list[Event]:
    """A whole session: 12 and 31 seconds, of which 30 are asked for."""
    first = hold(2.0, 12)
    second = hold(20.0, 31, index=2, before=12.2)
    closed = hold_session(60.0, SessionState.CLOSED, 2, 31.2, 43.4)
    counted = hold_session(15.0, holds=1, best=12.2, total=12.2)
    return [hold_session(), frame(0.0, Phase.REST), *first, counted, *second, closed]
