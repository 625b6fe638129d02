"""Calibration of logits and averaging of probabilities.

Temperature scaling (Guo, Pleiss, Sun, Weinberger, 2017): a slope without an offset, so that no
prediction crosses 0.5. An offset would fit the share of incorrect repetitions of the training
subjects, which does not transfer to other subjects.
"""

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar

from apsa_perception.model.skeleton import FloatArray

_SHRINK = 1.0
_MIN_PROBABILITY = 1e-3
_MAX_SLOPE = 10.0


def fit_calibration(logits: FloatArray, correct: npt.NDArray[np.integer]) -> float:
    """Fit a positive slope so that sigmoid(slope * logit) is P(correct).

    Args:
        logits: ``(N,)`` out-of-fold predictions.
        correct: ``(N,)`` labels.
    """
    sign = np.where(correct == 1, 1.0, -1.0)

    def loss(slope: float) -> float:
        negative_log_likelihood = np.logaddexp(0.0, -slope * sign * logits).sum()
        return float(negative_log_likelihood + _SHRINK * (slope - 1.0) ** 2)

    return float(minimize_scalar(loss, bounds=(0.0, _MAX_SLOPE), method="bounded").x)


def calibrated(logits: FloatArray, slope: float = 1.0) -> FloatArray:
    """P(correct) of logits."""
    probability: FloatArray = 1.0 / (1.0 + np.exp(-slope * logits))
    return probability


def cross_calibrated(
    score: FloatArray, correct: npt.NDArray[np.integer], fold: npt.NDArray[np.integer]
) -> FloatArray:
    """Calibrate the predictions of each fold on those of the other folds.

    Args:
        score: ``(N,)`` out-of-fold P(correct), not calibrated.
        correct: ``(N,)`` labels.
        fold: ``(N,)`` fold of each repetition.
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


def mean_log_odds(scores: list[FloatArray]) -> FloatArray:
    """P(correct) of an ensemble: the mean log-odds of its members.

    Probabilities are clipped to 0.001 to 0.999, because a forest of a few hundred trees also
    predicts exactly 0 and 1.
    """
    odds = [to_logit(score.clip(_MIN_PROBABILITY, 1.0 - _MIN_PROBABILITY)) for score in scores]
    return calibrated(np.mean(odds, axis=0))
