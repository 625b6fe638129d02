"""Baselines on the same windows and folds as the network."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from sklearn.ensemble import (
    ExtraTreesClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
)
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from torch import Tensor

from apsa_perception.apsa.features import feature_validity, features_of
from apsa_perception.apsa.network import DEVIATION_LIMIT, ApsaNetwork
from apsa_perception.apsa.network_config import NetworkConfig
from apsa_perception.model.skeleton import FloatArray
from apsa_training.data.window_set import Rows, WindowSet
from apsa_training.fitting.network_fit import set_reference
from apsa_training.fitting.optimisation import tensors
from apsa_training.fitting.reference import estimate_reference
from apsa_training.fitting.soft_targets import relative_features
from apsa_training.models.deep_baselines import DEEP, DeepConfig, predict_deep
from apsa_training.models.random_convolutions import convolution_features

Baseline = Callable[[WindowSet, Rows, Rows], FloatArray]
"""Learns from the first rows and returns P(correct) of the second."""
NETWORK_FEATURES = "network"
"""Kind of features that are the network's own input features."""
_TINY = 1e-6


@dataclass(frozen=True)
class BaselineConfig:
    """One baseline.

    Attributes:
        model: a classifier, a deep network, or a rule that ignores the movement.
        features: kind of features of a classifier; empty for other models.
        parameters: of the classifier, as scikit-learn names them.
        standardised: whether features are scaled to unit variance first.
    """

    model: str
    features: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)
    standardised: bool = False

    @property
    def learns(self) -> bool:
        """Whether the model uses the movement at all."""
        return self.model not in RULES


def majority(data: WindowSet, learn: Rows, test: Rows) -> FloatArray:
    """The share of correct repetitions, for every repetition."""
    return np.full(len(test), data.correct[learn].mean())


def patient_means_incorrect(data: WindowSet, learn: Rows, test: Rows) -> FloatArray:
    """Correct for controls, incorrect for patients: uses the group only."""
    return np.where(data.is_patient[test], 0.0, 1.0)


def statistics(measures: Tensor) -> Tensor:
    """Common statistics of each measure over time: ``(B, K, M)`` -> ``(B, M, 9)``.

    Minimum, maximum, range, mean, standard deviation, first, last, path length and roughness.
    """
    low, high = measures.amin(1), measures.amax(1)
    edge = max(1, measures.shape[1] // 16)
    change = measures[:, 1:] - measures[:, :-1]
    parts = [
        low,
        high,
        high - low,
        measures.mean(1),
        measures.var(1, unbiased=False).add(_TINY).sqrt(),
        measures[:, :edge].mean(1),
        measures[:, -edge:].mean(1),
        change.abs().sum(1),
        (change[:, 1:] - change[:, :-1]).abs().sum(1),
    ]
    return torch.stack(parts, dim=-1)


def _statistics(data: WindowSet) -> Tensor:
    with torch.no_grad():
        return statistics(features_of(torch.from_numpy(data.windows))).flatten(1)


def _with_family(features: Tensor, data: WindowSet) -> npt.NDArray[np.float32]:
    one_hot = np.eye(len(data.families), dtype=np.float32)[data.family]
    return np.concatenate([features.numpy(), one_hot], axis=1)


def raw_statistics(data: WindowSet) -> npt.NDArray[np.float32]:
    """Statistics of the kinematic measures, and the exercise family one-hot."""
    return _with_family(_statistics(data), data)


def relative_statistics(data: WindowSet, learn: Rows) -> npt.NDArray[np.float32]:
    """The statistics as deviations from the correct repetitions among the training rows."""
    values = _statistics(data)
    correct = learn[data.correct[learn] == 1]
    reference = estimate_reference(
        values.numpy()[correct], data.family[correct], data.subject[correct], len(data.families)
    )
    centre = torch.tensor(reference.centre, dtype=torch.float32)[data.family]
    spread = torch.tensor(reference.spread, dtype=torch.float32)[data.family]
    deviation = ((values - centre) / spread).clamp(-DEVIATION_LIMIT, DEVIATION_LIMIT)
    usable = feature_validity(torch.from_numpy(data.joint_valid))
    kept = deviation.unflatten(1, (usable.shape[1], -1)) * usable[..., None]
    return _with_family(kept.flatten(1), data)


def network_features(data: WindowSet, learn: Rows) -> npt.NDArray[np.float32]:
    """Input features of the network: deviations of the measures' excursions from rest."""
    reference = ApsaNetwork(NetworkConfig(families=len(data.families)))
    set_reference(reference, data, learn)
    return relative_features(reference, *tensors(data))


def _squashed(features: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    return np.concatenate([np.tanh(features / 4), np.log1p(np.abs(features))], axis=1)


RULES: dict[str, Baseline] = {
    "majority": majority,
    "patient_means_incorrect": patient_means_incorrect,
}
FEATURES: dict[str, Callable[[WindowSet, Rows], npt.NDArray[np.float32]]] = {
    "raw": lambda data, learn: raw_statistics(data),
    "relative": relative_statistics,
    "relative_squashed": lambda data, learn: _squashed(relative_statistics(data, learn)),
    NETWORK_FEATURES: network_features,
    "random_convolutions": convolution_features,
}
CLASSIFIERS: dict[str, Callable[..., Any]] = {
    "logistic_regression": LogisticRegression,
    "random_forest": RandomForestClassifier,
    "extra_trees": ExtraTreesClassifier,
    "gradient_boosting": HistGradientBoostingClassifier,
}


def build_baseline(config: BaselineConfig, deep: DeepConfig) -> Baseline:
    """Return a baseline.

    Args:
        config: the baseline.
        deep: training of deep networks.

    Raises:
        ValueError: unknown model or features.
    """
    if config.model in RULES:
        return RULES[config.model]
    if config.model in DEEP:
        return partial(predict_deep, config.model, deep)
    _check("model", config.model, {**RULES, **DEEP, **CLASSIFIERS})
    _check("features", config.features, FEATURES)
    return partial(_predict, config)


def _check(key: str, value: str, known: Mapping[str, object]) -> None:
    if value not in known:
        raise ValueError(f"{key} of a baseline is {value!r}; expected one of {', '.join(known)}")


def _predict(config: BaselineConfig, data: WindowSet, learn: Rows, test: Rows) -> FloatArray:
    features = FEATURES[config.features](data, learn)
    model = CLASSIFIERS[config.model](**config.parameters)
    if config.standardised:
        model = make_pipeline(StandardScaler(), model)
    model.fit(features[learn], data.correct[learn])
    probability: FloatArray = model.predict_proba(features[test])[:, 1]
    return probability
