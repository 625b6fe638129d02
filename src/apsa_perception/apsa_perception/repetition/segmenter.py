"""Streaming segmentation of one measure into repetitions and phases.

A hysteresis state machine on the excursion of the primary measure from rest. All thresholds are
relative to the person's own range, so that an offset, such as a standing knee measured as 150
degrees, does not matter; the exercise adds the least excursion that counts and a bound for rest.
"""

import math
from collections import deque
from itertools import pairwise
from statistics import median

from apsa_perception.model.codes import ExerciseSide, Phase
from apsa_perception.model.time import to_nanoseconds, to_seconds
from apsa_perception.repetition.gap_filler import GapFiller
from apsa_perception.repetition.history import History
from apsa_perception.repetition.other_side import OtherSide
from apsa_perception.repetition.primary_motion import PrimaryMotion
from apsa_perception.repetition.running_median import RunningMedian
from apsa_perception.repetition.segment import Sample, Segment, excursions_of_sides, one_sided
from apsa_perception.repetition.sides import (
    awaited_sides,
    combined_value,
    comes_into_view,
    moving_sides,
    side_of_segment,
)
from apsa_perception.repetition.turning_points import Turn, TurningPoints

_NAN = float("nan")
# Rest follows falling values quickly and rising ones slowly, so that a slow start is detected.
_REST_RISE_S = 3.0
_REST_FALL_S = 0.1
# Shares of the least excursion, the excursion or the longer half, as used below.
_MIN_LEAVE_SHARE = 0.4
# A person who moves sooner after coming into view may have been moving before.
_LEAST_SEEN_NS = 200_000_000
# Only a person who moves within this time may have come into view half way.
_HALF_SEEN_NS = 2_000_000_000
_REVERSAL = 0.2
_HALF = 0.5
_JUMP = 0.25
_AT_REST = 0.15
_MIN_HALVES_RATIO = 1.0 / 3.0
_MIN_SWING = 0.5
# A limb that comes nearer by less than this share has stopped; filtered values creep on.
_STALLED_NS = 200_000_000
_STALLED_SHARE = 0.01
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
        self._sign = motion.sign
        self._rest_bound = motion.sign * motion.rest_limit
        self._max_gap_ns = to_nanoseconds(max_gap_s)
        self._max_duration_ns = to_nanoseconds(motion.max_duration_s)
        self._filters = (RunningMedian(), RunningMedian())
        self._gaps = GapFiller()
        self._ranges: deque[float] = deque(maxlen=_REMEMBERED_RANGES)
        self._usual_range = 0.0
        self._history = History()
        self._other_side = OtherSide()
        self._found: deque[Segment] = deque()
        self._not_returned = False
        self.reset()

    @property
    def phase(self) -> Phase:
        """Phase at the last frame."""
        return self._phase

    @property
    def progress(self) -> float:
        """Progress from rest to the expected turning point; 0 at rest, may exceed 1."""
        last = self._history.last
        if self._phase in (Phase.UNKNOWN, Phase.REST) or last is None:
            return 0.0
        return max(0.0, (last.value - self._base) / self._expected_range())

    @property
    def not_returned(self) -> bool:
        """Whether the last frame showed that a movement is not counted: it did not reach rest."""
        return self._not_returned

    def reset(self) -> None:
        """Forget the movement and the person's range: another body, another session."""
        self._ranges.clear()
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
        self._rest = self._base = _NAN
        self._start_ns = self._rest_since_ns = self._seen_since_ns = 0
        self._rest_seen = True
        self._may_be_half = self._turned_back = self._in_turn = False
        self._points: TurningPoints | None = None
        self._turn: Turn | None = None

    def update(self, stamp_ns: int, left: float, right: float) -> Segment | None:
        """Process a frame and return the repetition that it completes, if any.

        Args:
            stamp_ns: stamp of the frame, increasing.
            left: the measure's value on the left, NaN where it is not judged.
            right: the same on the right.
        """
        left = self._filters[0].update(stamp_ns, self._sign * left)
        right = self._filters[1].update(stamp_ns, self._sign * right)
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
        searching = self._motion.sides is ExerciseSide.EITHER and self._points is None
        if searching and previous and comes_into_view(sample, previous, self._leave_distance()):
            self._drop()  # the way from rest was not seen
            previous = None
        if previous is None:
            self._seen_since_ns = stamp_ns
        return self._follow(sample, previous) or ended

    def _follow(self, sample: Sample, previous: Sample | None) -> Segment | None:
        self._history.add(sample)
        if self._points is not None:
            return self._follow_movement(sample, self._points)
        self._follow_rest(sample, previous)
        return None

    def _ended_out_of_sight(self) -> Segment | None:
        """The movement before a gap, if it had come back as far as rest may be."""
        points = self._points
        if points is None or self._phase is not Phase.RETURN:
            return None
        return self._counted(points, points.low.value <= self._rest_bound)

    def _awaited(self, values: tuple[float, float]) -> frozenset[int]:
        """Sides without a value that the frame has to wait for."""
        return awaited_sides(self._motion.sides, self._moving_sides(), values)

    def _moving_sides(self) -> frozenset[int]:
        peak = self._points.peak if self._points else None
        return moving_sides(self._motion.sides, peak, self._base)

    @property
    def _from_rest(self) -> bool:
        """Whether the movement began at rest, not half way."""
        return self._base <= self._rest_bound

    def _expected_range(self) -> float:
        if self._ranges:
            return self._usual_range
        ahead = self._sign * self._motion.target - (0.0 if math.isnan(self._base) else self._base)
        return max(ahead, self._motion.min_excursion)

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
        self._phase = Phase.REST if value <= self._rest_bound else Phase.UNKNOWN
        self._history.forget_before(sample.stamp_ns - self._max_duration_ns)
        leave = self._leave_distance()
        if value - self._rest > leave:
            start = self._history.last_within(self._rest + 0.4 * leave)
            self._rest_since_ns = self._history.rest_before(start, start.value + 0.4 * leave)
            seen_ns = start.stamp_ns - self._seen_since_ns
            self._rest_seen = seen_ns >= _LEAST_SEEN_NS
            self._may_be_half = seen_ns < _HALF_SEEN_NS
            self._begin(start, min(start.value, self._rest), sample)

    def _begin(self, start: Sample, base: float, sample: Sample) -> None:
        self._base = base
        self._turned_back = False
        self._start_ns = start.stamp_ns
        self._history.forget_before(start.stamp_ns)
        self._points = TurningPoints(sample, sample, sample)
        self._phase = Phase.OUTWARD

    def _follow_movement(self, sample: Sample, points: TurningPoints) -> Segment | None:
        if sample.stamp_ns - self._start_ns > self._max_duration_ns:
            from_rest = self._from_rest and not self._turned_back
            far = points.peak.value - self._base >= self._motion.min_excursion
            self._drop()
            self._not_returned = from_rest and far
            return None
        points.add(sample)
        excursion = points.peak.value - self._base
        turned = max(_REVERSAL * excursion, 0.5 * self._leave_distance())
        stands = self._history.is_settled(sample.stamp_ns, 0.5 * self._leave_distance())
        settled = stands and sample.value <= self._rest_bound
        if self._phase is not Phase.RETURN:
            self._phase = self._outward_phase(sample)
            self._note_unfinished(sample)
            stays = settled and points.high is not points.peak
            if points.high.value - sample.value > turned or stays:
                self._phase, points.low = Phase.RETURN, sample
                self._follow_returning_side(points, excursion)
            elif settled and excursion < self._motion.min_excursion:
                self._return_to_rest(sample)
            return None
        turns = sample.value - points.low.value > turned
        at_rest = self._at_rest(sample, points, excursion)
        segment = self._counted(points, settled) if turns or settled or at_rest else None
        if turns:
            self._turn_outward(sample, points, segment is not None)
        elif segment is not None or settled:
            stopped = not (segment or self._is_back(points, excursion))
            self._not_returned |= stopped and excursion >= self._motion.min_excursion
            self._return_to_rest(sample)
        return segment

    def _follow_returning_side(self, points: TurningPoints, excursion: float) -> None:
        is_one = self._motion.sides is ExerciseSide.EITHER and len(self._moving_sides()) == 1
        if is_one and excursion >= self._motion.min_excursion:
            since_ns = points.peak.stamp_ns
            samples = [sample for sample in self._history if sample.stamp_ns >= since_ns]
            self._other_side.begin(samples, _JUMP * excursion)

    def _turn_outward(self, sample: Sample, points: TurningPoints, counted: bool) -> None:
        low, excursion = points.low, points.peak.value - self._base
        self._other_side.clear()
        # A hesitation early on the way out is small beside the range that is expected.
        third = _MIN_HALVES_RATIO * max(excursion, self._expected_range())
        least = max(min(_HALF * excursion, third), _MIN_SWING * self._motion.min_excursion)
        unfinished = not (counted or self._is_short(low, excursion))
        lost = unfinished and points.high.value - low.value >= least
        self._turn = Turn(low, least, self._moving_sides()) if lost else None
        self._phase, points.high = Phase.OUTWARD, sample
        if low.value <= self._rest_bound and points.returned >= _HALF * excursion:
            self._rest_since_ns, self._rest_seen = low.stamp_ns, True
            self._may_be_half = False
            self._begin(low, low.value, sample)

    def _note_unfinished(self, sample: Sample) -> None:
        """Mark a movement that went outward again as far as it had come back."""
        if self._turn is not None and self._turn.is_left(sample):
            self._turned_back = self._start_ns < self._turn.at.stamp_ns
            self._not_returned = True
            self._turn = None

    def _at_rest(self, sample: Sample, points: TurningPoints, excursion: float) -> bool:
        """Whether the return has ended: at rest, or near rest without coming nearer."""
        if not self._near_rest(sample, excursion):
            return False
        if self._is_home(sample, excursion):
            return True
        near = points.low.value + _STALLED_SHARE * excursion
        # In a posture that stays, noise may go beyond where it turned after it was nearest.
        turned_ns = min(points.high.stamp_ns, points.low.stamp_ns)
        since_ns = self._history.first_within(near, turned_ns).stamp_ns
        return sample.stamp_ns - since_ns >= _STALLED_NS

    def _near(self, excursion: float) -> float:
        """Greatest value near where the movement began."""
        return self._base + self._motion.return_fraction * excursion

    def _near_rest(self, sample: Sample, excursion: float) -> bool:
        return sample.value <= min(self._near(excursion), self._rest_bound)

    def _is_home(self, sample: Sample, excursion: float) -> bool:
        """Whether a movement that began at rest is back there."""
        return self._from_rest and sample.value <= self._base + _AT_REST * excursion

    def _is_short(self, low: Sample, excursion: float) -> bool:
        """Whether a movement is back at rest and does not count because of its duration."""
        duration_s = to_seconds(low.stamp_ns - self._start_ns)
        return self._is_home(low, excursion) and duration_s < self._motion.min_duration_s

    def _is_back(self, points: TurningPoints, excursion: float) -> bool:
        """Whether a movement that came to stand has come back far enough."""
        return self._near_rest(points.low, excursion) or points.returned >= _HALF * excursion

    def _outward_phase(self, sample: Sample) -> Phase:
        near = sample.value - self._base >= self._motion.peak_fraction * self._expected_range()
        return Phase.PEAK if near else Phase.OUTWARD

    def _counted(self, points: TurningPoints, settled: bool) -> Segment | None:
        """The movement that ends here, whose range is remembered; None if it does not count."""
        excursion = points.peak.value - self._base
        segment = self._segment(points, excursion, settled)
        if segment is not None:
            self._ranges.append(max(excursion, points.returned))
            self._usual_range = median(self._ranges)
        return segment

    def _segment(self, points: TurningPoints, excursion: float, settled: bool) -> Segment | None:
        """The movement that ends here; None if it does not count as a repetition."""
        peak, end = points.peak, points.low
        shorter, longer = sorted((excursion, points.returned))
        samples = [sample for sample in self._history if sample.stamp_ns <= end.stamp_ns]
        is_both = self._motion.sides is ExerciseSide.BOTH
        ends = max(self._near(excursion), end.value) if is_both else math.inf
        sides = excursions_of_sides(peak, samples, ends)
        back = self._is_back(points, excursion) if settled else self._near_rest(end, excursion)
        if (
            not back
            or not (self._from_rest or self._may_be_half)
            or longer < self._motion.min_excursion
            or shorter < _MIN_HALVES_RATIO * longer
            or (self._in_turn and longer < _HALF * self._usual_range)
            or to_seconds(end.stamp_ns - self._start_ns) < self._motion.min_duration_s
            or (is_both and one_sided(sides, self._motion.other_side_share))
        ):
            return None
        return Segment(
            side=side_of_segment(self._motion.sides, sides),
            start_ns=self._start_ns,
            peak_ns=peak.stamp_ns,
            end_ns=end.stamp_ns,
            rest_value=self._sign * min(self._base, end.value),
            peak_value=self._sign * peak.value,
            side_excursions=sides,
            turned_back=self._turned_back,
            rest_since_ns=self._rest_since_ns,
            rest_seen=self._rest_seen and self._from_rest,
        )

    def _return_to_rest(self, sample: Sample) -> None:
        other = self._other_side.movement(self._base, self._leave_distance())
        first, *movement = other or [sample]
        self._other_side.clear()
        self._in_turn = bool(other)  # a limb that only moves along goes less far
        self._points = self._turn = None
        self._rest = first.value
        self._history.clear()
        self._history.add(first)
        self._phase = Phase.REST if first.value <= self._rest_bound else Phase.UNKNOWN
        for previous, each in pairwise([first, *movement]):
            if segment := self._follow(each, previous):
                self._found.append(segment)
