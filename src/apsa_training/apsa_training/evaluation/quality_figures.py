"""Figures of networks that were not trained on the people they judge."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from apsa_perception.model.codes import Grade
from apsa_perception.model.skeleton import FloatArray
from apsa_training.data.window_set import WindowSet
from apsa_training.evaluation.metrics import THRESHOLD, all_metrics, auc

_LEAST_OF_A_KIND = 5


def quality_figures(
    data: WindowSet,
    score: FloatArray,
    doubted: npt.NDArray[np.bool_],
) -> dict[str, Any]:
    """Figures by data set, domain and cut.

    Args:
        data: windows; subjects begin with the name of the data set.
        score: ``(N,)`` calibrated P(correct).
        doubted: ``(N,)`` whether the score is not given.

    Returns:
        For parts such as ``irds recorded``, ``irds recorded, as coached``, ``irds drawn``: the
        metrics of all scores, and ``told_correct_of_correct``, ``told_correct_of_incorrect`` and
        ``judged`` of what the coach would say; by exercise family the AUC.
    """
    source = np.array([name.partition("-")[0] for name in data.subject.tolist()])
    found = {}
    for name in np.unique(source):
        for camera, coached, title in (
            (False, False, "recorded"),
            (False, True, "recorded, as coached"),
            (True, False, "drawn"),
            (True, True, "drawn, as coached"),
        ):
            rows = (source == name) & (data.from_camera == camera) & (data.as_coached == coached)
            if rows.any():
                found[f"{name} {title}"] = _figures(data, rows, score, doubted)
    return found


def _figures(
    data: WindowSet,
    rows: npt.NDArray[np.bool_],
    score: FloatArray,
    doubted: npt.NDArray[np.bool_],
) -> dict[str, Any]:
    correct = data.correct == 1
    good = ~doubted & np.array([Grade.of_score(each) is Grade.GOOD for each in score.tolist()])
    told = ~doubted & (score > THRESHOLD)
    families: Mapping[str, float] = {
        name: auc(data.correct[own], score[own])
        for index, name in enumerate(data.families)
        if np.bincount(data.correct[own := rows & (data.family == index)], minlength=2).min()
        >= _LEAST_OF_A_KIND
    }
    figures: dict[str, Any] = dict(all_metrics(data.correct[rows], score[rows]))
    figures |= {
        "judged": float((~doubted)[rows].mean()),
        "told_correct_of_correct": _share(told[rows & correct]),
        "told_correct_of_incorrect": _share(told[rows & ~correct]),
        "good_of_correct": _share(good[rows & correct]),
        "good_of_incorrect": _share(good[rows & ~correct]),
        "mean_auc": _share(np.array(list(families.values()))),
        "auc_of_family": families,
    }
    return figures


def _share(values: npt.NDArray[Any]) -> float:
    """Mean of some values; NaN of none."""
    return float(values.mean()) if len(values) else float("nan")


def table(figures: Mapping[str, Mapping[str, float]]) -> str:
    """The main figures as text."""
    columns = {
        "sequences": "n",
        "accuracy": "acc",
        "macro_f1": "mF1",
        "auc": "AUC",
        "mean_auc": "by ex.",
        "told_correct_of_correct": "told cor.",
        "told_correct_of_incorrect": "of inc.",
        "judged": "judged",
        "calibration_error": "ECE",
    }
    lines = [f"{'':30}" + "".join(f"{title:>10}" for title in columns.values())]
    for name, own in figures.items():
        numbers = "".join(
            f"{own[key]:10.0f}" if key == "sequences" else f"{own[key]:10.3f}" for key in columns
        )
        lines.append(f"{name:30}{numbers}")
    return "\n".join(lines)
