"""Counting, false alarms and personal ranges on repetitions recorded one by one."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from apsa_perception.assessment.offline import Run, assess
from apsa_perception.assessment.personal_ranges import MIN_REPETITIONS, PersonalRanges
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import ErrorCode
from apsa_training.evaluation.runs import by_subject, one_after_the_other
from apsa_training.sequences import MotionSequence

SITTING_TO_SITTING = "sit_to_stand"
_SHORT = ErrorCode.INSUFFICIENT_RANGE


def counting(runs: Mapping[tuple[str, str], tuple[int, Run]]) -> dict[str, object]:
    """Off-by-one accuracy and mean error of counts whose truth is known by construction.

    Args:
        runs: true count and run, by subject and exercise.

    Returns:
        Share of recordings whose count is at most one off, and the mean of the difference over
        the true count (as for RepNet, Dwibedi et al., CVPR 2020).
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
    """Run each subject's repetitions of each exercise in a row.

    Args:
        sequences: recordings of one repetition each.
        library: the exercises.
        names: exercise of the library by that of the data set; others are left out.
    """
    runs = {}
    for (subject, exercise), own in by_subject(sequences).items():
        if exercise not in names:
            continue
        run = assess(one_after_the_other(own), names[exercise], library)
        # Standing, sitting, standing: n recordings in a row hold n - 1 rises from sitting.
        truth = len(own) - (exercise == SITTING_TO_SITTING)
        if truth:
            runs[subject, exercise] = (truth, run)
    return runs


def alarms(runs: Mapping[tuple[str, str], tuple[int, Run]]) -> dict[str, object]:
    """Share of counted repetitions with any error, and how often each is told."""
    codes = [own for _, run in runs.values() for own in run.codes]
    told = Counter(code.name.lower() for own in codes for code in own)
    return {
        "repetitions": len(codes),
        "with_an_error": sum(bool(own) for own in codes),
        "share": sum(bool(own) for own in codes) / max(len(codes), 1),
        "errors": dict(sorted(told.items())),
    }


def personal_ranges(
    patients: Sequence[MotionSequence], library: ExerciseLibrary
) -> dict[str, object]:
    """Told too short: by the exercise's limits, and by the person's own range.

    The first three correct repetitions of a patient are the assessment and are not judged.
    """
    short: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for (_, exercise), own in by_subject(patients).items():
        correct = [one for one in own if one.correct == 1]
        assessed = assess(one_after_the_other(correct[:MIN_REPETITIONS]), exercise, library)
        try:
            ranges = PersonalRanges().with_assessment(assessed.repetitions)
        except ValueError:
            continue
        later = {
            "correct": correct[MIN_REPETITIONS:],
            "incorrect": [one for one in own if one.correct == 0],
        }
        for label, chosen in later.items():
            frames = one_after_the_other(chosen)
            for limits, applied in (("exercise", None), ("own", ranges)):
                codes = assess(frames, exercise, library, ranges=applied).codes
                total[f"{label}_by_{limits}"] += len(codes)
                short[f"{label}_by_{limits}"] += sum(_SHORT in one for one in codes)
    return {
        key: {"repetitions": total[key], "share_too_short": short[key] / max(total[key], 1)}
        for key in sorted(total)
    }
