"""Published deep networks as baselines: compact versions in torch, on the same windows and folds.

Implemented from the papers and smaller than the originals; their figures are not those of the
published models. Input: the canonical window and the exercise family. aeon has LITE for tensorflow
only, and no ST-GCN or ConvTran.

* ST-GCN: Yan, Xiong, Lin, "Spatial Temporal Graph Convolutional Networks for Skeleton-Based Action
  Recognition", AAAI 2018.
* LITEMV: Ismail-Fawaz, Devanne, Berretti, Weber, Forestier, "LITE: Light Inception with boosTing
  tEchniques for Time Series Classification", DSAA 2023, and its multivariate form.
* ConvTran: Foumani, Tan, Webb, Salehi, "Improving position encoding of transformers for
  multivariate time series classification", Data Mining and Knowledge Discovery 2024.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, one_hot

from apsa_perception.apsa.window import PHASES
from apsa_perception.model.joints import JOINT_COUNT, PARENTS
from apsa_perception.model.skeleton import FloatArray
from apsa_training.augmentation.augment import AugmentConfig, augment
from apsa_training.data.window_set import Rows, WindowSet
from apsa_training.fitting.optimisation import Optimisation, in_batches, optimise, tensors

_DROPOUT = 0.2


@dataclass(frozen=True)
class DeepConfig(Optimisation):
    """Training of a deep baseline; the fields are those of ``FitConfig``."""

    copies: int
    clean_share: float
    augment: AugmentConfig
    seed: int


class StGcn(nn.Module):
    """Graph convolutions over the joints, convolutions over time."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        graph = skeleton_graph()
        self.start = nn.BatchNorm1d(channels * JOINT_COUNT)
        widths = [(channels, 16, 2), (16, 16, 1), (16, 32, 2), (32, 32, 1)]
        self.blocks = nn.Sequential(*[_GraphBlock(graph, *width) for width in widths])
        self.output = nn.Linear(32, 1)

    def forward(self, joints: Tensor) -> Tensor:
        """``(B, PHASES, 20, C)`` -> ``(B,)`` logits."""
        batch, phases, count, channels = joints.shape
        flat = joints.permute(0, 2, 3, 1).reshape(batch, count * channels, phases)
        x = self.start(flat).view(batch, count, channels, phases).permute(0, 2, 3, 1)
        logit: Tensor = self.output(self.blocks(x).mean((2, 3)))[:, 0]
        return logit


class _GraphBlock(nn.Module):
    def __init__(self, graph: Tensor, inside: int, outside: int, stride: int) -> None:
        super().__init__()
        self.register_buffer("graph", graph, persistent=False)
        self.graph: Tensor
        self.importance = nn.Parameter(torch.ones_like(graph))
        self.mix = nn.Conv2d(inside, outside * len(graph), 1)
        self.time = nn.Sequential(
            nn.BatchNorm2d(outside),
            nn.ReLU(),
            nn.Conv2d(outside, outside, (9, 1), (stride, 1), (4, 0)),
            nn.BatchNorm2d(outside),
            nn.Dropout(_DROPOUT),
        )
        self.skip = nn.Conv2d(inside, outside, 1, (stride, 1))

    def forward(self, x: Tensor) -> Tensor:
        """``(B, C, phases, 20)`` -> ``(B, C', phases / stride, 20)``."""
        batch, _, phases, count = x.shape
        parts = self.mix(x).view(batch, len(self.graph), -1, phases, count)
        mixed = torch.einsum("bkctv,kvw->bctw", parts, self.graph * self.importance)
        return torch.relu(self.time(mixed) + self.skip(x))


def skeleton_graph() -> Tensor:
    """``(3, 20, 20)`` normalised adjacency: self, towards the pelvis, away from it."""
    parts = torch.zeros(3, JOINT_COUNT, JOINT_COUNT)
    parts[0] = torch.eye(JOINT_COUNT)
    for child, parent in PARENTS.items():
        parts[1, int(child), int(parent)] = 1.0
        parts[2, int(parent), int(child)] = 1.0
    degree = parts.sum((0, 1)).clamp_min(1.0)
    return parts / degree


