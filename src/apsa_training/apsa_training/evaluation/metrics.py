"""Metrics of a binary classification, 1 correct and 0 incorrect, with intervals by subject."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.metrics import accuracy_score, f1_score, recall_score, roc_auc_score

from apsa_perception.model.skeleton import FloatArray

IntArray = npt.NDArray[np.integer]
Metric = Callable[[npt.NDArray[Any], FloatArray], float]
THRESHOLD = 0.5
_CALIBRATION_BINS = 10
_BOTH = (0, 1)


def accuracy(truth: IntArray, score: FloatArray) -> float:
    """Accuracy at the threshold 0.5."""
    return float(accuracy_score(truth, score > THRESHOLD))


def macro_f1(truth: IntArray, score: FloatArray) -> float:
    """Mean F1 of both classes at the threshold 0.5."""
    options = {"labels": _BOTH, "average": "macro", "zero_division": 0.0}
    return float(f1_score(truth, (score > THRESHOLD).astype(int), **options))


def auc(truth: IntArray, score: FloatArray) -> float:
    """Area under the ROC curve; NaN if a class is absent, without scikit-learn's warning."""
    if len(np.unique(truth)) < len(_BOTH):
        return float("nan")
    return float(roc_auc_score(truth, score))


def calibration_error(truth: IntArray, score: FloatArray) -> float:
    """Expected calibration error over ten bins of equal width; not part of scikit-learn."""
    bins = np.minimum((score * _CALIBRATION_BINS).astype(int), _CALIBRATION_BINS - 1)
    error = 0.0
    for index in range(_CALIBRATION_BINS):
        rows = bins == index
        if rows.any():
            error += rows.mean() * abs(score[rows].mean() - truth[rows].mean())
    return float(error)


def abstention(truth: IntArray, score: FloatArray, band: float) -> dict[str, float]:
    """Share of judged repetitions and their accuracy when scores near 0.5 abstain.

    Args:
        truth: ``(N,)`` labels.
        score: ``(N,)`` P(correct).
        band: scores closer than this to 0.5 abstain.
    """
    judged = np.abs(score - THRESHOLD) >= band
    right = (score > THRESHOLD) == (truth == 1)
    return {
        "share_judged": float(judged.mean()),
        "accuracy_judged": float(right[judged].mean()) if judged.any() else float("nan"),
        "accuracy_abstained": float(right[~judged].mean()) if (~judged).any() else float("nan"),
    }


def all_metrics(truth: IntArray, score: FloatArray) -> dict[str, float]:
    """All metrics of one set of predictions; ``score`` is P(correct)."""
    predicted = (score > THRESHOLD).astype(int)
    recall = {"labels": np.unique(truth), "average": "macro", "zero_division": 0.0}
    return {
        "sequences": float(len(truth)),
        "incorrect": float((truth == 0).sum()),
        "accuracy": accuracy(truth, score),
        "macro_f1": macro_f1(truth, score),
        "balanced_accuracy": float(recall_score(truth, predicted, **recall)),
        "auc": auc(truth, score),
        "f1_incorrect": float(f1_score(truth, predicted, pos_label=0, zero_division=0.0)),
        "calibration_error": calibration_error(truth, score),
    }


MAIN_METRICS: dict[str, Metric] = {"accuracy": accuracy, "macro_f1": macro_f1, "auc": auc}
"""Metrics that are reported with an interval."""


def bootstrap_interval(
    metric: Metric,
    truth: npt.NDArray[Any],
    score: FloatArray,
    subjects: npt.NDArray[np.str_],
    other: FloatArray | None = None,
    draws: int = 1000,
    seed: int = 0,
) -> tuple[float, float]:
    """95 % bootstrap interval of a metric; whole subjects are drawn with replacement.

    With ``other`` it is the interval of the paired difference metric(score) - metric(other).
    """
    rng = np.random.default_rng(seed)
    people = np.unique(subjects)
    rows_of = [np.flatnonzero(subjects == person) for person in people]
    values = []
    for _ in range(draws):
        rows = np.concatenate([rows_of[i] for i in rng.integers(len(people), size=len(people))])
        value = metric(truth[rows], score[rows])
        if other is not None:
            value -= metric(truth[rows], other[rows])
        values.append(value)
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return float(low), float(high)
