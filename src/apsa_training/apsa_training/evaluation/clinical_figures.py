"""Metrics of clinical scores and named faults, with bootstrap intervals over subjects."""

import numpy as np
import numpy.typing as npt
from sklearn.metrics import mean_absolute_error

from apsa_perception.model.skeleton import FloatArray
from apsa_training.evaluation.metrics import auc, bootstrap_interval

Names = npt.NDArray[np.str_]


def mean_error(truth: npt.NDArray[np.floating], predicted: FloatArray) -> float:
    """Mean absolute error."""
    return float(mean_absolute_error(truth, predicted))


def score_figures(
    truth: FloatArray,
    predictions: dict[str, FloatArray],
    exercise: Names,
    subject: Names,
    draws: int,
) -> dict[str, object]:
    """Mean absolute error of each model, per exercise and over all.

    Args:
        truth: ``(R,)`` points, NaN where missing.
        predictions: ``(R,)`` points by model.
        exercise: ``(R,)`` names.
        subject: ``(R,)`` names.
        draws: of the bootstrap.
    """
    known = np.isfinite(truth)
    report: dict[str, object] = {}
    for name, predicted in predictions.items():
        parts = {one: known & (exercise == one) for one in np.unique(exercise).tolist()}
        report[name] = {
            one: {
                "recordings": int(rows.sum()),
                "mean_absolute_error": mean_error(truth[rows], predicted[rows]),
                "interval": bootstrap_interval(
                    mean_error, truth[rows], predicted[rows], subject[rows], draws=draws
                ),
            }
            for one, rows in (parts | {"all": known}).items()
        }
    return report


def fault_figures(
    truth: FloatArray,
    predictions: dict[str, FloatArray],
    names: tuple[str, ...],
    subject: Names,
    draws: int,
) -> dict[str, object]:
    """AUC of each model for each fault.

    Args:
        truth: ``(R, F)`` 1 fault, 0 none, NaN not judged.
        predictions: ``(R, F)`` P(fault) by model.
        names: of the faults.
        subject: ``(R,)`` names.
        draws: of the bootstrap.
    """
    report: dict[str, object] = {}
    for model, predicted in predictions.items():
        found: dict[str, object] = {}
        for column, fault in enumerate(names):
            rows = np.isfinite(truth[:, column])
            label, score = truth[rows, column].astype(int), predicted[rows, column]
            found[fault] = {
                "faulty": int(label.sum()),
                "recordings": int(rows.sum()),
                "auc": auc(label, score),
                "interval": bootstrap_interval(auc, label, score, subject[rows], draws=draws),
            }
        report[model] = found
    return report


def table(report: dict[str, object], figure: str) -> str:
    """One line per model, one column per exercise or fault."""
    lines: list[str] = []
    for model, parts in report.items():
        assert isinstance(parts, dict)
        if not lines:
            lines.append(f"{'':32}" + "".join(f"{name[:15]:>17}" for name in parts))
        lines.append(f"{model:32}" + "".join(f"{part[figure]:17.3f}" for part in parts.values()))
    return "\n".join(lines)
