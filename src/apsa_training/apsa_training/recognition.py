"""Train and evaluate the recogniser of exercises.

``python -m apsa_training.recognition --data FOLDER [--drawn FOLDER] [--out FOLDER] [--json FILE]``

Learned from are whole recordings, and the same as the coach cuts them, which is what is recognised,
but for squats and sitting down: with these, real squats were taken for sitting down.
What a camera saw is refined as for the quality network, so that the shipped weights and those of
its folds, which ``apsa_training.train`` keeps, come first. The weights are those of all people; the
figures are those of models that were trained without the person (but for the figures that exercises
are constructed of, whose refinement knew everybody), on two repetitions streamed as the coach does
it. The form of the model and the limit of novelty were chosen with the figures of these people in
view, so that new people may do worse.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from apsa_perception.apsa.refinement import SkeletonRefinement
from apsa_perception.apsa.weights import load_weights
from apsa_perception.exercises.figure_file import load_figures
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.recognition.model import NONE, RecognitionModel
from apsa_training.camera.drawn_files import load_drawn
from apsa_training.data.coached_repetitions import as_coached, coached_family, without_lead_in
from apsa_training.data.packed_files import load_packed
from apsa_training.data.sequences import MotionData
from apsa_training.evaluation.fold_weights import fold_files, trained_on
from apsa_training.evaluation.recognition_figures import everyday, figures_of, streams
from apsa_training.evaluation.results_file import provenance, write_json
from apsa_training.fitting.recognition_fit import (
    fit_recognition,
    write_recognition,
)
from apsa_training.fitting.recognition_set import constructed_set, joined, recognition_set
from apsa_training.fitting.refinement_fit import refined_sequence
from apsa_training.shipped_weights import shipped_weights

MODULE = "apsa_training.recognition"
FILE = "recognition.npz"

_WHOLE_ONLY = frozenset({"squat", "sit_to_stand"})
"""Families that are learned from whole recordings only: cut alike, they are hardly told apart."""

_TRAINED_SEEDS = range(100, 130)
_TESTED_SEEDS = range(25)


@dataclass(frozen=True)
class Fold:
    """What the quality network's training knew in a fold.

    Attributes:
        refinement: of camera skeletons.
        subjects: people that it was trained on, such as ``irds-101``.
    """

    refinement: SkeletonRefinement
    subjects: frozenset[str]


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
    parser.add_argument(
        "--weights",
        type=Path,
        default=Path("runs/folds"),
        help="folder of the weights of folds that make train writes; default %(default)s",
    )
    parser.add_argument("--out", type=Path, help="folder for the weights; default: none")
    parser.add_argument("--json", type=Path, help="file for the figures; default: none")
    options = parser.parse_args(arguments)
    try:
        library = ExerciseLibrary.load()
        known = list(_folds(options.weights))
        sets = dict(_sets(options.data, options.drawn, known))
        refinement = load_weights(shipped_weights())[0].refinement
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    learned = list(sets.values())
    learned += [
        cut_by_the_coach(*each, library, options.weights / kept_counting(name))
        for name, each in sets.items()
    ]
    repetitions = recognition_set(
        [(refined_by_strangers(data, folds, known), folds) for data, folds in learned]
    )
    families = sorted(set(repetitions.family.tolist()))
    constructed = constructed_set(library, load_figures(), families, _TRAINED_SEEDS, refinement)
    repetitions = joined([repetitions, constructed])
    whole = fit_recognition(repetitions, refinement)
    if options.out is not None:
        write_recognition(whole, options.out / FILE)
    report: dict[str, Any] = provenance(MODULE, sys.argv[1:] if arguments is None else arguments)
    models = [
        RecognitionModel.of(
            fit_recognition(repetitions.rows(repetitions.fold != number), fold.refinement)
        )
        for number, fold in enumerate(known)
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


def _folds(folder: Path) -> Iterator[Fold]:
    for path in fold_files(folder):
        model, header = load_weights(path)
        yield Fold(model.refinement, trained_on(header))


def _sets(
    data: Path, drawn: Path, known: Sequence[Fold]
) -> Iterator[tuple[str, tuple[MotionData, npt.NDArray[np.intp]]]]:
    """Data sets by name, with the fold of each recording: the one that did not know the person."""
    for name, motion in (
        ("irds", load_packed(data / "irds" / "irds.npz")),
        ("ui_prmd", load_packed(data / "ui_prmd" / "ui_prmd_kinect.npz")),
        ("irds_drawn", _drawn(drawn / "irds_camera.npz")),
        ("ui_prmd_drawn", _drawn(drawn / "ui_prmd_camera.npz")),
    ):
        people = [f"{motion.source}-{one.subject}" for one in motion.sequences]
        strange = np.array([[person not in fold.subjects for fold in known] for person in people])
        if not (strange.sum(axis=1) == 1).all():
            raise ValueError(f"some people of {name} are not left out of just one of the folds")
        yield name, (motion, strange.argmax(axis=1))


def kept_counting(name: str) -> str:
    """Name of the file in which ``apsa_training.train`` keeps how the coach counts a set."""
    return f"coached-{name.replace('_drawn', '-drawn')}.json"


def cut_by_the_coach(
    data: MotionData, folds: npt.NDArray[np.intp], library: ExerciseLibrary, kept: Path
) -> tuple[MotionData, npt.NDArray[np.intp]]:
    """Recordings from where to where the coach counts, as the recogniser reads them; their folds.

    Squats and sitting down are left out.

    Args:
        data: recordings of one repetition each.
        folds: of each.
        library: the exercises, by which the coach counts.
        kept: file of the coach's counting; made where it is missing.
    """
    fold_of = {one.subject: fold for one, fold in zip(data.sequences, folds.tolist(), strict=True)}
    cut = without_lead_in(as_coached(data, library, kept))
    own = tuple(one for one in cut.sequences if coached_family(one) not in _WHOLE_ONLY)
    return replace(cut, sequences=own), np.array([fold_of[one.subject] for one in own])


def refined_by_strangers(
    data: MotionData, folds: npt.NDArray[np.intp], known: Sequence[Fold]
) -> MotionData:
    """Refine each camera skeleton by a network that did not know the person."""
    pairs = zip(data.sequences, folds.tolist(), strict=True)
    sequences = tuple(refined_sequence(one, known[fold].refinement) for one, fold in pairs)
    return replace(data, sequences=sequences)


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
