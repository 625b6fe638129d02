"""Further heads of the network: named errors, clinical scores, and exercise classification.

All heads share the body token of the network and the deviations of the measures from the reference,
so each is conditioned on the exercise. The exercise head would only return this condition; its
input family is therefore a placeholder for any exercise.

The shipped weights have the quality head only: no freely licensed data set has labels for the other
heads (see docs/quality.md). Use them with data that you have a licence for.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from apsa_perception.apsa.network import ApsaNetwork
from apsa_perception.apsa.network_config import NetworkConfig


@dataclass(frozen=True)
class HeadConfig:
    """Numbers of errors, clinical scores and exercises; 0 leaves a head out."""

    errors: int = 0
    scores: int = 0
    exercises: int = 0


@dataclass(frozen=True)
class HeadOutputs:
    """Outputs of the heads for B windows.

    Attributes:
        quality: ``(B,)`` logit, positive for correct.
        errors: ``(B, errors)`` logits; several errors can be present.
        scores: ``(B, scores)`` in standard deviations of the training data.
        exercise: ``(B, exercises)`` logits of exclusive classes.
    """

    quality: Tensor
    errors: Tensor
    scores: Tensor
    exercise: Tensor


class Head(nn.Module):
    """Sum of a linear layer on the body token and one on the deviations."""

    def __init__(self, network: NetworkConfig, outputs: int) -> None:
        super().__init__()
        self.dropout = nn.Dropout(network.dropout)
        self.deep = nn.Parameter(torch.randn(outputs, network.width) * 0.02)
        self.wide = nn.Parameter(torch.zeros(outputs, network.deviations))
        self.bias = nn.Parameter(torch.zeros(outputs))

    def forward(self, body: Tensor, deviations: Tensor) -> Tensor:
        """``(B, width)`` and ``(B, deviations)`` -> ``(B, outputs)``."""
        output: Tensor = self.dropout(body) @ self.deep.T + deviations @ self.wide.T + self.bias
        return output


class ApsaHeads(nn.Module):
    """The network with further heads."""

    def __init__(self, network: NetworkConfig, heads: HeadConfig) -> None:
        super().__init__()
        self.network = ApsaNetwork(network)
        self.errors = Head(network, heads.errors)
        self.scores = Head(network, heads.scores)
        self.exercise = Head(network, heads.exercises)

    def forward(self, window: Tensor, joint_valid: Tensor, family: Tensor) -> HeadOutputs:
        """Outputs of all heads; shapes as for ``ApsaNetwork.forward``."""
        seen = self.network.describe(window, joint_valid, family)
        return HeadOutputs(
            quality=self.network.judge(*seen),
            errors=self.errors(*seen),
            scores=self.scores(*seen),
            exercise=self.exercise(*seen),
        )
