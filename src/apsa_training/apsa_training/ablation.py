"""Run all ablations of the network and its heads; resumable.

``python -m apsa_training.ablation --data FOLDER [--config NAME]``
"""

import sys
import time
from dataclasses import replace
from pathlib import Path

import torch

from apsa_perception.exercises.library import ExerciseLibrary
from apsa_training.config.configurations import (
    AblationConfig,
    ClinicalConfig,
    CrossValidationConfig,
    HeadsConfig,
)
from apsa_training.config.reader import load_config
from apsa_training.data.folds import folds_of
from apsa_training.data.packed_files import load_packed
from apsa_training.data.window_set import prepare
from apsa_training.evaluation.ablations import (
    Repetitions,
    attention_parts,
    heads_of_recordings,
    heads_of_repetitions,
    table,
)
from apsa_training.evaluation.clinical_scores import Clinic, load_kimore
from apsa_training.evaluation.results_file import evaluation_parser, provenance, write_json

MODULE = "apsa_training.ablation"


def _short_clinical(config: AblationConfig) -> ClinicalConfig:
    """Clinical configuration with the short training of the heads."""
    clinical = load_config(ClinicalConfig, config.kimore)
    training = replace(clinical.heads.training, **config.head_training)
    return replace(clinical, heads=replace(clinical.heads, training=training))


def _repetitions(
    folder: Path, config: CrossValidationConfig, heads: HeadsConfig, test_folds: tuple[int, ...]
) -> Repetitions:
    data = prepare(load_packed(folder / config.data))
    own = replace(heads, network=config.network)
    return Repetitions(data, own, folds_of(data.subject, config.folds), test_folds)


def _folds(test_folds: tuple[int, ...]) -> str:
    return "test folds " + ", ".join(str(k + 1) for k in test_folds)


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = evaluation_parser(MODULE, "ablations")
    parser.add_argument("--exercises", type=Path, default=Path("config/exercises"))
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    started = time.monotonic()
    report = provenance(MODULE, sys.argv[1:] if arguments is None else arguments)
    try:
        config = load_config(AblationConfig, options.config)
        clinical = _short_clinical(config)
        of_irds = load_config(CrossValidationConfig, config.irds)
        of_ui_prmd = load_config(CrossValidationConfig, config.ui_prmd)
        irds = _repetitions(options.data, of_irds, clinical.heads, config.irds_folds)
        ui_prmd = _repetitions(options.data, of_ui_prmd, clinical.heads, config.ui_prmd_folds)
        kimore = load_kimore(options.data / clinical.data)
        library = ExerciseLibrary.load(options.exercises)
        clinic = Clinic(kimore, library, clinical, options.work)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    short, epochs = clinical.heads.training.epochs, config.attention_training["epochs"]
    report |= {
        "training": {
            "irds_attention": f"{epochs} epochs, {_folds(config.irds_folds)}",
            "irds_heads": f"{short} epochs, {_folds(config.irds_folds)}",
            "ui_prmd_heads": f"{short} epochs, {_folds(config.ui_prmd_folds)}",
            "kimore_heads": f"{short} epochs, {_folds(config.kimore_folds)}",
        },
        "irds_attention": attention_parts(irds.data, of_irds, config, options.work),
        "irds_heads": heads_of_repetitions(irds, options.work),
        "ui_prmd_heads": heads_of_repetitions(ui_prmd, options.work),
        "kimore_heads": heads_of_recordings(clinic, options.work, config.kimore_folds),
    }
    report["seconds"] = time.monotonic() - started
    write_json(options.json or Path(config.result), report)
    print(table(report))
    return 0


if __name__ == "__main__":
    sys.exit(main())
