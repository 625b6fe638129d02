"""Configurations of the published figures."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from apsa_training.config.configurations import (
    AblationConfig,
    ClinicalConfig,
    CrossValidationConfig,
    NamedErrorsConfig,
    ShippedWeightsConfig,
)
from apsa_training.config.reader import config_names, load_config
from apsa_training.models.baselines import build_baseline

KINDS = {
    "ablations": AblationConfig,
    "irds_crossval": CrossValidationConfig,
    "kimore_clinical": ClinicalConfig,
    "named_errors": NamedErrorsConfig,
    "shipped_weights": ShippedWeightsConfig,
    "ui_prmd_crossval": CrossValidationConfig,
}


@dataclass(frozen=True)
class Outer:
    """Settings of these tests."""

    inner: "Inner"
    numbers: tuple[float, ...]
    title: str = "none"


@dataclass(frozen=True)
class Inner:
    """Inner settings of these tests."""

    count: int
    rate: float


def test_every_configuration_can_be_read() -> None:
    assert config_names() == sorted(KINDS)
    for name, kind in KINDS.items():
        assert isinstance(load_config(kind, name), kind)


def test_shipped_weights_have_the_network_of_the_cross_validation() -> None:
    shipped = load_config(ShippedWeightsConfig, "shipped_weights")
    validated = load_config(CrossValidationConfig, "irds_crossval")
    assert (shipped.network, shipped.seed) == (validated.network, validated.seed)
    assert shipped.subject_folds["irds"] == validated.folds
    ui_prmd = load_config(CrossValidationConfig, "ui_prmd_crossval")
    assert shipped.subject_folds["ui_prmd"] == ui_prmd.folds


def test_ui_prmd_differs_from_irds_in_data_folds_and_posture_only() -> None:
    irds = load_config(CrossValidationConfig, "irds_crossval")
    ui_prmd = load_config(CrossValidationConfig, "ui_prmd_crossval")
    assert (irds.network.posture, ui_prmd.network.posture) == (False, True)
    assert ui_prmd.training == irds.training
    assert ui_prmd.baselines == irds.baselines


def write(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text)
    return str(folder / name)


def test_values_of_a_base_are_replaced_key_by_key(tmp_path: Path) -> None:
    write(tmp_path, "base.yaml", "inner: {count: 1, rate: 2}\nnumbers: [1, 2.5]\nother: 1\n")
    name = write(tmp_path, "own.yaml", "base: base.yaml\ninner: {count: 3}\n")
    assert load_config(Outer, name) == Outer(Inner(3, 2.0), (1.0, 2.5))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("numbers: []\n", "own.yaml: key inner is missing"),
        ("inner: {count: 1}\nnumbers: []\n", "own.yaml: inner: key rate is missing"),
        ("inner: {count: 1, rate: 1}\nnumbers: [a]\n", r"numbers\[0\] is 'a'; expected float"),
        ("inner: {count: 1.5, rate: 1}\nnumbers: []\n", "count is 1.5; expected int"),
        ("inner: {count: true, rate: 1}\nnumbers: []\n", "count is True; expected int"),
        ("inner: {count: 1, rate: 1}\nnumbers: []\nspeed: 1\n", "unknown key speed; expected"),
        ("base: nowhere.yaml\n", "nowhere.yaml not found"),
        ("- 1\n", "expected a mapping"),
        ("a: [\n", "own.yaml:2: not valid YAML"),
    ],
)
def test_wrong_configurations_are_reported(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        load_config(Outer, write(tmp_path, "own.yaml", text))


def test_unknown_models_and_features_are_reported() -> None:
    config = load_config(CrossValidationConfig, "irds_crossval")
    baseline = type(config.baselines["majority"])
    with pytest.raises(ValueError, match="model of a baseline is 'oracle'; expected one of"):
        build_baseline(baseline("oracle"), config.deep)
    with pytest.raises(ValueError, match="features of a baseline is 'all'; expected one of"):
        build_baseline(baseline("extra_trees", "all"), config.deep)
