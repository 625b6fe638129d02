"""Clinical scores by support vector regression with a kernel over the whole session.

The kernel is the weighted mean of two: the similarity of two subjects in this exercise, and their
mean similarity over all exercises both have done. The second uses the other recordings of a
subject, never their scores. Kernel width and cost are selected by cross-validation within the
training subjects.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt
from sklearn.svm import SVR

from apsa_perception.model.skeleton import FloatArray
from apsa_training.data.folds import subject_folds
from apsa_training.data.window_set import Rows
from apsa_training.fitting.reference import estimate_reference

_CLIP = 2.0


@dataclass(frozen=True)
class KernelConfig:
    """Settings of the support vector regression.

    Attributes:
        session_weight: weight of the session in the session kernel, 0 to 1.
        widths: kernel widths to select from.
        costs: SVR costs to select from.
        epsilon: half width of the tube without loss, points of the score.
        inner_folds: folds of the selection.
        inner_seed: seed of these folds.
    """

    session_weight: float
    widths: tuple[float, ...]
    costs: tuple[float, ...]
    epsilon: float
    inner_folds: int
    inner_seed: int


@dataclass(frozen=True)
class SessionData:
    """R recordings of subjects who did several exercises.

    Attributes:
        features: ``(R, F)``.
        subject: ``(R,)`` names.
        exercise: ``(R,)`` index.
        is_patient: ``(R,)``; the features of the controls are the reference.
        score: ``(R,)`` points, NaN where missing.
    """

    features: FloatArray
    subject: npt.NDArray[np.str_]
    exercise: npt.NDArray[np.intp]
    is_patient: npt.NDArray[np.bool_]
    score: FloatArray


def predict_scores(
    data: SessionData, learn: Rows, test: Rows, config: KernelConfig, session: float
) -> FloatArray:
    """Predict the scores of the test rows.

    Args:
        data: recordings.
        learn: training rows.
        test: rows to predict, of other subjects.
        config: settings.
        session: weight of the session in the kernel, 0 to 1; 0 uses this recording only.
    """
    fold = subject_folds(data.subject[learn], config.inner_folds, config.inner_seed)
    loss = dict.fromkeys(product(config.widths, config.costs), 0.0)
    for k in range(config.inner_folds):
        inside, outside = learn[fold != k], learn[fold == k]
        distance = _distances(data, inside)
        known = outside[np.isfinite(data.score[outside])]
        for width, cost in loss:
            svr = SVR(kernel="precomputed", C=cost, epsilon=config.epsilon)
            predicted = _predict(data, distance, inside, known, session, width, svr)
            loss[width, cost] += float(np.abs(predicted - data.score[known]).sum())
    width, cost = min(loss, key=lambda choice: loss[choice])
    svr = SVR(kernel="precomputed", C=cost, epsilon=config.epsilon)
    return _predict(data, _distances(data, learn), learn, test, session, width, svr)


def _distances(data: SessionData, learn: Rows) -> FloatArray:
    """``(R, R)`` mean squared difference of recordings of one exercise, median 1; else NaN."""
    count = len(data.features)
    found = np.full((count, count), np.nan)
    for index in np.unique(data.exercise):
        rows = np.flatnonzero(data.exercise == index)
        among = np.isin(rows, learn)
        healthy = rows[among & ~data.is_patient[rows]]
        reference = estimate_reference(
            data.features[healthy], np.zeros(len(healthy), dtype=int), data.subject[healthy], 1
        )
        relative = (data.features[rows] - reference.centre[0]) / reference.spread[0]
        values = relative.clip(-_CLIP, _CLIP)
        square = (values**2).mean(1)
        apart = square[:, None] + square - 2.0 * values @ values.T / values.shape[1]
        found[np.ix_(rows, rows)] = apart / np.median(apart[np.ix_(among, among)])
    return found


def _predict(
    data: SessionData,
    distance: FloatArray,
    learn: Rows,
    test: Rows,
    session: float,
    width: float,
    svr: SVR,
) -> FloatArray:
    similarity = np.exp(-width * distance)
    kernel = (1.0 - session) * similarity + session * _over_session(data, similarity)
    found = np.full(len(test), np.nan)
    for index in np.unique(data.exercise[test]):
        own = learn[(data.exercise[learn] == index) & np.isfinite(data.score[learn])]
        rows = np.flatnonzero(data.exercise[test] == index)
        svr.fit(kernel[np.ix_(own, own)], data.score[own])
        found[rows] = svr.predict(kernel[np.ix_(test[rows], own)])
    return found


def _over_session(data: SessionData, similarity: FloatArray) -> FloatArray:
    """``(R, R)`` mean similarity of two subjects over the exercises that both have done."""
    people, person = np.unique(data.subject, return_inverse=True)
    total = np.zeros((len(people), len(people)))
    count = np.zeros_like(total)
    for index in np.unique(data.exercise):
        rows = np.flatnonzero(data.exercise == index)
        pairs = np.ix_(person[rows], person[rows])
        total[pairs] += similarity[np.ix_(rows, rows)]
        count[pairs] += 1.0
    mean = total / np.maximum(count, 1.0)
    spread: FloatArray = mean[np.ix_(person, person)]
    return spread


def smoothed_over_session(
    data: SessionData, predicted: FloatArray, rows: Rows, learn: Rows
) -> FloatArray:
    """Average each prediction with the mean prediction of the subject's session.

    Averaged in standard deviations of each exercise among the training subjects, because the
    scores of the exercises differ in mean and spread.

    Args:
        data: recordings.
        predicted: ``(len(rows),)`` points, each from its own recording.
        rows: predicted recordings.
        learn: training recordings; their scores give mean and spread.
    """
    exercise, subject = data.exercise[rows], data.subject[rows]
    centre, spread = np.empty(len(rows)), np.empty(len(rows))
    for index in np.unique(exercise):
        known = data.score[learn][data.exercise[learn] == index]
        centre[exercise == index] = np.nanmean(known)
        spread[exercise == index] = np.nanstd(known)
    standard = (predicted - centre) / spread
    smoothed = np.empty(len(rows))
    for one in np.unique(subject):
        own = subject == one
        smoothed[own] = (standard[own] + standard[own].mean()) / 2.0
    points: FloatArray = smoothed * spread + centre
    return points
