"""The published deep networks that serve as baselines."""

import numpy as np
import pytest
import torch

from apsa_perception.model.joints import PARENTS, Joint
from apsa_training import deep
from apsa_training.baselines import BASELINES
from apsa_training.deep import DEEP, deep_answer
from apsa_training.fit import Optimisation, tensors
from apsa_training.metrics import auc
from apsa_training.prepare import prepare
from support.samples import sample


@pytest.mark.parametrize("name", DEEP)
def test_each_learns_the_sample_and_repeats(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deep, "_TRAINING", Optimisation(epochs=25, batch=5))
    data = prepare(sample())
    rows = np.arange(len(data))
    answers = [deep_answer(DEEP[name], data, rows, rows) for _ in range(2)]
    assert np.array_equal(answers[0], answers[1])
    assert ((answers[0] > 0) & (answers[0] < 1)).all()
    assert auc(data.correct, answers[0]) > 0.9
    assert name in BASELINES


def test_hidden_joints_are_zero_and_say_so() -> None:
    data = prepare(sample())
    windows, valid, family = tensors(data)
    valid = torch.ones_like(valid)
    valid[:, Joint.LEFT_HAND] = 0
    joints = deep._joints(windows, valid, family, len(data.families))
    assert joints.shape == (*windows.shape[:3], 3 + 1 + len(data.families))
    assert (joints[:, :, Joint.LEFT_HAND, :4] == 0).all()
    assert (joints[..., 4:].sum(-1) == 1).all()


def test_graph_has_every_bone_both_ways() -> None:
    graph = deep._graph()
    for child, parent in PARENTS.items():
        assert graph[1, child, parent] > 0
        assert graph[2, parent, child] > 0
    assert int((graph[1] > 0).sum()) == len(PARENTS)
