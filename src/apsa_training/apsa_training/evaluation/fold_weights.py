"""Weights of each fold: trained on the people of the other folds, and what they say of theirs."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from tqdm import tqdm

from apsa_perception.apsa.domain import CameraRecognition, Domain
from apsa_perception.apsa.network import ApsaNetwork
from apsa_perception.apsa.weights import DomainLimits, ModelHeader, save_weights
from apsa_perception.biomechanics.view import ALL_VIEWS
from apsa_perception.model.skeleton import FloatArray
from apsa_training.config.configurations import ShippedWeightsConfig, network_for
from apsa_training.data.window_set import Rows, WindowSet
from apsa_training.evaluation.metrics import THRESHOLD
from apsa_training.evaluation.reliability import JudgedViews, Reliability, judged_views
from apsa_training.fitting.calibration import calibrated, fit_calibration
from apsa_training.fitting.network_fit import logits
from apsa_training.fitting.shipped_model import (
    Naming,
    QualityData,
    assembled,
    domain_limits,
    least_novelty,
    novelty_of,
)
from apsa_training.fitting.trainer import Trainer, recipe_of


@dataclass(frozen=True)
class FoldResults:
    """What networks say of people that they were not trained on.

    Attributes:
        score: ``(N,)`` calibrated P(correct).
        doubted: ``(N,)`` whether the coach would not give the score.
        slopes: calibration of each domain from all scores.
        judged: what is judged from which views.
        files: weight file of each fold.
    """

    score: FloatArray
    doubted: npt.NDArray[np.bool_]
    slopes: dict[Domain, float]
    judged: JudgedViews
    files: tuple[Path, ...]


def cross_validate_weights(
    data: QualityData,
    recognition: CameraRecognition,
    config: ShippedWeightsConfig,
    folder: Path,
) -> FoldResults:
    """Train the network of each fold, judge its people, and write its weights.

    Args:
        data: windows and folds.
        recognition: of camera skeletons.
        config: settings.
        folder: finished networks are kept here.
    """
    windows, count = data.windows, int(data.fold.max()) + 1
    logit = np.empty(len(windows))
    networks = []
    for k in tqdm(range(count), "folds", unit="fit"):
        learn, test = np.flatnonzero(data.fold != k), np.flatnonzero(data.fold == k)
        network = trained_network(windows, learn, config, folder / f"network-{k}.pt")
        networks.append(network)
        logit[test] = logits(network, windows, test)
    score, doubted = np.empty(len(windows)), np.empty(len(windows), dtype=np.bool_)
    every = dict.fromkeys(Domain, dict.fromkeys(windows.families, ALL_VIEWS))
    limits_of = []
    for k, network in enumerate(networks):
        learn, test = np.flatnonzero(data.fold != k), np.flatnonzero(data.fold == k)
        slopes = slopes_of(logit, windows, learn)
        limits = domain_limits(
            network, windows, learn, slopes, config.novelty_margin, every, config.alike
        )
        limits_of.append(limits)
        for domain, camera in ((Domain.DEPTH_SENSOR, False), (Domain.CAMERA, True)):
            rows = test[windows.from_camera[test] == camera]
            if len(rows):
                score[rows] = calibrated(slopes[domain] * logit[rows])
                strange = _strange(network, windows, rows, limits[domain], config)
                undecided = np.abs(score[rows] - THRESHOLD) < config.uncertain_band
                doubted[rows] = undecided | (strange & (score[rows] > THRESHOLD))
    required = Reliability(config.least_auc, config.most_wrong, config.uncertain_band)
    files = []
    for k, network in enumerate(networks):
        others = np.flatnonzero(data.fold != k)
        judged = judged_views(windows, data.view, score, others, required)
        limits = {domain: limits_of[k][domain].judging(judged[domain]) for domain in Domain}
        model, header = assembled(
            network,
            data.refinements[k],
            recognition,
            windows,
            limits,
            naming_of(config),
            {"subjects": sorted(set(windows.subject[data.fold != k].tolist()))},
        )
        files.append(folder / f"fold-{k}.safetensors")
        save_weights(files[-1], model, header)
    all_rows = np.arange(len(windows))
    judged = judged_views(windows, data.view, score, all_rows, required)
    slopes = slopes_of(logit, windows, all_rows)
    return FoldResults(score, doubted, slopes, judged, tuple(files))


def _strange(
    network: ApsaNetwork,
    data: WindowSet,
    rows: Rows,
    limits: DomainLimits,
    config: ShippedWeightsConfig,
) -> npt.NDArray[np.bool_]:
    novelty = novelty_of(network, data, rows)
    family = data.family[rows]
    own = novelty[np.arange(len(rows)), family]
    new = own > np.array(limits.novelty_limits)[family]
    least = least_novelty(novelty, data, rows, config.alike)
    other = own > np.array(limits.likeness_limits)[family] * least
    return np.asarray(new | other)


def fold_files(folder: Path) -> list[Path]:
    """Return the weight files of the folds in a folder.

    Raises:
        ValueError: there are none; one sentence.
    """
    files = sorted(folder.glob("fold-*.safetensors"))
    if not files:
        raise ValueError(f"{folder} has no weights of folds; make train makes runs/folds")
    return files


def trained_on(header: ModelHeader) -> frozenset[str]:
    """People that weights were trained on, such as ``irds-101``."""
    subjects = header.training["subjects"]
    assert isinstance(subjects, list)
    return frozenset(subjects)


def slopes_of(logit: FloatArray, data: WindowSet, rows: Rows) -> dict[Domain, float]:
    """Calibration of each domain on some rows."""
    camera = data.from_camera[rows]
    return {
        domain: fit_calibration(logit[rows[here]], data.correct[rows[here]])
        for domain, here in ((Domain.DEPTH_SENSOR, ~camera), (Domain.CAMERA, camera))
    }


def trained_network(
    data: WindowSet, rows: Rows, config: ShippedWeightsConfig, path: Path
) -> ApsaNetwork:
    """The network trained on some rows, kept at ``path``."""
    shape = network_for(data, config.network)
    if path.is_file():
        model = ApsaNetwork(shape)
        model.load_state_dict(torch.load(path, weights_only=True))
        return model.eval()
    model = Trainer(config.seed).fit(data, rows, shape, config.training)
    partial = path.with_suffix(".partial")
    torch.save(model.state_dict(), partial)
    partial.replace(path)
    return model


def naming_of(config: ShippedWeightsConfig) -> Naming:
    """What the configuration says for the header."""
    return Naming(
        config.name,
        config.version,
        config.ignored,
        config.alike,
        config.sources,
        config.uncertain_band,
    )


def recipe(config: ShippedWeightsConfig, data: WindowSet) -> dict[str, Any]:
    """All settings of the training as plain values."""
    shape = network_for(data, config.network)
    refinement = dict(vars(config.refinement))
    return {**recipe_of(shape, config.training, config.seed), "refinement": refinement}
