"""Small models on top of measures, only to tell how much the measures hold; none is shipped."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from apsa_perception.skeleton.types import FloatArray

IntArray = npt.NDArray[np.integer]
_FOLDS = 5
_SEED = 0


def models() -> dict[str, Callable[[], Any]]:
    """The models, with scikit-learn's defaults but for size and balance; nothing was searched."""
    from sklearn.ensemble import ExtraTreesClassifier
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return {
        "logistic_regression": lambda: make_pipeline(
            SimpleImputer(strategy="median", keep_empty_features=True),
            StandardScaler(),
            LogisticRegression(max_iter=2000, class_weight="balanced"),
        ),
        "extra_trees": lambda: make_pipeline(
            SimpleImputer(strategy="median", keep_empty_features=True),
            ExtraTreesClassifier(
                500, min_samples_leaf=2, class_weight="balanced", random_state=_SEED
            ),
        ),
    }


def cross_validated(
    features: FloatArray, truth: IntArray, groups: npt.NDArray[Any]
) -> dict[str, FloatArray]:
    """P(class 1) of each row by a model that saw no row of its group.

    Args:
        features: ``(N, D)``, NaN where missing.
        truth: ``(N,)`` 0 or 1.
        groups: ``(N,)`` subject or clip.
    """
    from sklearn.model_selection import StratifiedGroupKFold

    folds = StratifiedGroupKFold(_FOLDS, shuffle=True, random_state=_SEED)
    answers = {name: np.full(len(truth), np.nan) for name in models()}
    for learn, test in folds.split(features, truth, groups):
        for name, make in models().items():
            model = make().fit(features[learn], truth[learn])
            answers[name][test] = model.predict_proba(features[test])[:, 1]
    return answers


def trained(
    learn: tuple[FloatArray, npt.NDArray[Any]], test: FloatArray
) -> dict[str, npt.NDArray[Any]]:
    """Class of each test row by each model."""
    return {name: make().fit(*learn).predict(test) for name, make in models().items()}
