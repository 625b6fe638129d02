"""Evaluate the coach's own path on a packed data set: skeletons in, streaming, results out.

``python -m apsa_training.evaluate_stream --data FILE [--weights FILE] --json OUT``

With a folder of weights of folds, which ``apsa_training.train`` keeps, each person is judged by
weights that were not trained on them. Recordings with clinical scores (KIMORE) give the rank
correlation of the coach's score with the clinicians' total instead.
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from apsa_perception.apsa.predictor import QualityModel
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_training.camera.drawn_files import is_drawn, load_drawn
from apsa_training.data.packed_files import load_packed
from apsa_training.data.sequences import MotionData
from apsa_training.evaluation.clinical_agreement import CLINICAL_TOTAL, clinical_agreement
from apsa_training.evaluation.fold_weights import fold_files, trained_on
from apsa_training.evaluation.results_file import provenance, write_json
from apsa_training.evaluation.streaming_report import StreamedRepetition, report, stream_data
from apsa_training.shipped_weights import shipped_weights

MODULE = "apsa_training.evaluate_stream"


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog=f"python -m {MODULE}")
    parser.add_argument(
        "--data", type=Path, required=True, help="packed data set (.npz), recorded or drawn"
    )
    parser.add_argument(
        "--weights",
        help="weight file, or folder of weights of folds; none: rules; default: shipped",
    )
    parser.add_argument("--json", type=Path, help="results file; default: none")
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    try:
        load = load_drawn if is_drawn(options.data) else load_packed
        library = ExerciseLibrary.load()
        figures = _figures(load(options.data), library, options.weights)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    if not figures["exercises"]:
        print(f"{options.data} has no labelled repetition of an exercise", file=sys.stderr)
        return 2
    for name, own in _rows(figures).items():
        print(f"{name:28s} " + "  ".join(f"{key} {value:.3g}" for key, value in own.items()))
    if "mean_rank_correlation" in figures:
        print(f"mean rank correlation {figures['mean_rank_correlation']:.3f}")
    if options.json is not None:
        origin = provenance(MODULE, sys.argv[1:] if arguments is None else arguments)
        write_json(options.json, {**origin, **figures})
    return 0


def _rows(figures: dict[str, Any]) -> dict[str, dict[str, float]]:
    """Figures by exercise and, where there are any, of all repetitions together."""
    together = {"all": figures["all"]} if "all" in figures else {}
    return {**figures["exercises"], **together}


def _figures(data: MotionData, library: ExerciseLibrary, weights: str | None) -> dict[str, Any]:
    if any(CLINICAL_TOTAL in one.scores for one in data.sequences):
        return clinical_agreement(data, library, _one_model(weights))
    streamed: dict[str, list[StreamedRepetition]] = defaultdict(list)
    for model, own in _judged_by(weights, data):
        for name, repetitions in stream_data(own, library, model).items():
            streamed[name] += repetitions
    return report(streamed)


def _one_model(weights: str | None) -> QualityModel | None:
    if weights is not None and weights != "none" and not weights.endswith(".safetensors"):
        raise ValueError(
            f"--weights is {weights}; recordings with clinical scores need one weight file, 'none' "
            "or the default"
        )
    return None if weights == "none" else QualityModel.load(weights or shipped_weights())


def _judged_by(
    weights: str | None, data: MotionData
) -> Iterator[tuple[QualityModel | None, MotionData]]:
    """Models, and the recordings that each of them judges."""
    if weights is None or weights == "none" or weights.endswith(".safetensors"):
        yield _one_model(weights), data
    else:
        left = set(range(len(data.sequences)))
        for path in fold_files(Path(weights)):
            model = QualityModel.load(path)
            known = trained_on(model.header)
            rows = {
                row for row in left if f"{data.source}-{data.sequences[row].subject}" not in known
            }
            left -= rows
            strangers = tuple(data.sequences[row] for row in sorted(rows))
            yield model, replace(data, sequences=strangers)
        if left:
            raise ValueError(f"{weights} has no weights that are not trained on some of the people")


if __name__ == "__main__":
    sys.exit(main())
