"""Evaluate clinical scores and squat faults on KIMORE; resumable.

``python -m apsa_training.clinical --data FOLDER [--config NAME]``
"""

import sys
import time
from dataclasses import asdict
from pathlib import Path

import torch

from apsa_perception.exercises.library import ExerciseLibrary
from apsa_training.config.configurations import ClinicalConfig, data_file
from apsa_training.config.reader import load_config
from apsa_training.data.cache import cache_folder
from apsa_training.evaluation import clinical_scores
from apsa_training.evaluation.clinical_figures import table
from apsa_training.evaluation.clinical_scores import Clinic, evaluate_clinic, load_kimore
from apsa_training.evaluation.results_file import evaluation_parser, provenance, write_json

MODULE = "apsa_training.clinical"


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = evaluation_parser(MODULE, "kimore_clinical")
    parser.add_argument("--exercises", type=Path, default=Path("config/exercises"))
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    started = time.monotonic()
    report = provenance(MODULE, sys.argv[1:] if arguments is None else arguments)
    try:
        config = load_config(ClinicalConfig, options.config)
        data = load_kimore(data_file(options.data, config.data))
        library = ExerciseLibrary.load(options.exercises)
        clinic = Clinic(data, library, config, options.work)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    windows = clinic.recordings.windows
    folder = cache_folder(options.work, windows, clinical_scores.__name__, asdict(config))
    report |= {"source": data.source, "recordings": len(clinic.fold)}
    subjects = clinic.session.subject.tolist()
    report |= {"fold_of_subject": dict(zip(subjects, clinic.fold.tolist(), strict=True))}
    report |= evaluate_clinic(clinic, folder)
    report["seconds"] = time.monotonic() - started
    write_json(options.json or Path(config.result), report)
    for part, figure in (("scores", "mean_absolute_error"), ("faults", "auc")):
        values = report[part]
        assert isinstance(values, dict)
        print(table(values, figure))
    print("exercise accuracy:", report["exercise_accuracy"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
