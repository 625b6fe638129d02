"""Streaming segmentation of one measure into repetitions and phases.

A hysteresis state machine on the excursion of the primary measure from rest. All thresholds are
relative to the person's own range, so that an offset, such as a standing knee measured as 150
degrees, does not matter; the exercise adds the least excursion that counts and a bound for rest.
"""

import math
from collections import deque
from dataclasses import replace
from itertools import pairwise
from statistics import median

from apsa_perception.model.codes import ExerciseSide, Phase
from apsa_perception.model.time import to_nanoseconds, to_seconds
from apsa_perception.repetition.gap_filler import GapFiller
from apsa_perception.repetition.history import History
from apsa_perception.repetition.movement import HALF, MIN_HALVES_RATIO, Movement
from apsa_perception.repetition.other_side import OtherSide
from apsa_perception.repetition.primary_motion import PrimaryMotion
from apsa_perception.repetition.running_median import RunningMedian
from apsa_perception.repetition.segment import Sample, Segment
from apsa_perception.repetition.sides import (
    awaited_sides,
    combined_value,
    comes_into_view,
    moving_sides,
)
from apsa_perception.repetition.turning_points import Turn, TurningPoints

_NAN = float("nan")
# Rest follows falling values quickly and rising ones slowly, so that a slow start is detected.
_REST_RISE_S = 3.0
_REST_FALL_S = 0.1
# A person who moves sooner after coming into view may have been moving before.
_LEAST_SEEN_NS = 200_000_000
# Only a person who moves within this time may have come into view half way.
_HALF_SEEN_NS = 2_000_000_000
# Shares of the least excursion or of the excursion, as used below.
_MIN_LEAVE_SHARE = 0.4
_MIN_SWING = 0.5
_REVERSAL = 0.2
_JUMP = 0.25
_REMEMBERED_RANGES = 5


