"""The APSA network: joint, limb and body level over a canonical window.

The input is a repetition relative to the person's own rest and to a reference of correct execution:
excursions, velocities and deviations of every joint and phase, and deviations of kinematic
features. The reference is part of the weights.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import pad

from apsa_perception.apsa.attention import Block
from apsa_perception.apsa.features import (
    EXCURSIONS,
    FEATURES,
    REST,
    at_rest,
    excursions,
    feature_validity,
    features_of,
)
from apsa_perception.apsa.prior import (
    LIMB_NAMES,
    joint_mask,
    limb_mask,
    limb_of_joint,
    temporal_mask,
)
from apsa_perception.apsa.window import PHASES
from apsa_perception.model.joints import JOINT_COUNT

_JOINT_CHANNELS = 12
_STAT_CHANNELS = 3
DEVIATION_LIMIT = 15.0
"""Deviations, in spreads of correct repetitions, are clipped to this."""
PRIORS = ("anatomical", "learned", "off")
_BOUNDS = {
    "families": (1, 1000),
    "width": (1, 1024),
    "heads": (1, 64),
    "joint_layers": (0, 32),
    "limb_layers": (0, 32),
    "patch": (1, PHASES),
    "radius": (0, PHASES),
    "stride": (1, PHASES),
    "dropout": (0.0, 1.0),
    "feature_dropout": (0.0, 1.0),
}
"""Larger networks come from a damaged file and would exhaust the memory."""


@dataclass(frozen=True)
class NetworkConfig:
    """Architecture of the network.

    Attributes:
        families: number of exercise families (sides merged).
        width: token width.
        heads: attention heads.
        joint_layers: spatial + temporal layers at joint level.
        limb_layers: layers at limb level.
        patch: phases merged into one time step.
        radius: temporal attention reaches this number of steps in both directions ...
        stride: ... and every step at a multiple of this distance.
        dropout: dropout in the residual branches.
        feature_dropout: share of features dropped in training.
        prior: "anatomical" prunes by the mask; "learned" attends to all pairs with a learned
            strength; "off" attends to all pairs by content only.
        sparse_time: whether temporal attention is local and strided, else dense.
        hierarchy: whether joints are pooled to limbs and limbs to the body, else joints directly.
        posture: whether features at rest are inputs too, for data in which everyone starts an
            exercise in the same position; a constantly wrong posture can then be detected.
    """

    families: int
    width: int = 32
    heads: int = 4
    joint_layers: int = 1
    limb_layers: int = 1
    patch: int = 4
    radius: int = 1
    stride: int = 4
    dropout: float = 0.1
    feature_dropout: float = 0.2
    prior: str = "anatomical"
    sparse_time: bool = True
    hierarchy: bool = True
    posture: bool = False

    @property
    def readings(self) -> tuple[str, ...]:
        """Statistics that are computed of each feature."""
        return (*EXCURSIONS, REST) if self.posture else EXCURSIONS

    @property
    def deviations(self) -> int:
        """Number of deviations that the heads get beside the body token."""
        return len(FEATURES) * len(self.readings) * _STAT_CHANNELS

    def __post_init__(self) -> None:
        if self.prior not in PRIORS:
            raise ValueError(f"prior is {self.prior!r}; expected one of {', '.join(PRIORS)}")
        for name, (low, high) in _BOUNDS.items():
            value = getattr(self, name)
            if not low <= value <= high:
                raise ValueError(f"{name} is {value!r}; expected {low} to {high}")


class ApsaNetwork(nn.Module):
    """Quality logit of canonical windows; positive means correct."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.config = config
        width, steps = config.width, PHASES // config.patch
        readings = len(config.readings)
        stats = len(FEATURES) * readings
        self._buffer("template", torch.zeros(config.families, PHASES, JOINT_COUNT, 3))
        self._buffer("template_spread", torch.ones(config.families, PHASES, JOINT_COUNT, 3))
        self._buffer("stat_centre", torch.zeros(config.families, stats))
        self._buffer("stat_spread", torch.ones(config.families, stats))

        self.embed = nn.Linear(_JOINT_CHANNELS * config.patch, width)
        self.joint_place = nn.Parameter(torch.randn(JOINT_COUNT, width) * 0.02)
        self.step_place = nn.Parameter(torch.randn(steps, width) * 0.02)
        self.exercise_place = nn.Embedding(config.families, width)
        nn.init.normal_(self.exercise_place.weight, std=0.02)

        temporal = torch.from_numpy(temporal_mask(steps, config.radius, config.stride))
        temporal = temporal if config.sparse_time else torch.ones_like(temporal)
        self.spatial = self._blocks(torch.from_numpy(joint_mask()), config.joint_layers)
        self.temporal = nn.ModuleList(
            Block(width, config.heads, temporal, config.dropout) for _ in range(config.joint_layers)
        )
        limb_layers = config.limb_layers if config.hierarchy else 0
        self.limb = self._blocks(torch.from_numpy(limb_mask()), limb_layers)
        self.pool_score = nn.Linear(width, 1)
        self.body_score = nn.Linear(width, 1)
        self.stat_dropout = nn.Dropout(config.feature_dropout)
        feature_limb = torch.tensor([m.limb for m in FEATURES])
        limb_members = [torch.nonzero(feature_limb == i)[:, 0] for i in range(len(LIMB_NAMES))]
        self.limb_members = limb_members
        self.limb_stats = nn.ModuleList(
            nn.Linear(len(rows) * readings * _STAT_CHANNELS, width) for rows in limb_members
        )
        self.limb_place = nn.Parameter(torch.randn(len(LIMB_NAMES), width) * 0.02)
        members = torch.zeros(len(LIMB_NAMES), JOINT_COUNT)
        if not config.hierarchy:
            members += 1.0
        members[torch.tensor(limb_of_joint()), torch.arange(JOINT_COUNT)] = 1.0
        self.register_buffer("members", members, persistent=False)
        self.members: Tensor
        self.wide = nn.Linear(config.deviations, 1)
        nn.init.zeros_(self.wide.weight)
        self.norm = nn.LayerNorm(width)
        self.quality = nn.Sequential(nn.Dropout(config.dropout), nn.Linear(width, 1))

    def _blocks(self, mask: Tensor, count: int) -> nn.ModuleList:
        config = self.config
        allowed = mask if config.prior == "anatomical" else torch.ones_like(mask)
        return nn.ModuleList(
            Block(config.width, config.heads, allowed, config.dropout, config.prior != "off")
            for _ in range(count)
        )

    template: Tensor
    """``(E, PHASES, 20, 3)`` displacement of each joint from rest in correct executions."""
    template_spread: Tensor
    stat_centre: Tensor
    stat_spread: Tensor

    def _buffer(self, name: str, value: Tensor) -> None:
        self.register_buffer(name, value)

    def forward(
        self,
        window: Tensor,
        joint_valid: Tensor,
        family: Tensor,
        readings: Tensor | None = None,
    ) -> Tensor:
        """Judge windows.

        Args:
            window: ``(B, PHASES, 20, 3)`` canonical, torso lengths.
            joint_valid: ``(B, 20)`` 1 if the joint is valid, else 0.
            family: ``(B,)`` exercise family index.
            readings: of the windows, if they are known already.

        Returns:
            ``(B,)`` logits.
        """
        return self.judge(*self.describe(window, joint_valid, family, readings))

    def describe(
        self,
        window: Tensor,
        joint_valid: Tensor,
        family: Tensor,
        readings: Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        """Return the input of the heads; arguments as of ``forward``.

        Returns:
            ``(B, width)`` body tokens and ``(B, config.deviations)`` squashed deviations of the
            features.
        """
        known = self.readings(window) if readings is None else readings
        stats = self._deviations(known, joint_valid, family)
        tokens = self._joint_tokens(window, joint_valid, family)
        limbs = self._limb_tokens(tokens, joint_valid, stats)
        weights = self.body_score(limbs).softmax(1)
        return self.norm((weights * limbs).sum(1)), stats.flatten(1)

    def judge(self, body: Tensor, deviations: Tensor) -> Tensor:
        """Return ``(B,)`` quality logits from the output of ``describe``."""
        logit: Tensor = (self.quality(body) + self.wide(deviations))[:, 0]
        return logit

    def novelty(self, readings: Tensor, joint_valid: Tensor, family: Tensor) -> Tensor:
        """``(B,)`` mean absolute deviation of the features, in spreads of correct repetitions.

        The readings of one window can be compared with several families.
        """
        keep = feature_validity(joint_valid)
        size = self.standardised(readings, family).abs().mean(-1)
        return (size * keep).sum(1) / keep.sum(1).clamp_min(1.0)

    def readings(self, window: Tensor) -> Tensor:
        """``(B, M, S)`` statistics of each feature, see ``NetworkConfig.readings``."""
        values = features_of(window)
        found = excursions(values)
        if not self.config.posture:
            return found
        return torch.cat([found, at_rest(values).transpose(1, 2)], dim=-1)

    def standardised(self, readings: Tensor, family: Tensor) -> Tensor:
        """``(B, M, S)`` deviations of the features in spreads of correct repetitions."""
        deviation = (readings.flatten(1) - self.stat_centre[family]) / self.stat_spread[family]
        return deviation.clamp(-DEVIATION_LIMIT, DEVIATION_LIMIT).view(
            len(family), len(FEATURES), -1
        )

    def _deviations(self, readings: Tensor, joint_valid: Tensor, family: Tensor) -> Tensor:
        """``(B, M, S * 3)`` squashed deviations of the features; zero if not valid."""
        deviation = self.standardised(readings, family)
        channels = torch.stack(
            [torch.tanh(deviation), torch.tanh(deviation / 4), deviation.abs().log1p()], dim=-1
        ).flatten(-2)
        keep = feature_validity(joint_valid)[..., None]
        return channels * self.stat_dropout(keep)

    def _joint_tokens(self, window: Tensor, joint_valid: Tensor, family: Tensor) -> Tensor:
        """``(B, steps, 20, width)`` after the attention layers of the joint level."""
        batch, width = len(window), self.config.width
        steps = PHASES // self.config.patch
        away = window - at_rest(window)
        template, spread = self.template[family], self.template_spread[family]
        deviation = torch.tanh((away - template) / spread / 3)
        velocity, drift = _change(window) * 10, _change(deviation) * 3
        channels = torch.cat([away, velocity, deviation, drift], dim=-1)
        channels = channels * joint_valid[:, None, :, None]
        patches = channels.view(batch, steps, self.config.patch, JOINT_COUNT, _JOINT_CHANNELS)
        tokens = self.embed(patches.transpose(2, 3).flatten(-2))
        place = (
            self.joint_place + self.step_place[:, None] + self.exercise_place(family)[:, None, None]
        )
        tokens = tokens + place
        for spatial, temporal in zip(self.spatial, self.temporal, strict=True):
            tokens = spatial(tokens.reshape(-1, JOINT_COUNT, width))
            tokens = tokens.view(batch, steps, JOINT_COUNT, width).transpose(1, 2)
            tokens = temporal(tokens.reshape(-1, steps, width))
            tokens = tokens.view(batch, JOINT_COUNT, steps, width).transpose(1, 2)
        return tokens

    def _limb_tokens(self, tokens: Tensor, joint_valid: Tensor, stats: Tensor) -> Tensor:
        """``(B, 5, width)``: each limb pools its joints and phases and adds its features."""
        scores = self.pool_score(tokens)[..., 0].exp() * joint_valid[:, None]
        weights = scores[:, :, None] * self.members
        weights = weights / weights.sum((1, 3), keepdim=True).clamp_min(1e-6)
        pooled = torch.einsum("bslj,bsjw->blw", weights, tokens)
        measured = torch.stack(
            [
                layer(stats[:, rows].flatten(1))
                for rows, layer in zip(self.limb_members, self.limb_stats, strict=True)
            ],
            dim=1,
        )
        if not self.config.hierarchy:
            return (pooled + measured).mean(1, keepdim=True)
        limbs = pooled + measured + self.limb_place
        for layer in self.limb:
            limbs = layer(limbs)
        return limbs


def _change(values: Tensor) -> Tensor:
    """Change of ``(B, K, 20, 3)`` from phase to phase; 0 in the first one."""
    return pad(values.diff(dim=1), (0, 0, 0, 0, 1, 0))
