"""Train the shipped weights; resumable.

``python -m apsa_training.train --data FOLDER [--config NAME] [--out FOLDER]``

Cross-validation by subject gives the figures of the model card and the calibration; the final
network is then trained on all subjects.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from apsa_perception.apsa.network import ApsaNetwork
from apsa_perception.apsa.weights import ModelHeader, save_weights
from apsa_training.config.configurations import ShippedWeightsConfig, data_file, network_for
from apsa_training.config.reader import load_config
from apsa_training.data.cache import settings_mark
from apsa_training.data.folds import folds_of
from apsa_training.data.packed_files import load_packed
from apsa_training.data.window_set import WindowSet, prepare
from apsa_training.evaluation.cross_predictions import (
    NETWORK,
    cross_predictions,
    networks,
    predictions_folder,
)
from apsa_training.evaluation.metrics import abstention, all_metrics
from apsa_training.evaluation.model_card import write_card
from apsa_training.fitting.calibration import cross_calibrated, fit_calibration, to_logit
from apsa_training.fitting.optimisation import tensors
from apsa_training.fitting.trainer import Trainer, recipe_of

MODULE = "apsa_training.train"


def train(
    data: WindowSet, config: ShippedWeightsConfig, out: Path, work: Path
) -> dict[str, object]:
    """Train, write the weights and the model card, and return the cross-validated figures.

    Args:
        data: windows of IRDS.
        config: settings.
        out: folder for ``<name>.safetensors`` and ``<name>.md``.
        work: cache folder.
    """
    folder = predictions_folder(work, data)
    fold = folds_of(data.subject, config.folds)
    unseen = cross_predictions(networks(data, config), data, fold, folder)[NETWORK]
    slope = fit_calibration(to_logit(unseen), data.correct)
    score = cross_calibrated(unseen, data.correct, fold)
    report: dict[str, object] = {
        "all": all_metrics(data.correct, score),
        "patients": all_metrics(data.correct[data.is_patient], score[data.is_patient]),
        "folds": [
            {"subjects": sorted(set(data.subject[fold == k].tolist()))}
            | all_metrics(data.correct[fold == k], score[fold == k])
            for k in range(int(fold.max()) + 1)
        ],
        "abstention": abstention(data.correct, score, config.uncertain_band),
    }
    network = network_for(data, config.network)
    recipe = recipe_of(network, config.training, config.seed)
    model = _final_network(data, config, folder / f"final-{settings_mark(recipe)}.pt")
    header = ModelHeader(
        name=config.name,
        version=config.version,
        exercises=data.exercises,
        families=data.families,
        network=network,
        slope=slope,
        uncertain_band=config.uncertain_band,
        novelty_limits=_novelty_limits(model, data, config.novelty_margin),
        training={
            "data": "IntelliRehabDS (CC BY 4.0)",
            "subjects": sorted(set(data.subject.tolist())),
            "sequences": len(data),
            "recipe": recipe,
            "cross_validation": report,
        },
    )
    out.mkdir(parents=True, exist_ok=True)
    save_weights(out / f"{config.name}.safetensors", model, header)
    write_card(out / f"{config.name}.md", header, model)
    return report


def _final_network(data: WindowSet, config: ShippedWeightsConfig, path: Path) -> ApsaNetwork:
    """Network trained on all subjects, cached at ``path``."""
    network = network_for(data, config.network)
    if path.is_file():
        model = ApsaNetwork(network)
        model.load_state_dict(torch.load(path, weights_only=True))
        return model.eval()
    with tqdm(total=1, desc="all subjects", unit="fit") as progress:
        rows = np.arange(len(data))
        model = Trainer(config.seed).fit(data, rows, network, config.training)
        progress.update()
    partial = path.with_suffix(".partial")
    torch.save(model.state_dict(), partial)
    partial.replace(path)
    return model


def _novelty_limits(model: ApsaNetwork, data: WindowSet, margin: float) -> tuple[float, ...]:
    with torch.no_grad():
        novelty = model.novelty(*tensors(data)).numpy()
    return tuple(
        float(margin * novelty[(data.family == index) & (data.correct == 1)].max())
        for index in range(len(data.families))
    )


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog=f"python -m {MODULE}")
    parser.add_argument(
        "--data", type=Path, required=True, help="folder of the data sets, or irds.npz itself"
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
        data = prepare(load_packed(data_file(options.data, config.data)))
        report = train(data, config, options.out, options.work)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    for part in ("all", "patients"):
        print(part, json.dumps(report[part]))
    print(f"wrote {options.out / config.name}.safetensors and {config.name}.md")
    return 0


if __name__ == "__main__":
    sys.exit(main())
