"""Evaluate the coach's own path on a packed data set: skeletons in, streaming, results out.

``python -m apsa_training.evaluate_stream --data FILE [--weights FILE] --json OUT``
"""

import argparse
import sys
from pathlib import Path

import torch

from apsa_perception.apsa.predictor import QualityModel
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.paths import share_dir
from apsa_training.camera.drawn_files import is_drawn, load_drawn
from apsa_training.data.packed_files import load_packed
from apsa_training.evaluation.results_file import provenance, write_json
from apsa_training.evaluation.streaming_report import report, stream_data
from apsa_training.shipped_weights import shipped_weights

MODULE = "apsa_training.evaluate_stream"


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog=f"python -m {MODULE}")
    parser.add_argument(
        "--data", type=Path, required=True, help="packed data set (.npz), recorded or drawn"
    )
    parser.add_argument("--weights", help="weight file; none: rules; default: the shipped weights")
    parser.add_argument("--json", type=Path, help="results file; default: none")
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    try:
        model = None
        if options.weights != "none":
            model = QualityModel.load(options.weights or shipped_weights())
        load = load_drawn if is_drawn(options.data) else load_packed
        library = ExerciseLibrary.load(share_dir("apsa_perception") / "config" / "exercises")
        streamed = stream_data(load(options.data), library, model)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    if not streamed:
        print(f"{options.data} has no labelled repetition of an exercise", file=sys.stderr)
        return 2
    figures = report(streamed)
    for name, own in {**figures["exercises"], "all": figures["all"]}.items():
        print(f"{name:28s} " + "  ".join(f"{key} {value:.3g}" for key, value in own.items()))
    if options.json is not None:
        origin = provenance(MODULE, sys.argv[1:] if arguments is None else arguments)
        write_json(options.json, {**origin, **figures})
    return 0


if __name__ == "__main__":
    sys.exit(main())
