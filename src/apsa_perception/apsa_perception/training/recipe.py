"""The whole way from training rows to a network, as training and evaluation both use it."""

import hashlib
import json

import numpy as np

from apsa_perception.apsa.network import ApsaNetwork, NetworkConfig
from apsa_perception.skeleton.types import FloatArray
from apsa_perception.training.calibration import calibrated
from apsa_perception.training.fit import FitConfig, Progress, Rows, build_pool, fit, logits
from apsa_perception.training.prepare import WindowSet

SEED = 20260101


def fit_network(
    data: WindowSet,
    rows: Rows,
    network: NetworkConfig,
    config: FitConfig,
    progress: Progress | None = None,
) -> ApsaNetwork:
    """Make the altered copies of some rows and train a network on them."""
    pool = build_pool(data, rows, config, SEED)
    return fit(data, rows, pool, network, config, SEED, progress)


def fit_and_answer(
    data: WindowSet, learn: Rows, test: Rows, network: NetworkConfig, config: FitConfig
) -> FloatArray:
    """P(correct) of the test rows by a network that learned from the others."""
    model = fit_network(data, learn, network, config)
    return calibrated(logits(model, data, test), slope=1.0, offset=0.0)


def fingerprint(data: WindowSet, recipe: dict[str, object]) -> str:
    """Twelve characters that change with the data or the recipe."""
    digest = hashlib.sha256(json.dumps(recipe, sort_keys=True).encode())
    for values in (data.windows, data.joint_valid, data.correct):
        digest.update(np.ascontiguousarray(values).tobytes())
    return digest.hexdigest()[:12]
