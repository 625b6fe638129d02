"""What the network says of one repetition."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from apsa_perception.apsa.window import PHASES
from apsa_perception.model.joints import JOINT_COUNT
from apsa_perception.model.skeleton import FloatArray

if TYPE_CHECKING:
    from apsa_perception.apsa.question import Question


@dataclass(frozen=True)
class QualityPrediction:
    """The judgement of one repetition.

    Attributes:
        score: calibrated probability 0..1 that the repetition is correct; 0.5 without evidence.
        confidence: 0..1, distance of the score from 0.5, reduced by the skeleton's confidence.
        abstained: whether the evidence is insufficient or the score too uncertain.
        reason: one sentence why; empty if not abstained.
        resembles: family that the movement resembles more; empty: none, or it is not known.
        inference_ms: milliseconds to compute the score.
        asked: what the network was asked; None without evidence.
        explain_joints: computes the ``(20,)`` weight of each joint in the decision.
        explain_moments: computes the ``(PHASES,)`` weight of each phase. Both take several times as
            long as the score and run only when a relevance is requested.
        joints_hidden: whether it abstained because joints that it needs were not seen.
    """

    score: float
    confidence: float
    abstained: bool
    reason: str
    resembles: str
    inference_ms: float
    asked: "Question | None" = field(repr=False, compare=False)
    explain_joints: Callable[[], FloatArray] = field(repr=False, compare=False)
    explain_moments: Callable[[], FloatArray] = field(repr=False, compare=False)
    joints_hidden: bool = False

    @cached_property
    def joint_relevance(self) -> FloatArray:
        """``(20,)`` share of each joint in the decision; sums to 1."""
        return as_share(self.explain_joints())

    @cached_property
    def moment_relevance(self) -> FloatArray:
        """``(PHASES,)`` share of each phase in the decision; sums to 1."""
        return as_share(self.explain_moments())


def no_evidence(reason: str, started: float, *, joints_hidden: bool = False) -> QualityPrediction:
    """Return the judgement that there is nothing to judge.

    Args:
        reason: one sentence why.
        started: ``time.perf_counter`` at the start, in seconds.
        joints_hidden: whether the reason is that joints were not seen.
    """
    return QualityPrediction(
        score=0.5,
        confidence=0.0,
        abstained=True,
        reason=reason,
        resembles="",
        inference_ms=(time.perf_counter() - started) * 1e3,
        asked=None,
        explain_joints=lambda: np.zeros(JOINT_COUNT),
        explain_moments=lambda: np.zeros(PHASES),
        joints_hidden=joints_hidden,
    )


def as_share(weights: FloatArray) -> FloatArray:
    """Return weights divided by their sum; equal shares of nothing."""
    total = float(weights.sum())
    if not total > 0.0:
        return np.full(len(weights), 1.0 / len(weights))
    share: FloatArray = weights / total
    return share
