"""Tracking of one exerciser in one exercise: phases, live errors, finished repetitions."""

import math
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Mapping
from dataclasses import replace

from apsa_perception.assessment.after_recording import AfterRecording
from apsa_perception.assessment.body_plausibility import STEADY_S
from apsa_perception.assessment.evidence import Frame
from apsa_perception.assessment.live_errors import (
    LiveError,
    live_errors_of,
    merged_by_code,
    use_limits,
)
from apsa_perception.assessment.live_state import LiveState
from apsa_perception.assessment.personal_ranges import PersonalRanges
from apsa_perception.assessment.plausibility_watch import PlausibilityWatch
from apsa_perception.assessment.quality import QualityModel
from apsa_perception.assessment.repetition_judge import RepetitionJudge, Verdict
from apsa_perception.assessment.settings import AssessmentSettings
from apsa_perception.assessment.sideways import SidewaysWatch
from apsa_perception.assessment.tracker import HoldResults, Tracker
from apsa_perception.biomechanics.geometry import wrapped_deg
from apsa_perception.biomechanics.measures import MEASURES, MeasuresOnDemand, take_measures
from apsa_perception.biomechanics.posture import BodyReference, Posture
from apsa_perception.exercises.definition import ExerciseDefinition, LiveRule
from apsa_perception.model.codes import ExerciseSide, Phase, Side
from apsa_perception.model.results import ErrorResult, MeasureResult
from apsa_perception.model.skeleton import Skeleton
from apsa_perception.model.time import NS_PER_S, to_nanoseconds, to_seconds
from apsa_perception.repetition.segment import Segment
from apsa_perception.repetition.segmenter import Segmenter

_REST_SMOOTHING_S = 1.0
_AT_REST = (Phase.REST, Phase.UNKNOWN)
_SIDES = (Side.LEFT, Side.RIGHT)
_OTHER_SIDE = {ExerciseSide.LEFT: ExerciseSide.RIGHT, ExerciseSide.RIGHT: ExerciseSide.LEFT}


