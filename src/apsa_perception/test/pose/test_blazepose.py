"""The map from BlazePose to the canonical body."""

import numpy as np
import pytest

from apsa_perception.model.joints import MIRROR, Joint
from apsa_perception.model.skeleton import FloatArray
from apsa_perception.pose.blazepose import (
    BLAZEPOSE_LANDMARKS,
    BLAZEPOSE_PARTS,
    blazepose_to_canonical,
)

SIZE = (640, 480)


@pytest.fixture
def landmarks() -> tuple[FloatArray, FloatArray, FloatArray]:
    """World, pixels and visibility of a body all in the picture and seen."""
    rng = np.random.default_rng(0)
    world = rng.normal(0, 0.5, (BLAZEPOSE_LANDMARKS, 3))
    pixels = rng.uniform((50, 50), (590, 430), (BLAZEPOSE_LANDMARKS, 2))
    return world, pixels, rng.uniform(0.6, 1.0, BLAZEPOSE_LANDMARKS)


def test_midpoints_are_relative_to_the_middle_of_the_hips(
    landmarks: tuple[FloatArray, FloatArray, FloatArray],
) -> None:
    world, pixels, visibility = landmarks
    pose = blazepose_to_canonical(world, pixels, visibility, SIZE)
    hips, shoulders = world[[23, 24]].mean(axis=0), world[[11, 12]].mean(axis=0)
    np.testing.assert_allclose(pose.positions[Joint.PELVIS], 0, atol=1e-15)
    np.testing.assert_allclose(pose.positions[Joint.NECK], shoulders - hips)
    np.testing.assert_allclose(pose.positions[Joint.SPINE], (shoulders - hips) / 2)
    np.testing.assert_allclose(pose.positions[Joint.HEAD], world[[7, 8]].mean(axis=0) - hips)
    np.testing.assert_allclose(pose.positions[Joint.LEFT_FOOT], world[31] - hips)
    np.testing.assert_allclose(pose.pixels[Joint.RIGHT_HAND], pixels[[18, 20]].mean(axis=0))
    assert pose.confidence[Joint.PELVIS] == visibility[[23, 24]].min()
    assert pose.observed.all()


def test_left_and_right_take_mirrored_landmarks() -> None:
    # BlazePose pairs: odd numbers from 7 on are left, the next even number is right.
    for joint, parts in BLAZEPOSE_PARTS.items():
        mirrored = {part + 1 if part % 2 else part - 1 for part in parts}
        assert set(BLAZEPOSE_PARTS[MIRROR[joint]]) == mirrored


@pytest.mark.parametrize(
    ("pixel", "visibility", "observed"),
    [
        ((320, 240), 0.5, True),
        ((320, 240), 0.49, False),
        ((320, 470), 0.9, True),
        ((320, 479), 0.9, False),
        ((320, 500), 0.9, False),
        ((5, 240), 0.9, False),
        ((-1e6, 240), 0.9, False),
    ],
)
def test_a_hip_out_of_sight_makes_what_rests_on_it_inferred(
    landmarks: tuple[FloatArray, FloatArray, FloatArray],
    pixel: tuple[float, float],
    visibility: float,
    observed: bool,
) -> None:
    world, pixels, visibilities = landmarks
    pixels[23], visibilities[23] = pixel, visibility
    pose = blazepose_to_canonical(world, pixels, visibilities, SIZE)
    depends = [Joint.PELVIS, Joint.SPINE, Joint.LEFT_HIP]
    assert (pose.observed[depends] == observed).all()
    assert np.delete(pose.observed, depends).all()


def test_many_frames_at_once_give_the_same(
    landmarks: tuple[FloatArray, FloatArray, FloatArray],
) -> None:
    world, pixels, visibility = landmarks
    one = blazepose_to_canonical(world, pixels, visibility, SIZE)
    many = blazepose_to_canonical(
        np.stack([world] * 3), np.stack([pixels] * 3), np.stack([visibility] * 3), SIZE
    )
    for single, batch in zip(one, many, strict=True):
        np.testing.assert_allclose(batch, np.stack([single] * 3))
