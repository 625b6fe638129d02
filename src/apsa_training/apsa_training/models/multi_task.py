"""Multi-task training: each window trains the heads for which it has a label."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn.functional import (
    binary_cross_entropy_with_logits,
    cross_entropy,
    smooth_l1_loss,
)

from apsa_perception.apsa.network_config import NetworkConfig
from apsa_perception.model.body_frame import mirror_body
from apsa_perception.model.codes import Side
from apsa_perception.model.joints import MIRROR_INDEX
from apsa_perception.model.skeleton import FloatArray
from apsa_training.augmentation.augment import AugmentConfig, augment
from apsa_training.data.window_set import Rows, WindowSet
from apsa_training.fitting.network_fit import set_reference
from apsa_training.fitting.optimisation import Optimisation, in_batches, optimise, tensors
from apsa_training.models.heads import ApsaHeads, HeadConfig, HeadOutputs

ANY_EXERCISE = "any exercise"
"""Input family of the exercise head, which must not receive the true exercise."""
HEADS = ("quality", "errors", "scores", "exercise")
_UNKNOWN = -1


@dataclass(frozen=True)
class Targets:
    """Labels of N windows; NaN, or -1 for ``exercise``, where unknown.

    Attributes:
        quality: ``(N,)`` 1 correct, 0 incorrect.
        errors: ``(N, E)`` 1 present, 0 absent.
        scores: ``(N, S)`` standardised.
        exercise: ``(N,)`` index.
    """

    quality: npt.NDArray[np.float32]
    errors: npt.NDArray[np.float32]
    scores: npt.NDArray[np.float32]
    exercise: npt.NDArray[np.intp]

    def only(self, heads: tuple[str, ...]) -> "Targets":
        """Return a copy with the labels of all other heads unknown."""
        blank = {
            name: np.full_like(getattr(self, name), _UNKNOWN if name == "exercise" else np.nan)
            for name in HEADS
            if name not in heads
        }
        return replace(self, **blank)


@dataclass(frozen=True)
class TaskConfig(Optimisation):
    """Training of the heads; see ``FitConfig`` for the fields not listed.

    Attributes:
        mirror: probability of mirroring a window of a two-sided exercise.
    """

    smoothing: float
    copies: int
    clean_share: float
    mirror: float
    augment: AugmentConfig


def with_neutral_copies(data: WindowSet) -> tuple[WindowSet, npt.NDArray[np.bool_]]:
    """Every window twice: with its family, and with the neutral family for the exercise head.

    Neutral copies are True in the returned flags ``(2 N,)``. They are not mirrored to the left
    side, because that would reveal the moving side.
    """
    windows = data.windows.copy()
    right = data.side == Side.RIGHT
    windows[right] = mirror_body(windows[right])
    valid = data.joint_valid.copy()
    valid[right] = valid[right][:, MIRROR_INDEX]
    both = replace(
        data,
        windows=np.concatenate([data.windows, windows]),
        joint_valid=np.concatenate([data.joint_valid, valid]),
        family=np.concatenate([data.family, np.full(len(data), len(data.families))]),
        side=np.tile(data.side, 2),
        families=(*data.families, ANY_EXERCISE),
        correct=np.tile(data.correct, 2),
        subject=np.tile(data.subject, 2),
        is_patient=np.tile(data.is_patient, 2),
        exercise=np.tile(data.exercise, 2),
    )
    return both, np.repeat([False, True], len(data))


def unknown_targets(count: int, errors: int = 0, scores: int = 0) -> Targets:
    """Targets of windows without any label."""
    return Targets(
        quality=np.full(count, np.nan, np.float32),
        errors=np.full((count, errors), np.nan, np.float32),
        scores=np.full((count, scores), np.nan, np.float32),
        exercise=np.full(count, _UNKNOWN),
    )


def fit_heads(
    data: WindowSet,
    targets: Targets,
    two_sided: npt.NDArray[np.bool_],
    learn: Rows,
    network: NetworkConfig,
    heads: HeadConfig,
    config: TaskConfig,
    seed: int,
) -> ApsaHeads:
    """Train on some rows; those with ``data.correct`` 1 give the reference.

    Args:
        data: windows.
        targets: labels of each window.
        two_sided: ``(N,)`` windows whose mirror image has the same labels.
        learn: training rows.
        network: shape of the network, with a family for each of ``data.families``.
        heads: sizes of the heads.
        config: training settings.
        seed: of the initial weights, the augmented copies and the order of the examples.
    """
    torch.manual_seed(seed)
    shuffle = np.random.default_rng(seed)
    model = ApsaHeads(network, heads)
    set_reference(model.network, data, learn)
    known = _labelled(targets, learn)
    rows = learn[known]
    windows, valid, families = (tensor[torch.from_numpy(rows)] for tensor in tensors(data))
    generator = torch.Generator().manual_seed(seed)
    copies = [(windows, valid)]
    copies += [augment(windows, valid, config.augment, generator) for _ in range(config.copies)]
    truth = {name: torch.from_numpy(getattr(targets, name)[rows]) for name in HEADS}

    def loss_of(pick: Rows) -> Tensor:
        copy = shuffle.integers(1, len(copies), len(pick))
        copy[shuffle.random(len(pick)) < config.clean_share] = 0
        window = torch.stack([copies[c][0][i] for c, i in zip(copy, pick, strict=True)])
        seen = torch.stack([copies[c][1][i] for c, i in zip(copy, pick, strict=True)])
        mirror = two_sided[rows[pick]] & (shuffle.random(len(pick)) < config.mirror)
        window, seen = _mirrored(window, seen, torch.from_numpy(mirror))
        outputs = model(window, seen, families[pick])
        return _loss(outputs, {k: v[pick] for k, v in truth.items()}, config.smoothing)

    optimise(model, len(rows), loss_of, config, shuffle)
    return model.eval()


def predict_heads(model: ApsaHeads, data: WindowSet, rows: Rows) -> dict[str, FloatArray]:
    """Outputs of each head for some rows, by the names in ``HEADS``."""
    windows, valid, families = tensors(data)
    found: dict[str, list[npt.NDArray[np.float32]]] = {name: [] for name in HEADS}
    with torch.no_grad():
        for pick in in_batches(rows):
            outputs = model(windows[pick], valid[pick], families[pick])
            for name in HEADS:
                found[name].append(getattr(outputs, name).numpy())
    return {name: np.concatenate(parts).astype(np.float64) for name, parts in found.items()}


def _labelled(targets: Targets, rows: Rows) -> npt.NDArray[np.bool_]:
    """Which of the rows have any label."""
    numbers = np.concatenate(
        [targets.quality[:, None], targets.errors, targets.scores], axis=1, dtype=np.float64
    )[rows]
    known: npt.NDArray[np.bool_] = np.isfinite(numbers).any(1) | (targets.exercise[rows] >= 0)
    return known


def _mirrored(window: Tensor, valid: Tensor, which: Tensor) -> tuple[Tensor, Tensor]:
    mirrored = torch.from_numpy(mirror_body(window.numpy()))
    return (
        torch.where(which[:, None, None, None], mirrored, window),
        torch.where(which[:, None], valid[:, MIRROR_INDEX], valid),
    )


def _loss(outputs: HeadOutputs, truth: dict[str, Tensor], smoothing: float) -> Tensor:
    """Sum over the heads of the mean loss over the labelled windows."""
    losses = []
    for name in ("quality", "errors"):
        known = truth[name].isfinite()
        if known.any():
            target = truth[name][known] * (1 - 2 * smoothing) + smoothing
            logit = getattr(outputs, name)[known]
            losses.append(binary_cross_entropy_with_logits(logit, target))
    known = truth["scores"].isfinite()
    if known.any():
        losses.append(smooth_l1_loss(outputs.scores[known], truth["scores"][known]))
    known = truth["exercise"] >= 0
    if known.any():
        logit = outputs.exercise[known]
        losses.append(cross_entropy(logit, truth["exercise"][known], label_smoothing=smoothing))
    return torch.stack(losses).sum()