class ExerciseTracker(Tracker):
    """Tracks the exerciser through the exercise.

    Args:
        exercise: the exercise.
        settings: how much evidence is required.
        model: the network, or None.
        ranges: the person's own assessed ranges.
        after: takes what can wait until the end of a recording that nobody watches, of whose
            frames only those measures are taken that the assessment needs; None: somebody watches.
    """

    def __init__(
        self,
        exercise: ExerciseDefinition,
        settings: AssessmentSettings,
        model: QualityModel | None,
        ranges: PersonalRanges,
        after: AfterRecording | None = None,
    ) -> None:
        self._exercise = exercise
        self._next: ExerciseDefinition | None = None
        self._segmenter = Segmenter(exercise.primary, settings.max_gap_s)
        other = _OTHER_SIDE.get(exercise.primary.sides)
        self._other = (
            Segmenter(replace(exercise.primary, sides=other), settings.max_gap_s) if other else None
        )
        self._judge = RepetitionJudge(exercise, settings, model, ranges, after)
        self._live_errors = live_errors_of(exercise)
        self._from_rest = {live.key: live for live in self._live_errors if live.needs_rest}
        self._primary = MEASURES[exercise.primary.measure]
        self._shown = [
            (MEASURES[name], side)
            for name in exercise.measures
            if after is None
            for side in MEASURES[name].sides
        ]
        self._sideways = SidewaysWatch(exercise.posture)
        self._plausibility = PlausibilityWatch()
        self._frames: deque[Frame] = deque()
        self._kept_ns = to_nanoseconds(exercise.primary.max_duration_s) + NS_PER_S
        self._rest_values: dict[tuple[str, int], float] = {}

    @property
    def phase(self) -> Phase:
        return self._segmenter.phase

    @property
    def is_past_halfway(self) -> bool:
        halfway = self._segmenter.progress >= 0.5
        return self.phase in (Phase.PEAK, Phase.RETURN) or (self.phase is Phase.OUTWARD and halfway)

    def reset(self) -> HoldResults:
        for segmenter in self._segmenters:
            segmenter.reset()
        self._rest_values.clear()
        self._sideways.reset()
        self._plausibility.reset()
        self._forget_movement()
        return ()

    def interrupt(self) -> HoldResults:
        for segmenter in self._segmenters:
            segmenter.interrupt()
        self._forget_movement()
        return ()

    def after_gap(self) -> None:
        """Drop the repetition in progress: a part of it was not seen."""
        self.interrupt()

    def use_ranges(self, ranges: PersonalRanges) -> None:
        self._judge.use_ranges(ranges)

    def use_limits(self, exercise: ExerciseDefinition) -> None:
        self._next = exercise

    def use_settings(self, settings: AssessmentSettings) -> None:
        self._judge.use_settings(settings)

    def measure(self, posture: Posture) -> tuple[MeasureResult, ...]:
        return take_measures(posture, self._exercise.measures)

    def update(
        self,
        skeleton: Skeleton,
        posture: Posture,
        reference: BodyReference | None,
        index: int,
    ) -> LiveState:
        stamp_ns = skeleton.stamp_ns
        if self._next is not None and self.phase in _AT_REST:
            self._take_limits(self._next)
        measures = MeasuresOnDemand(posture)
        left, right = primary = tuple([measures.take(self._primary, side) for side in _SIDES])
        segment = self._segmenter.update(stamp_ns, left.value, right.value)
        other = self._other.update(stamp_ns, left.value, right.value) if self._other else None
        phase = self._segmenter.phase
        sideways = self._sideways.update(stamp_ns, posture)
        unusable = self._plausibility.update(skeleton, posture) or bool(sideways)
        if phase is Phase.REST:
            self._update_rest(stamp_ns, measures)
        rest_values = reference.rest_values if reference else self._rest_values
        errors = self._checked(stamp_ns, phase, None if unusable else measures, rest_values)
        self._frames.append(Frame(skeleton, posture, errors, primary))
        while self._frames[0].stamp_ns < stamp_ns - self._kept_ns:
            self._frames.popleft()
        verdict = None
        if segment is not None:
            verdict = self._verdict(segment, stamp_ns, index)
            if self._next is not None:  # the next one may follow without a rest
                self._take_limits(self._next)
        resting = phase in _AT_REST and verdict is None
        return LiveState(
            phase=phase,
            errors=merged_by_code(list(errors)),
            measures=tuple(measures.take(*each) for each in self._shown),
            verdict=verdict,
            other_side=other.side if other and resting else None,
            sideways=sideways,
            not_returned=self._segmenter.not_returned,
        )

    def _checked(
        self,
        stamp_ns: int,
        phase: Phase,
        measures: MeasuresOnDemand | None,
        rest_values: Mapping[tuple[str, int], float],
    ) -> tuple[ErrorResult, ...]:
        """Return the errors that are raised; without measures, as of a turned picture, none begins.

        Each rule gets every frame: the time within its limits clears its error.
        """
        progress = min(self._segmenter.progress, 1.0)
        found = []
        for live in self._live_errors:
            value = uncertainty = None
            if measures is not None and live.applies(phase, progress):
                measure = measures.take(live.measure, live.side)
                if measure.judged:
                    uncertainty = _uncertainty_of(live.rule, measure)
                    value = _value_for(live, measure.value, rest_values)
            found.append(live.update(stamp_ns, phase, value, uncertainty))
        return tuple(error for error in found if error is not None)

    def _take_limits(self, exercise: ExerciseDefinition) -> None:
        self._exercise, self._next = exercise, None
        self._judge.use_exercise(exercise)
        use_limits(self._live_errors, exercise)

    def _verdict(self, segment: Segment, stamp_ns: int, index: int) -> Verdict:
        """Judge a repetition that is finished."""
        frames = list(self._frames)
        stamps = [frame.skeleton.stamp_ns for frame in frames]
        start, end = bisect_left(stamps, segment.start_ns), bisect_right(stamps, segment.end_ns)
        since_ns = segment.start_ns if segment.rest_since_ns is None else segment.rest_since_ns
        lead_in = frames[bisect_left(stamps, since_ns) : start]
        steady_ns = min(segment.start_ns, segment.end_ns - to_nanoseconds(STEADY_S))
        recent = frames[bisect_left(stamps, steady_ns) : end]
        return self._judge.judge(segment, frames[start:end], stamp_ns, index, lead_in, recent)

    @property
    def _segmenters(self) -> tuple[Segmenter, ...]:
        return (self._segmenter, self._other) if self._other else (self._segmenter,)

    def _update_rest(self, stamp_ns: int, measures: MeasuresOnDemand) -> None:
        elapsed_s = to_seconds(stamp_ns - self._frames[-1].stamp_ns) if self._frames else 0.0
        share = 1.0 - math.exp(-elapsed_s / _REST_SMOOTHING_S)
        for live in self._from_rest.values():
            result = measures.take(live.measure, live.side)
            if result.judged:
                before = self._rest_values.get(live.key, result.value)
                change = _change(live.rule.measure, before, result.value)
                self._rest_values[live.key] = before + change * share

    def _forget_movement(self) -> None:
        self._frames.clear()
        for live in self._live_errors:
            live.reset()


def _value_for(
    live: LiveError, value: float, rest_values: Mapping[tuple[str, int], float]
) -> float | None:
    """The rule's value of a measure; None where it is no error whatever the limits."""
    rule = live.rule
    rest = rest_values.get(live.key)
    if rest is None:
        return None if rule.relative_to_rest else value
    change = _change(rule.measure, rest, value)
    if rule.rest_excuse is not None and -rule.limits.sign * change >= rule.rest_excuse:
        return None
    return change if rule.relative_to_rest else value


def _change(measure: str, before: float, now: float) -> float:
    """Difference of two values of a measure; an angle turns the shorter way, by -180..180."""
    change = now - before
    return wrapped_deg(change) if MEASURES[measure].unit == "deg" else change


def _uncertainty_of(rule: LiveRule, measure: MeasureResult) -> float:
    """Standard error of what the rule limits."""
    return measure.change_uncertainty if rule.relative_to_rest else measure.uncertainty
