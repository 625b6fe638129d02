"""Train the network with any of its heads; a window teaches the heads whose answer is known."""

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn.functional import (
    binary_cross_entropy_with_logits,
    cross_entropy,
    smooth_l1_loss,
)

from apsa_perception.apsa.network import NetworkConfig
from apsa_perception.apsa.sides import side_of
from apsa_perception.model.body_frame import mirror_body
from apsa_perception.model.codes import Side
from apsa_perception.model.joints import MIRROR_INDEX
from apsa_perception.model.skeleton import FloatArray
from apsa_training.augment import AugmentConfig, augment
from apsa_training.fit import (
    Optimisation,
    Rows,
    in_batches,
    optimise,
    set_reference,
    tensors,
)
from apsa_training.heads import Answers, ApsaHeads, HeadConfig
from apsa_training.prepare import WindowSet

ANY_EXERCISE = "any exercise"
"""The family under which the exercise head is asked: it must not be told the answer."""
HEADS = ("quality", "errors", "scores", "exercise")
_UNKNOWN = -1


@dataclass(frozen=True)
class Targets:
    """What is known of N windows; NaN, or -1 for ``exercise``, where it is not.

    Attributes:
        quality: ``(N,)`` 1 correct, 0 incorrect.
        errors: ``(N, E)`` 1 where the error is there.
        scores: ``(N, S)`` in standard deviations.
        exercise: ``(N,)`` index.
    """

    quality: npt.NDArray[np.float32]
    errors: npt.NDArray[np.float32]
    scores: npt.NDArray[np.float32]
    exercise: npt.NDArray[np.intp]

    def only(self, heads: tuple[str, ...]) -> "Targets":
        """The same with everything else forgotten."""
        blank = {
            name: np.full_like(getattr(self, name), _UNKNOWN if name == "exercise" else np.nan)
            for name in HEADS
            if name not in heads
        }
        return replace(self, **blank)


@dataclass(frozen=True)
class TaskConfig(Optimisation):
    """How the heads are trained; lengths and probabilities as in ``AugmentConfig``.

    Attributes:
        mirror: probability of exchanging left and right in windows of a two-sided exercise.
    """

    epochs: int = 8
    smoothing: float = 0.05
    copies: int = 3
    clean_share: float = 0.3
    mirror: float = 0.5
    augment: AugmentConfig = field(default_factory=AugmentConfig)


def doubled(data: WindowSet) -> tuple[WindowSet, npt.NDArray[np.bool_]]:
    """Every window twice: under its exercise, and under any exercise for the exercise head.

    Windows of the second kind, True in the flags ``(2 N,)``, are not mirrored to one side: that
    would tell which side the exercise moves.
    """
    windows = data.windows.copy()
    right = np.array([side_of(name) is Side.RIGHT for name in data.exercise.tolist()])
    windows[right] = mirror_body(windows[right])
    valid = data.joint_valid.copy()
    valid[right] = valid[right][:, MIRROR_INDEX]
    both = replace(
        data,
        windows=np.concatenate([data.windows, windows]),
        joint_valid=np.concatenate([data.joint_valid, valid]),
        family=np.concatenate([data.family, np.full(len(data), len(data.families))]),
        families=(*data.families, ANY_EXERCISE),
        correct=np.tile(data.correct, 2),
        subject=np.tile(data.subject, 2),
        is_patient=np.tile(data.is_patient, 2),
        exercise=np.tile(data.exercise, 2),
    )
    return both, np.repeat([False, True], len(data))


def unknown(count: int, errors: int = 0, scores: int = 0) -> Targets:
    """Targets of windows of which nothing is known."""
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
    """Train on some rows; the reference is that of their rows with ``data.correct`` 1.

    Args:
        data: windows.
        targets: what to learn of each.
        two_sided: ``(N,)`` windows whose mirror image means the same.
        learn: rows to learn from.
        network: shape, with a family for each of ``data.families``.
        heads: how much there is to tell.
        config: how to train.
        seed: fixes weights, copies and order.
    """
    torch.manual_seed(seed)
    shuffle = np.random.default_rng(seed)
    model = ApsaHeads(network, heads)
    set_reference(model.network, data, learn)
    known = _taught(targets, learn)
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
        turn = two_sided[rows[pick]] & (shuffle.random(len(pick)) < config.mirror)
        window, seen = _mirrored(window, seen, torch.from_numpy(turn))
        answers = model(window, seen, families[pick])
        return _loss(answers, {k: v[pick] for k, v in truth.items()}, config.smoothing)

    optimise(model, len(rows), loss_of, config, shuffle)
    return model.eval()


def answer_heads(model: ApsaHeads, data: WindowSet, rows: Rows) -> dict[str, FloatArray]:
    """What each head says of some rows, by the names in ``HEADS``."""
    windows, valid, families = tensors(data)
    found: dict[str, list[npt.NDArray[np.float32]]] = {name: [] for name in HEADS}
    with torch.no_grad():
        for pick in in_batches(rows):
            answers = model(windows[pick], valid[pick], families[pick])
            for name in HEADS:
                found[name].append(getattr(answers, name).numpy())
    return {name: np.concatenate(parts).astype(np.float64) for name, parts in found.items()}


def _taught(targets: Targets, rows: Rows) -> npt.NDArray[np.bool_]:
    """Which of the rows teach any head."""
    numbers = np.concatenate(
        [targets.quality[:, None], targets.errors, targets.scores], axis=1, dtype=np.float64
    )[rows]
    known: npt.NDArray[np.bool_] = np.isfinite(numbers).any(1) | (targets.exercise[rows] >= 0)
    return known


def _mirrored(window: Tensor, valid: Tensor, turn: Tensor) -> tuple[Tensor, Tensor]:
    mirror = torch.from_numpy(mirror_body(window.numpy()))
    return (
        torch.where(turn[:, None, None, None], mirror, window),
        torch.where(turn[:, None], valid[:, MIRROR_INDEX], valid),
    )


def _loss(answers: Answers, truth: dict[str, Tensor], smoothing: float) -> Tensor:
    """Sum over the heads of the mean loss over what is known."""
    losses = []
    for name in ("quality", "errors"):
        known = truth[name].isfinite()
        if known.any():
            target = truth[name][known] * (1 - 2 * smoothing) + smoothing
            answer = getattr(answers, name)[known]
            losses.append(binary_cross_entropy_with_logits(answer, target))
    known = truth["scores"].isfinite()
    if known.any():
        losses.append(smooth_l1_loss(answers.scores[known], truth["scores"][known]))
    known = truth["exercise"] >= 0
    if known.any():
        told = answers.exercise[known]
        losses.append(cross_entropy(told, truth["exercise"][known], label_smoothing=smoothing))
    return torch.stack(losses).sum()
