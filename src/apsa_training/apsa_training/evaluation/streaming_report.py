"""What the coach itself says of recorded repetitions: skeletons in, streaming, results out."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from apsa_perception.assessment.quality import QualityModel
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import Grade
from apsa_training.data.coached_repetitions import CoachedRecording, coach_all
from apsa_training.data.sequences import MotionData
from apsa_training.evaluation.metrics import auc


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


def stream_data(
    data: MotionData, library: ExerciseLibrary, model: QualityModel | None
) -> dict[str, list[StreamedRepetition]]:
    """Run recordings through the assessment, see ``coach_all``.

    Args:
        data: recordings of one repetition each; those without a label are left out.
        library: the exercises; those that it lacks are left out.
        model: the network; None: rules only.

    Returns:
        Repetitions by exercise of the library.
    """
    found: dict[str, list[StreamedRepetition]] = defaultdict(list)
    for coached in coach_all(data, library, model):
        found[coached.exercise].append(_streamed(coached))
    return dict(found)


def _streamed(coached: CoachedRecording) -> StreamedRepetition:
    qualities = [quality for _, quality in coached.repetitions]
    scores = [one.score for one in qualities if one.grade is not Grade.NOT_JUDGED]
    return StreamedRepetition(
        correct=coached.recording.correct == 1,
        counted=len(qualities) == 1,
        score=float(np.mean(scores)) if scores else np.nan,
        good=bool(qualities) and all(one.grade is Grade.GOOD for one in qualities),
    )


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
