"""Train and evaluate the recogniser of exercises.

``python -m apsa_training.recognition --data FOLDER --drawn FOLDER --out FOLDER [--json FILE]``

The weights are those of all people; the figures are those of models that were trained without the
person, on two repetitions streamed as the coach does it. The form of the model and the limit of
novelty were chosen with the figures of these people in view, so that new people may do worse.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from apsa_perception.exercises.figure_file import load_figures
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.recognition.model import NONE, RecognitionModel
from apsa_training.camera.drawn_files import load_drawn
from apsa_training.data.folds import IRDS_FOLDS, irds_fold, subject_folds
from apsa_training.data.packed_files import load_packed
from apsa_training.data.sequences import MotionData
from apsa_training.evaluation.recognition_figures import everyday, figures_of, streams
from apsa_training.evaluation.results_file import provenance, write_json
from apsa_training.fitting.recognition_fit import (
    fit_recognition,
    write_recognition,
)
from apsa_training.fitting.recognition_set import constructed_set, joined, recognition_set

MODULE = "apsa_training.recognition"
FILE = "recognition.npz"

_UI_PRMD_FOLDS = 4
_TRAINED_SEEDS = range(100, 130)
_TESTED_SEEDS = range(25)

Sets = list[tuple[MotionData, npt.NDArray[np.intp]]]


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog=f"python -m {MODULE}")
    parser.add_argument("--data", type=Path, required=True, help="folder of the data sets")
    parser.add_argument(
        "--drawn",
        type=Path,
        default=Path("runs/camera"),
        help="folder of the drawings that make camera writes; default %(default)s",
    )
    parser.add_argument("--out", type=Path, help="folder for the weights; default: none")
    parser.add_argument("--json", type=Path, help="file for the figures; default: none")
    options = parser.parse_args(arguments)
    try:
        library = ExerciseLibrary.load()
        sets = dict(_sets(options.data, options.drawn))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    repetitions = recognition_set(list(sets.values()))
    families = sorted(set(repetitions.family.tolist()))
    repetitions = joined(
        [repetitions, constructed_set(library, load_figures(), families, _TRAINED_SEEDS)]
    )
    whole = fit_recognition(repetitions)
    if options.out is not None:
        write_recognition(whole, options.out / FILE)
    report: dict[str, Any] = provenance(MODULE, sys.argv[1:] if arguments is None else arguments)
    models = [
        RecognitionModel.of(fit_recognition(repetitions.rows(repetitions.fold != fold)))
        for fold in range(len(IRDS_FOLDS))
    ]
    for name, (data, folds) in sets.items():
        report[name] = figures_of(streams(data, folds.tolist(), models, library))
        _print(name, report[name])
    report["everyday"] = everyday(RecognitionModel.of(whole), library, _TESTED_SEEDS)
    for movement, figures in report["everyday"].items():
        print(f"{movement:28s} {figures}", flush=True)
    report["families"] = [name for name in families if name != NONE]
    if options.json is not None:
        write_json(options.json, report)
    return 0


def _sets(data: Path, drawn: Path) -> Iterator[tuple[str, tuple[MotionData, Any]]]:
    """Data sets by name, with the folds of their recordings."""
    for name, motion in (
        ("irds", load_packed(data / "irds" / "irds.npz")),
        ("ui_prmd", load_packed(data / "ui_prmd" / "ui_prmd_kinect.npz")),
        ("irds_drawn", _drawn(drawn / "irds_camera.npz")),
        ("ui_prmd_drawn", _drawn(drawn / "ui_prmd_camera.npz")),
    ):
        people = np.array([one.subject for one in motion.sequences])
        folds = (
            irds_fold(people)
            if name.startswith("irds")
            else subject_folds(people, _UI_PRMD_FOLDS, seed=0)
        )
        yield name, (motion, folds)


def _drawn(path: Path) -> MotionData:
    if not path.is_file():
        raise ValueError(f"{path} not found; make camera draws it")
    return load_drawn(path)


def _print(name: str, figures: dict[str, Any]) -> None:
    print(name, flush=True)
    parts = {key: figures[key] for key in ("all", "correct", "counted")}
    for part, own in {**parts, **figures["families"]}.items():
        print(f"  {part:28s}" + "  ".join(f"{key} {value:.3g}" for key, value in own.items()))


if __name__ == "__main__":
    sys.exit(main())
