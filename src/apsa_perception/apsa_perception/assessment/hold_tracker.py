"""Tracking of one exerciser in a hold: the position, its time, and errors while it is held."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from apsa_perception.assessment.hold_position import (
    HELD_SIDES,
    Values,
    side_kept,
    value_of,
)
from apsa_perception.assessment.live_errors import live_errors_of, merged_by_code, use_limits
from apsa_perception.assessment.live_state import LiveState
from apsa_perception.assessment.plausibility_watch import PlausibilityWatch
from apsa_perception.assessment.sideways import SidewaysWatch
from apsa_perception.assessment.tracker import HoldResults, Tracker
from apsa_perception.biomechanics.measures import MEASURES, take_measures
from apsa_perception.biomechanics.posture import BodyReference, Posture
from apsa_perception.biomechanics.view import View
from apsa_perception.exercises.definition import ExerciseDefinition
from apsa_perception.exercises.hold import Hold
from apsa_perception.model.codes import ErrorScope, HoldState, Phase, Side
from apsa_perception.model.results import ErrorResult, ErrorSet, HoldResult, MeasureResult
from apsa_perception.model.sentences import Sentence
from apsa_perception.model.skeleton import Skeleton
from apsa_perception.repetition.hold_timer import HoldTimer, TimedHold
from apsa_perception.repetition.running_median import RunningMedian


@dataclass
class _Progress:
    """What is collected of the hold in progress."""

    body_id: int
    index: int
    side: Side
    seconds: int = 0
    frames: int = 0
    value_sum: float = 0.0
    confidence_sum: float = 0.0

    def __post_init__(self) -> None:
        self.errors: dict[tuple[str, Side, int], ErrorResult] = {}


class HoldTracker(Tracker):
    """Tracks the exerciser in a hold.

    The position is judged where its measures are, from a view of the exercise; otherwise the time
    stands still. A short absence ends no hold. Personal ranges do not concern it, and its limits
    are fixed, whatever the calibration.

    Args:
        exercise: an exercise that is a hold.
        hold: its position.
    """

    def __init__(self, exercise: ExerciseDefinition, hold: Hold) -> None:
        self._exercise = exercise
        self._next: ExerciseDefinition | None = None
        self._hold = hold
        self._live_errors = live_errors_of(exercise)
        self._timer = HoldTimer(hold.start_s, hold.leave_s, hold.unseen_s)
        self._other_timer = HoldTimer(hold.start_s, hold.leave_s, hold.unseen_s)
        self._sideways = SidewaysWatch(exercise.posture)
        self._plausibility = PlausibilityWatch()
        self._filters = {
            (limit.measure, int(side)): RunningMedian()
            for limit in hold.position
            for side in MEASURES[limit.measure].sides
        }
        self._side = Side.BOTH
        self._progress: _Progress | None = None
        self._stamp_ns = 0
        self._phase = Phase.UNKNOWN

    @property
    def phase(self) -> Phase:
        """PEAK while the position is held, REST while the person is seen outside it."""
        return self._phase

    @property
    def held_s(self) -> float:
        return self._timer.hold.held_s if self._timer.hold is not None else 0.0

    def reset(self) -> HoldResults:
        self._sideways.reset()
        self._plausibility.reset()
        return self.interrupt()

    def interrupt(self) -> HoldResults:
        self._other_timer.finish()
        return self._ended(self._timer.finish())

    def use_limits(self, exercise: ExerciseDefinition) -> None:
        self._next = exercise

    def measure(self, posture: Posture) -> tuple[MeasureResult, ...]:
        """Take the measures; from a view that the exercise does not allow there are none."""
        measures = take_measures(posture, self._exercise.measures)
        view = posture.view
        if posture.depth_measured or posture.body_view is None or view in self._exercise.views:
            return measures
        allowed = " or ".join(each.value for each in View if each in self._exercise.views)
        reason = Sentence.VIEW_OF_EXERCISE.text(view=view.value, views=allowed)
        return tuple(
            measure._replace(value=math.nan, reason=measure.reason or reason)
            for measure in measures
        )

    def absent(self, stamp_ns: int) -> HoldResults:
        self._stamp_ns = stamp_ns
        return self._ended(self._timer.update(stamp_ns, None))

    def update(
        self,
        skeleton: Skeleton,
        posture: Posture,
        reference: BodyReference | None,
        index: int,
    ) -> LiveState:
        stamp_ns = self._stamp_ns = skeleton.stamp_ns
        if self._next is not None and self._progress is None:
            self._exercise, self._next = self._next, None
            use_limits(self._live_errors, self._exercise)
        measures = self.measure(posture)
        results = {(m.name, int(m.side)): m for m in measures if m.judged}
        values = {
            key: smoothed.update(stamp_ns, results[key].value)
            for key, smoothed in self._filters.items()
            if key in results
        }
        sideways = self._sideways.update(stamp_ns, posture)
        unusable = self._plausibility.update(skeleton, posture) or bool(sideways)
        kept = None if unusable else self._kept(posture, values)
        holds = self._ended(self._timer.update(stamp_ns, kept))
        timed = self._timer.hold
        if timed is not None:
            holds += self._followed(skeleton, timed, index, kept, values)
        other_side = None if unusable else self._other_held(stamp_ns, posture, values)
        phase = Phase.UNKNOWN if kept is None else Phase.REST
        phase = self._phase = phase if timed is None else Phase.PEAK
        checked = not unusable and kept is not False
        errors = tuple(self._checked(stamp_ns, phase, results, checked))
        if self._progress is not None:
            for error in errors:
                self._progress.errors[error.source_name, error.side, error.start_ns] = error
        return LiveState(
            phase=phase,
            errors=merged_by_code(list(errors)),
            measures=measures,
            other_side=other_side,
            sideways=sideways,
            holds=holds,
        )

    def _kept(self, posture: Posture, values: Values) -> bool | None:
        """Whether a side keeps the position; None if that is not seen."""
        held = self._timer.hold is not None
        sides = (self._side,) if held else HELD_SIDES[self._hold.sides]
        kept = {
            side: side_kept(self._exercise, self._hold, side, held, posture, values)
            for side in sides
        }
        for side, keeps in kept.items():
            if keeps:
                self._side = side
                return True
        return None if None in kept.values() else False

    def _other_held(self, stamp_ns: int, posture: Posture, values: Values) -> Side | None:
        """Return the side that begins to hold the position of the other one; else None."""
        asked, *either = HELD_SIDES[self._hold.sides]
        if either or asked is Side.BOTH or self._timer.hold is not None:
            return None
        other = asked.opposite
        before = self._other_timer.hold
        kept = side_kept(self._exercise, self._hold, other, before is not None, posture, values)
        self._other_timer.update(stamp_ns, kept)
        return other if before is None and self._other_timer.hold is not None else None

    def _checked(
        self,
        stamp_ns: int,
        phase: Phase,
        results: Mapping[tuple[str, int], MeasureResult],
        checked: bool,
    ) -> Sequence[ErrorResult]:
        """Return the errors; outside the position nothing is checked."""
        found = []
        for live in self._live_errors:
            measure = results.get(live.key)
            value = uncertainty = None
            if measure is not None:
                uncertainty = measure.uncertainty
                side_asked = not live.rule.held_side or live.side is self._side
                if checked and side_asked and live.applies(phase, 0.0):
                    value = measure.value
            error = live.update(stamp_ns, phase, value, uncertainty)
            found += [] if error is None else [error]
        return found

    def _followed(
        self,
        skeleton: Skeleton,
        timed: TimedHold,
        index: int,
        kept: bool | None,
        values: Values,
    ) -> tuple[HoldResult, ...]:
        """Collect a frame of the hold; return its beginning or a full second."""
        begins = self._progress is None
        if self._progress is None:
            self._progress = _Progress(skeleton.body_id, index, self._side)
        progress = self._progress
        if kept:
            joints = list(self._exercise.joints_of(progress.side))
            progress.frames += 1
            progress.value_sum += value_of(self._hold.position[0], progress.side, values)
            progress.confidence_sum += float(skeleton.confidence[joints].mean())
        if begins:
            return (self._result(timed, HoldState.BEGAN),)
        if int(timed.held_s) <= progress.seconds:
            return ()
        progress.seconds = int(timed.held_s)
        return (self._result(timed, HoldState.HELD),)

    def _ended(self, timed: TimedHold | None) -> HoldResults:
        """The results of a hold that has ended; none without one."""
        if timed is None or self._progress is None:
            return ()
        result = self._result(timed, HoldState.ENDED)
        errors = ErrorSet(
            stamp_ns=result.stamp_ns,
            body_id=result.body_id,
            exercise=result.exercise,
            scope=ErrorScope.HOLD,
            repetition=result.index,
            phase=Phase.UNKNOWN,
            errors=merged_by_code(list(self._progress.errors.values())),
        )
        self._progress = None
        for live in self._live_errors:
            live.reset()
        return result, errors

    def _result(self, timed: TimedHold, state: HoldState) -> HoldResult:
        assert self._progress is not None
        progress, frames = self._progress, max(self._progress.frames, 1)
        measure = MEASURES[self._hold.measure]
        return HoldResult(
            stamp_ns=self._stamp_ns,
            body_id=progress.body_id,
            exercise=self._exercise.name,
            index=progress.index,
            side=progress.side,
            state=state,
            start_ns=timed.start_ns,
            end_ns=timed.end_ns,
            held_s=timed.held_s,
            missed_s=timed.missed_s,
            best_s=timed.held_s,
            total_s=timed.held_s,
            target_s=self._hold.target_s,
            measure=measure.name,
            unit=measure.unit,
            value=progress.value_sum / frames,
            confidence=progress.confidence_sum / frames,
        )
