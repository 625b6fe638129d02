"""Train the quality network on windows and compute its logits."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from apsa_perception.apsa.features import at_rest
from apsa_perception.apsa.network import ApsaNetwork
from apsa_perception.apsa.network_config import NetworkConfig
from apsa_perception.model.skeleton import FloatArray
from apsa_training.augmentation.augment import AugmentConfig, augment
from apsa_training.augmentation.counter_examples import Batch, with_counter_examples
from apsa_training.augmentation.exchanged_errors import drawn_from, with_exchanged_errors
from apsa_training.data.window_set import Rows, WindowSet
from apsa_training.fitting.optimisation import Optimisation, in_batches, optimise, tensors
from apsa_training.fitting.reference import estimate_reference
from apsa_training.fitting.soft_targets import relative_features, soft_targets


@dataclass(frozen=True)
class FitConfig(Optimisation):
    """Training of the quality network.

    Attributes:
        smoothing: label smoothing; the targets are ``smoothing`` and 1 - ``smoothing``.
        copies: augmented copies of each repetition.
        clean_share: share of each batch without augmentation. Without it the network learns that
            clean data is correct.
        contrast_share: share of each batch replaced by counter-examples.
        soft_target_share: weight of the soft target; the label has the rest.
        exchanged_errors: probability that an augmented copy of a drawing gets the errors of
            another drawing.
        augment: strength of the augmentation.
    """

    smoothing: float
    copies: int
    clean_share: float
    contrast_share: float
    soft_target_share: float
    exchanged_errors: float
    augment: AugmentConfig


@dataclass(frozen=True)
class Pool:
    """Training repetitions with their augmented copies; copy 0 is not augmented.

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
    """Generate the augmented copies of the training rows and their targets."""
    generator = torch.Generator().manual_seed(seed)
    windows, valid, families = (tensor[torch.from_numpy(rows)] for tensor in tensors(data))
    drawings = drawn_from(data, rows)
    copies = [(windows, valid)]
    for _ in range(config.copies):
        changed = with_exchanged_errors(
            windows, families, drawings, config.exchanged_errors, generator
        )
        copies.append(augment(changed, valid, config.augment, generator))
    labels = torch.tensor(data.correct[rows], dtype=torch.float32)
    labels = labels * (1 - 2 * config.smoothing) + config.smoothing
    targets = labels.expand(len(copies), -1)
    if config.soft_target_share > 0:
        reference = ApsaNetwork(network)
        set_reference(reference, data, rows)
        features = [relative_features(reference, *copy, families) for copy in copies]
        predicted = soft_targets(features, data.correct[rows], data.subject[rows], seed)
        soft = torch.from_numpy(predicted.astype(np.float32))
        targets = config.soft_target_share * soft + (1 - config.soft_target_share) * targets
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
) -> ApsaNetwork:
    """Train a network on some rows of the data; its reference comes from the same rows.

    Args:
        data: windows.
        rows: training rows.
        pool: ``build_pool`` of the same rows.
        network: shape of the network.
        config: training settings.
        seed: of the initial weights and the order of the examples.
    """
    torch.manual_seed(seed)
    shuffle = np.random.default_rng(seed)
    model = ApsaNetwork(network)
    set_reference(model, data, rows)
    one_sided = data.one_sided

    def loss_of(pick: Rows) -> Tensor:
        copy = shuffle.integers(1, len(pool.windows), len(pick))
        copy[shuffle.random(len(pick)) < config.clean_share] = 0
        batch = with_counter_examples(
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
        logit = model(batch.window, batch.joint_valid, batch.family)
        return binary_cross_entropy_with_logits(logit, batch.target)

    optimise(model, len(rows), loss_of, config, shuffle)
    return model.eval()


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


def logits(model: ApsaNetwork, data: WindowSet, rows: Rows) -> FloatArray:
    """``(len(rows),)`` quality logits, without augmentation."""
    windows, valid, families = tensors(data)
    found = []
    with torch.no_grad():
        for pick in in_batches(rows):
            found.append(model(windows[pick], valid[pick], families[pick]).numpy())
    return np.concatenate(found).astype(np.float64)
