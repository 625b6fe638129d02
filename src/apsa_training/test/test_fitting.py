"""Features, augmentation, reference and training of the quality network."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from apsa_perception.apsa.features import FEATURE_NAMES, excursions, feature_validity, features_of
from apsa_perception.apsa.network import ApsaNetwork
from apsa_perception.apsa.network_config import NetworkConfig
from apsa_perception.apsa.window import PHASES
from apsa_perception.model.joints import Joint
from apsa_training.augmentation.augment import augment
from apsa_training.data.window_set import Rows, WindowSet, prepare
from apsa_training.evaluation.metrics import auc
from apsa_training.fitting.network_fit import build_pool, fit, logits, set_reference
from apsa_training.fitting.optimisation import optimise
from apsa_training.fitting.reference import estimate_reference
from apsa_training.fitting.soft_targets import balanced_groups
from support.samples import sample
from support.training_cases import CROSS_VALIDATION, training


@pytest.fixture(scope="module")
def windows() -> WindowSet:
    return prepare(sample())


def test_reference_weights_subjects_equally_and_is_robust() -> None:
    values = np.concatenate([np.zeros(30), np.ones(3), np.full(3, 2.0), [1000.0]])[:, None]
    person = np.array(["a"] * 30 + ["b"] * 3 + ["c"] * 3 + ["c"])
    reference = estimate_reference(values, np.zeros(len(values), dtype=int), person, 1)
    assert reference.centre[0, 0] == 1.0
    with pytest.raises(ValueError, match="no correct repetition"):
        estimate_reference(values, np.zeros(len(values), dtype=int), person, 2)


def test_measures_do_not_depend_on_size_and_mask_occluded_joints(windows: WindowSet) -> None:
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


def test_excursions_do_not_depend_on_the_rest_pose(windows: WindowSet) -> None:
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


def test_augmentation_is_reproducible_small_and_keeps_the_shape(windows: WindowSet) -> None:
    window, valid = torch.from_numpy(windows.windows), torch.from_numpy(windows.joint_valid)
    settings = replace(CROSS_VALIDATION.training.augment, reverse=0.0)
    runs = [augment(window, valid, settings, torch.Generator().manual_seed(3)) for _ in range(2)]
    assert torch.equal(runs[0][0], runs[1][0])
    assert runs[0][0].shape == window.shape
    assert 0.0 < float((runs[0][0] - window).abs().mean()) < 0.2
    assert bool((runs[0][1] <= valid).all())


def test_groups_keep_subjects_together() -> None:
    people = np.array(["a", "a", "b", "b", "c", "d"])
    group = balanced_groups(people, np.array([0, 0, 0, 1, 1, 1]), 3)
    assert group[0] == group[1]
    assert group[2] == group[3]
    assert group[0] != group[2]


def test_occluded_joints_do_not_change_the_output(windows: WindowSet) -> None:
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


def test_only_a_network_with_posture_sees_a_held_posture(windows: WindowSet) -> None:
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


def test_short_training_learns_and_is_reproducible(windows: WindowSet) -> None:
    rows = np.arange(len(windows))
    config = training(epochs=15, batch=4, copies=2, soft_target_share=0.0)
    network = NetworkConfig(families=len(windows.families), width=16, joint_layers=1)
    scores = []
    for _ in range(2):
        pool = build_pool(windows, rows, network, config, seed=1)
        scores.append(logits(fit(windows, rows, pool, network, config, seed=1), windows, rows))
    assert np.array_equal(scores[0], scores[1])
    assert auc(windows.correct, scores[0]) > 0.9


def test_result_of_training_is_the_moving_average_of_the_weights() -> None:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(3, 1), nn.BatchNorm1d(1))
    inputs, seen = torch.randn(24, 3), list[Tensor]()

    def loss_of(pick: Rows) -> Tensor:
        seen.append(model[0].weight.detach().clone())
        return (model(inputs[pick]) - inputs[pick, :1]).square().mean()

    config = replace(CROSS_VALIDATION.deep, epochs=8, batch=8, averaging=0.9)
    optimise(model, len(inputs), loss_of, config, np.random.default_rng(0))
    # A step starts with the weights of the previous one; the rate of the last step is almost 0.
    mean = seen[1]
    for steps, weight in enumerate([*seen[2:], seen[-1]], start=1):
        memory = min(0.9, (1 + steps) / (10 + steps))
        mean = memory * mean + (1 - memory) * weight
    assert torch.allclose(model[0].weight, mean, atol=1e-6)
    assert not torch.allclose(model[0].weight, seen[-1], atol=1e-5)
    assert model[1].num_batches_tracked == len(seen)
    assert not torch.equal(model[1].running_var, torch.ones(1))
