"""Judge one repetition with trained weights, or say why not."""

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
from apsa_perception.apsa.weights import ModelHeader, load_weights
from apsa_perception.apsa.window import PHASES, CanonicalWindow, canonical_window, family
from apsa_perception.model.joints import JOINT_COUNT, MIRROR, Joint
from apsa_perception.model.skeleton import BoolArray, FloatArray

_MIN_CONFIDENCE = 0.4
_MOVING_SHARE = 0.25
_MIN_FRAMES = 8
_MIN_DURATION_S = 0.3
_PATH_POINTS = 3
_BODY_JOINTS = (Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER, Joint.LEFT_HIP, Joint.RIGHT_HIP)
_ENDS = (Joint.LEFT_HAND, Joint.RIGHT_HAND, Joint.LEFT_FOOT, Joint.RIGHT_FOOT, Joint.HEAD)
_MIRROR_INDEX = np.array([int(joint) for joint in MIRROR])


@dataclass(frozen=True)
class QualityPrediction:
    """The judgement of one repetition.

    Attributes:
        score: calibrated probability 0..1 that the repetition is correct; 0.5 when there was no
            evidence to judge at all.
        confidence: 0..1, how far from undecided, less what the skeleton itself is unsure of.
        abstained: True when the evidence is too poor or the answer too uncertain.
        reason: one sentence why, empty if not abstained.
        inference_ms: milliseconds until the score was there.
        explain_joints: ``(20,)`` weight of each joint in the decision.
        explain_moments: ``(PHASES,)`` weight of each phase. Both take several times as long as the
            score and are asked only for the relevances.
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
        """``(20,)`` share of each joint in the decision, sums to 1."""
        return _share(self.explain_joints())

    @cached_property
    def moment_relevance(self) -> FloatArray:
        """``(PHASES,)`` share of each phase of the window, sums to 1."""
        return _share(self.explain_moments())


class QualityModel:
    """Trained APSA weights, ready to judge repetitions of the exercises they know."""

    def __init__(self, network: ApsaNetwork, header: ModelHeader) -> None:
        self._network = network.requires_grad_(False)
        self._header = header
        self._essential = [_essential_joints(template) for template in network.template.numpy()]

    @classmethod
    def load(cls, path: str | Path) -> "QualityModel":
        """Load a weight file; ``ValueError`` says in one sentence what is wrong with it."""
        # The windows are so small that a second thread costs more than it brings.
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
        """Exercise names the model may judge."""
        return self._header.exercises

    @property
    def header(self) -> ModelHeader:
        """Everything the weight file says about itself."""
        return self._header

    def essential_joints(self, exercise: str) -> tuple[Joint, ...]:
        """Joints without which a repetition of the exercise is not judged."""
        essential = self._essential[self._family(exercise)]
        if exercise.endswith("_right"):
            essential = essential[_MIRROR_INDEX]
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
            stamps_s: ``(T,)`` seconds, strictly rising.
            confidence: ``(T, 20)`` 0..1.
            observed: ``(T, 20)`` False where a joint is inferred.
            exercise: name; a one-sided exercise ends in the person's own moving side.
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
        sides = _MIRROR_INDEX if window.mirrored else np.arange(JOINT_COUNT)
        missing = [Joint(j).name.lower() for j in essential if not window.joint_valid[sides][j]]
        if missing:
            return _no_evidence(f"not seen well enough: {', '.join(missing)}", started)
        certainty = float(confidence[:, essential].mean())
        if certainty < _MIN_CONFIDENCE:
            return _no_evidence(
                f"the moving joints are tracked with a confidence of {certainty:.2f} only", started
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
                f"the window has fewer than {_MIN_FRAMES} frames or {_MIN_DURATION_S} s"
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
            return "the movement is unlike every correct repetition the model was trained on"
        if score > 0.5 and nearest != index:
            return f"the movement is more like {self._header.families[nearest]}"
        if abs(score - 0.5) < self._header.uncertain_band:
            return f"the model is undecided ({score:.2f})"
        return ""

    def _logit(self, window: Tensor, valid: Tensor, families: Tensor) -> float:
        with torch.inference_mode():
            return float(self._network(window, valid, families))

    def done_right(self, window: Tensor, index: int) -> Tensor:
        """The exercise done right from this person's own rest: ``(PHASES, 20, 3)``."""
        return at_rest(window[None])[0] + self._network.template[index]

    def _explain(self, window: Tensor, valid: Tensor, families: Tensor) -> FloatArray:
        """``(20,)`` weight of each joint in the logit.

        Integrated gradients along the straight path from the exercise done right to this window:
        what would change if a joint had moved as it should.
        """
        right = self.done_right(window[0], int(families[0]))
        shares = ((torch.arange(_PATH_POINTS) + 0.5) / _PATH_POINTS).view(-1, 1, 1, 1)
        path = (right + shares * (window - right)).requires_grad_()
        with torch.enable_grad():
            logits = self._network(
                path, valid.expand(_PATH_POINTS, -1), families.expand(_PATH_POINTS)
            )
            (gradient,) = torch.autograd.grad(logits.sum(), path)
        effect = (gradient.mean(0) * (window[0] - right)).sum(-1).abs().sum(0)
        weights: FloatArray = effect.numpy().astype(np.float64)
        return weights

    def _moments(self, window: Tensor, valid: Tensor, families: Tensor) -> FloatArray:
        """``(PHASES,)`` weight of each phase in the logit."""
        right = self.done_right(window[0], int(families[0]))
        effects = moment_effects(self._network, window[0], right, valid, families)
        weights: FloatArray = effects.numpy().astype(np.float64)
        return weights


def _essential_joints(template: FloatArray) -> BoolArray:
    """``(20,)`` joints that the exercise moves, and the ones that orient the body."""
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
