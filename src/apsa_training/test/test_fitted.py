"""Fitted models are asked about groups they have not seen, and learn what there is to learn."""

import numpy as np
import pytest

from apsa_training.evaluation.fitted import cross_validated, cross_validated_together
from apsa_training.metrics import auc

COUNT = 120
GROUPS = np.repeat(np.arange(COUNT // 4), 4)
pytestmark = pytest.mark.slow


def test_a_fault_that_the_features_show_is_found_in_groups_not_seen() -> None:
    random = np.random.default_rng(5)
    truths = random.integers(0, 2, (COUNT, 2))
    features = np.stack(
        [truths[:, 0] + random.normal(0, 0.3, COUNT), random.normal(size=COUNT)], axis=-1
    )
    for answer in cross_validated(features, truths[:, 0], GROUPS).values():
        assert auc(truths[:, 0], answer) > 0.9
    shown, hidden = (cross_validated_together(features, truths, k, GROUPS) for k in (0, 1))
    assert auc(truths[:, 0], shown) > 0.9
    assert auc(truths[:, 1], hidden) < 0.7


def test_what_only_tells_the_group_tells_nothing_of_others() -> None:
    """A model that saw the group would know: the truth is one per group, and so is the feature."""
    random = np.random.default_rng(6)
    truth = random.integers(0, 2, COUNT // 4)[GROUPS]
    features = random.normal(size=(COUNT // 4, 3))[GROUPS]
    for answer in cross_validated(features, truth, GROUPS).values():
        assert auc(truth, answer) < 0.75
    together = cross_validated_together(features, np.stack([truth, 1 - truth], -1), 0, GROUPS)
    assert auc(truth, together) < 0.75
