"""Cross-validated evaluation of the network and the baselines on the same fixed folds.

``python -m apsa_training.crossval --data DATA --json OUT``. Resumable: what a model
answered in a fold is kept in the work folder. Every answer comes from a model that never saw the
person; nothing is chosen by looking at a test fold.
"""

import json
import sys
import time

import numpy as np
import numpy.typing as npt
import torch

from apsa_perception.model.skeleton import FloatArray
from apsa_training.baselines import BASELINES, FROM_REST, UNTAUGHT
from apsa_training.calibration import cross_calibrated, mean_opinion
from apsa_training.cross_predictions import (
    NETWORK,
    answers,
    answers_folder,
    baselines,
    folds_of,
    network_for,
    networks,
    recipe_of,
)
from apsa_training.fit import FitConfig
from apsa_training.metrics import (
    Figure,
    accuracy,
    auc,
    bootstrap_interval,
    figures,
    macro_f1,
)
from apsa_training.packed import load_packed
from apsa_training.prepare import WindowSet, prepare
from apsa_training.progress import ProgressLine
from apsa_training.results import evaluation_parser, provenance, write_json

MODULE = "apsa_training.crossval"
JURY = f"{NETWORK} and every baseline that learns"
"""Mean log-odds of all models but the two that look at no movement; none is picked."""
TREES = f"extra trees{FROM_REST}"
PAIR = f"{NETWORK} and {TREES}"
"""Mean log-odds of the network and the forest that reads the same measures."""
_FIGURES = {"accuracy": accuracy, "macro_f1": macro_f1, "auc": auc}


def report_of(
    data: WindowSet, fold: npt.NDArray[np.intp], scores: dict[str, FloatArray]
) -> dict[str, object]:
    """Pooled and per-fold figures, intervals, and the paired lead over the best baseline.

    The lead is given twice: over all baselines, and over those that do not read the network's own
    measures.
    """
    models: dict[str, object] = {}
    for name, score in scores.items():
        values: dict[str, object] = {
            "all": figures(data.correct, score),
            "intervals": {
                key: bootstrap_interval(figure, data.correct, score, data.subject)
                for key, figure in _FIGURES.items()
            },
            "folds": [
                figures(data.correct[fold == k], score[fold == k])
                for k in range(int(fold.max()) + 1)
            ],
            "exercises": {
                exercise: figures(
                    data.correct[data.exercise == exercise], score[data.exercise == exercise]
                )
                for exercise in data.exercises
            },
        }
        if data.is_patient.any():
            patients = data.is_patient
            values["patients"] = figures(data.correct[patients], score[patients])
        models[name] = values
    report: dict[str, object] = {"models": models}
    if NETWORK in scores:
        rivals = [name for name in scores if name in BASELINES]
        plain = [name for name in rivals if not name.endswith(FROM_REST)]
        for title, names in (("lead", rivals), ("lead_over_plain_features", plain)):
            if names:
                best = max(names, key=lambda name: macro_f1(data.correct, scores[name]))
                report[title] = {"over": best} | {
                    key: _lead(data, figure, scores[NETWORK], scores[best])
                    for key, figure in _FIGURES.items()
                }
        report["lead_in_macro_f1"] = {
            name: _lead(data, macro_f1, scores[NETWORK], scores[name]) for name in rivals
        }
    return report


def _lead(
    data: WindowSet, figure: Figure, score: FloatArray, other: FloatArray
) -> dict[str, object]:
    """Difference of two models in a figure, paired by subject."""
    return {
        "difference": figure(data.correct, score) - figure(data.correct, other),
        "interval": bootstrap_interval(figure, data.correct, score, data.subject, other),
    }


def table(report: dict[str, object]) -> str:
    """Main figures for people, one model a line."""
    lines = [f"{'':32}{'acc':>7}{'mF1':>7}{'AUC':>7}{'ECE':>7}   patients: mF1    AUC"]
    models = report["models"]
    assert isinstance(models, dict)
    for name, values in models.items():
        whole, patients = values["all"], values.get("patients")
        line = f"{name:32}" + "".join(
            f"{whole[key]:7.3f}" for key in ("accuracy", "macro_f1", "auc", "calibration_error")
        )
        if patients:
            line += f"{patients['macro_f1']:16.3f}{patients['auc']:7.3f}"
        lines.append(line)
    for title in ("lead", "lead_over_plain_features"):
        if title in report:
            lines.append(f"{title}: " + json.dumps(report[title]))
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = evaluation_parser(MODULE, "packed array file (.npz)")
    parser.add_argument("--models", help="comma-separated part of the names; default all")
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    started = time.monotonic()
    try:
        loaded = load_packed(options.data)
        data = prepare(loaded)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    fold = folds_of(data)
    known = networks(data) | baselines()
    wanted = [part.strip() for part in options.models.split(",")] if options.models else [""]
    chosen = {name: known[name] for name in known if any(part in name for part in wanted)}
    if not chosen:
        print(
            f"no model is called {options.models}; there are: {', '.join(known)}", file=sys.stderr
        )
        return 2
    progress = ProgressLine(len(chosen) * (int(fold.max()) + 1))
    folder = answers_folder(options.work, data)
    scores = answers(chosen, data, fold, folder, progress)
    progress.close()
    jury = [name for name in known if name not in UNTAUGHT]
    if scores.keys() >= set(jury):
        scores[JURY] = mean_opinion([scores[name] for name in jury])
    if NETWORK in scores and TREES in scores:
        scores[PAIR] = mean_opinion([scores[NETWORK], scores[TREES]])
    if NETWORK in scores:
        scores[f"{NETWORK}, calibrated"] = cross_calibrated(scores[NETWORK], data.correct, fold)
    report = provenance(MODULE, sys.argv[1:] if arguments is None else arguments)
    report |= {"source": data.source, "sequences": len(data)}
    report |= {"recipe": recipe_of(network_for(data), FitConfig())}
    report |= {"fold_of_subject": dict(zip(data.subject.tolist(), fold.tolist(), strict=True))}
    report |= report_of(data, fold, scores)
    report["seconds"] = time.monotonic() - started
    write_json(options.json, report)
    print(table(report))
    return 0


if __name__ == "__main__":
    sys.exit(main())
