"""Counting, false alarms and personal ranges on recordings of single repetitions."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from apsa_perception.assessment.offline import Run, assess
from apsa_perception.assessment.personal_ranges import MIN_REPETITIONS, PersonalRanges
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import ErrorCode
from apsa_training.data.assessment_frames import by_subject, concatenated
from apsa_training.data.sequences import MotionSequence

SITTING_TO_SITTING = "sit_to_stand"
_SHORT = ErrorCode.INSUFFICIENT_RANGE


def counting(runs: Mapping[tuple[str, str], tuple[int, Run]]) -> dict[str, object]:
    """Off-by-one accuracy and mean relative error of repetition counts.

    Args:
        runs: true count and run, by subject and exercise.

    Returns:
        The metrics of RepNet (Dwibedi et al., CVPR 2020): share of recordings whose count is off by
        at most one, and mean absolute difference relative to the true count.
    """
    true = np.array([count for count, _ in runs.values()])
    found = np.array([len(run.repetitions) for _, run in runs.values()])
    off = np.abs(true - found)
    return {
        "recordings": len(true),
        "repetitions": int(true.sum()),
        "found": int(found.sum()),
        "off_by_one_accuracy": float((off <= 1).mean()),
        "mean_error": float((off / true).mean()),
        "off_by_more_than_one": {
            f"{subject} {exercise}": [int(count), int(number)]
            for (subject, exercise), count, number in zip(runs, true, found, strict=True)
            if abs(count - number) > 1
        },
    }


def counted(
    sequences: Sequence[MotionSequence], library: ExerciseLibrary, names: Mapping[str, str]
) -> dict[tuple[str, str], tuple[int, Run]]:
    """Assess the concatenated repetitions of each subject and exercise.

    Args:
        sequences: recordings of one repetition each.
        library: the exercises.
        names: name in the exercise library by name in the data set; others are left out.
    """
    runs = {}
    for (subject, exercise), own in by_subject(sequences).items():
        if exercise not in names:
            continue
        run = assess(concatenated(own), names[exercise], library)
        # Recordings go from standing to sitting to standing; a repetition from sitting to sitting.
        truth = len(own) - (exercise == SITTING_TO_SITTING)
        if truth:
            runs[subject, exercise] = (truth, run)
    return runs


def alarms(runs: Mapping[tuple[str, str], tuple[int, Run]]) -> dict[str, object]:
    """Share of counted repetitions with any error, and the count of each error."""
    codes = [own for _, run in runs.values() for own in run.codes]
    reported = Counter(code.name.lower() for own in codes for code in own)
    return {
        "repetitions": len(codes),
        "with_an_error": sum(bool(own) for own in codes),
        "share": sum(bool(own) for own in codes) / max(len(codes), 1),
        "errors": dict(sorted(reported.items())),
    }


def personal_ranges(
    patients: Sequence[MotionSequence], library: ExerciseLibrary
) -> dict[str, object]:
    """Share judged too short, by the limits of the exercise and by the personal range.

    The first three correct repetitions of a patient are the range assessment and are not judged.
    """
    short: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for (_, exercise), own in by_subject(patients).items():
        correct = [one for one in own if one.correct == 1]
        assessed = assess(concatenated(correct[:MIN_REPETITIONS]), exercise, library)
        try:
            ranges = PersonalRanges().with_assessment(assessed.repetitions)
        except ValueError:
            continue
        later = {
            "correct": correct[MIN_REPETITIONS:],
            "incorrect": [one for one in own if one.correct == 0],
        }
        for label, chosen in later.items():
            frames = concatenated(chosen)
            for limits, applied in (("exercise", None), ("own", ranges)):
                codes = assess(frames, exercise, library, ranges=applied).codes
                total[f"{label}_by_{limits}"] += len(codes)
                short[f"{label}_by_{limits}"] += sum(_SHORT in one for one in codes)
    return {
        key: {"repetitions": total[key], "share_too_short": short[key] / max(total[key], 1)}
        for key in sorted(total)
    }
