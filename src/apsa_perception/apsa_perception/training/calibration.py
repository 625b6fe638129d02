"""Calibration of logits, and what the abstention costs and brings."""

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from apsa_perception.skeleton.types import FloatArray

_SHRINK = 1.0
_SUREST = 1e-3


def fit_calibration(logits: FloatArray, correct: npt.NDArray[np.integer]) -> tuple[float, float]:
    """Slope and offset so that sigmoid(slope * logit + offset) is P(correct) (Platt, 1999).

    Args:
        logits: ``(N,)`` of repetitions whose people the network never saw.
        correct: ``(N,)`` labels.
    """
    sign = np.where(correct == 1, 1.0, -1.0)

    def loss(parameters: FloatArray) -> float:
        margin = sign * (parameters[0] * logits + parameters[1])
        shrink = _SHRINK * ((parameters[0] - 1.0) ** 2 + parameters[1] ** 2)
        return float(np.logaddexp(0.0, -margin).sum() + shrink)

    found = minimize(loss, np.array([1.0, 0.0]), method="Nelder-Mead")
    slope, offset = (float(value) for value in found.x)
    return slope, offset


def calibrated(logits: FloatArray, slope: float, offset: float) -> FloatArray:
    """P(correct) of logits."""
    probability: FloatArray = 1.0 / (1.0 + np.exp(-(slope * logits + offset)))
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
        found[here] = calibrated(logit[here], *fit_calibration(logit[~here], correct[~here]))
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
    return calibrated(np.mean(odds, axis=0), slope=1.0, offset=0.0)
