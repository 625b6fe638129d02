"""Metrics, their intervals, and calibration."""

import numpy as np
import pytest

from apsa_training.evaluation.metrics import (
    abstention,
    accuracy,
    all_metrics,
    auc,
    bootstrap_interval,
    calibration_error,
    macro_f1,
)
from apsa_training.fitting.calibration import (
    calibrated,
    cross_calibrated,
    fit_calibration,
    mean_log_odds,
    to_logit,
)


def test_metrics_agree_with_their_definitions() -> None:
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 200)
    score = np.round(np.clip(truth * 0.3 + rng.random(200) * 0.7, 0, 1), 2)
    found = all_metrics(truth, score)
    predicted = score > 0.5
    recall = [(predicted == label)[truth == label].mean() for label in (0, 1)]
    precision = [(truth == label)[predicted == label].mean() for label in (0, 1)]
    f1 = [2 * p * r / (p + r) for p, r in zip(precision, recall, strict=True)]
    assert found["accuracy"] == pytest.approx((predicted == truth).mean())
    assert found["balanced_accuracy"] == pytest.approx(np.mean(recall))
    assert found["macro_f1"] == pytest.approx(np.mean(f1))
    assert found["f1_incorrect"] == pytest.approx(f1[0])
    pairs = score[truth == 1][:, None] - score[truth == 0]
    assert found["auc"] == pytest.approx(((pairs > 0) + 0.5 * (pairs == 0)).mean())


def test_metrics_of_a_single_class() -> None:
    ones, zeros = np.ones(4, dtype=int), np.zeros(4)
    assert np.isnan(auc(ones, zeros))
    assert all_metrics(ones, ones.astype(float))["balanced_accuracy"] == 1.0
    assert macro_f1(ones, ones.astype(float)) == 0.5, "the absent class counts as 0"
    assert calibration_error(np.array([1, 1, 0, 0]), np.full(4, 0.5)) == pytest.approx(0.0)


def test_bootstrap_draws_whole_subjects() -> None:
    truth = np.array([1, 1, 0, 0])
    score = np.array([0.9, 0.9, 0.9, 0.9])
    people = np.array(["a", "a", "b", "b"])
    assert bootstrap_interval(accuracy, truth, score, people) == (0.0, 1.0)
    assert bootstrap_interval(accuracy, truth, score, people, other=score) == (0.0, 0.0)


def test_abstention_reports_the_share_and_accuracy_of_judged_repetitions() -> None:
    found = abstention(np.array([1, 1, 0, 0]), np.array([0.9, 0.45, 0.55, 0.1]), band=0.1)
    assert found == {"share_judged": 0.5, "accuracy_judged": 1.0, "accuracy_abstained": 0.0}


def test_calibration_finds_the_slope() -> None:
    rng = np.random.default_rng(1)
    logit = rng.normal(0, 3, 5000)
    truth = (rng.random(5000) < calibrated(logit, 0.5)).astype(int)
    assert fit_calibration(logit, truth) == pytest.approx(0.5, abs=0.05)
    assert 1.0 < fit_calibration(logit, (logit > 0).astype(int)) < np.inf
    assert fit_calibration(logit, (logit < 0).astype(int)) > 0.0


def test_calibration_does_not_use_the_fold_itself() -> None:
    rng = np.random.default_rng(0)
    score = np.clip(rng.random(400), 0.01, 0.99)
    fold = np.repeat([0, 1], 200)
    truth = (rng.random(400) < calibrated(to_logit(score), 2.0)).astype(int)
    changed = truth.copy()
    changed[fold == 0] = 1 - changed[fold == 0]
    one, other = cross_calibrated(score, truth, fold), cross_calibrated(score, changed, fold)
    assert np.array_equal(one[fold == 0], other[fold == 0])
    assert not np.array_equal(one[fold == 1], other[fold == 1])


def test_ensemble_limits_the_confidence_of_its_members() -> None:
    found = mean_log_odds([np.array([1.0, 0.5]), np.array([0.5, 0.5])])
    assert found[0] == pytest.approx(calibrated(to_logit(np.array([0.999])) / 2)[0])
    assert found[1] == 0.5
