"""Recordings of a tilted sensor are turned upright, by the subject's standing postures."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from apsa_perception.model.joints import Joint
from apsa_training.camera.levelling import levelled
from apsa_training.data.sequences import MotionSequence

STANDING, SITTING = "206_18_3_11_2_stand.txt", "102_18_6_7_1_chair.txt"


def lean_deg(recording: MotionSequence) -> float:
    joints = recording.positions[:5].mean(axis=0)
    up = joints[Joint.NECK] - (joints[Joint.LEFT_ANKLE] + joints[Joint.RIGHT_ANKLE]) / 2
    return float(np.degrees(np.arctan2(up[2], -up[1])))


def tilted(recording: MotionSequence, degrees: float) -> MotionSequence:
    turn = Rotation.from_euler("x", degrees, degrees=True)
    flat = recording.positions.reshape(-1, 3)
    return replace(recording, positions=turn.apply(flat).reshape(recording.positions.shape))


def test_somebody_who_stands_is_upright_whatever_the_tilt(
    recording: Callable[[str], MotionSequence],
) -> None:
    for degrees in (-12.0, 0.0, 8.0):
        (level,) = levelled([tilted(recording(STANDING), degrees)])
        assert lean_deg(level) == pytest.approx(0.0, abs=0.1)


def test_other_recordings_of_the_subject_are_turned_alike(
    recording: Callable[[str], MotionSequence],
) -> None:
    one = tilted(recording(STANDING), 10.0)
    level = levelled([one, replace(one, name="again")])
    assert level[0].positions == pytest.approx(level[1].positions)


def test_without_a_standing_posture_nothing_is_turned(
    recording: Callable[[str], MotionSequence],
) -> None:
    sitting = recording(SITTING)
    (same,) = levelled([sitting])
    assert np.array_equal(same.positions, sitting.positions)
