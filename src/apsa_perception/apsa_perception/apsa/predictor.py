"""Judgement of one repetition by trained weights, or the reason for abstaining."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from apsa_perception.apsa.features import at_rest
from apsa_perception.apsa.moments import moment_effects
from apsa_perception.apsa.network import ApsaNetwork
from apsa_perception.apsa.sides import family, side_of
from apsa_perception.apsa.weights import ModelHeader, load_weights
from apsa_perception.apsa.window import PHASES, CanonicalWindow, canonical_window
from apsa_perception.model.codes import Side
from apsa_perception.model.joints import JOINT_COUNT, MIRROR_INDEX, Joint
from apsa_perception.model.skeleton import BoolArray, FloatArray

_MIN_CONFIDENCE = 0.4
_MOVING_SHARE = 0.25
_MIN_FRAMES = 8
_MIN_DURATION_S = 0.3
_PATH_POINTS = 3
_BODY_JOINTS = (Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER, Joint.LEFT_HIP, Joint.RIGHT_HIP)
_ENDS = (Joint.LEFT_HAND, Joint.RIGHT_HAND, Joint.LEFT_FOOT, Joint.RIGHT_FOOT, Joint.HEAD)


@dataclass(frozen=True)
class QualityPrediction:
    """The judgement of one repetition.

    Attributes:
        score: calibrated probability 0..1 that the repetition is correct; 0.5 without evidence.
        confidence: 0..1, distance of the score from 0.5, reduced by the skeleton's confidence.
        abstained: whether the evidence is insufficient or the score too uncertain.
        reason: one sentence why; empty if not abstained.
        inference_ms: milliseconds to compute the score.
        explain_joints: computes the ``(20,)`` weight of each joint in the decision.
        explain_moments: computes the ``(PHASES,)`` weight of each phase. Both take several times as
            long as the score and run only when a relevance is requested.
    """

    score: float
    confidence: float
    abstained: bool
    reason: str
    inference_ms: float
    explain_joints: Callable[[], FloatArray] = field(repr=False, compare=False)
    explain_moments: Callable[[], FloatArray] = field(repr=False, compare=False)

    @cached_property
    def joint_relevance(self) -> FloatArray:
        """``(20,)`` share of each joint in the decision; sums to 1."""
        return _share(self.explain_joints())

    @cached_property
    def moment_relevance(self) -> FloatArray:
        """``(PHASES,)`` share of each phase in the decision; sums to 1."""
        return _share(self.explain_moments())


class QualityModel:
    """Trained APSA network; judges repetitions of the exercises it was trained on."""

    def __init__(self, network: ApsaNetwork, header: ModelHeader) -> None:
        self._network = network.requires_grad_(False)
        self._header = header
        self._essential = [_essential_joints(template) for template in network.template.numpy()]

    @classmethod
    def load(cls, path: str | Path) -> "QualityModel":
        """Load a weight file.

        Raises:
            ValueError: the file cannot be used; one sentence.
        """
        # For such small inputs the overhead of a second thread exceeds its gain.
        torch.set_num_threads(1)
        return cls(*load_weights(path))

    @property
    def name(self) -> str:
        """Name of the model."""
        return self._header.name

    @property
    def version(self) -> str:
        """Version of the model."""
        return self._header.version

    @property
    def exercises(self) -> tuple[str, ...]:
        """Names of the exercises that the model was trained on."""
        return self._header.exercises

    @property
    def header(self) -> ModelHeader:
        """Header of the weight file."""
        return self._header

    def essential_joints(self, exercise: str) -> tuple[Joint, ...]:
        """Return the joints that must be seen to judge the exercise."""
        essential = self._essential[self._family(exercise)]
        if side_of(exercise) is Side.RIGHT:
            essential = essential[MIRROR_INDEX]
        return tuple(Joint(index) for index in np.flatnonzero(essential))

    def judge(
        self,
        positions: FloatArray,
        stamps_s: FloatArray,
        confidence: FloatArray,
        observed: BoolArray,
        exercise: str,
        up: FloatArray,
    ) -> QualityPrediction:
        """Judge one repetition.

        Args:
            positions: ``(T, 20, 3)`` metres, pelvis-relative, camera optical axes.
            stamps_s: ``(T,)`` seconds, strictly increasing.
            confidence: ``(T, 20)`` 0..1.
            observed: ``(T, 20)`` False where a joint is inferred.
            exercise: name, such as ``elbow_flexion_right``.
            up: ``(3,)`` world up in camera axes.

        Raises:
            KeyError: the model was not trained on the exercise.
        """
        started = time.perf_counter()
        index = self._family(exercise)
        try:
            window = self._window(positions, stamps_s, observed, exercise, up)
        except ValueError as error:
            return _no_evidence(str(error), started)
        essential = np.array(self.essential_joints(exercise))
        sides = MIRROR_INDEX if window.mirrored else np.arange(JOINT_COUNT)
        missing = [Joint(j).name.lower() for j in essential if not window.joint_valid[sides][j]]
        if missing:
            return _no_evidence(f"not visible enough: {', '.join(missing)}", started)
        certainty = float(confidence[:, essential].mean())
        if certainty < _MIN_CONFIDENCE:
            return _no_evidence(
                f"the confidence of the moving joints is only {certainty:.2f}", started
            )
        position = torch.from_numpy(window.positions.astype(np.float32))[None]
        valid = torch.from_numpy(window.joint_valid.astype(np.float32))[None]
        families = torch.tensor([index])
        score = self.probability(self._logit(position, valid, families))
        reason = self._doubt(score, position, valid, index)
        spent_ms = (time.perf_counter() - started) * 1e3
        return QualityPrediction(
            score=score,
            confidence=abs(2.0 * score - 1.0) * min(1.0, certainty),
            abstained=bool(reason),
            reason=reason,
            inference_ms=spent_ms,
            explain_joints=lambda: self._explain(position, valid, families)[sides],
            explain_moments=lambda: self._moments(position, valid, families),
        )

    def probability(self, logit: float) -> float:
        """Calibrated probability that a repetition with this logit is correct."""
        return float(1.0 / (1.0 + np.exp(-self._header.slope * logit)))

    def _family(self, exercise: str) -> int:
        if exercise not in self.exercises:
            raise KeyError(
                f"{self.name} was not trained on {exercise!r}; it knows {', '.join(self.exercises)}"
            )
        return self._header.families.index(family(exercise))

    @staticmethod
    def _window(
        positions: FloatArray,
        stamps_s: FloatArray,
        observed: BoolArray,
        exercise: str,
        up: FloatArray,
    ) -> CanonicalWindow:
        if len(positions) < _MIN_FRAMES or stamps_s[-1] - stamps_s[0] < _MIN_DURATION_S:
            raise ValueError(
                f"the repetition has fewer than {_MIN_FRAMES} frames or {_MIN_DURATION_S} s"
            )
        return canonical_window(positions, stamps_s, observed, exercise, up)

    def _doubt(self, score: float, window: Tensor, valid: Tensor, index: int) -> str:
        count = len(self._header.families)
        with torch.inference_mode():
            novelty = self._network.novelty(
                window.expand(count, -1, -1, -1), valid.expand(count, -1), torch.arange(count)
            )
        nearest = int(novelty.argmin())
        if score > 0.5 and float(novelty[index]) > self._header.novelty_limits[index]:
            return "the movement differs from all correct repetitions in the training data"
        if score > 0.5 and nearest != index:
            return f"the movement resembles {self._header.families[nearest]} more"
        if abs(score - 0.5) < self._header.uncertain_band:
            return f"the model is undecided ({score:.2f})"
        return ""

    def _logit(self, window: Tensor, valid: Tensor, families: Tensor) -> float:
        with torch.inference_mode():
            return float(self._network(window, valid, families))

    def correct_execution(self, window: Tensor, index: int) -> Tensor:
        """Return the correct execution from this person's own rest: ``(PHASES, 20, 3)``."""
        return at_rest(window[None])[0] + self._network.template[index]

    def _explain(self, window: Tensor, valid: Tensor, families: Tensor) -> FloatArray:
        """``(20,)`` weight of each joint in the logit.

        Integrated gradients along the straight path from the correct execution to this window.
        """
        correct = self.correct_execution(window[0], int(families[0]))
        shares = ((torch.arange(_PATH_POINTS) + 0.5) / _PATH_POINTS).view(-1, 1, 1, 1)
        path = (correct + shares * (window - correct)).requires_grad_()
        with torch.enable_grad():
            logits = self._network(
                path, valid.expand(_PATH_POINTS, -1), families.expand(_PATH_POINTS)
            )
            (gradient,) = torch.autograd.grad(logits.sum(), path)
        effect = (gradient.mean(0) * (window[0] - correct)).sum(-1).abs().sum(0)
        weights: FloatArray = effect.numpy().astype(np.float64)
        return weights

    def _moments(self, window: Tensor, valid: Tensor, families: Tensor) -> FloatArray:
        """``(PHASES,)`` weight of each phase in the logit."""
        correct = self.correct_execution(window[0], int(families[0]))
        effects = moment_effects(self._network, window[0], correct, valid, families)
        weights: FloatArray = effects.numpy().astype(np.float64)
        return weights


def _essential_joints(template: FloatArray) -> BoolArray:
    """``(20,)`` joints that the exercise moves, and those that orient the body."""
    moved = np.linalg.norm(np.ptp(template, axis=0), axis=-1)
    essential: BoolArray = moved > _MOVING_SHARE * moved.max()
    essential[list(_ENDS)] = False
    essential[list(_BODY_JOINTS)] = True
    return essential


def _share(weights: FloatArray) -> FloatArray:
    total = float(weights.sum())
    if not total > 0.0:
        return np.full(len(weights), 1.0 / len(weights))
    share: FloatArray = weights / total
    return share


def _no_evidence(reason: str, started: float) -> QualityPrediction:
    return QualityPrediction(
        score=0.5,
        confidence=0.0,
        abstained=True,
        reason=reason,
        inference_ms=(time.perf_counter() - started) * 1e3,
        explain_joints=lambda: np.zeros(JOINT_COUNT),
        explain_moments=lambda: np.zeros(PHASES),
    )
