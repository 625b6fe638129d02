"""Window of a finished repetition: its frames and series of its primary measure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from apsa_perception.assessment.evidence import Evidence, Frame
from apsa_perception.biomechanics.measures import MEASURES
from apsa_perception.model.codes import Side
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
        return np.array(
            [
                (to_seconds(frame.stamp_ns - self.segment.start_ns), measure.value)
                for frame in self.frames
                for measure in frame.measures
                if (measure.name, measure.side) == (self.motion.measure, side) and measure.judged
            ]
        ).reshape(-1, 2)

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
        errors = [
            measure.uncertainty
            for frame in self.frames
            for measure in frame.measures
            if (measure.name, measure.side) == (self.motion.measure, side) and measure.judged
        ]
        return float(np.mean(errors)) if errors else MEASURES[self.motion.measure].typical_error

    @property
    def mean_uncertainty(self) -> float:
        """Mean of ``uncertainty`` over the sides that moved."""
        return float(np.mean([self.uncertainty(side) for side in self.sides]))

    @property
    def uncertainty_ratio(self) -> float:
        """Standard error of the primary measure over its typical one."""
        return self.mean_uncertainty / MEASURES[self.motion.measure].typical_error

    def is_enough(self, count: int) -> bool:
        """Whether this number of frames is sufficient."""
        return count >= max(1, math.ceil(self.min_share * len(self.frames)))
