"""Soft targets: out-of-fold predictions of a forest for each augmented repetition.

The network learns a mixture of the label and the soft target (knowledge distillation). The soft
target of a subject comes from a forest trained on the other training subjects only. It reflects
the uncertainty for an unseen subject; with labels alone the network overfits to the subjects.
"""

import numpy as np
import numpy.typing as npt
import torch
from sklearn.ensemble import ExtraTreesClassifier
from torch import Tensor

from apsa_perception.apsa.features import feature_validity
from apsa_perception.apsa.network import ApsaNetwork
from apsa_perception.model.skeleton import FloatArray

INNER_FOLDS = 5
_TREES = 150
_COPIES_SEEN = 3


def balanced_groups(
    subjects: npt.NDArray[np.str_], correct: npt.NDArray[np.integer], groups: int
) -> npt.NDArray[np.intp]:
    """Assign subjects to groups with similar numbers of incorrect repetitions."""
    people = np.unique(subjects)
    rows = [subjects == person for person in people]
    weight = np.array([(correct[r] == 0).sum() + 0.1 * r.sum() for r in rows])
    load = np.zeros(groups)
    group = np.zeros(len(subjects), dtype=np.intp)
    for person in np.argsort(-weight, kind="stable"):
        lightest = int(load.argmin())
        group[rows[person]] = lightest
        load[lightest] += weight[person]
    return group


def forest(seed: int, copies: int = _COPIES_SEEN, trees: int = _TREES) -> ExtraTreesClassifier:
    """Return an untrained forest for samples that contain ``copies`` of each repetition."""
    return ExtraTreesClassifier(
        trees,
        min_samples_leaf=copies + 1,
        max_features=0.1,
        class_weight="balanced",
        random_state=seed,
        n_jobs=1,
    )


def relative_features(
    model: ApsaNetwork, windows: Tensor, joint_valid: Tensor, family: Tensor
) -> npt.NDArray[np.float32]:
    """``(N, F)`` deviations of the measures from the model's reference, and the family one-hot."""
    with torch.no_grad():
        deviation = model.standardised(model.readings(windows), family)
        deviation = deviation * feature_validity(joint_valid)[..., None]
        one_hot = torch.eye(model.config.families)[family]
        return torch.cat([deviation.flatten(1), one_hot], dim=1).numpy()


def soft_targets(
    features: list[npt.NDArray[np.float32]],
    correct: npt.NDArray[np.integer],
    subjects: npt.NDArray[np.str_],
    seed: int,
) -> FloatArray:
    """``(copies, N)`` out-of-fold P(correct) of each augmented copy.

    Args:
        features: for each copy ``(N, F)``; copy 0 is not augmented.
        correct: ``(N,)`` labels.
        subjects: ``(N,)``.
        seed: of the forests.

    Raises:
        ValueError: fewer than two subjects.
    """
    groups = min(INNER_FOLDS, len(np.unique(subjects)))
    if groups < 2:
        raise ValueError("soft targets need at least two training subjects")
    group = balanced_groups(subjects, correct, groups)
    seen = features[:_COPIES_SEEN]
    targets = np.zeros((len(features), len(correct)))
    for index in range(groups):
        inside, outside = group != index, group == index
        model = forest(seed, len(seen))
        model.fit(
            np.concatenate([copy[inside] for copy in seen]),
            np.tile(correct[inside], len(seen)),
        )
        for number, copy in enumerate(features):
            targets[number, outside] = model.predict_proba(copy[outside])[:, 1]
    return targets
