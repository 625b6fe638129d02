"""Baselines on the same windows and folds as the network."""

from collections.abc import Callable
from functools import partial

import numpy as np
import numpy.typing as npt
import torch
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from torch import Tensor

from apsa_perception.apsa.features import feature_validity, features_of
from apsa_perception.apsa.network import DEVIATION_LIMIT, ApsaNetwork, NetworkConfig
from apsa_perception.model.skeleton import FloatArray
from apsa_training.deep import DEEP, deep_answer
from apsa_training.fit import Rows, set_reference, tensors
from apsa_training.prepare import WindowSet
from apsa_training.reference import estimate_reference
from apsa_training.rocket import rocket_features
from apsa_training.teacher import forest, relative_features

Baseline = Callable[[WindowSet, Rows, Rows], FloatArray]
"""Learns from the first rows and returns P(correct) of the second."""
FROM_REST = ", from rest"
"""How the names of baselines end that read the same measures as the network."""
_SEED = 0
_TINY = 1e-6


def majority(data: WindowSet, learn: Rows, test: Rows) -> FloatArray:
    """The share of correct repetitions, for everyone."""
    return np.full(len(test), data.correct[learn].mean())


def patient_means_incorrect(data: WindowSet, learn: Rows, test: Rows) -> FloatArray:
    """Correct for controls, incorrect for patients: what knowing the group alone gives."""
    return np.where(data.is_patient[test], 0.0, 1.0)


def statistics(measures: Tensor) -> Tensor:
    """What features of a repetition usually are: ``(B, K, M)`` -> ``(B, M, 9)``.

    Lowest, highest, range, mean, deviation, first, last, path and roughness of each measure.
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


def _plain(data: WindowSet) -> Tensor:
    with torch.no_grad():
        return statistics(features_of(torch.from_numpy(data.windows))).flatten(1)


def _with_family(features: Tensor, data: WindowSet) -> npt.NDArray[np.float32]:
    one_hot = np.eye(len(data.families), dtype=np.float32)[data.family]
    return np.concatenate([features.numpy(), one_hot], axis=1)


def raw_features(data: WindowSet) -> npt.NDArray[np.float32]:
    """Plain statistics of the kinematic measures and the exercise family, one-hot."""
    return _with_family(_plain(data), data)


def relative(data: WindowSet, learn: Rows) -> npt.NDArray[np.float32]:
    """The same as deviations from correct repetitions among the rows to learn from."""
    values = _plain(data)
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


def from_rest(data: WindowSet, learn: Rows) -> npt.NDArray[np.float32]:
    """What the network reads of the measures: deviations of the excursions from rest."""
    reference = ApsaNetwork(NetworkConfig(families=len(data.families)))
    set_reference(reference, data, learn)
    return relative_features(reference, *tensors(data))


def _squashed(features: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    return np.concatenate([np.tanh(features / 4), np.log1p(np.abs(features))], axis=1)


def _logistic(scale: bool) -> object:
    model = LogisticRegression(C=0.01, max_iter=500)
    return make_pipeline(StandardScaler(), model) if scale else model


def _boosting() -> HistGradientBoostingClassifier:
    return HistGradientBoostingClassifier(
        max_iter=200,
        learning_rate=0.06,
        max_leaf_nodes=15,
        l2_regularization=1.0,
        max_features=0.2,
        random_state=_SEED,
    )


def _random_forest() -> RandomForestClassifier:
    return RandomForestClassifier(400, min_samples_leaf=2, random_state=_SEED, n_jobs=1)


def _run(model: object, features: npt.NDArray[np.float32], *rows: npt.NDArray) -> FloatArray:
    correct, learn, test = rows
    model.fit(features[learn], correct[learn])  # type: ignore[attr-defined]
    found: FloatArray = model.predict_proba(features[test])[:, 1]  # type: ignore[attr-defined]
    return found


UNTAUGHT: dict[str, Baseline] = {
    "majority": majority,
    "patient means incorrect": patient_means_incorrect,
}
"""Baselines that look at no movement."""

BASELINES: dict[str, Baseline] = {
    **UNTAUGHT,
    "logistic regression, raw": lambda d, a, b: _run(
        _logistic(scale=True), raw_features(d), d.correct, a, b
    ),
    "logistic regression, relative": lambda d, a, b: _run(
        _logistic(scale=False), _squashed(relative(d, a)), d.correct, a, b
    ),
    "random forest, raw": lambda d, a, b: _run(_random_forest(), raw_features(d), d.correct, a, b),
    "random forest, relative": lambda d, a, b: _run(
        _random_forest(), relative(d, a), d.correct, a, b
    ),
    "gradient boosting, raw": lambda d, a, b: _run(_boosting(), raw_features(d), d.correct, a, b),
    "gradient boosting, relative": lambda d, a, b: _run(
        _boosting(), relative(d, a), d.correct, a, b
    ),
    "extra trees, relative": lambda d, a, b: _run(
        forest(_SEED, copies=1, trees=400), relative(d, a), d.correct, a, b
    ),
    f"random forest{FROM_REST}": lambda d, a, b: _run(
        _random_forest(), from_rest(d, a), d.correct, a, b
    ),
    f"gradient boosting{FROM_REST}": lambda d, a, b: _run(
        _boosting(), from_rest(d, a), d.correct, a, b
    ),
    f"extra trees{FROM_REST}": lambda d, a, b: _run(
        forest(_SEED, copies=1, trees=400), from_rest(d, a), d.correct, a, b
    ),
    "random convolutions, relative": lambda d, a, b: _run(
        _logistic(scale=True), rocket_features(d, a), d.correct, a, b
    ),
} | {name: partial(deep_answer, network) for name, network in DEEP.items()}
