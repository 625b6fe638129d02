"""Figures of clinical scores and named faults, with intervals over subjects."""

import numpy as np
import numpy.typing as npt

from apsa_perception.model.skeleton import FloatArray
from apsa_training.metrics import auc, bootstrap_interval

Names = npt.NDArray[np.str_]


def mean_error(truth: npt.NDArray[np.floating], answer: FloatArray) -> float:
    """Mean absolute error."""
    return float(np.abs(truth - answer).mean())


def score_figures(
    truth: FloatArray, answers: dict[str, FloatArray], exercise: Names, person: Names
) -> dict[str, object]:
    """Mean absolute error of each model, for each exercise and over all.

    Args:
        truth: ``(R,)`` points, NaN where missing.
        answers: ``(R,)`` points by model.
        exercise: ``(R,)`` names.
        person: ``(R,)`` names.
    """
    known = np.isfinite(truth)
    report: dict[str, object] = {}
    for name, answer in answers.items():
        parts = {one: known & (exercise == one) for one in np.unique(exercise).tolist()}
        report[name] = {
            one: {
                "recordings": int(rows.sum()),
                "mean_absolute_error": mean_error(truth[rows], answer[rows]),
                "interval": bootstrap_interval(mean_error, truth[rows], answer[rows], person[rows]),
            }
            for one, rows in (parts | {"all": known}).items()
        }
    return report


def fault_figures(
    truth: FloatArray, chances: dict[str, FloatArray], names: tuple[str, ...], person: Names
) -> dict[str, object]:
    """AUC of each model for each fault.

    Args:
        truth: ``(R, F)`` 1 fault, 0 none, NaN not judged.
        chances: ``(R, F)`` P(fault) by model.
        names: the faults.
        person: ``(R,)`` names.
    """
    report: dict[str, object] = {}
    for model, chance in chances.items():
        found: dict[str, object] = {}
        for column, fault in enumerate(names):
            rows = np.isfinite(truth[:, column])
            label, score = truth[rows, column].astype(int), chance[rows, column]
            found[fault] = {
                "faulty": int(label.sum()),
                "recordings": int(rows.sum()),
                "auc": auc(label, score),
                "interval": bootstrap_interval(auc, label, score, person[rows]),
            }
        report[model] = found
    return report


def table(report: dict[str, object], figure: str) -> str:
    """One model a line, one column an exercise or fault."""
    lines: list[str] = []
    for model, parts in report.items():
        assert isinstance(parts, dict)
        if not lines:
            lines.append(f"{'':32}" + "".join(f"{name[:15]:>17}" for name in parts))
        lines.append(f"{model:32}" + "".join(f"{part[figure]:17.3f}" for part in parts.values()))
    return "\n".join(lines)
