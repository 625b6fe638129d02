"""Multi-task training of the heads, alone and together."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from apsa_perception.apsa.network_config import NetworkConfig
from apsa_perception.model.body_frame import mirror_body
from apsa_perception.model.codes import Side
from apsa_training.data.window_set import WindowSet, prepare
from apsa_training.fitting.network_fit import set_reference
from apsa_training.fitting.optimisation import tensors
from apsa_training.models.heads import ApsaHeads, HeadConfig
from apsa_training.models.multi_task import (
    ANY_EXERCISE,
    HEADS,
    fit_heads,
    predict_heads,
    unknown_targets,
    with_neutral_copies,
)
from support.samples import sample
from support.training_cases import CLINICAL

SHAPE = HeadConfig(errors=2, scores=1, exercises=3)


@pytest.fixture(scope="module")
def windows() -> WindowSet:
    return prepare(sample())


@pytest.fixture(scope="module")
def both(windows: WindowSet) -> WindowSet:
    return with_neutral_copies(windows)[0]


def network(data: WindowSet) -> NetworkConfig:
    return NetworkConfig(families=len(data.families), width=16)


def trained(data: WindowSet, heads: tuple[str, ...], epochs: int) -> ApsaHeads:
    """Train some heads on synthetic labels computed from the windows."""
    targets = unknown_targets(len(data), SHAPE.errors, SHAPE.scores)
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
        replace(CLINICAL.heads.training, epochs=epochs, batch=4, copies=1, smoothing=0.0),
        seed=3,
    )


def test_quality_head_is_that_of_the_network(windows: WindowSet) -> None:
    torch.manual_seed(0)
    model = ApsaHeads(network(windows), SHAPE).eval()
    set_reference(model.network, windows, np.arange(len(windows)))
    with torch.no_grad():
        outputs = model(*tensors(windows))
        assert torch.equal(outputs.quality, model.network(*tensors(windows)))
    shapes = [tuple(getattr(outputs, name).shape[1:]) for name in HEADS]
    assert shapes == [(), (2,), (1,), (3,)]


def test_exercise_head_does_not_receive_family_or_side(windows: WindowSet) -> None:
    both, neutral = with_neutral_copies(windows)
    count = len(windows)
    assert set(both.family[neutral]) == {both.families.index(ANY_EXERCISE)}
    right = windows.side == Side.RIGHT
    assert right.any()
    assert not right.all()
    second = both.windows[count:]
    assert np.allclose(mirror_body(second[right]), windows.windows[right])
    assert np.array_equal(second[~right], windows.windows[~right])
    assert np.array_equal(both.windows[:count], windows.windows)


@pytest.mark.parametrize("head", HEADS)
def test_each_head_trains_alone_without_changing_the_others(both: WindowSet, head: str) -> None:
    torch.manual_seed(3)
    untrained = ApsaHeads(network(both), SHAPE)
    model = trained(both, (head,), epochs=2)
    for name in ("errors", "scores", "exercise"):
        same = torch.equal(getattr(model, name).deep, getattr(untrained, name).deep)
        assert same == (name != head)
    same = torch.equal(model.network.quality[1].weight, untrained.network.quality[1].weight)
    assert same == (head != "quality")


def test_all_heads_learn_together(both: WindowSet) -> None:
    outputs = predict_heads(trained(both, HEADS, epochs=25), both, np.arange(len(both)))
    high = both.windows[..., 2].max(axis=(1, 2))
    assert ((outputs["quality"] > 0) == (both.correct == 1)).mean() > 0.9
    assert ((outputs["errors"][:, 0] > 0) == (both.correct == 0)).mean() > 0.9
    assert np.corrcoef(outputs["scores"][:, 0], high)[0, 1] > 0.8


def test_other_heads_have_no_targets() -> None:
    targets = unknown_targets(4, errors=1, scores=1)
    targets.quality[:] = 1.0
    targets.exercise[:] = 2
    kept = targets.only(("exercise",))
    assert np.isnan(kept.quality).all()
    assert (kept.exercise == 2).all()
    assert (targets.only(("quality",)).exercise == -1).all()
