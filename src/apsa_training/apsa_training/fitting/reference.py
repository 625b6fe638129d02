"""Reference of an exercise: centre and spread of features over correct repetitions.

Estimated from the correct repetitions of the training subjects only. Every subject has the same
weight, whatever their number of repetitions; median and quartiles are robust to outliers.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from apsa_perception.model.skeleton import FloatArray

_IQR_OF_NORMAL = 1.349
_SPREAD_FLOOR = 0.3


@dataclass(frozen=True)
class Reference:
    """Centre and spread of each feature for each exercise family.

    Attributes:
        centre: ``(E, F)`` weighted median.
        spread: ``(E, F)`` weighted interquartile range as the standard deviation of a normal
            distribution, at least a share of the feature's spread over all exercises.
    """

    centre: FloatArray
    spread: FloatArray


def estimate_reference(
    features: npt.NDArray[np.floating],
    family: npt.NDArray[np.integer],
    subject: npt.NDArray[np.generic],
    families: int,
) -> Reference:
    """Estimate the reference from correct repetitions.

    Args:
        features: ``(N, F)``.
        family: ``(N,)`` family index of each repetition.
        subject: ``(N,)`` subject of each repetition.
        families: number of families E.

    Raises:
        ValueError: a family without a repetition.
    """
    values = np.asarray(features, dtype=np.float64)
    floor = _SPREAD_FLOOR * values.std(axis=0) + 1e-6
    centre = np.empty((families, values.shape[1]))
    spread = np.empty_like(centre)
    for index in range(families):
        rows = family == index
        if not rows.any():
            raise ValueError(f"exercise family {index} has no correct repetition for its reference")
        _, inverse, counts = np.unique(subject[rows], return_inverse=True, return_counts=True)
        low, middle, high = _quantiles(values[rows], 1.0 / counts[inverse], (0.25, 0.5, 0.75))
        centre[index] = middle
        spread[index] = np.maximum((high - low) / _IQR_OF_NORMAL, floor)
    return Reference(centre, spread)


def _quantiles(
    values: FloatArray, weights: FloatArray, shares: tuple[float, ...]
) -> list[FloatArray]:
    order = np.argsort(values, axis=0)
    ordered = np.take_along_axis(values, order, axis=0)
    cumulative = np.cumsum(weights[order], axis=0)
    cumulative /= cumulative[-1]
    found = []
    for share in shares:
        row = np.minimum((cumulative < share).sum(axis=0), len(values) - 1)
        found.append(np.take_along_axis(ordered, row[None], axis=0)[0])
    return found
