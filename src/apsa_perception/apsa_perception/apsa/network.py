"""The APSA network: joint, limb and body level over a canonical window.

The input is a repetition relative to the person's own rest and to a reference of correct execution:
excursions, velocities and deviations of every joint and phase, and deviations of kinematic
features. The reference is part of the weights.
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import pad

from apsa_perception.apsa.attention import Block
from apsa_perception.apsa.features import (
    FEATURES,
    at_rest,
    excursions,
    feature_validity,
    features_of,
)
from apsa_perception.apsa.network_config import STAT_CHANNELS, NetworkConfig
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
DEVIATION_LIMIT = 15.0
"""Deviations, in spreads of correct repetitions, are clipped to this."""


class ApsaNetwork(nn.Module):
    """Quality logit of canonical windows; positive means correct."""

    template: Tensor
    """``(E, PHASES, 20, 3)`` displacement of each joint from rest in correct executions."""
    template_spread: Tensor
    """The spread of correct executions around ``template``; same shape."""
    stat_centre: Tensor
    """``(E, M * S)`` statistics of the features in correct executions."""
    stat_spread: Tensor
    """The spread of correct executions around ``stat_centre``; same shape."""
    members: Tensor
    """``(5, 20)`` 1 where a joint belongs to a limb; without hierarchy all belong to all."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.config = config
        width, steps = config.width, PHASES // config.patch
        readings = len(config.readings)
        stats = len(FEATURES) * readings
        self.register_buffer("template", torch.zeros(config.families, PHASES, JOINT_COUNT, 3))
        self.register_buffer("template_spread", torch.ones(config.families, PHASES, JOINT_COUNT, 3))
        self.register_buffer("stat_centre", torch.zeros(config.families, stats))
        self.register_buffer("stat_spread", torch.ones(config.families, stats))

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
            nn.Linear(len(rows) * readings * STAT_CHANNELS, width) for rows in limb_members
        )
        self.limb_place = nn.Parameter(torch.randn(len(LIMB_NAMES), width) * 0.02)
        members = torch.zeros(len(LIMB_NAMES), JOINT_COUNT)
        if not config.hierarchy:
            members += 1.0
        members[torch.tensor(limb_of_joint()), torch.arange(JOINT_COUNT)] = 1.0
        self.register_buffer("members", members, persistent=False)
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
