"""Evaluate given weights on a packed file, in particular on people nobody here has seen.

``python -m apsa_training.evaluate --data FILE --weights FILE --json OUT``
"""

import argparse
import sys
import time
from pathlib import Path

import numpy as np
import torch

from apsa_perception.apsa.network import ApsaNetwork
from apsa_perception.apsa.weights import ModelHeader, load_weights
from apsa_training.calibration import abstention, calibrated
from apsa_training.fit import logits, tensors
from apsa_training.metrics import accuracy, auc, bootstrap_interval, figures, macro_f1
from apsa_training.packed import load_packed
from apsa_training.prepare import WindowSet, prepare
from apsa_training.results import write_json

_TIMED = 200


def evaluate(model: ApsaNetwork, header: ModelHeader, data: WindowSet) -> dict[str, object]:
    """All figures of a model on labelled windows."""
    logit = logits(model, data, np.arange(len(data)))
    score = calibrated(logit, header.slope)
    seen = set(data.subject.tolist()) & set(_subjects(header))
    patients = data.is_patient
    report: dict[str, object] = {
        "model": {"name": header.name, "version": header.version},
        "subjects": sorted(set(data.subject.tolist())),
        "subjects_in_training": sorted(seen),
        "dropped": [list(item) for item in data.dropped],
        "all": figures(data.correct, score),
        "intervals": {
            name: bootstrap_interval(figure, data.correct, score, data.subject)
            for name, figure in (("accuracy", accuracy), ("macro_f1", macro_f1), ("auc", auc))
        },
        "abstention": abstention(data.correct, score, header.uncertain_band),
        "exercises": {
            name: figures(data.correct[data.exercise == name], score[data.exercise == name])
            for name in sorted(set(data.exercise.tolist()))
        },
        "milliseconds_per_sequence": milliseconds(model, data),
    }
    if patients.any():
        report["patients"] = figures(data.correct[patients], score[patients])
    return report


def milliseconds(model: ApsaNetwork, data: WindowSet) -> float:
    """Median milliseconds of the network for one sequence on one core, after warming up."""
    windows, valid, family = tensors(data)
    spent = []
    with torch.inference_mode():
        for number in range(_TIMED):
            row = slice(number % len(data), number % len(data) + 1)
            started = time.perf_counter()
            model(windows[row], valid[row], family[row])
            spent.append((time.perf_counter() - started) * 1e3)
    return float(np.median(spent[_TIMED // 4 :]))


def _subjects(header: ModelHeader) -> list[str]:
    subjects = header.training.get("subjects", [])
    return [str(subject) for subject in subjects] if isinstance(subjects, list) else []


def table(report: dict[str, object]) -> str:
    """The main figures for people."""
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


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m apsa_training.evaluate")
    parser.add_argument("--data", type=Path, required=True, help="packed array file (.npz)")
    parser.add_argument("--weights", type=Path, required=True, help="weight file (.safetensors)")
    parser.add_argument("--json", type=Path, help="where to write the figures")
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    try:
        model, header = load_weights(options.weights)
        report = evaluate(model, header, prepare(load_packed(options.data), header.families))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    print(table(report))
    if report["subjects_in_training"]:
        print("note: the model learned from some of these subjects: these are no honest figures")
    if options.json is not None:
        write_json(options.json, report)
    return 0


if __name__ == "__main__":
    sys.exit(main())
