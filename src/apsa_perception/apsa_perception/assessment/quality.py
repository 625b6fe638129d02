"""Score of a repetition: by the network if it was trained on the exercise, else by rules."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from apsa_perception.assessment.evidence import Evidence, Frame
from apsa_perception.biomechanics.view import View
from apsa_perception.model.codes import (
    ErrorCode,
    Grade,
    JudgedBy,
    NotJudgedReason,
    Phase,
    Severity,
)
from apsa_perception.model.joints import JOINT_COUNT, Joint
from apsa_perception.model.results import ErrorResult, QualityResult
from apsa_perception.model.score_costs import PENALTY, RANGE_SHARE
from apsa_perception.model.sentences import Sentence
from apsa_perception.model.skeleton import FloatArray
from apsa_perception.model.time import to_seconds
from apsa_perception.repetition.primary_motion import PrimaryMotion
from apsa_perception.repetition.segment import Segment

RULES_NAME = "rules"
RULES_VERSION = "1"
INCORRECT_BELOW = 0.5

_RELEVANT = 2.0 / JOINT_COUNT
# From 0.7 on, 40 % of the correct repetitions of drawn strangers and 7 % of the incorrect ones are
# GOOD; from 0.8 on they would be 28 % and 4 % (docs/quality.md).
_PROBABILITIES, _SCORES = (0.0, INCORRECT_BELOW, 0.7, 1.0), (0.0, 0.5, 0.8, 1.0)


class QualityPrediction(Protocol):
    """The network's judgement of a repetition."""

    @property
    def score(self) -> float:
        """Probability 0..1 that it was executed correctly."""

    @property
    def confidence(self) -> float:
        """0..1."""

    @property
    def abstained(self) -> bool:
        """Whether the network gives no judgement."""

    @property
    def reason(self) -> str:
        """Why it abstained; one sentence."""

    @property
    def joints_hidden(self) -> bool:
        """Whether it abstained because joints that it needs were not seen."""

    @property
    def resembles(self) -> str:
        """Name of the exercise that the movement resembles more; empty: none."""

    @property
    def joint_relevance(self) -> npt.NDArray[Any]:
        """``(20,)`` weights that sum to 1."""

    @property
    def inference_ms(self) -> float:
        """Inference time in wall-clock milliseconds."""


class QualityModel(Protocol):
    """Interface of the network."""

    @property
    def name(self) -> str:
        """Name of the model."""

    @property
    def version(self) -> str:
        """Version of its weights."""

    @property
    def exercises(self) -> Sequence[str]:
        """Names of the exercises that it was trained on."""

    def judged_views(self, exercise: str, source: str) -> frozenset[View]:
        """Return the views from which it judges an exercise in skeletons of a pose model or sensor.

        Empty: it does not judge it.
        """

    def judge(
        self,
        positions: FloatArray,
        stamps_s: FloatArray,
        confidence: FloatArray,
        observed: npt.NDArray[np.bool_],
        exercise: str,
        up: FloatArray,
        source: str = "",
    ) -> QualityPrediction:
        """Judge a repetition.

        Args:
            positions: ``(T, 20, 3)`` metres, camera optical axes, pelvis-relative.
            stamps_s: ``(T,)`` seconds, increasing.
            confidence: ``(T, 20)`` 0..1.
            observed: ``(T, 20)``.
            exercise: one of ``exercises``.
            up: ``(3,)`` unit vector of world up.
            source: name of the pose model or sensor that the skeletons come from; empty: unknown.
        """

    def joint_relevances(self, predictions: Sequence[Any]) -> list[FloatArray]:
        """Return the joint relevance of several of its predictions that are not abstained."""


def rules_score(motion: PrimaryMotion, segment: Segment, errors: Sequence[ErrorResult]) -> float:
    """Score 0..1 of a repetition without a network.

    Each error multiplies the score by 0.75 if mild, 0.6 if moderate, 0.4 if severe, so that one
    error of any kind is never GOOD and one severe error is POOR. A fifth depends on the excursion:
    ``(0.8 + 0.2 min(1, excursion / excursion to the target)) * product(1 - penalty)``. The factors
    are a convention, not measured; they only rank repetitions.
    """
    needed = max(abs(motion.target - segment.rest_value), motion.min_excursion)
    attained = min(1.0, abs(segment.peak_value - segment.rest_value) / needed)
    score = 1.0 - RANGE_SHARE + RANGE_SHARE * attained
    for error in errors:
        score *= 1.0 - PENALTY[error.severity]
    return score


def predict(model: QualityModel, exercise: str, frames: Sequence[Frame]) -> QualityPrediction:
    """Return the network's judgement of a repetition."""
    skeletons = [frame.skeleton for frame in frames]
    stamps = np.array([skeleton.stamp_ns for skeleton in skeletons], dtype=np.int64)
    return model.judge(
        positions=np.stack([skeleton.positions for skeleton in skeletons]),
        stamps_s=to_seconds(stamps - stamps[0]),
        confidence=np.stack([skeleton.confidence for skeleton in skeletons]),
        observed=np.stack([frame.posture.seen for frame in frames]),
        exercise=exercise,
        up=frames[-1].posture.up,
        source=skeletons[-1].source,
    )


