"""How far a goal of the action RunExercise is, and what was done for it."""

import math
import statistics
from collections import Counter
from dataclasses import dataclass, replace

from apsa_perception.model.codes import (
    ErrorCode,
    ErrorScope,
    HoldState,
    Phase,
    SessionEvent,
    SessionState,
    SetEnd,
)
from apsa_perception.model.results import (
    AssessmentResult,
    ErrorSet,
    HoldResult,
    OfSession,
    QualityResult,
    SessionStatus,
)


@dataclass(frozen=True)
class Progress(OfSession):
    """The present moment (feedback of apsa_msgs/RunExercise).

    Attributes:
        state: state of the session.
        exercise: exercise of the present set.
        repetitions: finished in the present set.
        held_s: seconds held in the present set.
        seconds_left: of a rest, a countdown or a timed set; 0: no limit.
        phase: phase of the repetition.
        errors: names of the errors present now.
    """

    state: SessionState = SessionState.IDLE
    exercise: str = ""
    repetitions: int = 0
    held_s: float = 0.0
    seconds_left: int = 0
    phase: Phase = Phase.UNKNOWN
    errors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Summary:
    """What was done in all sets (result of apsa_msgs/RunExercise).

    Attributes:
        session_id: the last session; empty: no frame arrived.
        repetitions: finished.
        judged: of which got a score.
        good: of which were graded good.
        mean_score: of those judged; NaN without one.
        holds: holds that have ended.
        held_best_s: seconds of the longest.
        held_total_s: seconds of all together.
        errors: in how many repetitions or holds each error occurred, by code.
    """

    session_id: str
    repetitions: int
    judged: int
    good: int
    mean_score: float
    holds: int
    held_best_s: float
    held_total_s: float
    errors: tuple[tuple[ErrorCode, int], ...]


class GoalProgress:
    """Follows the results of the session of a goal.

    Attributes:
        now: the present moment.
    """

    def __init__(self) -> None:
        self.now = Progress()
        self._counts: dict[str, SessionStatus] = {}
        self._scores: list[float] = []
        self._held: list[float] = []
        self._errors: Counter[ErrorCode] = Counter()

    def add(self, result: AssessmentResult) -> None:
        """Take a result of the session."""
        match result:
            case SessionStatus():
                self._add_status(result)
            case QualityResult():
                if math.isfinite(result.score):
                    self._scores.append(result.score)
            case HoldResult():
                self.now = replace(self.now, held_s=result.total_s)
                if result.state is HoldState.ENDED:
                    self._held.append(result.held_s)
            case ErrorSet(scope=ErrorScope.LIVE):
                names = tuple(error.name for error in result.errors)
                self.now = replace(self.now, phase=result.phase, errors=names)
            case ErrorSet():
                self._errors.update({error.code for error in result.errors})

    @property
    def summary(self) -> Summary:
        """What was done so far."""
        counts = self._counts.values()
        return Summary(
            session_id=next(reversed(self._counts), ""),
            repetitions=sum(each.repetitions for each in counts),
            judged=sum(each.repetitions_judged for each in counts),
            good=sum(each.repetitions_good for each in counts),
            mean_score=statistics.fmean(self._scores) if self._scores else math.nan,
            holds=len(self._held),
            held_best_s=max(self._held, default=0.0),
            held_total_s=math.fsum(self._held),
            errors=tuple(sorted(self._errors.items())),
        )

    def _add_status(self, status: SessionStatus) -> None:
        if status.session_id:
            self._counts[status.session_id] = status
        self.now = replace(
            self.now,
            session_id=status.session_id,
            exercise_number=status.exercise_number,
            set_number=status.set_number,
            state=status.state,
            exercise=status.exercise,
            repetitions=status.repetitions,
            held_s=status.held_total_s,
            seconds_left=status.seconds_left,
        )


def is_done(status: SessionStatus) -> bool:
    """Whether a closed session ended because all that was planned is done."""
    if status.programme:
        return status.event is SessionEvent.PROGRAMME_DONE
    return status.set_end is not SetEnd.NONE
