"""A finished repetition as its frames show it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from apsa_perception.assessment.evidence import Evidence, Frame
from apsa_perception.biomechanics.measures import MEASURES
from apsa_perception.model.codes import Side
from apsa_perception.model.skeleton import FloatArray
from apsa_perception.repetition.primary_motion import PrimaryMotion
from apsa_perception.repetition.segmenter import Segment


@dataclass(frozen=True)
class Course:
    """What a repetition as a whole is measured by.

    Attributes:
        motion: the movement that is counted.
        segment: the repetition.
        frames: its frames, at least one.
        evidence: how well it was seen.
        min_share: least share of frames in which something must be seen.
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
        """Stamp in seconds from the start and value ``(T, 2)`` of the primary measure."""
        return np.array(
            [
                ((frame.stamp_ns - self.segment.start_ns) * 1e-9, measure.value)
                for frame in self.frames
                for measure in frame.measures
                if (measure.name, measure.side) == (self.motion.measure, side) and measure.judged
            ]
        ).reshape(-1, 2)

    def uncertainty(self, side: Side) -> float:
        """Mean standard error of the primary measure over the frames; the typical if none."""
        errors = [
            measure.uncertainty
            for frame in self.frames
            for measure in frame.measures
            if (measure.name, measure.side) == (self.motion.measure, side) and measure.judged
        ]
        return float(np.mean(errors)) if errors else MEASURES[self.motion.measure].typical_error

    @property
    def mean_uncertainty(self) -> float:
        """The same over the sides that moved."""
        return float(np.mean([self.uncertainty(side) for side in self.sides]))

    @property
    def doubt(self) -> float:
        """By how much the error of the primary measure exceeded its typical one."""
        return self.mean_uncertainty / MEASURES[self.motion.measure].typical_error

    def is_enough(self, count: int) -> bool:
        """Whether so many frames are enough to judge by."""
        return count >= max(1, math.ceil(self.min_share * len(self.frames)))
