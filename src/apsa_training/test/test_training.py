"""Figures, folds, calibration, augmentation, and a training run in small."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.metrics import f1_score, roc_auc_score
from torch import Tensor, nn

from apsa_perception.apsa.features import FEATURE_NAMES, excursions, feature_validity, features_of
from apsa_perception.apsa.network import ApsaNetwork, NetworkConfig
from apsa_perception.apsa.window import PHASES
from apsa_perception.model.joints import Joint
from apsa_training.augment import AugmentConfig, augment
from apsa_training.calibration import abstention, calibrated, fit_calibration
from apsa_training.evaluate import main as evaluate_main
from apsa_training.fit import (
    FitConfig,
    Optimisation,
    Rows,
    build_pool,
    fit,
    logits,
    optimise,
    set_reference,
)
from apsa_training.metrics import (
    accuracy,
    auc,
    bootstrap_interval,
    calibration_error,
    macro_f1,
)
from apsa_training.prepare import WindowSet, prepare
from apsa_training.reference import estimate_reference
from apsa_training.teacher import balanced_groups
from support.samples import SAMPLE, WEIGHTS, sample


@pytest.fixture(scope="module")
def windows() -> WindowSet:
    return prepare(sample())


def test_figures_agree_with_their_definitions() -> None:
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 200)
    score = np.round(np.clip(truth * 0.3 + rng.random(200) * 0.7, 0, 1), 2)
    assert auc(truth, score) == pytest.approx(roc_auc_score(truth, score))
    assert macro_f1(truth, score) == pytest.approx(f1_score(truth, score > 0.5, average="macro"))
    assert np.isnan(auc(np.ones(4, dtype=int), np.zeros(4)))
    assert calibration_error(np.array([1, 1, 0, 0]), np.full(4, 0.5)) == pytest.approx(0.0)


def test_bootstrap_draws_whole_subjects() -> None:
    truth = np.array([1, 1, 0, 0])
    score = np.array([0.9, 0.9, 0.9, 0.9])
    people = np.array(["a", "a", "b", "b"])
    assert bootstrap_interval(accuracy, truth, score, people) == (0.0, 1.0)
    assert bootstrap_interval(accuracy, truth, score, people, other=score) == (0.0, 0.0)


def test_calibration_finds_the_slope() -> None:
    rng = np.random.default_rng(1)
    logit = rng.normal(0, 3, 5000)
    truth = (rng.random(5000) < calibrated(logit, 0.5)).astype(int)
    assert fit_calibration(logit, truth) == pytest.approx(0.5, abs=0.05)
    assert 1.0 < fit_calibration(logit, (logit > 0).astype(int)) < np.inf
    assert fit_calibration(logit, (logit < 0).astype(int)) > 0.0


def test_abstention_counts_what_is_left() -> None:
    found = abstention(np.array([1, 1, 0, 0]), np.array([0.9, 0.45, 0.55, 0.1]), band=0.1)
    assert found == {"share_judged": 0.5, "accuracy_judged": 1.0, "accuracy_abstained": 0.0}


def test_reference_weighs_people_alike_and_ignores_odd_repetitions() -> None:
    values = np.concatenate([np.zeros(30), np.ones(3), np.full(3, 2.0), [1000.0]])[:, None]
    person = np.array(["a"] * 30 + ["b"] * 3 + ["c"] * 3 + ["c"])
    reference = estimate_reference(values, np.zeros(len(values), dtype=int), person, 1)
    assert reference.centre[0, 0] == 1.0
    with pytest.raises(ValueError, match="no correct repetition"):
        estimate_reference(values, np.zeros(len(values), dtype=int), person, 2)


def test_measures_do_not_know_size_and_mask_what_is_hidden(windows: WindowSet) -> None:
    window = torch.from_numpy(windows.windows[:2])
    measures = features_of(window)
    assert measures.shape == (2, PHASES, len(FEATURE_NAMES))
    assert torch.isfinite(excursions(measures)).all()
    elbow = FEATURE_NAMES.index("left_elbow")
    assert torch.allclose(features_of(window * 1.2)[..., elbow], measures[..., elbow], atol=1e-3)
    valid = torch.ones(1, 20)
    valid[0, Joint.LEFT_WRIST] = 0
    usable = feature_validity(valid)[0]
    assert usable[elbow] == 0
    assert usable[FEATURE_NAMES.index("right_elbow")] == 1


def test_excursions_forget_how_the_person_rests(windows: WindowSet) -> None:
    measures = features_of(torch.from_numpy(windows.windows[:3]))
    found = excursions(measures)
    assert torch.allclose(
        excursions(measures + torch.randn(1, 1, len(FEATURE_NAMES))), found, atol=1e-5
    )
    low, high, mean, middle = found.unbind(-1)
    for value in (mean, middle):
        assert bool(((low <= value) & (value <= high)).all())
    assert torch.allclose(high - low, measures.amax(1) - measures.amin(1), atol=1e-5)
    assert torch.count_nonzero(excursions(measures[:, :1].expand(-1, PHASES, -1))) == 0


def test_augmentation_is_seeded_small_and_keeps_shape(windows: WindowSet) -> None:
    window, valid = torch.from_numpy(windows.windows), torch.from_numpy(windows.joint_valid)
    runs = [
        augment(window, valid, AugmentConfig(reverse=0.0), torch.Generator().manual_seed(3))
        for _ in range(2)
    ]
    assert torch.equal(runs[0][0], runs[1][0])
    assert runs[0][0].shape == window.shape
    assert 0.0 < float((runs[0][0] - window).abs().mean()) < 0.2
    assert bool((runs[0][1] <= valid).all())


def test_groups_keep_people_together() -> None:
    people = np.array(["a", "a", "b", "b", "c", "d"])
    group = balanced_groups(people, np.array([0, 0, 0, 1, 1, 1]), 3)
    assert group[0] == group[1]
    assert group[2] == group[3]
    assert group[0] != group[2]


def test_hidden_joints_do_not_reach_the_answer(windows: WindowSet) -> None:
    torch.manual_seed(0)
    network = ApsaNetwork(NetworkConfig(families=len(windows.families))).eval()
    rows = np.arange(len(windows))
    set_reference(network, windows, rows)
    window = torch.from_numpy(windows.windows[:3])
    valid = torch.ones(3, 20)
    valid[:, Joint.RIGHT_HAND] = 0
    family = torch.from_numpy(windows.family[:3])
    moved = window.clone()
    moved[:, :, Joint.RIGHT_HAND] += 5.0
    with torch.no_grad():
        assert torch.allclose(network(window, valid, family), network(moved, valid, family))


def test_only_a_network_for_postures_sees_what_is_held_throughout(windows: WindowSet) -> None:
    standing = torch.from_numpy(windows.windows[:3, :1]).expand(-1, PHASES, -1, -1)
    leaning = standing.clone()
    leaning[:, :, [Joint.NECK, Joint.HEAD], 0] += 0.3
    valid, family = torch.ones(3, 20), torch.from_numpy(windows.family[:3])
    for posture in (False, True):
        torch.manual_seed(0)
        shape = NetworkConfig(families=len(windows.families), posture=posture)
        network = ApsaNetwork(shape).eval()
        set_reference(network, windows, np.arange(len(windows)))
        with torch.no_grad():
            upright, leant = (network(w, valid, family) for w in (standing, leaning))
        assert torch.allclose(upright, leant, atol=1e-4) is not posture


def test_pruned_pairs_get_no_weight(windows: WindowSet) -> None:
    torch.manual_seed(0)
    network = ApsaNetwork(NetworkConfig(families=5, joint_layers=1)).eval()
    tokens = torch.randn(1, 20, 32)
    moved = tokens.clone()
    moved[0, Joint.RIGHT_HAND] += 1.0
    with torch.no_grad():
        change = (network.spatial[0](moved) - network.spatial[0](tokens))[0].abs().sum(-1)
    assert change[Joint.RIGHT_WRIST] > 0
    assert change[Joint.LEFT_FOOT] == 0


def test_training_in_small_learns_and_repeats(windows: WindowSet) -> None:
    rows = np.arange(len(windows))
    config = FitConfig(epochs=15, batch=4, copies=2, opinion_share=0.0)
    network = NetworkConfig(families=len(windows.families), width=16, joint_layers=1)
    answers = []
    for _ in range(2):
        pool = build_pool(windows, rows, network, config, seed=1)
        answers.append(logits(fit(windows, rows, pool, network, config, seed=1), windows, rows))
    assert np.array_equal(answers[0], answers[1])
    assert auc(windows.correct, answers[0]) > 0.9


def test_the_result_of_training_is_the_running_mean_of_the_weights() -> None:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(3, 1), nn.BatchNorm1d(1))
    inputs, seen = torch.randn(24, 3), list[Tensor]()

    def loss_of(pick: Rows) -> Tensor:
        seen.append(model[0].weight.detach().clone())
        return (model(inputs[pick]) - inputs[pick, :1]).square().mean()

    config = Optimisation(epochs=8, batch=8, averaging=0.9)
    optimise(model, len(inputs), loss_of, config, np.random.default_rng(0))
    # What a step begins with is what the one before ended with; the rate of the last is next to 0.
    mean = seen[1]
    for steps, weight in enumerate([*seen[2:], seen[-1]], start=1):
        memory = min(0.9, (1 + steps) / (10 + steps))
        mean = memory * mean + (1 - memory) * weight
    assert torch.allclose(model[0].weight, mean, atol=1e-6)
    assert not torch.allclose(model[0].weight, seen[-1], atol=1e-5)
    assert model[1].num_batches_tracked == len(seen)
    assert not torch.equal(model[1].running_var, torch.ones(1))


def test_evaluate_writes_strict_json(tmp_path: Path) -> None:
    out = tmp_path / "figures.json"
    arguments = ["--data", str(SAMPLE), "--weights", str(WEIGHTS), "--json", str(out)]
    assert evaluate_main(arguments) == 0
    report = json.loads(out.read_text())
    assert report["all"]["sequences"] == 11
    assert set(report["subjects_in_training"]) == {"102", "204", "206", "207"}
    assert report["patients"]["auc"] is not None
    assert evaluate_main(["--data", str(out), "--weights", str(WEIGHTS)]) == 2
