"""Ablations: parts removed from the quality network, and heads trained alone or together.

Short training on few folds: figures are comparable only within one table.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from tqdm import tqdm

from apsa_perception.model.skeleton import FloatArray
from apsa_training.config.configurations import (
    AblationConfig,
    CrossValidationConfig,
    HeadsConfig,
    network_for,
)
from apsa_training.data.cache import cache_folder, cached
from apsa_training.data.folds import folds_of
from apsa_training.data.window_set import Rows, WindowSet
from apsa_training.evaluation.clinical_figures import mean_error
from apsa_training.evaluation.clinical_scores import Clinic, network_predictions
from apsa_training.evaluation.cross_predictions import (
    NETWORK,
    cross_predictions,
    networks,
    predictions_folder,
)
from apsa_training.evaluation.metrics import (
    MAIN_METRICS,
    all_metrics,
    auc,
    bootstrap_interval,
    macro_f1,
)
from apsa_training.models.heads import HeadConfig
from apsa_training.models.multi_task import (
    fit_heads,
    predict_heads,
    unknown_targets,
    with_neutral_copies,
)
from apsa_training.models.recording_heads import FAULTS

Report = dict[str, object]
REPETITION_HEADS = (("quality",), ("exercise",), ("quality", "exercise"))
RECORDING_HEADS = (("scores",), ("errors",), ("exercise",), ("scores", "errors", "exercise"))
TOGETHER = "all heads together"
_SHOWN = (
    "accuracy",
    "macro_f1",
    "auc",
    "exercise_accuracy",
    "mean_absolute_error",
    "mean_auc_of_faults",
)


@dataclass(frozen=True)
class Repetitions:
    """Windows of single repetitions and how heads are trained on them.

    Attributes:
        data: windows.
        heads: network and training.
        fold: ``(N,)`` fold of each window.
        test_folds: folds that are predicted.
    """

    data: WindowSet
    heads: HeadsConfig
    fold: Rows
    test_folds: tuple[int, ...]


def attention_parts(
    data: WindowSet, config: CrossValidationConfig, ablations: AblationConfig, work: Path
) -> Report:
    """The quality network, and the network without each of its parts."""
    fold = folds_of(data.subject, config.folds)
    short = replace(config, training=replace(config.training, **ablations.attention_training))
    models = networks(data, short, ablations.variants)
    folder = predictions_folder(work, data)
    scores = cross_predictions(models, data, fold, folder, ablations.irds_folds)
    rows = np.isin(fold, ablations.irds_folds)
    truth, subjects = data.correct[rows], data.subject[rows]
    whole = scores[NETWORK][rows]
    draws = ablations.bootstrap_draws
    return {
        name: all_metrics(truth, score[rows])
        | {
            "less_macro_f1_than_whole": macro_f1(truth, whole) - macro_f1(truth, score[rows]),
            "interval": bootstrap_interval(macro_f1, truth, whole, subjects, score[rows], draws),
        }
        for name, score in scores.items()
    }


def heads_of_repetitions(own: Repetitions, work: Path) -> Report:
    """Quality and exercise heads, alone and together, on single repetitions."""
    data = own.data
    folder = cache_folder(work, data, __name__, asdict(own.heads))
    rows = np.flatnonzero(np.isin(own.fold, own.test_folds))
    names = np.array(data.exercises if data.source == "irds" else data.families)
    which = data.exercise if data.source == "irds" else names[data.family]
    index = np.array([int(np.flatnonzero(names == one)[0]) for one in which])

    def predict(heads: tuple[str, ...], learn: Rows, test: Rows) -> FloatArray:
        return _repetition_heads(data, own.heads, index, learn, test, heads)

    report: Report = {}
    for heads in REPETITION_HEADS:
        predicted = _predicted(own.fold, own.test_folds, heads, 2, predict, folder)
        values: Report = {}
        if "quality" in heads:
            for key, metric in MAIN_METRICS.items():
                values[key] = metric(data.correct[rows], predicted[rows, 0])
        if "exercise" in heads:
            right = predicted[rows, 1] == index[rows]
            values["exercise_accuracy"] = float(right.mean())
        report[_title(heads, REPETITION_HEADS)] = values
    return report


def _predicted(
    fold: Rows,
    test_folds: tuple[int, ...],
    heads: tuple[str, ...],
    columns: int,
    predict: Callable[[tuple[str, ...], Rows, Rows], FloatArray],
    folder: Path,
) -> FloatArray:
    """``(N, columns)`` out-of-fold predictions, NaN in folds that are not predicted."""
    found = np.full((len(fold), columns), np.nan)
    for k in tqdm(test_folds, " and ".join(heads), unit="fold"):
        learn, test = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
        path = folder / f"heads-{'-'.join(heads)}-{k}.npy"
        found[test] = cached(path, partial(predict, heads, learn, test))
    return found


def _repetition_heads(
    data: WindowSet,
    config: HeadsConfig,
    index: Rows,
    learn: Rows,
    test: Rows,
    heads: tuple[str, ...],
) -> FloatArray:
    """``(len(test), 2)``: P(correct) and the exercise."""
    both, neutral = with_neutral_copies(data)
    count = len(data)
    targets = unknown_targets(2 * count)
    targets.quality[~neutral] = data.correct
    targets.exercise[neutral] = index
    model = fit_heads(
        both,
        targets.only(heads),
        np.zeros(2 * count, dtype=np.bool_),
        np.concatenate([learn, learn + count]),
        network_for(both, config.network),
        HeadConfig(exercises=int(index.max()) + 1),
        config.training,
        config.seed,
    )
    quality = predict_heads(model, both, test)["quality"]
    exercise = predict_heads(model, both, test + count)["exercise"].argmax(axis=1)
    return np.column_stack([1.0 / (1.0 + np.exp(-quality)), exercise])


def heads_of_recordings(clinic: Clinic, work: Path, test_folds: tuple[int, ...]) -> Report:
    """Score, error and exercise heads, alone and together, on KIMORE."""
    windows = clinic.recordings.windows
    folder = cache_folder(work, windows, __name__, asdict(clinic.config.heads))
    rows = np.flatnonzero(np.isin(clinic.fold, test_folds))

    def predict(heads: tuple[str, ...], learn: Rows, test: Rows) -> FloatArray:
        return network_predictions(clinic, learn, test, heads)

    report: Report = {}
    for heads in RECORDING_HEADS:
        found = _predicted(clinic.fold, test_folds, heads, 2 + len(FAULTS), predict, folder)
        values: Report = {}
        if "scores" in heads:
            known = rows[np.isfinite(clinic.session.score[rows])]
            values["mean_absolute_error"] = mean_error(clinic.session.score[known], found[known, 0])
        if "errors" in heads:
            each = [_fault_auc(clinic, found[rows, 2 + i], rows, i) for i in range(len(FAULTS))]
            values["mean_auc_of_faults"] = float(np.nanmean(each))
        if "exercise" in heads:
            right = found[rows, 1] == clinic.session.exercise[rows]
            values["exercise_accuracy"] = float(right.mean())
        report[_title(heads, RECORDING_HEADS)] = values
    return report


def _fault_auc(clinic: Clinic, score: FloatArray, rows: Rows, column: int) -> float:
    truth = clinic.faults[rows, column]
    known = np.isfinite(truth)
    return auc(truth[known].astype(int), score[known])


def _title(heads: tuple[str, ...], kinds: tuple[tuple[str, ...], ...]) -> str:
    return TOGETHER if heads == kinds[-1] else f"{heads[0]} alone"


def table(report: Report) -> str:
    """All sections as text."""
    lines = []
    for section in ("irds_attention", "irds_heads", "ui_prmd_heads", "kimore_heads"):
        values = report[section]
        assert isinstance(values, dict)
        lines.append(section)
        for name, own in values.items():
            wanted = {k: v for k, v in own.items() if isinstance(v, float) and k in _SHOWN}
            lines.append(f"  {name:28}" + "  ".join(f"{k} {v:.3f}" for k, v in wanted.items()))
    return "\n".join(lines)
