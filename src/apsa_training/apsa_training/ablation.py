"""What each part of the network brings: one table from one command.

``python -m apsa_training.ablation --data FOLDER --json OUT``. Parts of the attention and
of the training are taken away from the quality network of IRDS; every head is trained alone and
together with the others on IRDS and on KIMORE. A short training on few folds: the table compares
its lines with each other, not with the figures of the full training. Resumable.
"""

import sys
import time
from functools import partial
from pathlib import Path

import numpy as np
import torch

from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.skeleton import FloatArray
from apsa_training.cache import kept, work_folder
from apsa_training.clinical import Clinic, network_answers
from apsa_training.clinical_figures import mean_error
from apsa_training.clinical_heads import FAULTS
from apsa_training.cross_predictions import (
    NETWORK,
    answers,
    folds_of,
    network_for,
    networks,
)
from apsa_training.fit import FitConfig, Rows
from apsa_training.heads import HeadConfig
from apsa_training.metrics import accuracy, auc, bootstrap_interval, figures, macro_f1
from apsa_training.packed import load_packed
from apsa_training.prepare import WindowSet, prepare
from apsa_training.progress import ProgressLine
from apsa_training.recipe import SEED
from apsa_training.results import evaluation_parser, provenance, write_json
from apsa_training.tasks import (
    TaskConfig,
    answer_heads,
    doubled,
    fit_heads,
    unknown,
)

MODULE = "apsa_training.ablation"
IRDS_FOLDS_USED = (0, 3)
"""The two test folds with the most incorrect repetitions a person."""
TRAINING = FitConfig(epochs=6, copies=3, averaging=0.0)
HEAD_TRAINING = TaskConfig(epochs=4, copies=3)
Report = dict[str, object]


def parts_of_attention(data: WindowSet, folder: Path) -> Report:
    """The quality network of IRDS and what is left of it without each part."""
    fold = folds_of(data)
    models = networks(data, ablation=True, training=TRAINING)
    progress = ProgressLine(len(models) * len(IRDS_FOLDS_USED))
    scores = answers(models, data, fold, folder, progress, IRDS_FOLDS_USED)
    progress.close()
    rows = np.isin(fold, IRDS_FOLDS_USED)
    truth, people = data.correct[rows], data.subject[rows]
    whole = scores[NETWORK][rows]
    return {
        name: figures(truth, score[rows])
        | {
            "less_macro_f1_than_whole": macro_f1(truth, whole) - macro_f1(truth, score[rows]),
            "interval": bootstrap_interval(macro_f1, truth, whole, people, score[rows]),
        }
        for name, score in scores.items()
    }


def heads_of_repetitions(data: WindowSet, folder: Path, folds_used: tuple[int, ...]) -> Report:
    """Quality and exercise heads alone and together, on data of single repetitions."""
    fold = folds_of(data)
    rows = np.flatnonzero(np.isin(fold, folds_used))
    kinds = [("quality",), ("exercise",), ("quality", "exercise")]
    progress = ProgressLine(len(kinds) * len(folds_used))
    report: Report = {}
    names = np.array(data.exercises if data.source == "irds" else data.families)
    which = data.exercise if data.source == "irds" else names[data.family]
    index = np.array([int(np.flatnonzero(names == one)[0]) for one in which])
    for heads in kinds:
        found = np.full((len(data), 2), np.nan)
        for k in folds_used:
            progress.stage(f"{data.source}, {' and '.join(heads)}, fold {k + 1}")
            learn, test = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
            path = folder / f"heads-{'-'.join(heads)}-{k}.npy"
            found[test] = kept(path, partial(_repetition_heads, data, index, learn, test, heads))
        values: Report = {}
        if "quality" in heads:
            values["accuracy"] = accuracy(data.correct[rows], found[rows, 0])
            values["macro_f1"] = macro_f1(data.correct[rows], found[rows, 0])
            values["auc"] = auc(data.correct[rows], found[rows, 0])
        if "exercise" in heads:
            right = found[rows, 1] == index[rows]
            values["exercise_accuracy"] = float(right.mean())
        report[_title(heads, 2)] = values
    progress.close()
    return report


def _repetition_heads(
    data: WindowSet, index: Rows, learn: Rows, test: Rows, heads: tuple[str, ...]
) -> FloatArray:
    """``(len(test), 2)``: P(correct) and the exercise."""
    both, neutral = doubled(data)
    count = len(data)
    targets = unknown(2 * count)
    targets.quality[~neutral] = data.correct
    targets.exercise[neutral] = index
    model = fit_heads(
        both,
        targets.only(heads),
        np.zeros(2 * count, dtype=np.bool_),
        np.concatenate([learn, learn + count]),
        network_for(both),
        HeadConfig(exercises=int(index.max()) + 1),
        HEAD_TRAINING,
        SEED,
    )
    quality = answer_heads(model, both, test)["quality"]
    exercise = answer_heads(model, both, test + count)["exercise"].argmax(axis=1)
    return np.column_stack([1.0 / (1.0 + np.exp(-quality)), exercise])


