"""Fit one network to windows, and read its logits."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits
from torch.optim.swa_utils import AveragedModel

from apsa_perception.apsa.features import at_rest
from apsa_perception.apsa.network import ApsaNetwork, NetworkConfig
from apsa_perception.apsa.sides import family
from apsa_perception.model.skeleton import FloatArray
from apsa_training.augment import AugmentConfig, augment
from apsa_training.contrast import Batch, contrast
from apsa_training.prepare import WindowSet
from apsa_training.reference import estimate_reference
from apsa_training.teacher import outside_opinions, relative_features

Rows = npt.NDArray[np.intp]
Progress = Callable[[float], None]
_EVALUATION_BATCH = 256


@dataclass(frozen=True)
class Optimisation:
    """How ``optimise`` goes.

    Attributes:
        epochs: passes over the examples.
        batch: examples a step.
        rate: highest learning rate.
        weight_decay: of AdamW.
        warm_up: share of all steps in which the rate rises.
        clip: largest norm of a gradient.
        averaging: decay, a step, of the running mean of the weights that is the result; 0 takes the
            last weights.
    """

    epochs: int = 12
    batch: int = 64
    rate: float = 2e-3
    weight_decay: float = 0.02
    warm_up: float = 0.2
    clip: float = 1.0
    averaging: float = 0.0


@dataclass(frozen=True)
class FitConfig(Optimisation):
    """How one network is trained.

    Attributes:
        copies: altered copies made of each repetition.
        clean_share: share of a batch that is the unaltered repetition. Without it the network
            takes the cleanness of real data for quality.
        contrast_share: share of a batch turned into something that is plainly not the exercise:
            another exercise, the other side, or standing still.
        opinion_share: weight of the outside opinion in the target; the label has the rest.
    """

    epochs: int = 24
    batch: int = 128
    rate: float = 3e-3
    averaging: float = 0.98
    smoothing: float = 0.02
    copies: int = 8
    contrast_share: float = 0.06
    clean_share: float = 0.3
    opinion_share: float = 0.5
    augment: AugmentConfig = field(default_factory=AugmentConfig)


@dataclass(frozen=True)
class Pool:
    """Training repetitions, copy 0 unaltered, and what to learn for each copy.

    ``windows`` is ``(C, N, PHASES, 20, 3)``, ``joint_valid`` ``(C, N, 20)``, ``family`` ``(N,)``,
    ``targets`` ``(C, N)``.
    """

    windows: Tensor
    joint_valid: Tensor
    family: Tensor
    targets: Tensor


def build_pool(
    data: WindowSet, rows: Rows, network: NetworkConfig, config: FitConfig, seed: int
) -> Pool:
    """Make the altered copies of the training rows and their targets."""
    generator = torch.Generator().manual_seed(seed)
    windows, valid, families = (tensor[torch.from_numpy(rows)] for tensor in tensors(data))
    copies = [(windows, valid)]
    for _ in range(config.copies):
        copies.append(augment(windows, valid, config.augment, generator))
    labels = torch.tensor(data.correct[rows], dtype=torch.float32)
    labels = labels * (1 - 2 * config.smoothing) + config.smoothing
    targets = labels.expand(len(copies), -1)
    if config.opinion_share > 0:
        reference = ApsaNetwork(network)
        set_reference(reference, data, rows)
        features = [relative_features(reference, *copy, families) for copy in copies]
        opinions = outside_opinions(features, data.correct[rows], data.subject[rows], seed)
        opinion = torch.from_numpy(opinions.astype(np.float32))
        targets = config.opinion_share * opinion + (1 - config.opinion_share) * targets
    return Pool(
        torch.stack([window for window, _ in copies]),
        torch.stack([seen for _, seen in copies]),
        families,
        targets,
    )


def fit(
    data: WindowSet,
    rows: Rows,
    pool: Pool,
    network: NetworkConfig,
    config: FitConfig,
    seed: int,
    progress: Progress | None = None,
) -> ApsaNetwork:
    """Train a network on some rows of the data; the reference comes from the same rows.

    Args:
        data: prepared windows.
        rows: which of them to learn from.
        pool: ``build_pool`` of the same rows.
        network: its shape.
        config: how to train.
        seed: fixes weights and order.
        progress: called with the finished share, 0..1.
    """
    torch.manual_seed(seed)
    shuffle = np.random.default_rng(seed)
    model = ApsaNetwork(network)
    set_reference(model, data, rows)
    one_sided = np.array([name in _one_sided(data) for name in data.families])

    def loss_of(pick: Rows) -> Tensor:
        copy = shuffle.integers(1, len(pool.windows), len(pick))
        copy[shuffle.random(len(pick)) < config.clean_share] = 0
        batch = contrast(
            Batch(
                pool.windows[copy, pick],
                pool.joint_valid[copy, pick],
                pool.family[pick],
                pool.targets[copy, pick],
            ),
            one_sided,
            config.contrast_share,
            config.smoothing,
            shuffle,
        )
        answer = model(batch.window, batch.joint_valid, batch.family)
        return binary_cross_entropy_with_logits(answer, batch.target)

    optimise(model, len(rows), loss_of, config, shuffle, progress)
    return model.eval()


def optimise(
    model: nn.Module,
    count: int,
    loss_of: Callable[[Rows], Tensor],
    config: Optimisation,
    shuffle: np.random.Generator,
    progress: Progress | None = None,
) -> None:
    """Train a model: AdamW, one cycle of the learning rate, gradients clipped, weights averaged.

    Args:
        model: what to train.
        count: number of examples.
        loss_of: the loss of some of them, by their places 0..count.
        config: epochs, size of a batch, rates.
        shuffle: draws the order of each epoch.
        progress: called with the finished share, 0..1.
    """
    steps = max(1, count // config.batch)
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=config.rate, weight_decay=config.weight_decay
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, config.rate, total_steps=config.epochs * steps, pct_start=config.warm_up
    )
    mean = AveragedModel(model, avg_fn=partial(_running_mean, config.averaging))
    model.train()
    for epoch in range(config.epochs):
        order = shuffle.permutation(count)
        for step in range(steps):
            loss = loss_of(order[step * config.batch : (step + 1) * config.batch])
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), config.clip)
            optimizer.step()
            schedule.step()
            mean.update_parameters(model)
        if progress is not None:
            progress((epoch + 1) / config.epochs)
    with torch.no_grad():
        for own, averaged in zip(model.parameters(), mean.module.parameters(), strict=True):
            own.copy_(averaged)


def _running_mean(decay: float, mean: Tensor, weight: Tensor, steps: Tensor) -> Tensor:
    """Exponential mean whose memory is short at first, so that it forgets where it began."""
    return torch.lerp(weight, mean, min(decay, float(1 + steps) / float(10 + steps)))


def _one_sided(data: WindowSet) -> set[str]:
    return {family(name) for name in data.exercises if family(name) != name}


def tensors(data: WindowSet) -> tuple[Tensor, Tensor, Tensor]:
    """Windows, joint validity and family index as tensors."""
    return (
        torch.from_numpy(data.windows),
        torch.from_numpy(data.joint_valid),
        torch.from_numpy(data.family),
    )


def set_reference(model: ApsaNetwork, data: WindowSet, rows: Rows) -> None:
    """Estimate the reference from the correct repetitions among the rows."""
    correct = rows[data.correct[rows] == 1]
    count = len(data.families)
    who = (data.family[correct], data.subject[correct], count)
    shape = model.template.shape
    windows = torch.from_numpy(data.windows[correct])
    with torch.no_grad():
        readings = model.readings(windows).flatten(1).numpy()
    stats = estimate_reference(readings, *who)
    template = estimate_reference((windows - at_rest(windows)).flatten(1).numpy(), *who)
    for buffer, value in (
        (model.stat_centre, stats.centre),
        (model.stat_spread, stats.spread),
        (model.template, template.centre.reshape(shape)),
        (model.template_spread, template.spread.reshape(shape)),
    ):
        buffer.copy_(torch.from_numpy(value))


def in_batches(rows: Rows) -> Iterator[Tensor]:
    """The rows in parts that a network answers at once."""
    yield from torch.from_numpy(rows).split(_EVALUATION_BATCH)


def logits(model: ApsaNetwork, data: WindowSet, rows: Rows) -> FloatArray:
    """``(len(rows),)`` quality logits, without augmentation."""
    windows, valid, families = tensors(data)
    found = []
    with torch.no_grad():
        for pick in in_batches(rows):
            found.append(model(windows[pick], valid[pick], families[pick]).numpy())
    return np.concatenate(found).astype(np.float64)
