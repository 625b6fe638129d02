"""Position in a programme: a state machine that stamps and repetitions advance."""

import math
import statistics
from dataclasses import dataclass, field
from enum import StrEnum

from apsa_perception.model.codes import Grade, SetEnd
from apsa_perception.model.results import QualityResult, RepetitionResult
from apsa_perception.model.time import NS_PER_S, to_nanoseconds
from apsa_perception.programmes.definition import PlannedSet, Programme

GAP_S = 3.0
"""After so many seconds without a frame the camera was away; the page says so after as many."""

_LAST = 2
"""So many repetitions at the end of a set tell how it ends."""


class Stage(StrEnum):
    """Part of a programme."""

    SET = "set"
    REST = "rest"
    DONE = "done"


@dataclass
class SetProgress:
    """What was done in a set so far. All values are plain, so that a saved session can hold them.

    Speed is excursion over duration of the whole repetition, so that it holds for exercises that
    lift on the way out and on the way back. Loss of speed within a set is a measure of fatigue
    (Sanchez-Medina and Gonzalez-Badillo 2011).

    Attributes:
        repetitions: finished so far.
        poor_in_a_row: the last so many were graded poor.
        speeds: those of the repetitions, in units of the measure per second.
        scores: those of the judged repetitions.
    """

    repetitions: int = 0
    poor_in_a_row: int = 0
    speeds: list[float] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)

    def add(self, repetition: RepetitionResult, quality: QualityResult) -> None:
        """Add a finished repetition."""
        self.repetitions += 1
        self.poor_in_a_row = self.poor_in_a_row + 1 if quality.grade is Grade.POOR else 0
        excursion = abs(repetition.peak_value - repetition.rest_value)
        speed = excursion / repetition.duration_s if repetition.duration_s > 0 else math.nan
        if math.isfinite(speed):
            self.speeds.append(speed)
        if math.isfinite(quality.score):
            self.scores.append(quality.score)

    def is_slow(self, speed_loss: float) -> bool:
        """Whether the last two repetitions were each slower than the fastest before by a share."""
        return len(self.speeds) > _LAST and all(
            speed < (1.0 - speed_loss) * max(self.speeds) for speed in self.speeds[-_LAST:]
        )

    @property
    def speed_loss(self) -> float:
        """Share 0..1 by which the last two repetitions were slower than the fastest one.

        0 below three repetitions.
        """
        if len(self.speeds) <= _LAST:
            return 0.0
        return max(1.0 - statistics.fmean(self.speeds[-_LAST:]) / max(self.speeds), 0.0)

    @property
    def score_change(self) -> float:
        """Mean score of the last two judged repetitions less that of the first two.

        0 below four judged repetitions.
        """
        if len(self.scores) < 2 * _LAST:
            return 0.0
        first, last = self.scores[:_LAST], self.scores[-_LAST:]
        return statistics.fmean(last) - statistics.fmean(first)


class ProgrammeRun:
    """Follows a person through a programme.

    Time is that of the stamps, and counts only while the session does not pause.

    Args:
        programme: the programme; a later edit of its file does not change it.
        index: which of its sets.
        stage: whether that set or the rest after it is under way.
        elapsed_ns: time of the stage so far.
        progress: what was done in the set so far; None: nothing.
    """

    def __init__(
        self,
        programme: Programme,
        index: int = 0,
        stage: Stage = Stage.SET,
        elapsed_ns: int = 0,
        progress: SetProgress | None = None,
    ) -> None:
        self.programme = programme
        self.index = index
        self.stage = stage
        self.elapsed_ns = elapsed_ns
        self.progress = progress or SetProgress()
        self._last_ns: int | None = None

    @property
    def current(self) -> PlannedSet:
        """The present set; during a rest the one that has ended."""
        return self.programme.sets[self.index]

    @property
    def following(self) -> PlannedSet | None:
        """The set after the present one; None after the last."""
        later = self.programme.sets[self.index + 1 :]
        return later[0] if later else None

    @property
    def seconds_left(self) -> int:
        """Whole seconds until the rest or the timed set ends; 0 without a limit."""
        return math.ceil(max(self._limit_ns - self.elapsed_ns, 0) / NS_PER_S)

    def pass_time(self, stamp_ns: int, counts: bool) -> bool:
        """Advance to a frame; return whether it follows a gap, in which no time of a set passes.

        Args:
            stamp_ns: its stamp.
            counts: whether the time since the last frame belongs to the stage.
        """
        step_ns = 0 if self._last_ns is None else max(stamp_ns - self._last_ns, 0)
        self._last_ns = stamp_ns
        is_gap = step_ns > to_nanoseconds(GAP_S)
        if counts and not (is_gap and self.stage is Stage.SET):
            self.elapsed_ns += step_ns
        return is_gap

    def add(self, repetition: RepetitionResult, quality: QualityResult) -> None:
        """Add a repetition of the present set."""
        self.progress.add(repetition, quality)

    def set_end(self) -> SetEnd:
        """Return why the present set ends now; ``NONE`` while it does not."""
        if self.stage is not Stage.SET:
            return SetEnd.NONE
        plan, done = self.current, self.progress
        if plan.repetitions and done.repetitions >= plan.repetitions:
            return SetEnd.COUNT
        if plan.seconds and self.elapsed_ns >= self._limit_ns:
            return SetEnd.TIME
        if plan.poor_in_a_row and done.poor_in_a_row >= plan.poor_in_a_row:
            return SetEnd.FORM
        if plan.speed_loss and done.is_slow(plan.speed_loss):
            return SetEnd.FATIGUE
        return SetEnd.NONE

    def rest_is_over(self) -> bool:
        """Whether the rest has ended, so that the next set follows."""
        return self.stage is Stage.REST and self.elapsed_ns >= self._limit_ns

    def end_set(self) -> None:
        """End the present set: its rest begins; after the last one the programme is done."""
        self._enter(Stage.DONE if self.following is None else Stage.REST)

    def begin_next(self) -> None:
        """Begin the following set."""
        self.index += 1
        self._enter(Stage.SET)

    def begin_again(self) -> None:
        """Begin the present set again."""
        self._enter(Stage.SET)

    def _enter(self, stage: Stage) -> None:
        self.stage = stage
        self.elapsed_ns = 0
        if stage is Stage.SET:
            self.progress = SetProgress()

    @property
    def _limit_ns(self) -> int:
        limit_s = {Stage.SET: self.current.seconds, Stage.REST: self.current.rest_s}
        return round(limit_s.get(self.stage, 0.0) * NS_PER_S)
