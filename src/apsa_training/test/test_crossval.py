"""The cross-validation: people on one side only, resumable, and its report."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from apsa_perception.apsa.network import NetworkConfig
from apsa_training.baselines import majority, patient_means_incorrect
from apsa_training.calibration import calibrated, cross_calibrated, to_logit
from apsa_training.cross_predictions import (
    NETWORK,
    Contender,
    answers,
    answers_folder,
    folds_of,
    networks,
)
from apsa_training.crossval import main, report_of, table
from apsa_training.fit import FitConfig, Rows
from apsa_training.prepare import WindowSet, prepare
from apsa_training.progress import ProgressLine
from apsa_training.recipe import ABLATIONS
from apsa_training.results import write_json
from support.samples import SAMPLE, sample


@pytest.fixture(scope="module")
def windows() -> WindowSet:
    return prepare(sample())


@pytest.fixture(scope="module")
def fold(windows: WindowSet) -> npt.NDArray[np.intp]:
    return np.where(windows.subject == "204", 1, 0)


def test_answers_are_kept_and_people_never_on_both_sides(
    windows: WindowSet, fold: npt.NDArray[np.intp], tmp_path: Path
) -> None:
    calls = []

    def answer(data: WindowSet, learn: Rows, test: Rows, _: object) -> npt.NDArray[np.float64]:
        assert not set(data.subject[learn]) & set(data.subject[test])
        calls.append(len(test))
        return np.full(len(test), 0.25)

    folder = answers_folder(tmp_path, windows)
    for _ in range(2):
        model = {"fake": Contender("fake", answer)}
        scores = answers(model, windows, fold, folder, ProgressLine(2))
        assert (scores["fake"] == 0.25).all()
    assert len(calls) == 2, "the second run finds both folds finished"


def test_report_has_folds_intervals_and_the_paired_lead(
    windows: WindowSet, fold: npt.NDArray[np.intp], tmp_path: Path
) -> None:
    scores = {
        NETWORK: np.where(windows.correct == 1, 0.9, 0.2),
        "majority": np.full(len(windows), 0.8),
    }
    report = report_of(windows, fold, scores)
    lead = report["lead"]
    assert isinstance(lead, dict)
    assert lead["over"] == "majority"
    assert lead["macro_f1"]["difference"] > 0.3
    assert "majority" in table(report)
    write_json(tmp_path / "out.json", report)
    stored = json.loads((tmp_path / "out.json").read_text())
    assert stored["models"][NETWORK]["all"]["accuracy"] == 1.0
    assert len(stored["models"][NETWORK]["folds"]) == 2


def test_baselines_without_learning(windows: WindowSet) -> None:
    rows = np.arange(len(windows))
    assert np.unique(majority(windows, rows, rows)).size == 1
    guess = patient_means_incorrect(windows, rows, rows)
    assert (guess[windows.is_patient] == 0).all()
    assert (guess[~windows.is_patient] == 1).all()


def test_irds_folds_are_the_published_ones(windows: WindowSet) -> None:
    assert folds_of(windows)[windows.subject == "204"].tolist() == [1, 1, 1]


def test_every_ablation_is_another_network(windows: WindowSet) -> None:
    stems = [model.stem for model in networks(windows, ablation=True).values()]
    assert len(set(stems)) == len(ABLATIONS) + 1
    with pytest.raises(ValueError, match="prior is 'none'"):
        NetworkConfig(families=1, prior="none")


def test_calibration_never_uses_the_fold_itself() -> None:
    rng = np.random.default_rng(0)
    score = np.clip(rng.random(400), 0.01, 0.99)
    fold = np.repeat([0, 1], 200)
    truth = (rng.random(400) < calibrated(to_logit(score), 2.0)).astype(int)
    changed = truth.copy()
    changed[fold == 0] = 1 - changed[fold == 0]
    one, other = cross_calibrated(score, truth, fold), cross_calibrated(score, changed, fold)
    assert np.array_equal(one[fold == 0], other[fold == 0])
    assert not np.array_equal(one[fold == 1], other[fold == 1])


def test_unknown_model_and_missing_file_are_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = ["--json", str(tmp_path / "out.json"), "--work", str(tmp_path)]
    assert main(["--data", str(SAMPLE), "--models", "oracle", *out]) == 2
    assert "no model is called oracle" in capsys.readouterr().err
    assert main(["--data", str(tmp_path / "none.npz"), *out]) == 2


@pytest.mark.slow
def test_network_and_every_ablation_train_and_answer(windows: WindowSet, tmp_path: Path) -> None:
    people, noise = 6, np.random.default_rng(0)
    copies = [
        windows.windows + noise.normal(0, 0.02, windows.windows.shape).astype(np.float32)
        for _ in range(people)
    ]
    crowd = replace(
        windows,
        windows=np.concatenate(copies),
        joint_valid=np.tile(windows.joint_valid, (people, 1)),
        family=np.tile(windows.family, people),
        correct=np.tile(windows.correct, people),
        exercise=np.tile(windows.exercise, people),
        is_patient=np.tile(windows.is_patient, people),
        subject=np.repeat([f"p{n}" for n in range(people)], len(windows)),
    )
    crowd = crowd_of_complete_families(crowd)
    fold = np.where(np.isin(crowd.subject, ["p0", "p1"]), 0, 1)
    models = networks(crowd, ablation=True, training=FitConfig(epochs=2, copies=2))
    scores = answers(models, crowd, fold, tmp_path, ProgressLine(2 * len(models)))
    assert len(scores) == len(ABLATIONS) + 1
    for name, score in scores.items():
        assert ((score > 0) & (score < 1)).all()
        same = [other for other, its in scores.items() if np.array_equal(its, score)]
        assert same == [name], "an ablation that changes no answer takes nothing away"


def crowd_of_complete_families(data: WindowSet) -> WindowSet:
    """Leave out the families of which the sample has no correct repetition."""
    names = [
        name
        for index, name in enumerate(data.families)
        if ((data.family == index) & (data.correct == 1)).any()
    ]
    keep = np.isin(np.array(data.families)[data.family], names)
    old = np.array([data.families.index(name) for name in names])
    return replace(
        data,
        families=tuple(names),
        windows=data.windows[keep],
        joint_valid=data.joint_valid[keep],
        family=np.searchsorted(old, data.family[keep]),
        correct=data.correct[keep],
        exercise=data.exercise[keep],
        is_patient=data.is_patient[keep],
        subject=data.subject[keep],
    )
