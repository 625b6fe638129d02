"""Judgement of one repetition by trained weights, or the reason for abstaining."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from apsa_perception.apsa.counting_joints import (
    essential_joints,
    judged_joints,
    replaceable_joints,
)
from apsa_perception.apsa.domain import Domain
from apsa_perception.apsa.features import at_rest
from apsa_perception.apsa.moments import moment_effects
from apsa_perception.apsa.prediction import QualityPrediction, as_share, no_evidence
from apsa_perception.apsa.question import Question
from apsa_perception.apsa.sides import ONE_SIDED_FAMILIES, family, name_of, side_of
from apsa_perception.apsa.weight_file import named_domain
from apsa_perception.apsa.weights import ApsaModel, ModelHeader, compared, load_weights
from apsa_perception.apsa.window import CanonicalWindow, canonical_window
from apsa_perception.biomechanics.view import ALL_VIEWS, View
from apsa_perception.model.codes import Side
from apsa_perception.model.joints import MIRROR_INDEX, Joint
from apsa_perception.model.sentences import Sentence
from apsa_perception.model.skeleton import BoolArray, FloatArray

_MIN_CONFIDENCE = 0.4
_MIN_FRAMES = 8
_MIN_DURATION_S = 0.3
_PATH_POINTS = 3
_TOGETHER = 10
"""Repetitions that are explained at once; twice as many take twice the memory and no less time."""


class QualityModel:
    """Trained APSA network; judges repetitions of the exercises it was trained on."""

    def __init__(self, model: ApsaModel, header: ModelHeader) -> None:
        self._network = model.network.requires_grad_(False)
        self._refinement = model.refinement
        self._header = header
        self._compared = compared(header.families, header.alike)
        self._judged = [judged_joints(header, family) for family in header.families]
        self._essential = np.stack(
            [
                essential_joints(template) & judged
                for template, judged in zip(
                    self._network.template.numpy(), self._judged, strict=True
                )
            ]
        )
        self._replaceable = np.stack([replaceable_joints(name) for name in header.families])

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

    def judged_views(self, exercise: str, source: str) -> frozenset[View]:
        """Return the views from which it judges an exercise in skeletons of a source.

        A source that is not known counts as a depth sensor.
        """
        domain = named_domain(self._header.sources, source) or Domain.DEPTH_SENSOR
        limits, name = self._header.limits[domain], family(exercise)
        if exercise not in self.exercises or name not in limits.judged:
            return frozenset()
        return frozenset(limits.views.get(name, ALL_VIEWS))

    def essential_joints(self, exercise: str) -> tuple[Joint, ...]:
        """Return the joints that must be seen to judge the exercise."""
        essential = self._essential[self._family(exercise)]
        if side_of(exercise) is Side.RIGHT:
            essential = essential[MIRROR_INDEX]
        return tuple(Joint(index) for index in np.flatnonzero(essential).tolist())

    def judge(
        self,
        positions: FloatArray,
        stamps_s: FloatArray,
        confidence: FloatArray,
        observed: BoolArray,
        exercise: str,
        up: FloatArray,
        source: str = "",
    ) -> QualityPrediction:
        """Judge one repetition.

        Args:
            positions: ``(T, 20, 3)`` metres, pelvis-relative, camera optical axes.
            stamps_s: ``(T,)`` seconds, strictly increasing.
            confidence: ``(T, 20)`` 0..1.
            observed: ``(T, 20)`` False where a joint is inferred.
            exercise: name, such as ``elbow_flexion_right``.
            up: ``(3,)`` world up in camera axes.
            source: what the skeletons come from, as in ``Skeleton3D.source``; unknown or empty:
                told from the proportions of the body.

        Raises:
            KeyError: the model was not trained on the exercise.
        """
        started = time.perf_counter()
        index = self._family(exercise)
        try:
            _check_frames(positions, stamps_s)
            domain, positions = self._as_judged(source, positions, up)
            windows = [
                canonical_window(positions, stamps_s, observed, name, up)
                for name in self._with_side(exercise)
            ]
            asked = self._question(windows, index, domain)
        except ValueError as error:
            return no_evidence(str(error), started)
        missing = self._missing(asked.window.joint_valid)[index][asked.sides]
        if missing.any():
            names = [
                Joint(j).name.lower().replace("_", " ") for j in np.flatnonzero(missing).tolist()
            ]
            sentence = Sentence.JOINTS_HIDDEN.text(joints=", ".join(names))
            return no_evidence(sentence, started, joints_hidden=True)
        essential = self._essential[index] & asked.window.joint_valid
        certainty = float(confidence[:, essential[asked.sides]].mean())
        if certainty < _MIN_CONFIDENCE:
            return no_evidence(
                f"the confidence of the moving joints is only {certainty:.2f}", started
            )
        score = self.probability(self._logit(asked), asked.domain)
        reason, resembles = self._doubt(score, asked)
        spent_ms = (time.perf_counter() - started) * 1e3
        return QualityPrediction(
            score=score,
            confidence=abs(2.0 * score - 1.0) * min(1.0, certainty),
            abstained=bool(reason),
            reason=reason,
            resembles=resembles,
            inference_ms=spent_ms,
            asked=asked,
            explain_joints=lambda: self._explain([asked])[0],
            explain_moments=lambda: self._moments(asked),
        )

    def probability(self, logit: float, domain: Domain) -> float:
        """Calibrated probability that a repetition with this logit is correct."""
        slope = self._header.limits[domain].slope
        return float(1.0 / (1.0 + np.exp(-slope * logit)))

    def joint_relevances(self, predictions: Sequence[QualityPrediction]) -> list[FloatArray]:
        """Return the ``joint_relevance`` of predictions, which had evidence, in less time."""
        asked = [prediction.asked for prediction in predictions]
        questions = [each for each in asked if each is not None]
        weights: list[FloatArray] = []
        for start in range(0, len(questions), _TOGETHER):
            weights += self._explain(questions[start : start + _TOGETHER])
        return [as_share(each) for each in weights]

    def _question(self, windows: list[CanonicalWindow], index: int, domain: Domain) -> Question:
        """The network's input; of two sides the one that is more like the exercise."""
        families = torch.full((len(windows),), index)
        positions = _stacked([window.positions for window in windows])
        valid = _stacked([window.joint_valid & self._judged[index] for window in windows])
        with torch.inference_mode():
            readings = self._network.readings(positions)
            alone = len(windows) == 1
            best = 0 if alone else int(self._network.novelty(readings, valid, families).argmin())
        row = slice(best, best + 1)
        return Question(
            windows[best], positions[row], valid[row], families[row], readings[row], domain
        )

    def _as_judged(
        self, source: str, positions: FloatArray, up: FloatArray
    ) -> tuple[Domain, FloatArray]:
        """Domain of a skeleton, and its joints, refined if a camera saw them.

        The domain is that of the source, or, if that is not known, told from the proportions.
        """
        named = named_domain(self._header.sources, source)
        if named is None:
            is_camera = self._header.recognition.is_camera(positions)
        else:
            is_camera = named is Domain.CAMERA
        if is_camera:
            return Domain.CAMERA, self._refinement.refine(positions, up)
        return Domain.DEPTH_SENSOR, positions

    def _missing(self, seen: BoolArray) -> BoolArray:
        """``(E, 20)`` joints without which each family cannot be judged, if these are seen."""
        return self._essential & ~(seen | (self._replaceable & seen[MIRROR_INDEX]))

    def _family(self, exercise: str) -> int:
        if exercise not in self.exercises:
            raise KeyError(
                f"{self.name} was not trained on {exercise!r}; it knows {', '.join(self.exercises)}"
            )
        return self._header.families.index(family(exercise))

    @staticmethod
    def _with_side(exercise: str) -> tuple[str, ...]:
        """Both sides of a one-sided exercise whose side is not known."""
        if exercise in ONE_SIDED_FAMILIES:
            return tuple(name_of(exercise, side) for side in (Side.LEFT, Side.RIGHT))
        return (exercise,)

    def _doubt(self, score: float, asked: Question) -> tuple[str, str]:
        """Why there is no judgement, and the family that the movement resembles more, if any."""
        if score > 0.5 and any(reasons := self._unlikeness(asked)):
            return reasons
        if abs(score - 0.5) < self._header.uncertain_band:
            return f"the model is undecided ({score:.2f})", ""
        return "", ""

    def _unlikeness(self, asked: Question) -> tuple[str, str]:
        """Why a movement is not the exercise, and the family that it resembles more, if any."""
        every, index = torch.arange(len(self._header.families)), int(asked.family[0])
        with torch.inference_mode():
            novelty = self._network.novelty(asked.readings, asked.joint_valid, every)
        limits = self._header.limits[asked.domain]
        own = float(novelty[index])
        if own > limits.novelty_limits[index]:
            return "the movement differs from all correct repetitions in the training data", ""
        # With the far arm hidden, raising one arm would resemble raising both.
        shown = ~self._missing(asked.window.joint_valid).any(axis=1)
        others = np.flatnonzero(self._compared[index] & shown)
        nearest = int(others[int(novelty[others].argmin())])
        if own > limits.likeness_limits[index] * float(novelty[nearest]):
            other = self._header.families[nearest]
            return Sentence.RESEMBLES.text(found=other.replace("_", " ")), other
        return "", ""

    def _logit(self, asked: Question) -> float:
        with torch.inference_mode():
            return float(
                self._network(asked.position, asked.joint_valid, asked.family, asked.readings)
            )

    def correct_execution(self, window: Tensor, index: int) -> Tensor:
        """Return the correct execution from this person's own rest: ``(PHASES, 20, 3)``."""
        return at_rest(window[None])[0] + self._network.template[index]

    def _explain(self, questions: Sequence[Question]) -> list[FloatArray]:
        """``(20,)`` weight of each joint in the logit, for each repetition.

        Integrated gradients along the straight path from the correct execution to the window.
        """
        windows, valid, families = (
            torch.cat([getattr(asked, name) for asked in questions])
            for name in ("position", "joint_valid", "family")
        )
        correct = at_rest(windows) + self._network.template[families]
        shares = ((torch.arange(_PATH_POINTS) + 0.5) / _PATH_POINTS).view(-1, 1, 1, 1)
        path = (correct[:, None] + shares * (windows - correct)[:, None]).requires_grad_()
        with torch.enable_grad():
            logits = self._network(
                path.flatten(0, 1),
                valid.repeat_interleave(_PATH_POINTS, dim=0),
                families.repeat_interleave(_PATH_POINTS),
            )
            (gradient,) = torch.autograd.grad(logits.sum(), path)
        effects = (gradient.mean(1) * (windows - correct)).sum(-1).abs().sum(1)
        weights: FloatArray = effects.numpy().astype(np.float64)
        return [each[asked.sides] for each, asked in zip(weights, questions, strict=True)]

    def _moments(self, asked: Question) -> FloatArray:
        """``(PHASES,)`` weight of each phase in the logit."""
        window = asked.position[0]
        correct = self.correct_execution(window, int(asked.family[0]))
        effects = moment_effects(self._network, window, correct, asked.joint_valid, asked.family)
        return np.asarray(effects.numpy(), np.float64)


def _check_frames(positions: FloatArray, stamps_s: FloatArray) -> None:
    if len(positions) < _MIN_FRAMES or stamps_s[-1] - stamps_s[0] < _MIN_DURATION_S:
        raise ValueError(
            f"the repetition has fewer than {_MIN_FRAMES} frames or {_MIN_DURATION_S} s"
        )
    if not np.isfinite(positions).all():
        raise ValueError("positions has NaN or infinity; expected finite metres")


def _stacked(arrays: list[npt.NDArray[Any]]) -> Tensor:
    return torch.from_numpy(np.stack(arrays).astype(np.float32))
