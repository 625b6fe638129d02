"""What the coach itself says of recorded repetitions: skeletons in, streaming, results out."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from apsa_perception.assessment.offline import assess
from apsa_perception.assessment.quality import QualityModel
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import Grade
from apsa_perception.model.time import to_nanoseconds
from apsa_training.data.assessment_frames import by_subject, concatenated
from apsa_training.data.sequences import UNLABELLED, MotionData, MotionSequence
from apsa_training.evaluation.metrics import auc

_COACHED_AS = {"deep_squat": "squat"}
_SIDE_CHOSEN_BY_THE_COACH = "ui_prmd"
"""Data set whose exercises the coach offers for either side, by the name of the family."""


@dataclass(frozen=True)
class StreamedRepetition:
    """What the coach said of one recorded repetition.

    Attributes:
        correct: label of the recording.
        counted: whether exactly one repetition was counted in it.
        score: quality 0..1; NaN if none was given.
        good: whether it was graded GOOD.
    """

    correct: bool
    counted: bool
    score: float
    good: bool


def coached_exercise(sequence: MotionSequence, source: str) -> str:
    """Return the name of the exercise that a person would choose for a recording."""
    name = sequence.family if source.startswith(_SIDE_CHOSEN_BY_THE_COACH) else sequence.exercise
    return _COACHED_AS.get(name, name)


def stream_data(
    data: MotionData, library: ExerciseLibrary, model: QualityModel | None
) -> dict[str, list[StreamedRepetition]]:
    """Run each subject's repetitions of an exercise through the assessment, one after the other.

    Args:
        data: recordings of one repetition each; those without a label are left out.
        library: the exercises; those that it lacks are left out.
        model: the network; None: rules only.

    Returns:
        Repetitions by exercise of the library.
    """
    labelled = [one for one in data.sequences if one.correct != UNLABELLED]
    found: dict[str, list[StreamedRepetition]] = defaultdict(list)
    for own in by_subject(labelled).values():
        exercise = coached_exercise(own[0], data.source)
        if exercise in library.names:
            found[exercise] += _streamed(own, exercise, library, model)
    return dict(found)


def _streamed(
    recordings: Sequence[MotionSequence],
    exercise: str,
    library: ExerciseLibrary,
    model: QualityModel | None,
) -> list[StreamedRepetition]:
    run = assess(concatenated(recordings), exercise, library, model=model)
    quality = {one.repetition: one for one in run.qualities}
    middles = np.array([(one.start_ns + one.end_ns) / 2 for one in run.repetitions])
    judged = [quality[one.index] for one in run.repetitions]
    streamed = []
    for one, start, end in _spans(recordings):
        inside = np.flatnonzero((middles >= start) & (middles < end))
        scores = [judged[i].score for i in inside if judged[i].grade is not Grade.NOT_JUDGED]
        streamed.append(
            StreamedRepetition(
                correct=one.correct == 1,
                counted=len(inside) == 1,
                score=float(np.mean(scores)) if scores else np.nan,
                good=bool(len(inside)) and all(judged[i].grade is Grade.GOOD for i in inside),
            )
        )
    return streamed


def _spans(recordings: Sequence[MotionSequence]) -> list[tuple[MotionSequence, int, int]]:
    """Start and end of each recording in nanoseconds, as ``concatenated`` places it."""
    frames = concatenated(recordings)
    spans, first = [], 0
    for one in recordings:
        last = first + len(one.stamps_s) - 1
        spans.append((one, frames[first][0], frames[last][0] + to_nanoseconds(0.04)))
        first = last + 1
    return spans


def figures(repetitions: Sequence[StreamedRepetition]) -> dict[str, float | int]:
    """Figures of some repetitions; NaN where there is nothing to compute one from.

    Returns:
        ``counted`` and ``judged``: shares of all; ``good_of_correct`` and ``good_of_incorrect``:
        shares of all of that label that were graded GOOD; ``auc`` of the scores that were given.
    """
    correct = np.array([one.correct for one in repetitions])
    good = np.array([one.good for one in repetitions])
    scores = np.array([one.score for one in repetitions])
    judged = np.isfinite(scores)
    both = len(set(correct[judged].tolist())) == 2
    return {
        "repetitions": len(repetitions),
        "auc": auc(correct[judged].astype(int), scores[judged]) if both else np.nan,
        "counted": float(np.mean([one.counted for one in repetitions])),
        "judged": float(judged.mean()),
        "good_of_correct": float(good[correct].mean()) if correct.any() else np.nan,
        "good_of_incorrect": float(good[~correct].mean()) if (~correct).any() else np.nan,
    }


def report(streamed: Mapping[str, Sequence[StreamedRepetition]]) -> dict[str, Any]:
    """Figures of each exercise, of all repetitions together, and the mean AUC of the exercises."""
    exercises = {name: figures(own) for name, own in sorted(streamed.items())}
    aucs = [one["auc"] for one in exercises.values() if np.isfinite(one["auc"])]
    return {
        "exercises": exercises,
        "all": figures([one for own in streamed.values() for one in own]),
        "mean_auc": float(np.mean(aucs)) if aucs else np.nan,
    }
