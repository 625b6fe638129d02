"""A repetition in the primary measure, and how its sides took part."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from apsa_perception.model.codes import Side

ONE_SIDED = 0.4
"""A side that moves less than this share of the other one usually does not take part."""


@dataclass(frozen=True)
class Segment:
    """A repetition in the primary measure, in its own unit.

    Attributes:
        side: which side moved.
        start_ns: last frame at rest.
        peak_ns: turning point.
        end_ns: first frame back at rest, shortly before the frame that completes it.
        rest_value: value at rest.
        peak_value: value at the turning point.
        side_excursions: excursion of the left and the right side at the turning point; NaN where
            the side was not seen.
        turned_back: whether the movement turned outward again before rest, so that it is more than
            one repetition that was not finished.
        rest_since_ns: first frame of the rest immediately before it, as far as that matters; None:
            there was none.
        rest_seen: whether the person was seen long enough before it to know their rest.
    """

    side: Side
    start_ns: int
    peak_ns: int
    end_ns: int
    rest_value: float
    peak_value: float
    side_excursions: tuple[float, float]
    turned_back: bool = False
    rest_since_ns: int | None = None
    rest_seen: bool = True


class Sample(NamedTuple):
    """One frame; greater values are farther from rest."""

    stamp_ns: int
    value: float
    left: float
    right: float


def excursions_of_sides(
    peak: Sample, samples: Sequence[Sample], near_rest: float
) -> tuple[float, float]:
    """Return the excursion of the left and the right side at the peak of a movement.

    It is taken from the end that is nearer to rest; NaN if the side was not seen at either: the far
    leg of a squat seen from the side may appear at the turning point only.

    Args:
        peak: the farthest sample.
        samples: all samples of the movement.
        near_rest: greatest value of the samples at both ends; infinite: all are.
    """
    ends = [sample for sample in samples if sample.value <= near_rest]
    return (
        _excursion(peak.left, [sample.left for sample in ends]),
        _excursion(peak.right, [sample.right for sample in ends]),
    )


def _excursion(peak: float, values: list[float]) -> float:
    seen = [value for value in values if not math.isnan(value)]
    return peak - min(seen[0], seen[-1]) if seen else math.nan


def one_sided(excursions: tuple[float, float], least_share: float = ONE_SIDED) -> bool:
    """Whether one side moved less than a share of the other; False if a side was not seen."""
    return min(excursions) < least_share * max(excursions)
