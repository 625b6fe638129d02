"""Train the shipped network: ``python -m apsa_training.train --data D --out models/``.

Five folds by subject give the figures and the calibration; then one network learns from everyone.
Every stage leaves its result in the work folder, so that a broken-off run goes on where it was.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import torch

from apsa_perception.apsa.network import ApsaNetwork, NetworkConfig
from apsa_perception.apsa.weights import ModelHeader, save_weights
from apsa_training.calibration import (
    abstention,
    cross_calibrated,
    fit_calibration,
    to_logit,
)
from apsa_training.card import write_card
from apsa_training.cross_predictions import (
    NETWORK,
    answers,
    answers_folder,
    folds_of,
    network_for,
    networks,
    recipe_of,
)
from apsa_training.fit import FitConfig, tensors
from apsa_training.folds import IRDS_FOLDS
from apsa_training.metrics import figures
from apsa_training.packed import load_packed
from apsa_training.prepare import WindowSet, prepare
from apsa_training.progress import ProgressLine
from apsa_training.recipe import Trainer, fingerprint

VERSION = "1.3.1"
_UNCERTAIN_BAND = 0.1
_NOVELTY_MARGIN = 1.25


def find_irds(path: Path) -> Path:
    """Return the packed IRDS file: the path itself, or where it lies in a data folder."""
    for candidate in (path, path / "irds.npz", path / "irds" / "irds.npz"):
        if candidate.is_file():
            return candidate
    raise ValueError(f"there is no irds.npz in {path}")


def train(data: WindowSet, out: Path, work: Path, name: str) -> dict[str, object]:
    """Train, write ``<name>.safetensors`` and its card, and return the cross-validated figures."""
    network = network_for(data)
    config = FitConfig()
    folder = answers_folder(work, data)
    progress = ProgressLine(len(IRDS_FOLDS) + 1)
    fold = folds_of(data)
    unseen = answers(networks(data), data, fold, folder, progress)[NETWORK]
    slope = fit_calibration(to_logit(unseen), data.correct)
    score = cross_calibrated(unseen, data.correct, fold)
    report: dict[str, object] = {
        "all": figures(data.correct, score),
        "patients": figures(data.correct[data.is_patient], score[data.is_patient]),
        "folds": [
            {"subjects": sorted(set(data.subject[fold == k].tolist()))}
            | figures(data.correct[fold == k], score[fold == k])
            for k in range(len(IRDS_FOLDS))
        ],
        "abstention": abstention(data.correct, score, _UNCERTAIN_BAND),
    }
    model = _final_network(data, folder, network, config, progress)
    progress.close()
    header = ModelHeader(
        name=name,
        version=VERSION,
        exercises=data.exercises,
        families=data.families,
        network=network,
        slope=slope,
        uncertain_band=_UNCERTAIN_BAND,
        novelty_limits=_novelty_limits(model, data),
        training={
            "data": "IntelliRehabDS (CC BY 4.0)",
            "subjects": sorted(set(data.subject.tolist())),
            "sequences": len(data),
            "recipe": recipe_of(network, config),
            "cross_validation": report,
        },
    )
    out.mkdir(parents=True, exist_ok=True)
    save_weights(out / f"{name}.safetensors", model, header)
    write_card(out / f"{name}.md", header, model)
    return report


def _final_network(
    data: WindowSet,
    folder: Path,
    network: NetworkConfig,
    config: FitConfig,
    progress: ProgressLine,
) -> ApsaNetwork:
    path = folder / f"final-{fingerprint(data, recipe_of(network, config))}.pt"
    if path.is_file():
        progress.skip("all subjects")
        model = ApsaNetwork(network)
        model.load_state_dict(torch.load(path, weights_only=True))
        return model.eval()
    progress.stage("all subjects")
    rows = np.arange(len(data))
    model = Trainer().fit(data, rows, network, config, progress.update)
    partial = path.with_suffix(".partial")
    torch.save(model.state_dict(), partial)
    partial.replace(path)
    return model


def _novelty_limits(model: ApsaNetwork, data: WindowSet) -> tuple[float, ...]:
    with torch.no_grad():
        novelty = model.novelty(*tensors(data)).numpy()
    return tuple(
        float(_NOVELTY_MARGIN * novelty[(data.family == index) & (data.correct == 1)].max())
        for index in range(len(data.families))
    )


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m apsa_training.train")
    parser.add_argument("--data", type=Path, required=True, help="data folder, or irds.npz itself")
    parser.add_argument("--out", type=Path, default=Path("models"), help="folder for the weights")
    parser.add_argument("--work", type=Path, default=Path("runs"), help="partial results")
    parser.add_argument("--name", default="apsa_irds", help="name of the model")
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    try:
        data = prepare(load_packed(find_irds(options.data)))
        report = train(data, options.out, options.work, options.name)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    for part in ("all", "patients"):
        print(part, json.dumps(report[part]))
    print(f"wrote {options.out / options.name}.safetensors and its card")
    return 0


if __name__ == "__main__":
    sys.exit(main())
