"""What one camera adds to the measures, and is taken off."""

import math
from dataclasses import replace

import numpy as np
import pytest

from apsa_perception.biomechanics.measures import MEASURES
from apsa_perception.model.codes import Side
from apsa_perception.model.joints import Joint
from apsa_perception.model.skeleton import Skeleton
from support.figures import figure, posture_of, take


def with_hips_towards_knees(skeleton: Skeleton, share: float) -> Skeleton:
    """The skeleton, its hips moved by a share of the thighs, from the middle of the hips."""
    positions = skeleton.positions.copy()
    for hip, knee in ((Joint.LEFT_HIP, Joint.LEFT_KNEE), (Joint.RIGHT_HIP, Joint.RIGHT_KNEE)):
        positions[hip] += share * (positions[knee] - positions[hip])
    moved = (positions[Joint.LEFT_HIP] + positions[Joint.RIGHT_HIP]) / 2
    positions[Joint.PELVIS] = moved
    return replace(skeleton, positions=positions - moved)


@pytest.mark.parametrize("knee_deg", [120.0, 90.0, 70.0])
def test_lean_of_bent_hips_is_that_of_the_hip_joints_and_not_of_a_cameras_hips(
    knee_deg: float,
) -> None:
    squat = {"knee_deg": (knee_deg, knee_deg), "lean_forward_deg": 30.0, "turn_deg": 90.0}
    seen_by_camera = with_hips_towards_knees(figure(**squat), 0.13)  # type: ignore[arg-type]
    measured = with_hips_towards_knees(figure(**squat, picture=False), 0.13)  # type: ignore[arg-type]
    assert take("trunk_lean_forward", posture_of(seen_by_camera)) == pytest.approx(30.0, abs=1.0)
    assert take("trunk_lean_forward", posture_of(measured)) < 28.0  # a sensor's hips are believed


@pytest.mark.parametrize("turn", [-25.0, 20.0, 25.0])
def test_a_lean_forwards_is_hardly_one_to_a_side_from_an_angle(turn: float) -> None:
    leaning = {"lean_forward_deg": 35.0, "knee_deg": (110.0, 110.0), "turn_deg": turn}
    seen = posture_of(figure(**leaning))  # type: ignore[arg-type]
    assert abs(seen.frontal_lean_deg) > 11.0  # as it looks in the picture
    assert abs(take("trunk_lean_lateral", seen)) < 5.0
    to_left, to_right = (
        take("trunk_lean_lateral", posture_of(figure(**leaning, lean_left_deg=lean)))  # type: ignore[arg-type]
        for lean in (20.0, -20.0)
    )
    assert to_left > 4.0  # of the two leans one is hidden behind that forwards, as in the picture
    assert to_right < -4.0
    assert max(to_left, -to_right) > 8.0


def with_knees_forward_in_picture(skeleton: Skeleton, across_px: float) -> Skeleton:
    """The skeleton as if the body were turned: both knees as far to one side of the picture."""
    pixels = skeleton.pixels.copy()
    pixels[[Joint.LEFT_KNEE, Joint.RIGHT_KNEE], 0] += across_px
    return replace(skeleton, pixels=pixels)


def test_knees_that_move_forwards_are_no_valgus_of_one_of_them() -> None:
    squat = {"knee_deg": (110.0, 110.0), "knees_over_ankles": 1.1}
    scale = np.ptp(figure(**squat).pixels[:, 1])  # type: ignore[arg-type]
    turned = with_knees_forward_in_picture(figure(**squat), 0.15 * scale)  # type: ignore[arg-type]
    values = [take("knee_valgus", posture_of(turned), side) for side in (Side.LEFT, Side.RIGHT)]
    assert min(values) < -50.0
    assert max(values) < 18.0  # the first limit of a squat
    lifted = turned.positions.copy()
    outside = Joint.RIGHT_ANKLE if values[1] < values[0] else Joint.LEFT_ANKLE
    lifted[outside] -= (0.0, 0.3, 0.0)
    on_one_leg = posture_of(replace(turned, positions=lifted))
    inside = Side.LEFT if outside is Joint.RIGHT_ANKLE else Side.RIGHT
    assert take("knee_valgus", on_one_leg, inside) > 30.0


def test_one_knee_inwards_is_a_valgus_of_that_knee() -> None:
    skeleton = figure(knee_deg=(130.0, 130.0), knees_over_ankles=1.2)
    pixels = skeleton.pixels.copy()
    pixels[Joint.LEFT_KNEE, 0] += 2.0 * (pixels[Joint.LEFT_HIP, 0] - pixels[Joint.LEFT_KNEE, 0])
    posture = posture_of(replace(skeleton, pixels=pixels))
    assert take("knee_valgus", posture, Side.LEFT) > 18.0
    assert -30.0 < take("knee_valgus", posture, Side.RIGHT) < 0.0


def pointing_to_the_camera(share: float) -> Skeleton:
    """A squat from the front, each knee 2 cm inside, each thigh shortened to a share."""
    person = figure()
    positions, pixels = person.positions.copy(), person.pixels.copy()
    for hip, knee, ankle, inwards in (
        (Joint.LEFT_HIP, Joint.LEFT_KNEE, Joint.LEFT_ANKLE, -0.02),
        (Joint.RIGHT_HIP, Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE, 0.02),
    ):
        length = np.linalg.norm(positions[knee] - positions[hip])
        scale = np.hypot(*(pixels[knee] - pixels[hip])) / length
        low = np.array([inwards, share * length, -math.sqrt(1.0 - share**2) * length])
        shin = positions[ankle] - positions[knee]
        positions[knee] = positions[hip] + low
        positions[ankle] = positions[knee] + shin
        pixels[knee] = pixels[hip] + scale * low[:2]
        pixels[ankle] = pixels[knee] + scale * shin[:2]
    return replace(person, positions=positions, pixels=pixels)


@pytest.mark.faults
@pytest.mark.parametrize("share", [0.0, 0.05, 0.2, 0.3])
def test_valgus_is_not_judged_from_a_thigh_that_points_to_the_camera(share: float) -> None:
    posture = posture_of(pointing_to_the_camera(share))
    for side in (Side.LEFT, Side.RIGHT):
        result = MEASURES["knee_valgus"].take(posture, side)
        name = side.name.lower()
        line = f"{name} hip to {name} knee"
        assert result.reason == f"not judged: the line {line} points to the camera"
        assert math.isnan(result.value)


@pytest.mark.parametrize("share", [0.5, 0.8])
def test_two_centimetres_of_valgus_stay_below_the_limit(share: float) -> None:
    posture = posture_of(pointing_to_the_camera(share))
    assert all(abs(take("knee_valgus", posture, side)) < 15.0 for side in (Side.LEFT, Side.RIGHT))
