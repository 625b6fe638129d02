"""Gradient descent shared by all networks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel
from tqdm import tqdm

from apsa_training.data.window_set import Rows, WindowSet

_EVALUATION_BATCH = 256


@dataclass(frozen=True)
class Optimisation:
    """Settings of ``optimise``.

    Attributes:
        epochs: passes over the examples.
        batch: examples per step.
        rate: highest learning rate.
        weight_decay: of AdamW.
        warm_up: share of all steps in which the learning rate rises.
        clip: largest norm of a gradient.
        averaging: decay per step of the moving average of the weights, which is the result; 0
            takes the weights of the last step.
    """

    epochs: int
    batch: int
    rate: float
    weight_decay: float
    warm_up: float
    clip: float
    averaging: float


def optimise(
    model: nn.Module,
    count: int,
    loss_of: Callable[[Rows], Tensor],
    config: Optimisation,
    shuffle: np.random.Generator,
) -> None:
    """Train a model with AdamW, a one-cycle learning rate and averaged weights.

    Args:
        model: model to train.
        count: number of examples.
        loss_of: loss of a batch, given the indices of its examples, 0 to ``count`` - 1.
        config: epochs, batch size, learning rate.
        shuffle: draws the order of each epoch.
    """
    steps = max(1, count // config.batch)
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=config.rate, weight_decay=config.weight_decay
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, config.rate, total_steps=config.epochs * steps, pct_start=config.warm_up
    )
    mean = AveragedModel(model, avg_fn=partial(_moving_average, config.averaging))
    model.train()
    # disable=None: no bar where standard error is not a terminal.
    for _ in tqdm(range(config.epochs), "epochs", leave=False, disable=None):
        order = shuffle.permutation(count)
        for step in range(steps):
            loss = loss_of(order[step * config.batch : (step + 1) * config.batch])
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), config.clip)
            optimizer.step()
            schedule.step()
            mean.update_parameters(model)
    with torch.no_grad():
        for own, averaged in zip(model.parameters(), mean.module.parameters(), strict=True):
            own.copy_(averaged)


def _moving_average(decay: float, mean: Tensor, weight: Tensor, steps: Tensor) -> Tensor:
    """Exponential moving average with a short memory at first, to forget the initial weights."""
    return torch.lerp(weight, mean, min(decay, float(1 + steps) / float(10 + steps)))


def tensors(data: WindowSet) -> tuple[Tensor, Tensor, Tensor]:
    """Windows, joint validity and family index as tensors."""
    return (
        torch.from_numpy(data.windows),
        torch.from_numpy(data.joint_valid),
        torch.from_numpy(data.family),
    )


def in_batches(rows: Rows) -> Iterator[Tensor]:
    """Split rows into batches for inference."""
    yield from torch.from_numpy(rows).split(_EVALUATION_BATCH)