class Segmenter:
    """Finds repetitions, one frame at a time.

    A repetition leaves rest, turns, and returns to rest. A half that was seen only in part, because
    the stream began in the middle, must be at least a third of the other half. In a movement of
    both sides each side must move. Turning back before rest, as in pulses, continues the same
    repetition; it is marked if the ways to where it turned and outward again were at least a third
    of the range. After a gap, or if a movement exceeds the longest duration of the exercise, the
    search for rest restarts; a movement that was near rest before the gap counts, because an arm on
    the far side is seen only while it is raised. A side that is not seen for up to half a second is
    interpolated, so that a resting side never takes the place of the moving one. Where either side
    makes a repetition, the one that comes back is followed until it has, although the other one may
    be on its way out by then.

    Args:
        motion: the movement to count.
        max_gap_s: seconds without a value after which the movement is dropped.
    """

    def __init__(self, motion: PrimaryMotion, max_gap_s: float) -> None:
        self._motion = motion
        self._max_gap_ns = to_nanoseconds(max_gap_s)
        self._max_duration_ns = to_nanoseconds(motion.max_duration_s)
        self._filters = (RunningMedian(), RunningMedian())
        self._gaps = GapFiller()
        self._ranges: deque[float] = deque(maxlen=_REMEMBERED_RANGES)
        self._usual_range = 0.0
        self._history = History()
        self._other_side = OtherSide()
        self._found: deque[Segment] = deque()
        self._movement: Movement | None = None
        self._not_returned = False
        self.reset()

    @property
    def phase(self) -> Phase:
        """Phase at the last frame."""
        return self._phase

    @property
    def progress(self) -> float:
        """Progress from rest to the expected turning point; 0 at rest, may exceed 1."""
        movement, last = self._movement, self._history.last
        if movement is None or last is None:
            return 0.0
        return max(0.0, (last.value - movement.base) / self._expected_range(movement.base))

    @property
    def not_returned(self) -> bool:
        """Whether the last frame showed that a movement is not counted: it did not reach rest."""
        return self._not_returned

    def reset(self) -> None:
        """Forget the movement and the person's range: another body, another session."""
        self._ranges.clear()
        self._usual_range = 0.0
        self.interrupt()

    def interrupt(self) -> None:
        """Drop the movement in progress and search for rest; the range stays known."""
        for value_filter in self._filters:
            value_filter.reset()
        self._gaps.reset()
        self._found.clear()
        self._not_returned = False
        self._drop()

    def _drop(self) -> None:
        """Drop the movement in progress; keep the frames that wait."""
        self._history.clear()
        self._other_side.clear()
        self._phase = Phase.UNKNOWN
        self._rest = _NAN
        self._seen_since_ns = 0
        self._in_turn = False
        self._movement = None

    def update(self, stamp_ns: int, left: float, right: float) -> Segment | None:
        """Process a frame and return the repetition that it completes, if any.

        Args:
            stamp_ns: stamp of the frame, increasing.
            left: the measure's value on the left, NaN where it is not judged.
            right: the same on the right.
        """
        left = self._filters[0].update(stamp_ns, self._motion.sign * left)
        right = self._filters[1].update(stamp_ns, self._motion.sign * right)
        self._gaps.add(stamp_ns, left, right)
        self._not_returned = False
        while (frame := self._gaps.release(self._awaited)) is not None:
            if segment := self._process(*frame):
                self._found.append(segment)
        return self._found.popleft() if self._found else None

    def _process(self, stamp_ns: int, values: tuple[float, float]) -> Segment | None:
        previous = self._history.last
        ended = None
        if previous is not None and stamp_ns - previous.stamp_ns > self._max_gap_ns:
            ended = self._ended_out_of_sight()
            self._drop()
            previous = None
        value = self._other_side.followed(stamp_ns, values)
        if value is None:
            value = combined_value(self._motion.sides, self._moving_sides(), values)
        if math.isnan(value):
            return ended
        sample = Sample(stamp_ns, value, *values)
        searching = self._motion.sides is ExerciseSide.EITHER and self._movement is None
        if searching and previous and comes_into_view(sample, previous, self._leave_distance()):
            self._drop()  # the way from rest was not seen
            previous = None
        if previous is None:
            self._seen_since_ns = stamp_ns
        return self._follow(sample, previous) or ended

    def _follow(self, sample: Sample, previous: Sample | None) -> Segment | None:
        self._history.add(sample)
        if self._movement is not None:
            return self._follow_movement(sample, self._movement)
        self._follow_rest(sample, previous)
        return None

    def _ended_out_of_sight(self) -> Segment | None:
        """The movement before a gap, if it had come back as far as rest may be."""
        movement = self._movement
        if movement is None or self._phase is not Phase.RETURN:
            return None
        return self._counted(movement, movement.points.low.value <= self._motion.rest_bound)

    def _awaited(self, values: tuple[float, float]) -> frozenset[int]:
        """Sides without a value that the frame has to wait for."""
        return awaited_sides(self._motion.sides, self._moving_sides(), values)

    def _moving_sides(self) -> frozenset[int]:
        if self._movement is not None:
            return self._movement.moving_sides
        return moving_sides(self._motion.sides, None, _NAN)

    def _expected_range(self, base: float) -> float:
        if self._ranges:
            return self._usual_range
        return max(self._motion.sign * self._motion.target - base, self._motion.min_excursion)

    def _leave_distance(self) -> float:
        """Distance from rest at which a movement begins."""
        least = _MIN_LEAVE_SHARE * self._motion.min_excursion
        if not self._ranges:
            return least
        return max(least, self._motion.leave_fraction * self._usual_range)

    def _follow_rest(self, sample: Sample, previous: Sample | None) -> None:
        value = sample.value
        if math.isnan(self._rest) or previous is None:
            self._rest = value
        else:
            time_s = _REST_RISE_S if value > self._rest else _REST_FALL_S
            elapsed_s = to_seconds(sample.stamp_ns - previous.stamp_ns)
            self._rest += (value - self._rest) * (1.0 - math.exp(-elapsed_s / time_s))
        self._phase = self._phase_of_rest(value)
        self._history.forget_before(sample.stamp_ns - self._max_duration_ns)
        leave = self._leave_distance()
        if value - self._rest > leave:
            self._leave_rest(sample, self._history.last_within(self._rest + 0.4 * leave), leave)

    def _phase_of_rest(self, value: float) -> Phase:
        return Phase.REST if value <= self._motion.rest_bound else Phase.UNKNOWN

    def _leave_rest(self, sample: Sample, start: Sample, leave: float) -> None:
        seen_ns = start.stamp_ns - self._seen_since_ns
        movement = Movement(
            motion=self._motion,
            base=min(start.value, self._rest),
            start_ns=start.stamp_ns,
            rest_since_ns=self._history.rest_before(start, start.value + 0.4 * leave),
            rest_seen=seen_ns >= _LEAST_SEEN_NS,
            may_be_half=seen_ns < _HALF_SEEN_NS,
            in_turn=self._in_turn,
            points=TurningPoints(sample, sample, sample),
        )
        self._begin(movement)

    def _begin(self, movement: Movement) -> None:
        self._movement = movement
        self._history.forget_before(movement.start_ns)
        self._phase = Phase.OUTWARD

    def _follow_movement(self, sample: Sample, movement: Movement) -> Segment | None:
        if sample.stamp_ns - movement.start_ns > self._max_duration_ns:
            self._drop()
            self._not_returned = movement.is_far and movement.from_rest and not movement.turned_back
            return None
        points = movement.points
        points.add(sample)
        turned = max(_REVERSAL * movement.excursion, 0.5 * self._leave_distance())
        stands = self._history.is_settled(sample.stamp_ns, 0.5 * self._leave_distance())
        settled = stands and sample.value <= self._motion.rest_bound
        if self._phase is not Phase.RETURN:
            self._phase = self._outward_phase(sample, movement)
            self._not_returned |= movement.goes_on(sample)
            stays = settled and points.high is not points.peak
            if points.high.value - sample.value > turned or stays:
                self._phase, points.low = Phase.RETURN, sample
                self._follow_returning_side(movement)
            elif settled and not movement.is_far:
                self._return_to_rest(sample, movement)
            return None
        turns = sample.value - points.low.value > turned
        ends = turns or settled or movement.has_returned(sample, self._history)
        segment = self._counted(movement, settled) if ends else None
        if turns:
            self._turn_outward(sample, movement, segment is not None)
        elif segment is not None or settled:
            self._not_returned |= segment is None and not movement.is_back and movement.is_far
            self._return_to_rest(sample, movement)
        return segment

    def _outward_phase(self, sample: Sample, movement: Movement) -> Phase:
        far = self._motion.peak_fraction * self._expected_range(movement.base)
        return Phase.PEAK if sample.value - movement.base >= far else Phase.OUTWARD

    def _follow_returning_side(self, movement: Movement) -> None:
        is_one = self._motion.sides is ExerciseSide.EITHER and len(movement.moving_sides) == 1
        if is_one and movement.is_far:
            since_ns = movement.points.peak.stamp_ns
            samples = [sample for sample in self._history if sample.stamp_ns >= since_ns]
            self._other_side.begin(samples, _JUMP * movement.excursion)

    def _turn_outward(self, sample: Sample, movement: Movement, counted: bool) -> None:
        low, excursion = movement.points.low, movement.excursion
        self._other_side.clear()
        # A hesitation early on the way out is small beside the range that is expected.
        third = MIN_HALVES_RATIO * max(excursion, self._expected_range(movement.base))
        least = max(min(HALF * excursion, third), _MIN_SWING * self._motion.min_excursion)
        unfinished = not (counted or movement.is_short)
        lost = unfinished and movement.points.high.value - low.value >= least
        movement.turn = Turn(low, least, movement.moving_sides) if lost else None
        self._phase, movement.points.high = Phase.OUTWARD, sample
        if low.value <= self._motion.rest_bound and movement.points.returned >= HALF * excursion:
            again = replace(
                movement,
                base=low.value,
                start_ns=low.stamp_ns,
                rest_since_ns=low.stamp_ns,
                rest_seen=True,
                may_be_half=False,
                points=TurningPoints(sample, sample, sample),
                turned_back=False,
            )
            self._begin(again)

    def _counted(self, movement: Movement, settled: bool) -> Segment | None:
        """The movement that ends here, whose range is remembered; None if it does not count."""
        segment = movement.segment(self._history, settled, self._usual_range)
        if segment is not None:
            self._ranges.append(max(movement.excursion, movement.points.returned))
            self._usual_range = median(self._ranges)
        return segment

    def _return_to_rest(self, sample: Sample, movement: Movement) -> None:
        other = self._other_side.movement(movement.base, self._leave_distance())
        first, *rest = other or [sample]
        self._other_side.clear()
        self._in_turn = bool(other)  # a limb that only moves along goes less far
        self._movement = None
        self._rest = first.value
        self._history.clear()
        self._history.add(first)
        self._phase = self._phase_of_rest(first.value)
        for previous, each in pairwise([first, *rest]):
            if segment := self._follow(each, previous):
                self._found.append(segment)
