"""The whole way from training rows to a network, as training and evaluation both use it."""

import hashlib
import json

import numpy as np

from apsa_perception.apsa.network import ApsaNetwork, NetworkConfig
from apsa_perception.model.skeleton import FloatArray
from apsa_training.calibration import calibrated
from apsa_training.fit import (
    FitConfig,
    Pool,
    Progress,
    Rows,
    build_pool,
    fit,
    logits,
)
from apsa_training.prepare import WindowSet

SEED = 20260101

ABLATIONS: dict[str, tuple[dict[str, object], dict[str, object]]] = {
    "mask off": ({"prior": "off"}, {}),
    "mask learned": ({"prior": "learned"}, {}),
    "no hierarchy": ({"hierarchy": False}, {}),
    "dense time": ({"sparse_time": False}, {}),
    "dense attention": ({"prior": "off", "sparse_time": False}, {}),
    "no joint attention": ({"joint_layers": 0}, {}),
    "no counter-examples": ({}, {"contrast_share": 0.0}),
    "labels only": ({}, {"opinion_share": 0.0}),
}
"""What each ablation changes in the shape of the network and in its training."""


class Trainer:
    """Trains networks, keeping the altered copies of the last training rows.

    Networks of different shape in the same fold share the copies and the opinions about them,
    which cost about as much as the training.
    """

    def __init__(self) -> None:
        self._key: tuple[object, ...] = ()
        self._pool: Pool | None = None

    def fit(
        self,
        data: WindowSet,
        rows: Rows,
        network: NetworkConfig,
        config: FitConfig,
        progress: Progress | None = None,
    ) -> ApsaNetwork:
        """Train a network on some rows of the data."""
        made_of = (
            config.augment,
            config.copies,
            config.smoothing,
            config.opinion_share,
            network.posture,
        )
        key = (id(data), rows.tobytes(), *made_of)
        if self._pool is None or key != self._key:
            self._pool, self._key = build_pool(data, rows, network, config, SEED), key
        return fit(data, rows, self._pool, network, config, SEED, progress)

    def answer(
        self,
        data: WindowSet,
        learn: Rows,
        test: Rows,
        network: NetworkConfig,
        config: FitConfig,
        progress: Progress | None = None,
    ) -> FloatArray:
        """P(correct) of the test rows by a network that learned from the others."""
        model = self.fit(data, learn, network, config, progress)
        return calibrated(logits(model, data, test))


def fingerprint(data: WindowSet, recipe: dict[str, object]) -> str:
    """Twelve characters that change with the data or the recipe."""
    digest = hashlib.sha256(json.dumps(recipe, sort_keys=True).encode())
    for values in (data.windows, data.joint_valid, data.correct):
        digest.update(np.ascontiguousarray(values).tobytes())
    return digest.hexdigest()[:12]
