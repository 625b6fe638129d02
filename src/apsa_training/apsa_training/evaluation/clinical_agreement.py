"""Agreement of the coach's own scores with those of clinicians: skeletons in, streaming."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy.stats import spearmanr

from apsa_perception.assessment.offline import assess
from apsa_perception.assessment.quality import QualityModel
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import Grade
from apsa_perception.model.skeleton import FloatArray
from apsa_training.data.assessment_frames import concatenated
from apsa_training.data.coached_repetitions import coached_exercise
from apsa_training.data.sequences import MotionData

CLINICAL_TOTAL = "cTS"
"""Name of the clinicians' total score in KIMORE."""
_FEWEST = 3


def clinical_agreement(
    data: MotionData, library: ExerciseLibrary, model: QualityModel | None
) -> dict[str, Any]:
    """Compare the mean score of the repetitions of each recording with the clinicians' total.

    Args:
        data: recordings of several repetitions; those without a clinical score are left out.
        library: the exercises; recordings of others are left out.
        model: the network; None: rules only.

    Returns:
        By exercise the number of recordings, the share that got a score (``judged``) and the
        Spearman rank correlation of those (NaN for fewer than three); and its mean.
    """
    pairs: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for exercise, score, total in _scored(data, library, model):
        pairs[exercise].append((score, total))
    exercises = {name: _figures(np.array(own)) for name, own in sorted(pairs.items())}
    known = [one["rank_correlation"] for one in exercises.values()]
    known = [one for one in known if np.isfinite(one)]
    return {
        "exercises": exercises,
        "mean_rank_correlation": float(np.mean(known)) if known else np.nan,
    }


def _scored(
    data: MotionData, library: ExerciseLibrary, model: QualityModel | None
) -> Iterator[tuple[str, float, float]]:
    """Exercise, mean score (NaN without one) and clinicians' total of each recording."""
    for one in data.sequences:
        total = one.scores.get(CLINICAL_TOTAL, np.nan)
        exercise = coached_exercise(one, library)
        if not np.isfinite(total) or exercise not in library.names:
            continue
        run = assess(concatenated([one]), exercise, library, model=model)
        scores = [each.score for each in run.qualities if each.grade is not Grade.NOT_JUDGED]
        yield exercise, float(np.mean(scores)) if scores else np.nan, total


def _figures(pairs: FloatArray) -> dict[str, float | int]:
    judged = np.isfinite(pairs[:, 0])
    known = pairs[judged]
    varied = len(known) >= _FEWEST and np.ptp(known[:, 0]) > 0.0 and np.ptp(known[:, 1]) > 0.0
    return {
        "recordings": len(pairs),
        "judged": float(judged.mean()),
        "rank_correlation": float(spearmanr(known).statistic) if varied else np.nan,
    }
