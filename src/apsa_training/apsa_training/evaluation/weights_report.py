"""Metrics of given weights on a data set."""

import time

import numpy as np
import torch

from apsa_perception.apsa.domain import Domain
from apsa_perception.apsa.network import ApsaNetwork
from apsa_perception.apsa.weights import ApsaModel, ModelHeader
from apsa_training.data.window_set import NOT_TRAINED, WindowSet
from apsa_training.evaluation.metrics import (
    MAIN_METRICS,
    abstention,
    all_metrics,
    bootstrap_interval,
)
from apsa_training.fitting.calibration import calibrated
from apsa_training.fitting.network_fit import logits
from apsa_training.fitting.optimisation import tensors

_TIMED_SEQUENCES = 200


def evaluate_weights(
    model: ApsaModel, header: ModelHeader, data: WindowSet, draws: int = 1000
) -> dict[str, object]:
    """All metrics of a model on labelled windows; ``draws`` is that of the bootstrap."""
    network = model.network
    logit = logits(network, data, np.arange(len(data)))
    slope = {name: limits.slope for name, limits in header.limits.items()}
    score = calibrated(
        logit * np.where(data.from_camera, slope[Domain.CAMERA], slope[Domain.DEPTH_SENSOR])
    )
    people = {f"{data.source}-{name}" for name in data.subject.tolist()}
    seen = people & set(_subjects(header))
    patients = data.is_patient
    report: dict[str, object] = {
        "model": {"name": header.name, "version": header.version},
        "subjects": sorted(set(data.subject.tolist())),
        "subjects_in_training": sorted(seen),
        "dropped": [list(item) for item in data.dropped],
        "all": all_metrics(data.correct, score),
        "intervals": {
            name: bootstrap_interval(metric, data.correct, score, data.subject, draws=draws)
            for name, metric in MAIN_METRICS.items()
        },
        "abstention": abstention(data.correct, score, header.uncertain_band),
        "exercises": {
            name: all_metrics(data.correct[data.exercise == name], score[data.exercise == name])
            for name in sorted(set(data.exercise.tolist()))
        },
        "milliseconds_per_sequence": milliseconds(network, data),
    }
    if patients.any():
        report["patients"] = all_metrics(data.correct[patients], score[patients])
    return report


def milliseconds(model: ApsaNetwork, data: WindowSet) -> float:
    """Median time of the network for one sequence on one core, after a warm-up."""
    windows, valid, family = tensors(data)
    spent = []
    with torch.inference_mode():
        for number in range(_TIMED_SEQUENCES):
            row = slice(number % len(data), number % len(data) + 1)
            started = time.perf_counter()
            model(windows[row], valid[row], family[row])
            spent.append((time.perf_counter() - started) * 1e3)
    return float(np.median(spent[_TIMED_SEQUENCES // 4 :]))


def _subjects(header: ModelHeader) -> list[str]:
    subjects = header.training.get("subjects", [])
    return [str(subject) for subject in subjects] if isinstance(subjects, list) else []


def table(report: dict[str, object]) -> str:
    """The main metrics as text."""
    lines = [f"{'':28}{'n':>6}{'acc':>7}{'mF1':>7}{'bacc':>7}{'AUC':>7}{'F1inc':>7}{'ECE':>7}"]
    parts = {"all": report["all"], "patients only": report.get("patients")}
    exercises = report["exercises"]
    assert isinstance(exercises, dict)
    for name, values in (parts | exercises).items():
        if not isinstance(values, dict):
            continue
        columns = ("accuracy", "macro_f1", "balanced_accuracy", "auc", "f1_incorrect")
        numbers = "".join(f"{values[c]:7.3f}" for c in (*columns, "calibration_error"))
        lines.append(f"{name:28}{values['sequences']:6.0f}{numbers}")
    lines.append(f"one sequence: {report['milliseconds_per_sequence']:.2f} ms on one core")
    return "\n".join(lines)


def notes(report: dict[str, object], data: WindowSet, header: ModelHeader) -> list[str]:
    """What a reader must know about the figures."""
    found = []
    not_trained = sum(reason == NOT_TRAINED for _, reason in data.dropped)
    if not_trained:
        found.append(
            f"{not_trained} sequences are of exercises the model was not trained on and were not "
            f"evaluated; it knows {', '.join(header.families)}."
        )
    if report["subjects_in_training"]:
        found.append(
            "The model was trained on subjects of this data; these are training figures. "
            "For out-of-fold figures see the model card or run make evaluate."
        )
    return found
