"""Squats move both legs alike, lunges do not."""

from dataclasses import replace

import numpy as np

from apsa_perception.model.joints import Joint
from apsa_perception.model.skeleton import FloatArray
from apsa_perception.recognition.leg_symmetry import legs_move_alike
from support.figures import Frames, repeat, squat
from support.poses import Pose, through

LUNGE = Pose(hip_flexion=(80.0, -10.0), knee_flexion=(85.0, 85.0))


def positions(frames: Frames) -> FloatArray:
    return np.stack([body.positions for _, (body,) in frames])


def test_a_squat_moves_both_legs_alike() -> None:
    assert legs_move_alike(positions(repeat(lambda stamp, way: [squat(stamp, way)], 1)))


def test_a_lunge_to_either_side_does_not() -> None:
    right = replace(LUNGE, hip_flexion=LUNGE.hip_flexion[::-1])
    for lunge in (LUNGE, right):
        frames = through((0.0, Pose()), (1.0, lunge), (2.0, Pose()))
        assert not legs_move_alike(positions(frames))


def test_legs_without_a_length_are_not_called_alike() -> None:
    found = positions(repeat(lambda stamp, way: [squat(stamp, way)], 1))
    found[:, Joint.LEFT_KNEE] = found[:, Joint.LEFT_HIP]
    assert not legs_move_alike(found)
