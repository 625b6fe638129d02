"""Deep networks used as baselines."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from apsa_perception.model.joints import PARENTS, Joint
from apsa_training.data.window_set import prepare
from apsa_training.evaluation.metrics import auc
from apsa_training.fitting.optimisation import tensors
from apsa_training.models.deep_baselines import (
    DEEP,
    joint_channels,
    predict_deep,
    skeleton_graph,
)
from support.samples import sample
from support.training_cases import CROSS_VALIDATION


@pytest.mark.parametrize("name", DEEP)
def test_each_learns_the_sample_and_is_reproducible(name: str) -> None:
    config = replace(CROSS_VALIDATION.deep, epochs=25, batch=5)
    data = prepare(sample())
    rows = np.arange(len(data))
    scores = [predict_deep(name, config, data, rows, rows) for _ in range(2)]
    assert np.array_equal(scores[0], scores[1])
    assert ((scores[0] > 0) & (scores[0] < 1)).all()
    assert auc(data.correct, scores[0]) > 0.9


def test_invalid_joints_are_zero_and_marked() -> None:
    data = prepare(sample())
    windows, valid, family = tensors(data)
    valid = torch.ones_like(valid)
    valid[:, Joint.LEFT_HAND] = 0
    joints = joint_channels(windows, valid, family, len(data.families))
    assert joints.shape == (*windows.shape[:3], 3 + 1 + len(data.families))
    assert (joints[:, :, Joint.LEFT_HAND, :4] == 0).all()
    assert (joints[..., 4:].sum(-1) == 1).all()


def test_graph_has_every_bone_in_both_directions() -> None:
    graph = skeleton_graph()
    for child, parent in PARENTS.items():
        assert graph[1, child, parent] > 0
        assert graph[2, parent, child] > 0
    assert int((graph[1] > 0).sum()) == len(PARENTS)
