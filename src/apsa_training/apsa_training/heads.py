"""Heads beside quality: named errors, clinical scores, and which exercise it is.

All heads read one body: the token of the network and the deviations of the measures from the
exercise done right, so each is conditioned on the exercise. The exercise head would only repeat
what it is conditioned on; it is asked with a family that stands for any exercise.

The weights in ``models/`` have the quality head alone: no freely licensed data set has the labels
of the others (see docs/quality.md). They are for data that you may use.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from apsa_perception.apsa.network import ApsaNetwork, NetworkConfig


@dataclass(frozen=True)
class HeadConfig:
    """How many errors, clinical scores and exercises there are to tell; 0 leaves a head out."""

    errors: int = 0
    scores: int = 0
    exercises: int = 0


@dataclass(frozen=True)
class Answers:
    """What the heads say of B windows.

    Attributes:
        quality: ``(B,)`` logit, positive means done correctly.
        errors: ``(B, errors)`` logits, several may hold at once.
        scores: ``(B, scores)`` in standard deviations of the training data.
        exercise: ``(B, exercises)`` logits, one holds.
    """

    quality: Tensor
    errors: Tensor
    scores: Tensor
    exercise: Tensor


class Head(nn.Module):
    """A linear answer from the body token, plus one straight from the deviations."""

    def __init__(self, network: NetworkConfig, outputs: int) -> None:
        super().__init__()
        self.dropout = nn.Dropout(network.dropout)
        self.deep = nn.Parameter(torch.randn(outputs, network.width) * 0.02)
        self.wide = nn.Parameter(torch.zeros(outputs, network.deviations))
        self.bias = nn.Parameter(torch.zeros(outputs))

    def forward(self, body: Tensor, deviations: Tensor) -> Tensor:
        """``(B, width)`` and ``(B, deviations)`` -> ``(B, outputs)``."""
        answer: Tensor = self.dropout(body) @ self.deep.T + deviations @ self.wide.T + self.bias
        return answer


class ApsaHeads(nn.Module):
    """The network with further heads."""

    def __init__(self, network: NetworkConfig, heads: HeadConfig) -> None:
        super().__init__()
        self.network = ApsaNetwork(network)
        self.errors = Head(network, heads.errors)
        self.scores = Head(network, heads.scores)
        self.exercise = Head(network, heads.exercises)

    def forward(self, window: Tensor, joint_valid: Tensor, family: Tensor) -> Answers:
        """Judge windows, shapes as for ``ApsaNetwork.forward``."""
        seen = self.network.describe(window, joint_valid, family)
        return Answers(
            quality=self.network.judge(*seen),
            errors=self.errors(*seen),
            scores=self.scores(*seen),
            exercise=self.exercise(*seen),
        )
