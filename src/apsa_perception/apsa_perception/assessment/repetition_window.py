"""Window of a finished repetition: its frames and series of its primary measure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from apsa_perception.assessment.evidence import Evidence, Frame
from apsa_perception.biomechanics.measures import MEASURES
from apsa_perception.model.codes import Side
from apsa_perception.model.results import MeasureResult
from apsa_perception.model.skeleton import FloatArray
from apsa_perception.model.time import to_seconds
from apsa_perception.repetition.primary_motion import PrimaryMotion
from apsa_perception.repetition.segment import Segment

# A movement turns within a longer time; its farthest value would be missed.
_LARGEST_HIDDEN_PEAK_S = 0.2


@dataclass(frozen=True)
class RepetitionWindow:
    """Input of the measures of a repetition.

    Attributes:
        motion: the primary motion.
        segment: the repetition.
        frames: its frames, at least one.
        evidence: how well it was seen.
        min_share: least share 0..1 of frames in which a joint must be seen.
    """

    motion: PrimaryMotion
    segment: Segment
    frames: Sequence[Frame]
    evidence: Evidence
    min_share: float

    @property
    def sides(self) -> tuple[Side, ...]:
        """Sides that moved."""
        both = self.segment.side is Side.BOTH
        return (Side.LEFT, Side.RIGHT) if both else (self.segment.side,)

    def primary(self, side: Side) -> FloatArray:
        """Seconds since the start and value of the primary measure, ``(T, 2)``."""
        return self._series[side]

    def peak_seen(self, side: Side) -> bool:
        """Whether the primary measure was taken around the turning point, on one side."""
        stamps_s = self.primary(side)[:, 0]
        peak_s = to_seconds(self.segment.peak_ns - self.segment.start_ns)
        before, after = stamps_s[stamps_s <= peak_s], stamps_s[stamps_s >= peak_s]
        if not len(before) or not len(after):
            return False
        around = [*before[-2:], *after[:2]]
        return bool(np.max(np.diff(around)) <= _LARGEST_HIDDEN_PEAK_S)

    def uncertainty(self, side: Side) -> float:
        """Mean standard error of the primary measure; the typical one without frames."""
        errors = [measure.uncertainty for measure in self._primary_results(side)]
        return float(np.mean(errors)) if errors else MEASURES[self.motion.measure].typical_error

    def change_uncertainty(self, side: Side) -> float:
        """Mean standard error of the change of the primary measure since rest."""
        errors = [measure.change_uncertainty for measure in self._primary_results(side)]
        usual = MEASURES[self.motion.measure].typical_change_error
        return float(np.mean(errors)) if errors else usual

    @property
    def mean_uncertainty(self) -> float:
        """Mean of ``uncertainty`` over the sides that moved."""
        return float(np.mean([self.uncertainty(side) for side in self.sides]))

    @property
    def mean_change_uncertainty(self) -> float:
        """Mean of ``change_uncertainty`` over the sides that moved."""
        return float(np.mean([self.change_uncertainty(side) for side in self.sides]))

    @property
    def uncertainty_ratio(self) -> float:
        """Standard error of the primary measure over its typical one from the same source."""
        measure = MEASURES[self.motion.measure]
        measured = self.frames[0].posture.depth_measured
        usual = measure.assumed_error if measured else measure.typical_error
        return self.mean_uncertainty / usual

    @cached_property
    def _series(self) -> list[FloatArray]:
        """``primary`` of every side."""
        return [
            np.array(
                [
                    (to_seconds(stamp_ns - self.segment.start_ns), measure.value)
                    for stamp_ns, measure in taken
                ]
            ).reshape(-1, 2)
            for taken in self._taken
        ]

    @cached_property
    def _taken(self) -> list[list[tuple[int, MeasureResult]]]:
        """Stamps and results of the primary measure by side, where it was judged."""
        taken: list[list[tuple[int, MeasureResult]]] = [[] for _ in Side]
        for frame in self.frames:
            for one in frame.measures:
                if one.judged:
                    taken[one.side].append((frame.stamp_ns, one))
        return taken

    def _primary_results(self, side: Side) -> list[MeasureResult]:
        return [measure for _, measure in self._taken[side]]

    def is_enough(self, count: int) -> bool:
        """Whether this number of frames is sufficient."""
        return count >= max(1, math.ceil(self.min_share * len(self.frames)))
