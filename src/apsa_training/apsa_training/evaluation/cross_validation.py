"""Cross-validation of the network and the baselines on the same folds.

Every prediction comes from a model that was not trained on the subject; no model or setting is
selected on a test fold.
"""

import json
from pathlib import Path

import numpy as np
import numpy.typing as npt

from apsa_perception.model.skeleton import FloatArray
from apsa_training.config.configurations import CrossValidationConfig, network_for
from apsa_training.data.folds import folds_of
from apsa_training.data.window_set import WindowSet
from apsa_training.evaluation.cross_predictions import (
    NETWORK,
    baselines,
    cross_predictions,
    networks,
    predictions_folder,
)
from apsa_training.evaluation.metrics import (
    MAIN_METRICS,
    Metric,
    all_metrics,
    bootstrap_interval,
    macro_f1,
)
from apsa_training.fitting.calibration import cross_calibrated, mean_log_odds
from apsa_training.fitting.trainer import recipe_of
from apsa_training.models.baselines import NETWORK_FEATURES


def cross_validate(
    data: WindowSet, config: CrossValidationConfig, work: Path, models: str = ""
) -> dict[str, object]:
    """Predict with all models and return the report.

    Args:
        data: windows.
        config: models, folds and settings.
        work: cache folder.
        models: comma-separated parts of model titles; empty: all models.

    Raises:
        ValueError: no title contains ``models``.
    """
    fold = folds_of(data.subject, config.folds)
    known = networks(data, config) | baselines(config)
    parts = [part.strip() for part in models.split(",")]
    chosen = {name: known[name] for name in known if any(part in name for part in parts)}
    if not chosen:
        raise ValueError(f"no model title contains {models!r}; expected one of {', '.join(known)}")
    scores = cross_predictions(chosen, data, fold, predictions_folder(work, data))
    scores |= _ensembles(scores, config)
    if NETWORK in scores:
        scores[f"{NETWORK}, calibrated"] = cross_calibrated(scores[NETWORK], data.correct, fold)
    return {
        "source": data.source,
        "sequences": len(data),
        "recipe": recipe_of(network_for(data, config.network), config.training, config.seed),
        "fold_of_subject": dict(zip(data.subject.tolist(), fold.tolist(), strict=True)),
    } | report_of(data, fold, scores, config)


def _ensembles(
    scores: dict[str, FloatArray], config: CrossValidationConfig
) -> dict[str, FloatArray]:
    """Ensembles whose members have all been predicted."""
    learning = [name for name, baseline in config.baselines.items() if baseline.learns]
    found = {}
    for ensemble in config.ensembles:
        members = ensemble.members or (NETWORK, *learning)
        if scores.keys() >= set(members):
            found[ensemble.name] = mean_log_odds([scores[name] for name in members])
    return found


def report_of(
    data: WindowSet,
    fold: npt.NDArray[np.intp],
    scores: dict[str, FloatArray],
    config: CrossValidationConfig,
) -> dict[str, object]:
    """Pooled and per-fold metrics, intervals, and the paired lead over the best baseline.

    The lead is given over all baselines, and over those that do not use the network's own input
    features.
    """
    models: dict[str, object] = {}
    for name, score in scores.items():
        values: dict[str, object] = {
            "all": all_metrics(data.correct, score),
            "intervals": {
                key: bootstrap_interval(
                    metric, data.correct, score, data.subject, draws=config.bootstrap_draws
                )
                for key, metric in MAIN_METRICS.items()
            },
            "folds": [
                all_metrics(data.correct[fold == k], score[fold == k])
                for k in range(int(fold.max()) + 1)
            ],
            "exercises": {
                exercise: all_metrics(
                    data.correct[data.exercise == exercise], score[data.exercise == exercise]
                )
                for exercise in data.exercises
            },
        }
        if data.is_patient.any():
            patients = data.is_patient
            values["patients"] = all_metrics(data.correct[patients], score[patients])
        models[name] = values
    report: dict[str, object] = {"models": models}
    if NETWORK in scores:
        report |= _leads(data, scores, config)
    return report


def _leads(
    data: WindowSet, scores: dict[str, FloatArray], config: CrossValidationConfig
) -> dict[str, object]:
    draws = config.bootstrap_draws
    rivals = [name for name in scores if name in config.baselines]
    plain = [name for name in rivals if config.baselines[name].features != NETWORK_FEATURES]
    report: dict[str, object] = {}
    for title, names in (("lead", rivals), ("lead_over_plain_features", plain)):
        if names:
            best = max(names, key=lambda name: macro_f1(data.correct, scores[name]))
            report[title] = {"over": best} | {
                key: _lead(data, metric, scores[NETWORK], scores[best], draws)
                for key, metric in MAIN_METRICS.items()
            }
    report["lead_in_macro_f1"] = {
        name: _lead(data, macro_f1, scores[NETWORK], scores[name], draws) for name in rivals
    }
    return report


def _lead(
    data: WindowSet, metric: Metric, score: FloatArray, other: FloatArray, draws: int
) -> dict[str, object]:
    """Difference of two models in a metric, paired by subject."""
    interval = bootstrap_interval(metric, data.correct, score, data.subject, other, draws)
    return {
        "difference": metric(data.correct, score) - metric(data.correct, other),
        "interval": interval,
    }


def table(report: dict[str, object]) -> str:
    """Main metrics as text, one line per model."""
    lines = [f"{'':38}{'acc':>7}{'mF1':>7}{'AUC':>7}{'ECE':>7}   patients: mF1    AUC"]
    models = report["models"]
    assert isinstance(models, dict)
    for name, values in models.items():
        whole, patients = values["all"], values.get("patients")
        line = f"{name:38}" + "".join(
            f"{whole[key]:7.3f}" for key in ("accuracy", "macro_f1", "auc", "calibration_error")
        )
        if patients:
            line += f"{patients['macro_f1']:16.3f}{patients['auc']:7.3f}"
        lines.append(line)
    for title in ("lead", "lead_over_plain_features"):
        if title in report:
            lines.append(f"{title}: " + json.dumps(report[title]))
    return "\n".join(lines)
