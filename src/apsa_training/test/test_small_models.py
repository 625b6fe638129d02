"""Out-of-fold predictions by group of the small models."""

import numpy as np
import pytest

from apsa_training.evaluation.metrics import auc
from apsa_training.evaluation.named_errors import small_models
from apsa_training.evaluation.named_errors.small_models import (
    cross_validated,
    cross_validated_together,
)

COUNT = 120
GROUPS = np.repeat(np.arange(COUNT // 4), 4)
pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _small_forests(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tenth of the trees, which is enough for so few rows."""
    monkeypatch.setitem(small_models._FOREST, "n_estimators", 30)


def test_visible_fault_is_found_in_unseen_groups() -> None:
    random = np.random.default_rng(5)
    truths = random.integers(0, 2, (COUNT, 2))
    features = np.stack(
        [truths[:, 0] + random.normal(0, 0.3, COUNT), random.normal(size=COUNT)], axis=-1
    )
    for score in cross_validated(features, truths[:, 0], GROUPS).values():
        assert auc(truths[:, 0], score) > 0.9
    shown, hidden = (cross_validated_together(features, truths, k, GROUPS) for k in (0, 1))
    assert auc(truths[:, 0], shown) > 0.9
    assert auc(truths[:, 1], hidden) < 0.7


def test_features_of_the_group_alone_do_not_help() -> None:
    """Label and features are constant per group, so only a leak between folds would help."""
    random = np.random.default_rng(6)
    truth = random.integers(0, 2, COUNT // 4)[GROUPS]
    features = random.normal(size=(COUNT // 4, 3))[GROUPS]
    for score in cross_validated(features, truth, GROUPS).values():
        assert auc(truth, score) < 0.75
    together = cross_validated_together(features, np.stack([truth, 1 - truth], -1), 0, GROUPS)
    assert auc(truth, together) < 0.75
