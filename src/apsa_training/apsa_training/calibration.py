"""Calibration of logits, and what the abstention costs and brings.

A slope without an offset (temperature scaling; Guo, Pleiss, Sun, Weinberger, 2017), so that no
answer changes. An offset would follow how many repetitions of the people at hand are incorrect,
which says nothing about the next person.
"""

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar

from apsa_perception.model.skeleton import FloatArray

_SHRINK = 1.0
_SUREST = 1e-3
_STEEPEST = 10.0


def fit_calibration(logits: FloatArray, correct: npt.NDArray[np.integer]) -> float:
    """Slope, above 0, so that sigmoid(slope * logit) is P(correct).

    Args:
        logits: ``(N,)`` of repetitions whose people the network never saw.
        correct: ``(N,)`` labels.
    """
    sign = np.where(correct == 1, 1.0, -1.0)

    def loss(slope: float) -> float:
        unlikely = np.logaddexp(0.0, -slope * sign * logits).sum()
        return float(unlikely + _SHRINK * (slope - 1.0) ** 2)

    return float(minimize_scalar(loss, bounds=(0.0, _STEEPEST), method="bounded").x)


def calibrated(logits: FloatArray, slope: float = 1.0) -> FloatArray:
    """P(correct) of logits."""
    probability: FloatArray = 1.0 / (1.0 + np.exp(-slope * logits))
    return probability


def abstention(
    correct: npt.NDArray[np.integer], score: FloatArray, band: float
) -> dict[str, float]:
    """Share judged, and accuracy among the judged, when scores within ``band`` of 0.5 abstain."""
    judged = np.abs(score - 0.5) >= band
    right = (score > 0.5) == (correct == 1)
    return {
        "share_judged": float(judged.mean()),
        "accuracy_judged": float(right[judged].mean()) if judged.any() else float("nan"),
        "accuracy_abstained": float(right[~judged].mean()) if (~judged).any() else float("nan"),
    }


def cross_calibrated(
    score: FloatArray, correct: npt.NDArray[np.integer], fold: npt.NDArray[np.integer]
) -> FloatArray:
    """Calibrate the answers of each fold on the answers of the other folds.

    Args:
        score: ``(N,)`` uncalibrated P(correct) by networks that never saw the person.
        correct: ``(N,)`` labels.
        fold: ``(N,)`` fold of each.
    """
    logit = to_logit(score)
    found = np.empty(len(score))
    for k in np.unique(fold):
        here = fold == k
        found[here] = calibrated(logit[here], fit_calibration(logit[~here], correct[~here]))
    return found


def to_logit(score: FloatArray) -> FloatArray:
    """Log-odds of probabilities."""
    odds: FloatArray = np.log(score) - np.log1p(-score)
    return odds


def mean_opinion(scores: list[FloatArray]) -> FloatArray:
    """P(correct) from the mean log-odds of several models.

    Nobody is surer than 1 in 1000: a forest says 0 and 1 where it only means a few hundred trees.
    """
    odds = [to_logit(score.clip(_SUREST, 1.0 - _SUREST)) for score in scores]
    return calibrated(np.mean(odds, axis=0))
