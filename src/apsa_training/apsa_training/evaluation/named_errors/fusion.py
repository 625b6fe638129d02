"""Error probabilities by rules, network and their fusion on IntelliRehabDS."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss

from apsa_perception.assessment.error_fusion import bounded_logit
from apsa_perception.assessment.offline import assess
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.skeleton import FloatArray
from apsa_training.config.configurations import NetworkTraining
from apsa_training.data.assessment_frames import PERIOD_NS, by_subject, concatenated
from apsa_training.data.sequences import MotionData, MotionSequence
from apsa_training.evaluation.metrics import THRESHOLD, IntArray, auc, calibration_error
from apsa_training.evaluation.named_errors.out_of_fold import out_of_fold_errors

_WEAK_PENALTY = 1e3


def combined_errors(
    data: MotionData, library: ExerciseLibrary, config: NetworkTraining, work: Path
) -> dict[str, object]:
    """Metrics of the probabilities of reported errors by rules, network and fusion.

    An error counts as true if the repetition is labelled incorrect. The network's probabilities are
    the out-of-fold predictions of the cross-validation; the fusion is fitted on the other folds.

    Args:
        data: IntelliRehabDS.
        library: exercise definitions.
        config: configuration of the cross-validation.
        work: its cache folder.

    Raises:
        ValueError: there are no predictions in the cache.
    """
    sequences, incorrect, fold = out_of_fold_errors(data, config, work)
    found = [row for own in by_subject(sequences).values() for row in _errors(own, library)]
    place = {id(one): i for i, one in enumerate(sequences)}
    where = np.array([place[id(one)] for one, _ in found])
    truth = np.array([1 - sequences[i].correct for i in where])
    rule = np.array([probability for _, probability in found])
    logits = np.array(
        [[bounded_logit(r), bounded_logit(q)] for r, q in zip(rule, incorrect[where], strict=True)]
    )
    probabilities = {"rules": rule, "network": incorrect[where]}
    probabilities["both"] = _cross_fitted(logits, truth, fold[where])
    model = _regression(logits, truth)
    return {
        "errors_found_by_rules": len(truth),
        "of_incorrect_repetitions": int(truth.sum()),
        "formula": {
            "bias": float(model.intercept_[0]),
            "rule": float(model.coef_[0, 0]),
            "network": float(model.coef_[0, 1]),
        },
        **{name: _metrics(truth, probability) for name, probability in probabilities.items()},
    }


def _metrics(truth: IntArray, probability: FloatArray) -> dict[str, float]:
    reported = probability >= THRESHOLD
    return {
        "auc": auc(truth, probability),
        "brier": float(brier_score_loss(truth, probability)),
        "calibration_error": calibration_error(truth, probability),
        "right_errors_told": float(reported[truth == 1].mean()),
        "wrong_errors_told": float(reported[truth == 0].mean()),
    }


def _errors(
    own: Sequence[MotionSequence], library: ExerciseLibrary
) -> list[tuple[MotionSequence, float]]:
    """Recording and probability of every error found by the rules in concatenated recordings."""
    starts = np.cumsum([PERIOD_NS, *(int(one.stamps_s[-1] * 1e9) + PERIOD_NS for one in own[:-1])])
    run = assess(concatenated(own), own[0].exercise, library)
    return [
        (own[int(np.searchsorted(starts, repetition.peak_ns, side="right")) - 1], e.probability)
        for repetition, verdict in zip(run.repetitions, run.verdicts, strict=True)
        for e in verdict.errors
    ]


def _regression(logits: FloatArray, truth: IntArray) -> LogisticRegression:
    return LogisticRegression(C=_WEAK_PENALTY).fit(logits, truth)


def _cross_fitted(logits: FloatArray, truth: IntArray, fold: IntArray) -> FloatArray:
    """Fused probability of each error, fitted on the other folds."""
    fused = np.full(len(truth), np.nan)
    for k in np.unique(fold):
        here = fold == k
        fused[here] = _regression(logits[~here], truth[~here]).predict_proba(logits[here])[:, 1]
    return fused
