"""Refinement of camera skeletons."""

import numpy as np
import pytest

from apsa_perception.apsa.refinement import SkeletonRefinement, normalised
from apsa_perception.model.joints import JOINT_COUNT, Joint

HIDDEN = 4


def tensors(shift: float = 0.0) -> dict[str, np.ndarray]:
    """A refinement that moves every coordinate by the shift in sizes of the body."""
    wide = 3 * JOINT_COUNT
    sizes = {"first": (wide, HIDDEN), "second": (HIDDEN, HIDDEN), "last": (HIDDEN, wide)}
    found = {f"{name}.weight": np.zeros(size, np.float32) for name, size in sizes.items()}
    found |= {f"{name}.bias": np.zeros(size[1], np.float32) for name, size in sizes.items()}
    found |= {"mean": np.zeros(wide, np.float32), "spread": np.ones(wide, np.float32)}
    found["last.bias"] += np.float32(shift)
    return found


def body(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(5, JOINT_COUNT, 3))


def test_a_refinement_that_changes_nothing_returns_the_joints_from_the_hips() -> None:
    joints = body()
    hips = joints[:, [Joint.LEFT_HIP, Joint.RIGHT_HIP]].mean(axis=1, keepdims=True)
    refined = SkeletonRefinement(tensors()).refine(joints)
    assert np.allclose(refined, joints - hips, atol=1e-5)


def test_changes_are_in_sizes_of_the_body_and_keep_the_hips() -> None:
    given = tensors()
    knee = 3 * Joint.LEFT_KNEE + 1
    given["last.bias"][knee] = 0.5
    joints = body()
    size, _ = normalised(joints)
    moved = SkeletonRefinement(given).refine(joints) - SkeletonRefinement(tensors()).refine(joints)
    assert np.allclose(moved[:, Joint.LEFT_KNEE, 1], 0.5 * size[:, 0, 0], atol=1e-5)
    assert np.allclose(np.delete(moved.reshape(5, -1), knee, axis=1), 0.0, atol=1e-5)
    twice = SkeletonRefinement(given).refine(2.0 * joints)
    assert np.allclose(twice, 2.0 * SkeletonRefinement(given).refine(joints), atol=1e-5)


def test_one_frame_is_refined_as_in_a_series() -> None:
    refinement = SkeletonRefinement(tensors(0.1))
    joints = body()
    assert np.allclose(refinement.refine(joints)[2], refinement.refine(joints[2]))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"last.bias": np.zeros(3, np.float32)}, "last.bias have another shape"),
        ({"spread": np.full(60, np.nan, np.float32)}, "not finite"),
    ],
)
def test_wrong_tensors_are_refused(change: dict[str, np.ndarray], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        SkeletonRefinement(tensors() | change)


def test_missing_tensors_are_refused() -> None:
    given = tensors()
    given.pop("mean")
    with pytest.raises(ValueError, match="lacks the tensor 'mean'"):
        SkeletonRefinement(given)