class LiteMv(nn.Module):
    """Fixed trend and peak filters and learned ones, then separable dilated convolutions."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        inside, outside = channels * JOINT_COUNT, 32
        fixed = _fixed_filters()
        self.register_buffer("fixed", fixed, persistent=False)
        self.fixed: Tensor
        self.mix_fixed = nn.Conv1d(inside * len(fixed), outside, 1)
        self.learned = nn.ModuleList(_separable(inside, outside, size, 1) for size in (5, 9, 17))
        self.first = nn.Sequential(nn.BatchNorm1d(4 * outside), nn.ReLU())
        self.later = nn.Sequential(
            _separable(4 * outside, outside, 9, 2),
            nn.BatchNorm1d(outside),
            nn.ReLU(),
            _separable(outside, outside, 5, 4),
            nn.BatchNorm1d(outside),
            nn.ReLU(),
        )
        self.output = nn.Sequential(nn.Dropout(_DROPOUT), nn.Linear(outside, 1))

    def forward(self, joints: Tensor) -> Tensor:
        """``(B, PHASES, 20, C)`` -> ``(B,)`` logits."""
        batch, phases = joints.shape[:2]
        x = joints.flatten(2).transpose(1, 2)
        each = x.reshape(-1, 1, phases)
        filtered = nn.functional.conv1d(each, self.fixed, padding="same").relu()
        parts = [self.mix_fixed(filtered.view(batch, -1, phases))]
        parts += [layer(x) for layer in self.learned]
        logit: Tensor = self.output(self.later(self.first(torch.cat(parts, 1))).mean(2))[:, 0]
        return logit


def _separable(inside: int, outside: int, size: int, dilation: int) -> nn.Module:
    return nn.Sequential(
        nn.Conv1d(inside, inside, size, padding="same", dilation=dilation, groups=inside),
        nn.Conv1d(inside, outside, 1),
    )


def _fixed_filters() -> Tensor:
    """``(6, 1, 9)`` increasing, decreasing and peak filters, centred in nine phases."""
    filters = torch.zeros(6, 1, 9)
    for row, half in enumerate((1, 4)):
        filters[2 * row, 0, 4 - half : 4], filters[2 * row, 0, 5 : 5 + half] = -1.0, 1.0
        filters[2 * row + 1] = -filters[2 * row]
    for row, half in enumerate((2, 4)):
        line = torch.linspace(-1.0, 1.0, 2 * half + 1)
        filters[4 + row, 0, 4 - half : 5 + half] = 0.5 - line.square()
    return filters


class ConvTran(nn.Module):
    """Convolutions over time and channels, then attention with both position encodings."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        inside, width = channels * JOINT_COUNT, 32
        self.temporal = nn.Sequential(
            nn.Conv2d(1, 8, (1, 7), padding="same"), nn.BatchNorm2d(8), nn.GELU()
        )
        self.spatial = nn.Sequential(
            nn.Conv2d(8, width, (inside, 1)), nn.BatchNorm2d(width), nn.GELU()
        )
        self.register_buffer("place", _places(PHASES, width), persistent=False)
        self.place: Tensor
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(2))
        self.heads = 4
        self.project = nn.Linear(width, 3 * width, bias=False)
        self.relative = nn.Parameter(torch.zeros(self.heads, 2 * PHASES - 1))
        self.feed = nn.Sequential(
            nn.Linear(width, 4 * width), nn.ReLU(), nn.Linear(4 * width, width)
        )
        self.output = nn.Sequential(nn.Dropout(_DROPOUT), nn.Linear(width, 1))

    def forward(self, joints: Tensor) -> Tensor:
        """``(B, PHASES, 20, C)`` -> ``(B,)`` logits."""
        x = joints.flatten(2).transpose(1, 2)[:, None]
        tokens = self.spatial(self.temporal(x))[:, :, 0].transpose(1, 2)
        tokens = self.norms[0](tokens + self._attend(tokens + self.place))
        tokens = self.norms[1](tokens + self.feed(tokens))
        logit: Tensor = self.output(tokens.mean(1))[:, 0]
        return logit

    def _attend(self, tokens: Tensor) -> Tensor:
        batch, count, width = tokens.shape
        split = self.project(tokens).view(batch, count, 3, self.heads, width // self.heads)
        query, key, value = split.permute(2, 0, 3, 1, 4)
        weights = (query @ key.transpose(-1, -2) / math.sqrt(width // self.heads)).softmax(-1)
        step = torch.arange(count)
        weights = weights + self.relative[:, step[:, None] - step + PHASES - 1]
        return (weights @ value).transpose(1, 2).reshape(batch, count, width)


def _places(count: int, width: int) -> Tensor:
    """``(count, width)`` sinusoidal position encoding, scaled by length and width (tAPE)."""
    step = torch.arange(count)[:, None]
    rate = torch.exp(torch.arange(0, width, 2) * (-math.log(10000.0) / width))
    angle = step * rate * (width / count)
    return torch.stack([angle.sin(), angle.cos()], dim=-1).flatten(1)


DEEP: dict[str, Callable[[int], nn.Module]] = {
    "ST-GCN": StGcn,
    "LITEMV": LiteMv,
    "ConvTran": ConvTran,
}


def predict_deep(
    name: str, config: DeepConfig, data: WindowSet, learn: Rows, test: Rows
) -> FloatArray:
    """P(correct) of the test rows by a network trained on the other rows.

    Args:
        name: one of ``DEEP``.
        config: training settings.
        data: windows.
        learn: training rows, augmented as for the APSA network.
        test: rows to predict.
    """
    torch.manual_seed(config.seed)
    shuffle = np.random.default_rng(config.seed)
    windows, valid, families = tensors(data)
    count = len(data.families)
    model = DEEP[name](3 + 1 + count)
    rows = torch.from_numpy(learn)
    generator = torch.Generator().manual_seed(config.seed)
    copies = [(windows[rows], valid[rows])]
    copies += [augment(*copies[0], config.augment, generator) for _ in range(config.copies)]
    pool, seen = torch.stack([c for c, _ in copies]), torch.stack([v for _, v in copies])
    truth = torch.tensor(data.correct[learn], dtype=torch.float32)
    family = families[rows]

    def loss_of(pick: Rows) -> Tensor:
        copy = shuffle.integers(1, len(copies), len(pick))
        copy[shuffle.random(len(pick)) < config.clean_share] = 0
        joints = joint_channels(pool[copy, pick], seen[copy, pick], family[pick], count)
        return binary_cross_entropy_with_logits(model(joints), truth[pick])

    optimise(model, len(learn), loss_of, config, shuffle)
    model.eval()
    found = []
    with torch.no_grad():
        for part in in_batches(test):
            joints = joint_channels(windows[part], valid[part], families[part], count)
            found.append(model(joints).sigmoid().numpy())
    return np.concatenate(found).astype(np.float64)


def joint_channels(window: Tensor, valid: Tensor, family: Tensor, families: int) -> Tensor:
    """``(B, PHASES, 20, 3 + 1 + families)``: position, validity and one-hot family.

    The position of an invalid joint is 0.
    """
    shape = window.shape[:3]
    usable = valid[:, None, :, None].expand(*shape, 1)
    which = one_hot(family, families).to(window.dtype)[:, None, None].expand(*shape, families)
    return torch.cat([window * usable, usable, which], dim=-1)
