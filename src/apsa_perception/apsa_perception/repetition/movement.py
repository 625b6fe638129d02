"""A movement away from rest, and whether it is a repetition."""

import math
from dataclasses import dataclass

from apsa_perception.model.codes import ExerciseSide
from apsa_perception.model.time import to_seconds
from apsa_perception.repetition.history import History
from apsa_perception.repetition.primary_motion import PrimaryMotion
from apsa_perception.repetition.segment import Sample, Segment, excursions_of_sides, one_sided
from apsa_perception.repetition.sides import moving_sides, side_of_segment
from apsa_perception.repetition.turning_points import Turn, TurningPoints

HALF = 0.5
MIN_HALVES_RATIO = 1.0 / 3.0
"""Least ratio of the shorter way, out or back, to the longer one."""

# Share of the excursion.
_AT_REST = 0.15
# A limb that comes nearer by less than this share has stopped; filtered values creep on.
_STALLED_NS = 200_000_000
_STALLED_SHARE = 0.01


@dataclass
class Movement:
    """A movement in progress; greater values are farther from rest.

    Attributes:
        motion: what is counted.
        base: value where it began.
        start_ns: stamp of where it began.
        rest_since_ns: first frame of the rest immediately before it.
        rest_seen: whether the person was seen long enough before it to know their rest.
        may_be_half: whether it may have begun before the person came into view.
        in_turn: whether it is that of a limb that had left rest before the other one was back.
        points: where it turned.
        turn: where it turned outward before rest, unless it has gone far from there since.
        turned_back: whether it is more than one repetition that was not finished.
    """

    motion: PrimaryMotion
    base: float
    start_ns: int
    rest_since_ns: int
    rest_seen: bool
    may_be_half: bool
    in_turn: bool
    points: TurningPoints
    turn: Turn | None = None
    turned_back: bool = False

    @property
    def excursion(self) -> float:
        """Way from where it began to the farthest sample."""
        return self.points.peak.value - self.base

    @property
    def is_far(self) -> bool:
        """Whether it went far enough to count."""
        return self.excursion >= self.motion.min_excursion

    @property
    def from_rest(self) -> bool:
        """Whether it began at rest, not half way."""
        return self.base <= self.motion.rest_bound

    @property
    def moving_sides(self) -> frozenset[int]:
        """The sides that may make it."""
        return moving_sides(self.motion.sides, self.points.peak, self.base)

    @property
    def is_back(self) -> bool:
        """Whether it has come back far enough, if it has come to stand."""
        return self._is_near_rest(self.points.low) or self.points.returned >= HALF * self.excursion

    @property
    def is_short(self) -> bool:
        """Whether it is back at rest and does not count because of its duration."""
        return self._is_home(self.points.low) and self._duration_s < self.motion.min_duration_s

    def goes_on(self, sample: Sample) -> bool:
        """Return whether it went outward again as far as it had come back; once for each turn."""
        if self.turn is None or not self.turn.is_left(sample):
            return False
        self.turned_back = self.start_ns < self.turn.at.stamp_ns
        self.turn = None
        return True

    def has_returned(self, sample: Sample, history: History) -> bool:
        """Return whether it is at rest, or near rest without coming nearer.

        Args:
            sample: the last one.
            history: samples since its start.
        """
        if not self._is_near_rest(sample):
            return False
        if self._is_home(sample):
            return True
        near = self.points.low.value + _STALLED_SHARE * self.excursion
        # In a posture that stays, noise may go beyond where it turned after it was nearest.
        turned_ns = min(self.points.high.stamp_ns, self.points.low.stamp_ns)
        since_ns = history.first_within(near, turned_ns).stamp_ns
        return sample.stamp_ns - since_ns >= _STALLED_NS

    def segment(self, history: History, settled: bool, usual_range: float) -> Segment | None:
        """Return it as a repetition that ends at its nearest sample; None if it does not count.

        Args:
            history: samples since its start.
            settled: whether it has come to stand.
            usual_range: of the person's repetitions; 0: there were none.
        """
        motion, peak, end = self.motion, self.points.peak, self.points.low
        shorter, longer = sorted((self.excursion, self.points.returned))
        is_both = motion.sides is ExerciseSide.BOTH
        samples = [sample for sample in history if sample.stamp_ns <= end.stamp_ns]
        ends = max(self._near_rest, end.value) if is_both else math.inf
        sides = excursions_of_sides(peak, samples, ends)
        if (
            not (self.is_back if settled else self._is_near_rest(end))
            or not (self.from_rest or self.may_be_half)
            or longer < motion.min_excursion
            or shorter < MIN_HALVES_RATIO * longer
            or (self.in_turn and longer < HALF * usual_range)
            or self._duration_s < motion.min_duration_s
            or (is_both and one_sided(sides, motion.other_side_share))
        ):
            return None
        return Segment(
            side=side_of_segment(motion.sides, sides),
            start_ns=self.start_ns,
            peak_ns=peak.stamp_ns,
            end_ns=end.stamp_ns,
            rest_value=motion.sign * min(self.base, end.value),
            peak_value=motion.sign * peak.value,
            side_excursions=sides,
            turned_back=self.turned_back,
            rest_since_ns=self.rest_since_ns,
            rest_seen=self.rest_seen and self.from_rest,
        )

    @property
    def _near_rest(self) -> float:
        """Greatest value near where it began."""
        return self.base + self.motion.return_fraction * self.excursion

    @property
    def _duration_s(self) -> float:
        return to_seconds(self.points.low.stamp_ns - self.start_ns)

    def _is_near_rest(self, sample: Sample) -> bool:
        return sample.value <= min(self._near_rest, self.motion.rest_bound)

    def _is_home(self, sample: Sample) -> bool:
        """Whether it began at rest and is back there."""
        return self.from_rest and sample.value <= self.base + _AT_REST * self.excursion
