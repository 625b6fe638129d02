"""Cross-validation: no subject on both sides, cached predictions, and the report."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from apsa_perception.apsa.network_config import NetworkConfig
from apsa_training.config.configurations import AblationConfig, CrossValidationConfig
from apsa_training.config.reader import load_config
from apsa_training.crossval import main
from apsa_training.data.window_set import Rows, WindowSet, prepare
from apsa_training.evaluation.cross_predictions import (
    NETWORK,
    Model,
    baselines,
    cross_predictions,
    networks,
    predictions_folder,
)
from apsa_training.evaluation.cross_validation import cross_validate, report_of, table
from apsa_training.evaluation.results_file import write_json
from apsa_training.models.baselines import majority, patient_means_incorrect
from support.samples import SAMPLE, sample
from support.training_cases import (
    CROSS_VALIDATION,
    for_each_subject,
    training,
    with_reference,
)

VARIANTS = load_config(AblationConfig, "ablations").variants


@pytest.fixture(scope="module")
def windows() -> WindowSet:
    return prepare(sample())


@pytest.fixture(scope="module")
def fold(windows: WindowSet) -> npt.NDArray[np.intp]:
    return np.where(windows.subject == "204", 1, 0)


@pytest.fixture(scope="module")
def crowd(windows: WindowSet) -> WindowSet:
    """Six subjects who do the same repetitions with noise, of families with a reference."""
    noise = np.random.default_rng(0)
    data = with_reference(windows)
    repeated = for_each_subject(data, ["101", "103", "105", "203", "102", "205"])
    shift = noise.normal(0, 0.02, repeated.windows.shape).astype(np.float32)
    return replace(repeated, windows=repeated.windows + shift)


def test_predictions_are_cached_and_subjects_are_on_one_side_only(
    windows: WindowSet, fold: npt.NDArray[np.intp], tmp_path: Path
) -> None:
    calls = []

    def predict(data: WindowSet, learn: Rows, test: Rows) -> npt.NDArray[np.float64]:
        assert not set(data.subject[learn]) & set(data.subject[test])
        calls.append(len(test))
        return np.full(len(test), 0.25)

    folder = predictions_folder(tmp_path, windows)
    for _ in range(2):
        scores = cross_predictions({"fake": Model("fake", predict)}, windows, fold, folder)
        assert (scores["fake"] == 0.25).all()
    assert len(calls) == 2, "the second run finds both folds in the cache"


def test_report_has_folds_intervals_and_the_paired_lead(
    windows: WindowSet, fold: npt.NDArray[np.intp], tmp_path: Path
) -> None:
    scores = {
        NETWORK: np.where(windows.correct == 1, 0.9, 0.2),
        "majority": np.full(len(windows), 0.8),
    }
    report = report_of(windows, fold, scores, CROSS_VALIDATION)
    lead = report["lead"]
    assert isinstance(lead, dict)
    assert lead["over"] == "majority"
    assert lead["macro_f1"]["difference"] > 0.3
    assert "majority" in table(report)
    write_json(tmp_path / "out.json", report)
    stored = json.loads((tmp_path / "out.json").read_text())
    assert stored["models"][NETWORK]["all"]["accuracy"] == 1.0
    assert len(stored["models"][NETWORK]["folds"]) == 2


def test_baselines_that_ignore_the_movement(windows: WindowSet) -> None:
    rows = np.arange(len(windows))
    assert np.unique(majority(windows, rows, rows)).size == 1
    guess = patient_means_incorrect(windows, rows, rows)
    assert (guess[windows.is_patient] == 0).all()
    assert (guess[~windows.is_patient] == 1).all()


def test_every_configured_model_has_its_own_cache_file(windows: WindowSet) -> None:
    models = networks(windows, CROSS_VALIDATION, VARIANTS) | baselines(CROSS_VALIDATION)
    assert len({model.stem for model in models.values()}) == len(models)
    assert len(models) == 1 + len(VARIANTS) + len(CROSS_VALIDATION.baselines)
    with pytest.raises(ValueError, match="prior is 'none'"):
        NetworkConfig(families=1, prior="none")


def test_unknown_model_and_missing_file_are_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = ["--json", str(tmp_path / "out.json"), "--work", str(tmp_path)]
    assert main(["--data", str(SAMPLE), "--models", "oracle", *out]) == 2
    assert "no model title contains 'oracle'" in capsys.readouterr().err
    assert main(["--data", str(tmp_path / "none.npz"), *out]) == 2
    assert main(["--data", str(SAMPLE), "--config", "nothing", *out]) == 2
    assert "configuration nothing not found" in capsys.readouterr().err


def test_ensemble_is_reported_when_all_members_are_there(crowd: WindowSet, tmp_path: Path) -> None:
    """One small model and an ensemble, from configuration to report, are reproducible."""
    name = "logistic regression, raw"
    config = replace(
        CROSS_VALIDATION,
        baselines={title: CROSS_VALIDATION.baselines[title] for title in ("majority", name)},
        ensembles=(replace(CROSS_VALIDATION.ensembles[0], members=("majority", name)),),
    )
    reports = [
        cross_validate(crowd, config, tmp_path / work, "majority, logistic") for work in "ab"
    ]
    assert json.dumps(reports[0]) == json.dumps(reports[1])
    models = reports[0]["models"]
    assert isinstance(models, dict)
    assert set(models) == {"majority", name, CROSS_VALIDATION.ensembles[0].name}


def test_predictions_of_a_configured_model_are_those_of_its_settings(crowd: WindowSet) -> None:
    """The configuration describes the model of the published figures, setting by setting."""
    from sklearn.ensemble import RandomForestClassifier

    from apsa_training.models.baselines import raw_statistics

    fold = np.where(np.isin(crowd.subject, ["101", "103"]), 1, 0)
    learn, test = np.flatnonzero(fold == 0), np.flatnonzero(fold == 1)
    predicted = baselines(CROSS_VALIDATION)["random forest, raw"].predict(crowd, learn, test)
    features = raw_statistics(crowd)
    forest = RandomForestClassifier(400, min_samples_leaf=2, random_state=0, n_jobs=1)
    forest.fit(features[learn], crowd.correct[learn])
    assert np.array_equal(predicted, forest.predict_proba(features[test])[:, 1])


@pytest.mark.slow
def test_network_and_every_ablation_are_different_models(crowd: WindowSet, tmp_path: Path) -> None:
    fold = np.where(np.isin(crowd.subject, ["101", "103"]), 0, 1)
    short: CrossValidationConfig = replace(
        CROSS_VALIDATION, training=training(epochs=2, batch=64, copies=2)
    )
    models = networks(crowd, short, VARIANTS)
    scores = cross_predictions(models, crowd, fold, tmp_path)
    assert len(scores) == len(VARIANTS) + 1
    for name, score in scores.items():
        assert ((score > 0) & (score < 1)).all()
        same = [other for other, its in scores.items() if np.array_equal(its, score)]
        assert same == [name], "an ablation that changes no prediction removes nothing"
