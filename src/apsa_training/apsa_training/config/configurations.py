"""Settings of each published figure; one YAML file per figure beside this module."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from apsa_perception.apsa.network_config import NetworkConfig
from apsa_training.data.folds import FoldConfig
from apsa_training.data.window_set import WindowSet
from apsa_training.fitting.network_fit import FitConfig
from apsa_training.fitting.refinement_fit import RefinementConfig
from apsa_training.models.baselines import BaselineConfig
from apsa_training.models.deep_baselines import DeepConfig
from apsa_training.models.multi_task import TaskConfig
from apsa_training.models.session_kernels import KernelConfig


@dataclass(frozen=True)
class EnsembleConfig:
    """Mean log-odds of several models.

    Attributes:
        name: title in the results.
        members: titles of the models; empty: all models that use the movement.
    """

    name: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class NetworkTraining:
    """A quality network and its cross-validation.

    Attributes:
        data: packed file, relative to the data folder.
        folds: assignment of subjects to folds.
        seed: of all training of the network.
        network: shape; the number of families comes from the data.
        training: training settings.
    """

    data: str
    folds: FoldConfig
    seed: int
    network: NetworkConfig
    training: FitConfig


@dataclass(frozen=True)
class CrossValidationConfig(NetworkTraining):
    """Cross-validation of the network and the baselines on one data set.

    Attributes:
        result: file of the figures.
        bootstrap_draws: draws for each interval.
        baselines: by title.
        deep: training of the deep baselines.
        ensembles: averaged models.
    """

    result: str
    bootstrap_draws: int
    baselines: dict[str, BaselineConfig]
    deep: DeepConfig
    ensembles: tuple[EnsembleConfig, ...]


@dataclass(frozen=True)
class ShippedWeightsConfig:
    """Training of the shipped weights.

    Attributes:
        name: name of the model and its files.
        version: version of the model.
        recorded: packed file of each data set, relative to the data folder.
        subject_folds: assignment of the subjects of each data set to folds.
        ignored: joints that are not judged, by family.
        alike: groups of families with the same movement, which are not told apart.
        sources: domain of sources of skeletons, by the beginning of their names.
        seed: of all training.
        refinement: training of the refinement of camera skeletons.
        network: shape of the network; the number of families comes from the data.
        training: training of the network.
        uncertain_band: scores closer than this to 0.5 are not given.
        novelty_margin: limit of the novelty, in units of the largest one of a correct repetition.
        least_auc: families with a smaller one, of strangers, are not judged in a domain.
        most_wrong: families in which a greater share of correct ones would be called incorrect are
            not judged in a domain.
    """

    name: str
    version: str
    recorded: dict[str, str]
    subject_folds: dict[str, FoldConfig]
    ignored: dict[str, tuple[str, ...]]
    alike: tuple[tuple[str, ...], ...]
    sources: dict[str, str]
    seed: int
    refinement: RefinementConfig
    network: NetworkConfig
    training: FitConfig
    uncertain_band: float
    novelty_margin: float
    least_auc: float
    most_wrong: float


@dataclass(frozen=True)
class HeadsConfig:
    """Training of the heads: seed, shape of the network, and training settings."""

    seed: int
    network: NetworkConfig
    training: TaskConfig


@dataclass(frozen=True)
class ClinicalConfig:
    """Clinical scores and squat faults of KIMORE.

    Attributes:
        data: packed file, relative to the data folder.
        result: file of the figures.
        folds: number of folds, stratified by group.
        fold_seed: of the folds.
        bootstrap_draws: draws for each interval.
        heads: heads of the network.
        network_weight: weight of the network in its mean with the other model.
        kernels: support vector regression.
        forest_seed: of the extra trees.
        score_forest: parameters of the extra trees for scores.
        fault_forest: parameters of the extra trees for faults.
        process_variance: variance of the Gaussian process for faults.
        process_length: its length scale, in standard deviations of the features.
    """

    data: str
    result: str
    folds: int
    fold_seed: int
    bootstrap_draws: int
    heads: HeadsConfig
    network_weight: float
    kernels: KernelConfig
    forest_seed: int
    score_forest: dict[str, Any]
    fault_forest: dict[str, Any]
    process_variance: float
    process_length: float


@dataclass(frozen=True)
class Variant:
    """Settings of the network and of its training that an ablation changes."""

    network: dict[str, Any]
    training: dict[str, Any]


@dataclass(frozen=True)
class AblationConfig:
    """Ablations of the quality network and of the heads.

    Attributes:
        result: file of the figures.
        bootstrap_draws: draws for each interval.
        irds: configuration of the cross-validation on IRDS.
        ui_prmd: the same on UI-PRMD.
        kimore: configuration of the clinical scores.
        attention_training: settings of the quality network that differ from ``irds``.
        head_training: settings of the heads that differ from ``kimore``.
        irds_folds: test folds used, from 0.
        ui_prmd_folds: the same on UI-PRMD.
        kimore_folds: the same on KIMORE.
        variants: by title.
    """

    result: str
    bootstrap_draws: int
    irds: str
    ui_prmd: str
    kimore: str
    attention_training: dict[str, Any]
    head_training: dict[str, Any]
    irds_folds: tuple[int, ...]
    ui_prmd_folds: tuple[int, ...]
    kimore_folds: tuple[int, ...]
    variants: dict[str, Variant]


@dataclass(frozen=True)
class NamedErrorsConfig:
    """Evaluation of the named errors.

    Attributes:
        result: file of the figures.
        irds: configuration of the cross-validation on IRDS, whose predictions are used.
        ui_prmd: the same on UI-PRMD.
        kimore: packed file, relative to the data folder.
        squat_landmark_errors: table of single frames, relative to the data folder.
        squat_form_features: table of repetitions, relative to the data folder.
        exercise_correction: table of single frames, relative to the data folder.
        media: folder of the clips, relative to the data folder.
    """

    result: str
    irds: str
    ui_prmd: str
    kimore: str
    squat_landmark_errors: str
    squat_form_features: str
    exercise_correction: str
    media: str


def network_for(data: WindowSet, network: NetworkConfig) -> NetworkConfig:
    """Return the shape of the network with the number of families in the data."""
    return replace(network, families=len(data.families))


def data_file(data: Path, name: str) -> Path:
    """Return the data file: ``data`` itself if it is a file, else ``name`` in this folder."""
    return data if data.is_file() else data / name
