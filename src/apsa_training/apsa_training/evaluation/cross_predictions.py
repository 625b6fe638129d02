"""Out-of-fold predictions of all models; finished folds are cached."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from apsa_perception.apsa.network_config import NetworkConfig
from apsa_perception.model.skeleton import FloatArray
from apsa_training.config.configurations import (
    CrossValidationConfig,
    NetworkTraining,
    Variant,
    network_for,
)
from apsa_training.data.cache import cache_folder, cached, settings_mark
from apsa_training.data.window_set import Rows, WindowSet
from apsa_training.fitting.network_fit import FitConfig
from apsa_training.fitting.trainer import Trainer, recipe_of
from apsa_training.models.baselines import build_baseline

NETWORK = "APSA"
Predict = Callable[[WindowSet, Rows, Rows], FloatArray]
"""Learns from the first rows and returns P(correct) of the second."""


@dataclass(frozen=True)
class Model:
    """A model to compare: its prediction function, and the stem of its files in the cache."""

    stem: str
    predict: Predict


def predictions_folder(work: Path, data: WindowSet) -> Path:
    """Return the cache folder for predictions for this data; created if absent."""
    return cache_folder(work, data, __name__)


def cross_predictions(
    models: dict[str, Model],
    data: WindowSet,
    fold: npt.NDArray[np.intp],
    folder: Path,
    only: Sequence[int] | None = None,
) -> dict[str, FloatArray]:
    """P(correct) of every repetition by models that were not trained on its subject.

    Args:
        models: by title.
        data: windows.
        fold: ``(N,)`` fold of each window.
        folder: cache folder.
        only: test folds; the repetitions of the others stay NaN. Default: all.
    """
    scores = {name: np.full(len(data), np.nan) for name in models}
    folds = range(int(fold.max()) + 1) if only is None else only
    with tqdm(total=len(folds) * len(models), unit="fit") as progress:
        for k in folds:
            learn, test = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
            for name, model in models.items():
                progress.set_description(f"fold {k + 1}, {name}")
                predict = partial(model.predict, data, learn, test)
                scores[name][test] = cached(folder / f"{model.stem}-{k}.npy", predict)
                progress.update()
    return scores


def baselines(config: CrossValidationConfig) -> dict[str, Model]:
    """Every baseline of a configuration by title."""
    found = {}
    for name, baseline in config.baselines.items():
        mark = settings_mark([asdict(baseline), asdict(config.deep)])
        found[name] = Model(f"{_stem(name)}-{mark}", build_baseline(baseline, config.deep))
    return found


def networks(
    data: WindowSet, config: NetworkTraining, variants: dict[str, Variant] | None = None
) -> dict[str, Model]:
    """The quality network of a configuration, and variants of it for an ablation."""
    trainer = Trainer(config.seed)
    shape = network_for(data, config.network)
    chosen = {NETWORK: (shape, config.training)}
    for name, variant in (variants or {}).items():
        chosen[f"{NETWORK}, {name}"] = (
            replace(shape, **variant.network),
            replace(config.training, **variant.training),
        )

    def predicting(network: NetworkConfig, training: FitConfig) -> Predict:
        return lambda data, learn, test: trainer.predict(data, learn, test, network, training)

    return {
        name: Model(
            f"{_stem(name)}-{settings_mark(recipe_of(*settings, config.seed))}",
            predicting(*settings),
        )
        for name, settings in chosen.items()
    }


def _stem(name: str) -> str:
    return "".join(c if c.isalnum() else "_" for c in name)
