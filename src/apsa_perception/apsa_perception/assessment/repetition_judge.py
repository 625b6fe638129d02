"""Judgement of a finished repetition: errors and score, or why there is no score."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from apsa_perception.apsa.sides import ONE_SIDED_FAMILIES, name_of
from apsa_perception.assessment.after_recording import AfterRecording
from apsa_perception.assessment.body_plausibility import implausible_reason
from apsa_perception.assessment.error_fusion import with_network
from apsa_perception.assessment.evidence import (
    Evidence,
    Frame,
    gather_evidence,
    not_judged_reason,
    other_view,
)
from apsa_perception.assessment.figure_match import FigureMatch
from apsa_perception.assessment.live_errors import merged_by_code
from apsa_perception.assessment.personal_ranges import PersonalRanges
from apsa_perception.assessment.quality import (
    INCORRECT_BELOW,
    RULES_NAME,
    RULES_VERSION,
    QualityModel,
    abstention,
    not_judged_by,
    predict,
    relevance_at_once,
    rules_score,
    unspecified_error,
    with_prediction,
    with_rules_score,
)
from apsa_perception.assessment.repetition_errors import (
    errors_during,
    errors_of_whole,
)
from apsa_perception.assessment.repetition_measures import repetition_measures
from apsa_perception.assessment.repetition_window import RepetitionWindow
from apsa_perception.assessment.settings import AssessmentSettings
from apsa_perception.assessment.tempo_check import tempo_errors, tempo_measures
from apsa_perception.biomechanics.view import View
from apsa_perception.exercises.definition import ExerciseDefinition
from apsa_perception.model.codes import ErrorScope, JudgedBy, NotJudgedReason, Phase, Side
from apsa_perception.model.results import ErrorResult, ErrorSet, QualityResult, RepetitionResult
from apsa_perception.model.sentences import Sentence
from apsa_perception.repetition.segment import Segment

_NO_ERRORS = (
    NotJudgedReason.IMPLAUSIBLE,
    NotJudgedReason.SIDEWAYS,
    NotJudgedReason.ANOTHER_EXERCISE,
)
_NOT_RETURNED = (
    "several movements without going all the way back to the starting position were counted as one"
)


@dataclass(frozen=True)
class Verdict:
    """Everything that is published about a repetition."""

    repetition: RepetitionResult
    quality: QualityResult
    errors: ErrorSet

    def of_another_exercise(self, sentence: str) -> "Verdict":
        """Return the verdict without score and errors: this was not the exercise asked for.

        Args:
            sentence: says which one it was.
        """
        quality = replace(
            _not_judged(self.repetition, self.quality.window_start_ns),
            not_judged_reason=NotJudgedReason.ANOTHER_EXERCISE,
            reason=sentence,
        )
        return replace(self, quality=quality, errors=replace(self.errors, errors=()))


class RepetitionJudge:
    """Judges the repetitions of one exercise.

    Args:
        exercise: the exercise.
        settings: how much evidence is required.
        model: the network; used if it was trained on the exercise.
        ranges: the person's own assessed ranges.
        after: takes what can wait; None: somebody waits for the results.
    """

    def __init__(
        self,
        exercise: ExerciseDefinition,
        settings: AssessmentSettings,
        model: QualityModel | None,
        ranges: PersonalRanges,
        after: AfterRecording | None = None,
    ) -> None:
        self._exercise = exercise
        self._settings = settings
        self._ranges = ranges
        self._model = model
        self._figure = FigureMatch(exercise)
        self._joint_relevance = after.joint_relevance if after else relevance_at_once

    def use_ranges(self, ranges: PersonalRanges) -> None:
        """Judge by the person's own ranges from now on."""
        self._ranges = ranges

    def use_exercise(self, exercise: ExerciseDefinition) -> None:
        """Judge by other limits of the same exercise from now on."""
        self._exercise = exercise

    def use_settings(self, settings: AssessmentSettings) -> None:
        """Require as much evidence as other settings say from now on."""
        self._settings = settings

    def judge(
        self,
        segment: Segment,
        frames: Sequence[Frame],
        stamp_ns: int,
        index: int,
        lead_in: Sequence[Frame] = (),
        recent: Sequence[Frame] = (),
    ) -> Verdict:
        """Judge a repetition.

        Args:
            segment: the repetition.
            frames: frames of the repetition in which the exerciser was in view.
            stamp_ns: stamp of the frame that completed it.
            index: its number, from 1.
            lead_in: frames immediately before it, for the network.
            recent: frames of the last seconds, itself included, in which the body must be steady.
        """
        exercise = self._exercise
        evidence = gather_evidence(exercise, segment, frames)
        reason, sentence = not_judged_reason(evidence, exercise, self._settings)
        if reason in (NotJudgedReason.NONE, NotJudgedReason.VIEW):
            implausible, why = implausible_reason(exercise, frames, self._settings, recent)
            if implausible is not NotJudgedReason.NONE:
                reason, sentence = implausible, why
        if reason is NotJudgedReason.NONE and segment.turned_back:
            reason, sentence = NotJudgedReason.NOT_RETURNED, _NOT_RETURNED
        judged = [*lead_in, *frames]
        if reason is NotJudgedReason.NONE:
            sentence = self._figure.contradiction(segment, judged)
            if sentence:
                reason = NotJudgedReason.ANOTHER_EXERCISE
        window = RepetitionWindow(
            exercise.primary, segment, frames, evidence, self._settings.min_seen_share
        )
        measures = repetition_measures(window)
        errors = [] if reason in _NO_ERRORS else errors_during(segment, frames)
        if reason is NotJudgedReason.NONE:
            errors += errors_of_whole(exercise, segment, measures, self._ranges)
        repetition = self._repetition(segment, frames[-1], stamp_ns, index, evidence)
        quality = replace(
            _not_judged(repetition, judged[0].stamp_ns), not_judged_reason=reason, reason=sentence
        )
        merged = merged_by_code(errors)
        if reason is NotJudgedReason.NONE:
            quality, merged = self._judged(quality, segment, judged, evidence, merged)
        taken = tuple(measures.values())
        if exercise.tempo is not None:
            timed = tempo_measures(window)
            taken += timed
            if reason is NotJudgedReason.NONE:
                # After the score: the tempo is no part of the form.
                merged += tuple(tempo_errors(exercise.tempo, window, timed))
        return Verdict(
            repetition,
            quality,
            ErrorSet(
                stamp_ns=repetition.stamp_ns,
                body_id=repetition.body_id,
                exercise=exercise.name,
                scope=ErrorScope.REPETITION,
                repetition=index,
                phase=Phase.UNKNOWN,
                errors=merged,
                measures=taken,
            ),
        )

    def _judged(
        self,
        quality: QualityResult,
        segment: Segment,
        frames: Sequence[Frame],
        evidence: Evidence,
        errors: tuple[ErrorResult, ...],
    ) -> tuple[QualityResult, tuple[ErrorResult, ...]]:
        """Score and errors by rules and, if it was trained on the exercise, by the network."""
        model, known_as = self._model, exercise_of_network(self._exercise, segment.side)
        source = frames[-1].skeleton.source
        views = model.judged_views(known_as, source) if model else frozenset()
        if model is None or not views or evidence.view not in {*views, View.UNKNOWN}:
            score = rules_score(self._exercise.primary, segment, errors)
            measured = all(frame.posture.depth_measured for frame in frames)
            # Where the network judges from other views, the rules miss more than it does.
            good_is_known = not views and (self._exercise.rules_suffice or measured)
            quality = with_rules_score(quality, score, evidence, good_is_known)
            better = views & self._exercise.views
            if better and quality.not_judged_reason is NotJudgedReason.UNCERTAIN:
                quality = replace(
                    quality, not_judged_reason=NotJudgedReason.VIEW, reason=other_view(better)
                )
            return quality, errors
        if not segment.rest_seen:
            return not_judged_by(model, quality, Sentence.REST_NOT_SEEN.text()), errors
        prediction = predict(model, known_as, frames)
        if not abstention(prediction):
            errors = with_network(errors, prediction.score)
            if prediction.score < INCORRECT_BELOW and not errors:
                errors = (unspecified_error(model, prediction, segment),)
        return with_prediction(quality, model, prediction, errors, self._joint_relevance), errors

    def _repetition(
        self, segment: Segment, last: Frame, stamp_ns: int, index: int, evidence: Evidence
    ) -> RepetitionResult:
        motion = self._exercise.primary
        return RepetitionResult(
            stamp_ns=stamp_ns,
            body_id=last.skeleton.body_id,
            exercise=self._exercise.name,
            index=index,
            side=segment.side,
            start_ns=segment.start_ns,
            peak_ns=segment.peak_ns,
            end_ns=segment.end_ns,
            measure=motion.measure,
            unit=motion.unit,
            rest_value=segment.rest_value,
            peak_value=segment.peak_value,
            target_value=motion.target,
            confidence=evidence.confidence,
        )


def exercise_of_network(exercise: ExerciseDefinition, side: Side) -> str:
    """Name by which a network knows an exercise that was done with a side."""
    if exercise.judged_as in ONE_SIDED_FAMILIES and side is not Side.BOTH:
        return name_of(exercise.judged_as, side)
    return exercise.judged_as


def _not_judged(repetition: RepetitionResult, window_start_ns: int) -> QualityResult:
    return QualityResult(
        stamp_ns=repetition.stamp_ns,
        body_id=repetition.body_id,
        exercise=repetition.exercise,
        repetition=repetition.index,
        window_start_ns=window_start_ns,
        window_end_ns=repetition.end_ns,
        source=JudgedBy.RULES,
        model_name=RULES_NAME,
        model_version=RULES_VERSION,
    )
