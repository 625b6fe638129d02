"""What models answer about people they never saw; every finished answer is kept in a folder."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from apsa_perception.apsa.network import NetworkConfig
from apsa_perception.model.skeleton import FloatArray
from apsa_training.baselines import BASELINES
from apsa_training.cache import kept, work_folder
from apsa_training.fit import FitConfig, Progress, Rows
from apsa_training.folds import irds_fold, subject_folds
from apsa_training.prepare import WindowSet
from apsa_training.progress import ProgressLine
from apsa_training.recipe import ABLATIONS, SEED, Trainer, fingerprint

NETWORK = "APSA"
Answer = Callable[[WindowSet, Rows, Rows, Progress], FloatArray]
"""Learns from the first rows and returns P(correct) of the second."""


@dataclass(frozen=True)
class Contender:
    """A model to compare: how it answers, and the stem of its files in the work folder."""

    stem: str
    answer: Answer


def folds_of(data: WindowSet) -> npt.NDArray[np.intp]:
    """The published folds of IRDS; four folds of subjects, two each, for UI-PRMD."""
    if data.source == "irds":
        return irds_fold(data.subject)
    return subject_folds(data.subject, len(np.unique(data.subject)) // 2, seed=0)


def answers_folder(work: Path, data: WindowSet) -> Path:
    """Folder for the answers about this very data, made if absent."""
    return work_folder(work, data, __name__)


def answers(
    models: dict[str, Contender],
    data: WindowSet,
    fold: npt.NDArray[np.intp],
    folder: Path,
    progress: ProgressLine,
    only: Sequence[int] | None = None,
) -> dict[str, FloatArray]:
    """P(correct) of every repetition by models that never saw its person.

    Args:
        models: by name.
        data: windows.
        fold: ``(N,)`` fold of each.
        folder: where finished answers lie.
        progress: counts one stage a model and fold.
        only: folds to answer; the repetitions of the others stay NaN. All by default.
    """
    scores = {name: np.full(len(data), np.nan) for name in models}
    folds = int(fold.max()) + 1
    for k in range(folds) if only is None else only:
        learn, test = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
        for name, model in models.items():
            path = folder / f"{model.stem}-{k}.npy"
            title = f"fold {k + 1} of {folds}: {name}"
            (progress.skip if path.is_file() else progress.stage)(title)
            made = partial(model.answer, data, learn, test, progress.update)
            scores[name][test] = kept(path, made)
    return scores


def baselines() -> dict[str, Contender]:
    """Every baseline, on the same windows and folds as the network."""

    def answering(name: str) -> Answer:
        return lambda data, learn, test, _: BASELINES[name](data, learn, test)

    return {name: Contender(_stem(name), answering(name)) for name in BASELINES}


def networks(
    data: WindowSet, ablation: bool = False, training: FitConfig | None = None
) -> dict[str, Contender]:
    """The network and, if wanted, its ablations; trained as shipped unless told otherwise."""
    trainer = Trainer()
    shape, training = network_for(data), training or FitConfig()
    variants = {NETWORK: (shape, training)}
    if ablation:
        for name, (in_shape, in_training) in ABLATIONS.items():
            variants[f"{NETWORK}, {name}"] = (
                replace(shape, **in_shape),  # type: ignore[arg-type]
                replace(training, **in_training),  # type: ignore[arg-type]
            )

    def answering(network: NetworkConfig, config: FitConfig) -> Answer:
        return lambda data, learn, test, progress: trainer.answer(
            data, learn, test, network, config, progress
        )

    return {
        name: Contender(
            f"{_stem(name)}-{fingerprint(data, recipe_of(*variant))}", answering(*variant)
        )
        for name, variant in variants.items()
    }


def network_for(data: WindowSet) -> NetworkConfig:
    """The shape of the quality network for a data set.

    In UI-PRMD everyone stands, and how they hold themselves is judged too; in IRDS people stand,
    sit on chairs and in wheelchairs, which must not be.
    """
    return NetworkConfig(families=len(data.families), posture=data.source == "ui_prmd")


def recipe_of(network: NetworkConfig, config: FitConfig) -> dict[str, object]:
    """Everything that decides what a network becomes, as plain values."""
    shape, how = asdict(network), asdict(config)
    return {"network": shape, "reads": list(network.readings), "fit": how, "seed": SEED}


def _stem(name: str) -> str:
    return "".join(c if c.isalnum() else "_" for c in name)
