"""Conversion of depth-camera joints to the canonical skeleton."""

import numpy as np

from apsa_perception.model.joints import Joint
from apsa_training.data.kinect_joints import (
    KINECT_V2_NAMES,
    kinect_confidence,
    kinect_to_canonical,
    ui_prmd_to_canonical,
)


def test_kinect_keeps_sides_and_neck_is_spine_shoulder() -> None:
    source = np.arange(25 * 3, dtype=np.float32).reshape(1, 25, 3)
    canonical = kinect_to_canonical(source)
    spine_shoulder = source[0, KINECT_V2_NAMES.index("SpineShoulder")] - source[0, 0]
    assert np.allclose(canonical[0, Joint.NECK], spine_shoulder * (-1, -1, 1))
    left_elbow = source[0, KINECT_V2_NAMES.index("ElbowLeft")] - source[0, 0]
    assert np.allclose(canonical[0, Joint.LEFT_ELBOW], left_elbow * (-1, -1, 1))


def test_tracking_states_become_confidence() -> None:
    states = np.full((1, 25), 2)
    states[0, 4:8] = 0, 1, 2, 255
    confidence, observed = kinect_confidence(states)
    assert confidence[0, 4:8].tolist() == [0.0, 0.5, 1.0, 0.5]
    assert observed[0, 4:8].tolist() == [False, False, True, True]


def test_ui_prmd_is_converted_to_metres_with_the_hand_not_observed() -> None:
    source = np.zeros((2, 22, 3))
    source[:, 5, 1] = 60.0
    canonical, observed = ui_prmd_to_canonical(source)
    assert np.allclose(canonical[0, Joint.HEAD], [0, -0.3, 0])
    assert not observed[:, Joint.LEFT_HAND].any()
    assert observed[:, Joint.LEFT_WRIST].all()
