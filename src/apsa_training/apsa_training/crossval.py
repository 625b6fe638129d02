"""Cross-validate the network and the baselines; resumable.

``python -m apsa_training.crossval --data FOLDER [--config NAME]``
"""

import sys
import time
from pathlib import Path

import torch

from apsa_training.config.configurations import CrossValidationConfig, data_file
from apsa_training.config.reader import load_config
from apsa_training.data.packed_files import load_packed
from apsa_training.data.window_set import prepare
from apsa_training.evaluation.cross_validation import cross_validate, table
from apsa_training.evaluation.results_file import evaluation_parser, provenance, write_json

MODULE = "apsa_training.crossval"


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = evaluation_parser(MODULE, "irds_crossval")
    parser.add_argument("--models", default="", help="comma-separated parts of titles; default all")
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    started = time.monotonic()
    report = provenance(MODULE, sys.argv[1:] if arguments is None else arguments)
    try:
        config = load_config(CrossValidationConfig, options.config)
        data = prepare(load_packed(data_file(options.data, config.data)))
        report |= cross_validate(data, config, options.work, options.models)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    report["seconds"] = time.monotonic() - started
    write_json(options.json or Path(config.result), report)
    print(table(report))
    return 0


if __name__ == "__main__":
    sys.exit(main())