def abstention(prediction: QualityPrediction) -> str:
    """Return why a prediction is no judgement; empty if it is one."""
    if prediction.abstained:
        return prediction.reason or "the network abstained"
    score, confidence = float(prediction.score), float(prediction.confidence)
    if not (0.0 <= score <= 1.0 and 0.0 <= confidence <= 1.0):  # true for NaN, too
        return f"the network gave score {score:g}, confidence {confidence:g}; expected 0 to 1"
    return ""


def unspecified_error(
    model: QualityModel, prediction: QualityPrediction, segment: Segment
) -> ErrorResult:
    """Return the error of a repetition that only the network considers incorrect."""
    relevance = np.asarray(prediction.joint_relevance)
    return ErrorResult(
        code=ErrorCode.UNSPECIFIED,
        severity=Severity.MILD,
        probability=1.0 - float(prediction.score),
        side=segment.side,
        phase=Phase.UNKNOWN,
        joints=tuple(joint for joint in Joint if relevance[joint] > _RELEVANT),
        measure="",
        value=float(prediction.score),
        limit=INCORRECT_BELOW,
        unit="1",
        source=JudgedBy.NETWORK,
        source_name=model.name,
        start_ns=segment.start_ns,
        end_ns=segment.end_ns,
    )


def relevance_at_once(model: QualityModel, prediction: QualityPrediction) -> FloatArray:
    """Return the relevance of the joints for a prediction."""
    return np.asarray(prediction.joint_relevance, dtype=np.float64)


def not_judged_by(model: QualityModel, quality: QualityResult, reason: str) -> QualityResult:
    """Fill in that the network was not asked, and why."""
    return replace(
        quality,
        source=JudgedBy.NETWORK,
        model_name=model.name,
        model_version=model.version,
        not_judged_reason=NotJudgedReason.UNCERTAIN,
        reason=reason,
    )


def network_score(probability: float, errors: Sequence[ErrorResult]) -> float:
    """Score 0..1 of a repetition from the network's probability that it is correct.

    Linear from 0 over 0.5 at 0.5 and 0.8, the least GOOD, at 0.7 to 1. With an error that was named
    it is at most what the rules give with a mild one, so that it is never GOOD.
    """
    score = float(np.interp(probability, _PROBABILITIES, _SCORES))
    return min(score, 1.0 - PENALTY[Severity.MILD]) if errors else score


def with_prediction(
    quality: QualityResult,
    model: QualityModel,
    prediction: QualityPrediction,
    errors: Sequence[ErrorResult],
    joint_relevance: Callable[[QualityModel, QualityPrediction], FloatArray],
) -> QualityResult:
    """Fill in the score by the network, or why it abstained.

    Args:
        quality: of the repetition.
        model: the network.
        prediction: its judgement.
        errors: of the form, that were named.
        joint_relevance: how the relevance of the joints is obtained.
    """
    quality = replace(
        quality,
        source=JudgedBy.NETWORK,
        model_name=model.name,
        model_version=model.version,
        inference_ms=float(prediction.inference_ms),
    )
    if reason := abstention(prediction):
        return replace(quality, not_judged_reason=_why(prediction), reason=reason)
    score = network_score(float(prediction.score), errors)
    return replace(
        quality,
        score=score,
        grade=Grade.of_score(score),
        confidence=float(prediction.confidence),
        joint_relevance=joint_relevance(model, prediction),
    )


def _why(prediction: QualityPrediction) -> NotJudgedReason:
    """Why the network gave no judgement."""
    if prediction.resembles:
        return NotJudgedReason.ANOTHER_EXERCISE
    if prediction.joints_hidden:
        return NotJudgedReason.JOINTS_HIDDEN
    return NotJudgedReason.UNCERTAIN


def with_rules_score(
    quality: QualityResult, score: float, evidence: Evidence, good_is_known: bool
) -> QualityResult:
    """Fill in the score by the rules; the confidence is that with which the joints were seen.

    Args:
        quality: of the repetition.
        score: by the rules.
        evidence: how well it was seen.
        good_is_known: whether the rules can tell that a repetition is good; if not, a good score
            is withheld.
    """
    if not good_is_known and Grade.of_score(score) is Grade.GOOD:
        return replace(
            quality,
            not_judged_reason=NotJudgedReason.UNCERTAIN,
            reason=Sentence.GOOD_NOT_KNOWN.text(),
        )
    return replace(
        quality,
        score=score,
        grade=Grade.of_score(score),
        confidence=evidence.confidence * evidence.seen_share,
    )