def heads_of_recordings(clinic: Clinic, folder: Path, folds_used: tuple[int, ...]) -> Report:
    """Score, error and exercise heads alone and together, on KIMORE."""
    kinds = [("scores",), ("errors",), ("exercise",), ("scores", "errors", "exercise")]
    progress = ProgressLine(len(kinds) * len(folds_used))
    rows = np.flatnonzero(np.isin(clinic.fold, folds_used))
    report: Report = {}
    for heads in kinds:
        found = np.full((len(clinic.fold), 2 + len(FAULTS)), np.nan)
        for k in folds_used:
            progress.stage(f"kimore, {' and '.join(heads)}, fold {k + 1}")
            learn, test = np.flatnonzero(clinic.fold != k), np.flatnonzero(clinic.fold == k)
            path = folder / f"heads-{'-'.join(heads)}-{k}.npy"
            made = partial(network_answers, clinic, learn, test, heads, HEAD_TRAINING)
            found[test] = kept(path, made)
        values: Report = {}
        if "scores" in heads:
            known = rows[np.isfinite(clinic.session.score[rows])]
            values["mean_absolute_error"] = mean_error(clinic.session.score[known], found[known, 0])
        if "errors" in heads:
            values["mean_auc_of_faults"] = float(
                np.nanmean(
                    [_fault_auc(clinic, found[rows, 2 + i], rows, i) for i in range(len(FAULTS))]
                )
            )
        if "exercise" in heads:
            right = found[rows, 1] == clinic.session.exercise[rows]
            values["exercise_accuracy"] = float(right.mean())
        report[_title(heads, 3)] = values
    progress.close()
    return report


def _fault_auc(clinic: Clinic, chance: FloatArray, rows: Rows, column: int) -> float:
    truth = clinic.faults[rows, column]
    known = np.isfinite(truth)
    return auc(truth[known].astype(int), chance[known])


def _title(heads: tuple[str, ...], count: int) -> str:
    return "all heads together" if len(heads) == count else f"{heads[0]} alone"


def table(report: Report) -> str:
    """Every section for people."""
    lines = []
    for section in ("irds_attention", "irds_heads", "ui_prmd_heads", "kimore_heads"):
        values = report[section]
        assert isinstance(values, dict)
        lines.append(section)
        for name, own in values.items():
            wanted = {k: v for k, v in own.items() if isinstance(v, float) and k in _SHOWN}
            lines.append(f"  {name:28}" + "  ".join(f"{k} {v:.3f}" for k, v in wanted.items()))
    return "\n".join(lines)


_SHOWN = (
    "accuracy",
    "macro_f1",
    "auc",
    "exercise_accuracy",
    "mean_absolute_error",
    "mean_auc_of_faults",
)


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = evaluation_parser(MODULE, "folder of the data sets")
    parser.add_argument("--exercises", type=Path, default=Path("config/exercises"))
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    started = time.monotonic()
    report = provenance(MODULE, sys.argv[1:] if arguments is None else arguments)
    try:
        irds = prepare(load_packed(options.data / "irds/irds.npz"))
        ui_prmd = prepare(load_packed(options.data / "ui_prmd/ui_prmd_kinect.npz"))
        kimore = load_packed(options.data / "kimore/kimore.npz")
        clinic = Clinic(kimore, ExerciseLibrary.load(options.exercises), options.work)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    folders = [
        work_folder(options.work, data, MODULE)
        for data in (irds, ui_prmd, clinic.recordings.windows)
    ]
    report |= {
        "training": {
            "irds_attention": f"{TRAINING.epochs} epochs, folds 1 and 4 of 5",
            "irds_heads": f"{HEAD_TRAINING.epochs} epochs, folds 1 and 4 of 5",
            "ui_prmd_heads": f"{HEAD_TRAINING.epochs} epochs, fold 1 of 4",
            "kimore_heads": f"{HEAD_TRAINING.epochs} epochs, folds 1 and 2 of 5",
        },
        "irds_attention": parts_of_attention(irds, folders[0]),
        "irds_heads": heads_of_repetitions(irds, folders[0], IRDS_FOLDS_USED),
        "ui_prmd_heads": heads_of_repetitions(ui_prmd, folders[1], (0,)),
        "kimore_heads": heads_of_recordings(clinic, folders[2], (0, 1)),
    }
    report["seconds"] = time.monotonic() - started
    write_json(options.json, report)
    print(table(report))
    return 0


if __name__ == "__main__":
    sys.exit(main())
