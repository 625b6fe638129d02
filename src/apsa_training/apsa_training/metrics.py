"""Figures of a binary judgement: 1 correct, 0 incorrect; everything by subject where it matters."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from apsa_perception.model.skeleton import FloatArray

IntArray = npt.NDArray[np.integer]
CALIBRATION_BINS = 10


def auc(truth: IntArray, score: FloatArray) -> float:
    """Area under the ROC curve (ties count half); NaN when one class is absent."""
    positive, negative = int((truth == 1).sum()), int((truth == 0).sum())
    if not positive or not negative:
        return float("nan")
    _, inverse, counts = np.unique(score, return_inverse=True, return_counts=True)
    mean_rank = np.cumsum(counts) - (counts - 1) / 2
    ranks = mean_rank[inverse]
    surplus = ranks[truth == 1].sum() - positive * (positive + 1) / 2
    return float(surplus / (positive * negative))


def f1(truth: IntArray, answer: IntArray, label: int) -> float:
    """F1 of one class; 0 where it is neither there nor answered."""
    hits = ((truth == label) & (answer == label)).sum()
    total = (truth == label).sum() + (answer == label).sum()
    return float(2 * hits / total) if total else 0.0


def calibration_error(truth: IntArray, score: FloatArray) -> float:
    """Expected calibration error of P(correct) over ten bins of equal width."""
    bins = np.minimum((score * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    error = 0.0
    for index in range(CALIBRATION_BINS):
        rows = bins == index
        if rows.any():
            error += rows.mean() * abs(score[rows].mean() - truth[rows].mean())
    return float(error)


def macro_f1(truth: IntArray, score: FloatArray) -> float:
    """Mean of the F1 of both classes at 0.5."""
    answer = (score > 0.5).astype(int)
    return (f1(truth, answer, 0) + f1(truth, answer, 1)) / 2


def accuracy(truth: IntArray, score: FloatArray) -> float:
    """Share of right answers at 0.5."""
    return float(((score > 0.5) == (truth == 1)).mean())


def figures(truth: IntArray, score: FloatArray) -> dict[str, float]:
    """All figures of one set of judgements; ``score`` is P(correct)."""
    answer = (score > 0.5).astype(int)
    recalls = [
        (answer[truth == label] == label).mean() for label in (0, 1) if (truth == label).any()
    ]
    return {
        "sequences": float(len(truth)),
        "incorrect": float((truth == 0).sum()),
        "accuracy": accuracy(truth, score),
        "macro_f1": macro_f1(truth, score),
        "balanced_accuracy": float(np.mean(recalls)),
        "auc": auc(truth, score),
        "f1_incorrect": f1(truth, answer, 0),
        "calibration_error": calibration_error(truth, score),
    }


Figure = Callable[[npt.NDArray[Any], FloatArray], float]


def bootstrap_interval(
    figure: Figure,
    truth: npt.NDArray[Any],
    score: FloatArray,
    subjects: npt.NDArray[np.str_],
    other: FloatArray | None = None,
    draws: int = 1000,
    seed: int = 0,
) -> tuple[float, float]:
    """95 % interval of a figure, drawing whole subjects with replacement.

    With ``other`` it is the interval of the difference figure(score) - figure(other), paired: both
    are taken from the same draw.
    """
    rng = np.random.default_rng(seed)
    people = np.unique(subjects)
    rows_of = [np.flatnonzero(subjects == person) for person in people]
    values = []
    for _ in range(draws):
        rows = np.concatenate([rows_of[i] for i in rng.integers(len(people), size=len(people))])
        value = figure(truth[rows], score[rows])
        if other is not None:
            value -= figure(truth[rows], other[rows])
        values.append(value)
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return float(low), float(high)
