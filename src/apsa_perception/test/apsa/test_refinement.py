"""Refinement of camera skeletons."""

import numpy as np
import pytest

from apsa_perception.apsa.refinement import (
    INPUTS,
    SkeletonRefinement,
    normalised,
    refinement_input,
)
from apsa_perception.apsa.weights import load_weights
from apsa_perception.model.joints import JOINT_COUNT, Joint
from support.paths import ROOT

HIDDEN = 4
UP = np.array([0.0, -1.0, 0.0])


def tensors(shift: float = 0.0) -> dict[str, np.ndarray]:
    """A refinement that moves every coordinate by the shift in sizes of the body."""
    wide = 3 * JOINT_COUNT
    sizes = {"first": (INPUTS, HIDDEN), "second": (HIDDEN, HIDDEN), "last": (HIDDEN, wide)}
    found = {f"{name}.weight": np.zeros(size, np.float32) for name, size in sizes.items()}
    found |= {f"{name}.bias": np.zeros(size[1], np.float32) for name, size in sizes.items()}
    found |= {"mean": np.zeros(INPUTS, np.float32), "spread": np.ones(INPUTS, np.float32)}
    found["last.bias"] += np.float32(shift)
    return found


def refine(given: dict[str, np.ndarray], joints: np.ndarray) -> np.ndarray:
    """As seen by a level camera."""
    return SkeletonRefinement(given).refine(joints, UP)


def body(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(5, JOINT_COUNT, 3))


def test_a_refinement_that_changes_nothing_returns_the_joints_from_the_hips() -> None:
    joints = body()
    hips = joints[:, [Joint.LEFT_HIP, Joint.RIGHT_HIP]].mean(axis=1, keepdims=True)
    refined = refine(tensors(), joints)
    assert np.allclose(refined, joints - hips, atol=1e-5)


def test_changes_are_in_sizes_of_the_body_and_keep_the_hips() -> None:
    given = tensors()
    knee = 3 * Joint.LEFT_KNEE + 1
    given["last.bias"][knee] = 0.5
    joints = body()
    size, _ = normalised(joints)
    moved = refine(given, joints) - refine(tensors(), joints)
    assert np.allclose(moved[:, Joint.LEFT_KNEE, 1], 0.5 * size[:, 0, 0], atol=1e-5)
    assert np.allclose(np.delete(moved.reshape(5, -1), knee, axis=1), 0.0, atol=1e-5)
    twice = refine(given, 2.0 * joints)
    assert np.allclose(twice, 2.0 * refine(given, joints), atol=1e-5)


def test_it_reads_the_joints_of_a_frame_their_mean_and_the_tilt() -> None:
    joints = body()
    of_frame = refinement_input(joints, UP)[3].reshape(-1, 3)
    own, way = of_frame[:-1].reshape(2, JOINT_COUNT, 3)
    assert np.allclose(own, joints[3])
    assert np.allclose(own + way, joints.mean(axis=0), atol=1e-6)
    assert np.allclose(of_frame[-1], UP)


def test_a_tilted_camera_can_be_answered_differently() -> None:
    given, joints = tensors(), body()
    given["first.weight"][INPUTS - 1, 0] = given["second.weight"][0, 0] = 1.0
    given["last.weight"][0, 3 * Joint.HEAD] = 1.0
    tilted = SkeletonRefinement(given).refine(joints, np.array([0.0, -0.8, 0.6]))
    change = np.abs(tilted - refine(given, joints)).max(axis=(0, 2))
    assert np.flatnonzero(change > 1e-6).tolist() == [Joint.HEAD]


def test_without_torch_the_shipped_refinement_gives_the_same_joints() -> None:
    shipped = load_weights(ROOT / "models" / "apsa.safetensors")[0].refinement
    alone = SkeletonRefinement(shipped.tensors)
    joints = 0.4 * body()
    found = [each.refine(joints, UP) for each in (alone, shipped)]
    assert np.allclose(*found, atol=1e-5)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"last.bias": np.zeros(3, np.float32)}, "last.bias have another shape"),
        ({"spread": np.full(INPUTS, np.nan, np.float32)}, "not finite"),
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
