"""What the network adds to the errors that the rules find, on IntelliRehabDS."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from apsa_perception.assessment.error_fusion import bounded_logit
from apsa_perception.assessment.offline import assess
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.skeleton import FloatArray
from apsa_training.evaluation.out_of_fold import network_opinions
from apsa_training.evaluation.runs import PERIOD_NS, by_subject, one_after_the_other
from apsa_training.metrics import IntArray, auc, calibration_error
from apsa_training.sequences import MotionData, MotionSequence

_WEAK_PENALTY = 1e3


def combined_errors(data: MotionData, library: ExerciseLibrary, runs: Path) -> dict[str, object]:
    """Right and wrong errors by the rules, the network and both.

    An error is right where the repetition is labelled incorrect. The network's opinion is that of
    the cross-validation, by networks that never saw the person; the combination is fitted on the
    other folds.

    Args:
        data: IntelliRehabDS.
        library: the exercises.
        runs: work folder of ``apsa_training.crossval``, with its answers.

    Raises:
        ValueError: the answers are not there.
    """
    sequences, incorrect, fold = network_opinions(data, runs)
    found = [row for own in by_subject(sequences).values() for row in _errors(own, library)]
    place = {id(one): i for i, one in enumerate(sequences)}
    where = np.array([place[id(one)] for one, _ in found])
    truth = np.array([1 - sequences[i].correct for i in where])
    rule = np.array([probability for _, probability in found])
    logits = np.array(
        [[bounded_logit(r), bounded_logit(q)] for r, q in zip(rule, incorrect[where], strict=True)]
    )
    answers = {"rules": rule, "network": incorrect[where]}
    answers["both"] = _fitted_elsewhere(logits, truth, fold[where])
    model = _regression(logits, truth)
    return {
        "errors_found_by_rules": len(truth),
        "of_incorrect_repetitions": int(truth.sum()),
        "formula": {
            "bias": float(model.intercept_[0]),
            "rule": float(model.coef_[0, 0]),
            "network": float(model.coef_[0, 1]),
        },
        **{name: _figures(truth, probability) for name, probability in answers.items()},
    }


def _figures(truth: IntArray, probability: FloatArray) -> dict[str, float]:
    told = probability >= 0.5
    return {
        "auc": auc(truth, probability),
        "brier": float(((probability - truth) ** 2).mean()),
        "calibration_error": calibration_error(truth, probability),
        "right_errors_told": float(told[truth == 1].mean()),
        "wrong_errors_told": float(told[truth == 0].mean()),
    }


def _errors(
    own: Sequence[MotionSequence], library: ExerciseLibrary
) -> list[tuple[MotionSequence, float]]:
    """Recording and probability of every error that the rules find in recordings in a row."""
    starts = np.cumsum([PERIOD_NS, *(int(one.stamps_s[-1] * 1e9) + PERIOD_NS for one in own[:-1])])
    run = assess(one_after_the_other(own), own[0].exercise, library)
    return [
        (own[int(np.searchsorted(starts, repetition.peak_ns, side="right")) - 1], e.probability)
        for repetition, verdict in zip(run.repetitions, run.verdicts, strict=True)
        for e in verdict.errors
    ]


def _regression(logits: FloatArray, truth: IntArray) -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=_WEAK_PENALTY).fit(logits, truth)


def _fitted_elsewhere(logits: FloatArray, truth: IntArray, fold: IntArray) -> FloatArray:
    """Combination of each error, fitted on the errors of people in other folds."""
    answers = np.full(len(truth), np.nan)
    for k in np.unique(fold):
        here = fold == k
        answers[here] = _regression(logits[~here], truth[~here]).predict_proba(logits[here])[:, 1]
    return answers
