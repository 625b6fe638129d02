"""Evaluate weights on a packed data set.

``python -m apsa_training.evaluate --data FILE [--weights FILE] [--json OUT]``
"""

import argparse
import sys
from pathlib import Path

import torch

from apsa_perception.apsa.weights import load_weights
from apsa_training.camera.drawn_files import is_drawn, load_drawn
from apsa_training.data.packed_files import load_packed
from apsa_training.data.window_set import prepare, without_joints
from apsa_training.evaluation.results_file import provenance, write_json
from apsa_training.evaluation.weights_report import evaluate_weights, notes, table
from apsa_training.fitting.refinement_fit import refined
from apsa_training.shipped_weights import shipped_weights

MODULE = "apsa_training.evaluate"


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog=f"python -m {MODULE}")
    parser.add_argument(
        "--data", type=Path, required=True, help="packed data set (.npz), recorded or drawn"
    )
    parser.add_argument(
        "--weights", type=Path, help="weight file (.safetensors); default: the shipped weights"
    )
    parser.add_argument("--json", type=Path, help="results file; default: none")
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    try:
        model, header = load_weights(options.weights or shipped_weights())
        load = load_drawn if is_drawn(options.data) else load_packed
        motion = refined(load(options.data), model.refinement)
        data = without_joints(prepare(motion, header.families), header.ignored)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    report = provenance(MODULE, sys.argv[1:] if arguments is None else arguments)
    report |= evaluate_weights(model, header, data)
    print(table(report))
    for note in notes(report, data, header):
        print(f"note: {note}")
    if options.json is not None:
        write_json(options.json, report)
    return 0


if __name__ == "__main__":
    sys.exit(main())
