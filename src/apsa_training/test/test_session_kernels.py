"""Clinical scores by kernels over a session."""

from dataclasses import replace

import numpy as np
import pytest

from apsa_training.models.session_kernels import (
    SessionData,
    predict_scores,
    smoothed_over_session,
)
from support.training_cases import CLINICAL

KERNELS = CLINICAL.kernels


def subjects_with_a_level(count: int, noise: float) -> SessionData:
    """Subjects with one skill level in all five exercises, plus noise per exercise."""
    rng = np.random.default_rng(0)
    level = rng.normal(size=count)
    person = np.repeat(np.arange(count), 5)
    features = level[person][:, None] + rng.normal(0, noise, size=(5 * count, 12))
    return SessionData(
        features=features,
        subject=np.array([f"p{n:02}" for n in person]),
        exercise=np.tile(np.arange(5), count),
        is_patient=level[person] < -0.5,
        score=30.0 + 5.0 * level[person] + rng.normal(0, 1, 5 * count),
    )


def test_session_kernel_improves_scores_of_unseen_subjects() -> None:
    data = subjects_with_a_level(40, noise=3.0)
    test = np.flatnonzero(data.subject < "p10")
    learn = np.flatnonzero(data.subject >= "p10")
    error = [
        float(np.abs(predict_scores(data, learn, test, KERNELS, weight) - data.score[test]).mean())
        for weight in (0.0, 0.5)
    ]
    blind = float(np.abs(np.median(data.score[learn]) - data.score[test]).mean())
    assert error[0] < blind
    assert error[1] < error[0]


def test_scores_of_test_subjects_are_not_used() -> None:
    data = subjects_with_a_level(20, noise=2.0)
    test = np.flatnonzero(data.subject < "p05")
    learn = np.flatnonzero(data.subject >= "p05")
    changed = data.score.copy()
    changed[test] = -1000.0
    other = replace(data, score=changed)
    one = predict_scores(data, learn, test, KERNELS, 0.5)
    assert np.array_equal(one, predict_scores(other, learn, test, KERNELS, 0.5))
    assert np.array_equal(
        smoothed_over_session(data, one, test, learn),
        smoothed_over_session(other, one, test, learn),
    )


def test_predictions_are_averaged_with_the_session() -> None:
    data = subjects_with_a_level(10, noise=1.0)
    rows, learn = np.arange(5), np.arange(5, 50)
    usual = np.array([data.score[learn][exercise::5].mean() for exercise in range(5)])
    assert np.allclose(smoothed_over_session(data, usual, rows, learn), usual)
    lone = np.array([0])
    assert smoothed_over_session(data, np.array([20.0]), lone, learn) == pytest.approx(20.0)
