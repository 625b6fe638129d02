"""Clinical scores from kernels: alike in this exercise, and alike in the whole session.

A support vector regression whose kernel is the mean of two: how alike two people do this exercise,
and how alike they do all the exercises that both have done. The second uses a person's other
recordings, never their scores. Width and cost are chosen on the people to learn from.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt
from sklearn.svm import SVR

from apsa_perception.model.skeleton import FloatArray
from apsa_training.fit import Rows
from apsa_training.folds import subject_folds
from apsa_training.reference import estimate_reference

_CLIP = 2.0
_WIDTHS = (0.25, 0.5, 1.0)
_COSTS = (10.0, 30.0, 100.0)
_TUBE = 0.5  # points of the score
_INNER_FOLDS = 5


@dataclass(frozen=True)
class Session:
    """R recordings of people who did several exercises.

    Attributes:
        features: ``(R, F)``.
        person: ``(R,)`` names.
        exercise: ``(R,)`` index.
        is_patient: ``(R,)``; the features of others are the reference.
        score: ``(R,)`` points, NaN where missing.
    """

    features: FloatArray
    person: npt.NDArray[np.str_]
    exercise: npt.NDArray[np.intp]
    is_patient: npt.NDArray[np.bool_]
    score: FloatArray


def predict_scores(data: Session, learn: Rows, test: Rows, session: float) -> FloatArray:
    """Scores of the test rows.

    Args:
        data: recordings.
        learn: rows to learn from.
        test: rows to answer, of other people.
        session: weight of the session in the kernel, 0..1; 0 looks at this recording alone.
    """
    fold = subject_folds(data.person[learn], _INNER_FOLDS, seed=1)
    loss = dict.fromkeys(product(_WIDTHS, _COSTS), 0.0)
    for k in range(_INNER_FOLDS):
        inside, outside = learn[fold != k], learn[fold == k]
        distance = _distances(data, inside)
        known = outside[np.isfinite(data.score[outside])]
        for width, cost in loss:
            answer = _answer(data, distance, inside, known, session, width, cost)
            loss[width, cost] += float(np.abs(answer - data.score[known]).sum())
    best = min(loss, key=lambda choice: loss[choice])
    return _answer(data, _distances(data, learn), learn, test, session, *best)


def _distances(data: Session, learn: Rows) -> FloatArray:
    """``(R, R)`` mean squared difference of two recordings of one exercise, median 1; else NaN."""
    count = len(data.features)
    found = np.full((count, count), np.nan)
    for index in np.unique(data.exercise):
        rows = np.flatnonzero(data.exercise == index)
        among = np.isin(rows, learn)
        healthy = rows[among & ~data.is_patient[rows]]
        reference = estimate_reference(
            data.features[healthy], np.zeros(len(healthy), dtype=int), data.person[healthy], 1
        )
        relative = (data.features[rows] - reference.centre[0]) / reference.spread[0]
        values = relative.clip(-_CLIP, _CLIP)
        square = (values**2).mean(1)
        apart = square[:, None] + square - 2.0 * values @ values.T / values.shape[1]
        found[np.ix_(rows, rows)] = apart / np.median(apart[np.ix_(among, among)])
    return found


def _answer(
    data: Session,
    distance: FloatArray,
    learn: Rows,
    test: Rows,
    session: float,
    width: float,
    cost: float,
) -> FloatArray:
    alike = np.exp(-width * distance)
    kernel = (1.0 - session) * alike + session * _over_session(data, alike)
    found = np.full(len(test), np.nan)
    for index in np.unique(data.exercise[test]):
        own = learn[(data.exercise[learn] == index) & np.isfinite(data.score[learn])]
        asked = np.flatnonzero(data.exercise[test] == index)
        model = SVR(kernel="precomputed", C=cost, epsilon=_TUBE)
        model.fit(kernel[np.ix_(own, own)], data.score[own])
        found[asked] = model.predict(kernel[np.ix_(test[asked], own)])
    return found


def _over_session(data: Session, alike: FloatArray) -> FloatArray:
    """``(R, R)`` mean likeness of two people over the exercises that both have done."""
    people, person = np.unique(data.person, return_inverse=True)
    total = np.zeros((len(people), len(people)))
    count = np.zeros_like(total)
    for index in np.unique(data.exercise):
        rows = np.flatnonzero(data.exercise == index)
        pairs = np.ix_(person[rows], person[rows])
        total[pairs] += alike[np.ix_(rows, rows)]
        count[pairs] += 1.0
    mean = total / np.maximum(count, 1.0)
    spread: FloatArray = mean[np.ix_(person, person)]
    return spread


def with_session(data: Session, answer: FloatArray, rows: Rows, learn: Rows) -> FloatArray:
    """Move each answer half way to the mean of the person's session.

    In standard deviations of the exercise among the people to learn from, so that the five
    exercises, whose scores differ in mean and spread, can be averaged.

    Args:
        data: recordings.
        answer: ``(len(rows),)`` points, each from its own recording.
        rows: recordings answered.
        learn: recordings whose scores give mean and spread.
    """
    exercise, person = data.exercise[rows], data.person[rows]
    centre, spread = np.empty(len(rows)), np.empty(len(rows))
    for index in np.unique(exercise):
        known = data.score[learn][data.exercise[learn] == index]
        centre[exercise == index] = np.nanmean(known)
        spread[exercise == index] = np.nanstd(known)
    standard = (answer - centre) / spread
    moved = np.empty(len(rows))
    for one in np.unique(person):
        own = person == one
        moved[own] = (standard[own] + standard[own].mean()) / 2.0
    points: FloatArray = moved * spread + centre
    return points
