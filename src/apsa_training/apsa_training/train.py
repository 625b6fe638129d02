"""Train the shipped weights; resumable.

``python -m apsa_training.train --data FOLDER --drawn FOLDER [--config NAME] [--out FOLDER]``

Cross-validation by subject gives the figures of the model card and the calibration, and weights of
each fold for ``evaluate_stream``; the final network is then trained on all subjects.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import torch

from apsa_perception.apsa.weights import save_weights
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_training.camera.squats import with_squats
from apsa_training.config.configurations import ShippedWeightsConfig
from apsa_training.config.reader import load_config
from apsa_training.data.cache import code_mark, settings_mark
from apsa_training.data.packed_files import load_packed
from apsa_training.evaluation.fold_weights import (
    cross_validate_weights,
    naming_of,
    recipe,
    trained_network,
)
from apsa_training.evaluation.model_card import write_card
from apsa_training.evaluation.quality_figures import quality_figures, table
from apsa_training.evaluation.refinement_figures import refinement_figures
from apsa_training.fitting.shipped_model import (
    assembled,
    domain_limits,
    final_refinement,
    fit_recognition,
    quality_data,
)
from apsa_training.fitting.training_set import TrainingSet, combined_folds, training_set

MODULE = "apsa_training.train"
FOLDS = "folds"
"""Link to the weights of the folds in the cache folder."""


def train(
    training: TrainingSet, config: ShippedWeightsConfig, out: Path, folder: Path
) -> dict[str, dict[str, float]]:
    """Train, write weights and model card, and return the cross-validated figures.

    Args:
        training: recordings and drawings.
        config: settings.
        out: folder for ``<name>.safetensors`` and ``<name>.md``.
        folder: finished parts, and the weights of the folds, are kept here.
    """
    data = quality_data(training, config.subject_folds, config.refinement, config.seed, folder)
    recognition, recognised = fit_recognition(training)
    results = cross_validate_weights(data, recognition, config, folder)
    figures = quality_figures(data.windows, results.score, results.doubted)
    fold_of_frame = combined_folds(training.frames.subject, config.subject_folds)
    refining = refinement_figures(training.frames, fold_of_frame, data.refinements)
    windows, rows = data.windows, np.arange(len(data.windows))
    refinement = final_refinement(training, config.refinement, config.seed, folder)
    network = trained_network(windows, rows, config, folder / "network-all.pt")
    model, header = assembled(
        network,
        refinement,
        recognition,
        windows,
        domain_limits(
            network,
            windows,
            rows,
            results.slopes,
            config.novelty_margin,
            results.judged,
            config.alike,
        ),
        naming_of(config),
        {
            "subjects": sorted(set(windows.subject.tolist())),
            "recorded": sum(len(each.sequences) for each in training.recorded),
            "drawn": sum(len(each.sequences) for each in training.camera),
            "recognised": recognised,
            "recipe": recipe(config, windows),
            "cross_validation": figures,
            "refinement": refining,
        },
    )
    out.mkdir(parents=True, exist_ok=True)
    save_weights(out / f"{config.name}.safetensors", model, header)
    write_card(out / f"{config.name}.md", header, model)
    return figures


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog=f"python -m {MODULE}")
    parser.add_argument("--data", type=Path, required=True, help="folder of the data sets")
    parser.add_argument(
        "--drawn",
        type=Path,
        default=Path("runs/camera"),
        help="folder of the drawings, made by make camera; default %(default)s",
    )
    parser.add_argument("--config", default="shipped_weights", help="default %(default)s")
    parser.add_argument(
        "--out", type=Path, default=Path("models"), help="folder for the weights; default models"
    )
    parser.add_argument(
        "--work", type=Path, default=Path("runs"), help="cache folder; default %(default)s"
    )
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    try:
        config = load_config(ShippedWeightsConfig, options.config)
        recorded = [
            with_squats(load_packed(options.data / name)) for name in config.recorded.values()
        ]
        drawn = [options.drawn / f"{name}_camera.npz" for name in config.recorded]
        missing = [path for path in drawn if not path.is_file()]
        if missing:
            raise ValueError(f"{missing[0]} not found; make camera DATA={options.data} draws it")
        library = ExerciseLibrary.load()
        sizes = [path.stat().st_size for path in drawn]
        mark = settings_mark([code_mark(MODULE), repr(config), sizes])
        folder = options.work / f"{config.name}-{mark}"
        folder.mkdir(parents=True, exist_ok=True)
        training = training_set(recorded, drawn, library, config.ignored, folder)
        figures = train(training, config, options.out, folder)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    link = options.work / FOLDS
    link.unlink(missing_ok=True)
    link.symlink_to(folder.name)
    (folder / "figures.json").write_text(json.dumps(figures, indent=1), encoding="utf-8")
    print(table(figures))
    print(f"wrote {options.out / config.name}.safetensors and its card")
    print(f"weights of the folds: {link}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
