"""Heads beside quality: what they are told, what they learn, and that each trains alone."""

import numpy as np
import pytest
import torch

from apsa_perception.apsa.network import NetworkConfig
from apsa_perception.model.body_frame import mirror_body
from apsa_training.fit import set_reference, tensors
from apsa_training.heads import ApsaHeads, HeadConfig
from apsa_training.prepare import WindowSet, prepare
from apsa_training.tasks import (
    ANY_EXERCISE,
    HEADS,
    TaskConfig,
    answer_heads,
    doubled,
    fit_heads,
    unknown,
)
from support.samples import sample

SHAPE = HeadConfig(errors=2, scores=1, exercises=3)


@pytest.fixture(scope="module")
def windows() -> WindowSet:
    return prepare(sample())


@pytest.fixture(scope="module")
def both(windows: WindowSet) -> WindowSet:
    return doubled(windows)[0]


def network(data: WindowSet) -> NetworkConfig:
    return NetworkConfig(families=len(data.families), width=16)


def trained(data: WindowSet, heads: tuple[str, ...], epochs: int) -> ApsaHeads:
    """Learn synthetic answers that can be read off the windows, with some heads only."""
    targets = unknown(len(data), SHAPE.errors, SHAPE.scores)
    high = data.windows[..., 2].max(axis=(1, 2))
    targets.quality[:] = data.correct
    targets.errors[:] = np.column_stack([data.correct == 0, high > np.median(high)])
    targets.scores[:, 0] = (high - high.mean()) / high.std()
    targets.exercise[:] = data.family % SHAPE.exercises
    return fit_heads(
        data,
        targets.only(heads),
        np.zeros(len(data), dtype=np.bool_),
        np.arange(len(data)),
        network(data),
        SHAPE,
        TaskConfig(epochs=epochs, batch=4, copies=1, smoothing=0.0),
        seed=3,
    )


def test_quality_is_what_the_network_alone_says(windows: WindowSet) -> None:
    torch.manual_seed(0)
    model = ApsaHeads(network(windows), SHAPE).eval()
    set_reference(model.network, windows, np.arange(len(windows)))
    with torch.no_grad():
        answers = model(*tensors(windows))
        assert torch.equal(answers.quality, model.network(*tensors(windows)))
    shapes = [tuple(getattr(answers, name).shape[1:]) for name in HEADS]
    assert shapes == [(), (2,), (1,), (3,)]


def test_exercise_head_is_not_told_family_or_side(windows: WindowSet) -> None:
    both, neutral = doubled(windows)
    count = len(windows)
    assert set(both.family[neutral]) == {both.families.index(ANY_EXERCISE)}
    right = np.array([name.endswith("_right") for name in windows.exercise])
    assert right.any()
    assert not right.all()
    second = both.windows[count:]
    assert np.allclose(mirror_body(second[right]), windows.windows[right])
    assert np.array_equal(second[~right], windows.windows[~right])
    assert np.array_equal(both.windows[:count], windows.windows)


@pytest.mark.parametrize("head", HEADS)
def test_each_head_trains_alone_and_leaves_the_others_untouched(both: WindowSet, head: str) -> None:
    torch.manual_seed(3)
    untrained = ApsaHeads(network(both), SHAPE)
    model = trained(both, (head,), epochs=2)
    for name in ("errors", "scores", "exercise"):
        same = torch.equal(getattr(model, name).deep, getattr(untrained, name).deep)
        assert same == (name != head)
    same = torch.equal(model.network.quality[1].weight, untrained.network.quality[1].weight)
    assert same == (head != "quality")


def test_all_heads_learn_together(both: WindowSet) -> None:
    answers = answer_heads(trained(both, HEADS, epochs=25), both, np.arange(len(both)))
    high = both.windows[..., 2].max(axis=(1, 2))
    assert ((answers["quality"] > 0) == (both.correct == 1)).mean() > 0.9
    assert ((answers["errors"][:, 0] > 0) == (both.correct == 0)).mean() > 0.9
    assert np.corrcoef(answers["scores"][:, 0], high)[0, 1] > 0.8


def test_nothing_known_teaches_nothing() -> None:
    targets = unknown(4, errors=1, scores=1)
    targets.quality[:] = 1.0
    targets.exercise[:] = 2
    kept = targets.only(("exercise",))
    assert np.isnan(kept.quality).all()
    assert (kept.exercise == 2).all()
    assert (targets.only(("quality",)).exercise == -1).all()
