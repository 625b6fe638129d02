"""Lean of people who stand: what can be told, and what cannot, on constructed postures."""

import math
from dataclasses import replace

import numpy as np
import pytest

from apsa_perception.biomechanics.standing import (
    MOST_BENT_TRUNK_DEG,
    MOST_STANDING_LEAN_DEG,
    direction_deg,
    standing_lean_deg,
)
from apsa_perception.model.joints import Joint
from support.poses import STANDING, WALL_SIT, Pose, seen

LUNGE = Pose(hip_flexion=(70.0, -15.0), knee_flexion=(75.0, 70.0))
UP = (0.0, -1.0)


def lean(pose: Pose, turn_deg: float, roll_deg: float = 0.0) -> float:
    """What is told of a picture turned clockwise."""
    cos, sin = math.cos(math.radians(roll_deg)), math.sin(math.radians(roll_deg))
    turned = seen(pose, turn_deg=turn_deg).pixels @ np.array([[cos, sin], [-sin, cos]])
    return standing_lean_deg(turned.tolist(), UP)


@pytest.mark.parametrize("roll_deg", [-50.0, -25.0, 0.0, 25.0, 50.0])
@pytest.mark.parametrize(
    ("pose", "turn_deg"), [(STANDING, 0.0), (STANDING, 90.0), (LUNGE, 90.0), (LUNGE, -90.0)]
)
def test_standing_and_lunging_people_lean_as_the_picture_is_turned(
    pose: Pose, turn_deg: float, roll_deg: float
) -> None:
    # The lifted heel of the lunge tilts the line between the feet by 8 degrees.
    assert lean(pose, turn_deg, roll_deg) == pytest.approx(roll_deg, abs=9.0)


@pytest.mark.parametrize(
    ("pose", "turn_deg"),
    [
        (WALL_SIT, 90.0),
        (replace(WALL_SIT, lean=30.0, hip_flexion=(118.0, 118.0)), 90.0),
        (replace(LUNGE, lean=35.0, hip_flexion=(105.0, 20.0)), 90.0),
        (Pose(lean=60.0, hip_flexion=(60.0, 60.0)), 90.0),
        (Pose(hip_flexion=(60.0, 0.0), knee_flexion=(60.0, 0.0)), 90.0),
    ],
)
def test_who_sits_bends_or_steps_is_not_taken_to_lean(pose: Pose, turn_deg: float) -> None:
    found = lean(pose, turn_deg)
    assert math.isnan(found) or abs(found) < MOST_STANDING_LEAN_DEG / 2


def test_what_is_upside_down_is_left_to_those_who_look_for_it() -> None:
    assert math.isnan(lean(STANDING, 0.0, 180.0))


def test_a_body_with_an_upright_trunk_does_not_lean() -> None:
    random, pixels = np.random.default_rng(3), seen(STANDING).pixels
    leans_deg = []
    for _ in range(2000):
        places = (pixels + random.normal(scale=12.0, size=pixels.shape)).tolist()
        trunk_deg = direction_deg(places[Joint.PELVIS], places[Joint.NECK], UP)
        if abs(trunk_deg) <= MOST_STANDING_LEAN_DEG - MOST_BENT_TRUNK_DEG:
            leans_deg.append(abs(standing_lean_deg(places, UP)))
    assert np.isfinite(leans_deg).sum() > 100
    assert np.nanmax(leans_deg) <= MOST_STANDING_LEAN_DEG
