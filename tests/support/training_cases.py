"""Small window sets and short training settings for the tests of training."""

from dataclasses import replace
from typing import Any

import numpy as np

from apsa_perception.apsa.network_config import NetworkConfig
from apsa_training.config.configurations import (
    ClinicalConfig,
    CrossValidationConfig,
    network_for,
)
from apsa_training.config.reader import load_config
from apsa_training.data.window_set import WindowSet, rows_of
from apsa_training.fitting.network_fit import FitConfig

CROSS_VALIDATION = replace(load_config(CrossValidationConfig, "irds_crossval"), bootstrap_draws=10)
CLINICAL = replace(load_config(ClinicalConfig, "kimore_clinical"), bootstrap_draws=10)


def training(**changes: Any) -> FitConfig:
    """The published training with some settings changed."""
    return replace(CROSS_VALIDATION.training, **changes)


def network(data: WindowSet, **changes: Any) -> NetworkConfig:
    """The published shape of the network for some data, with some settings changed."""
    return replace(network_for(data, CROSS_VALIDATION.network), **changes)


def for_each_subject(data: WindowSet, subjects: list[str]) -> WindowSet:
    """The same windows once per subject."""
    repeated = rows_of(data, np.tile(np.arange(len(data)), len(subjects)))
    return replace(repeated, subject=np.repeat(subjects, len(data)))


def with_reference(data: WindowSet) -> WindowSet:
    """Windows of the families that have a correct repetition."""
    names = [
        name
        for index, name in enumerate(data.families)
        if ((data.family == index) & (data.correct == 1)).any()
    ]
    old = np.array([data.families.index(name) for name in names])
    kept = rows_of(data, np.flatnonzero(np.isin(data.family, old)))
    return replace(kept, families=tuple(names), family=np.searchsorted(old, kept.family))
