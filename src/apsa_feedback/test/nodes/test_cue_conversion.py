"""Cues survive the way through their message."""

import pytest

pytest.importorskip("rclpy", reason="rclpy is not installed")

from apsa_msgs.msg import Cue
from rclpy.serialization import deserialize_message, serialize_message

from apsa_feedback.coaching.cue import CueResult
from apsa_feedback.nodes.cue_conversion import cue_from_msg, cue_to_msg
from apsa_perception.model.codes import CuePriority, ErrorCode, Side


def test_a_cue_survives_with_its_session_and_frame() -> None:
    before = CueResult(
        5, 3, CuePriority.FORM, "knee_valgus", "Knees out.", "en", ErrorCode.KNEE_VALGUS, Side.LEFT,
        7, ("screen",), session_id="s1", exercise_number=2, set_number=3,
    )  # fmt: skip
    message = deserialize_message(serialize_message(cue_to_msg(before, "camera")), Cue)
    assert message.header.frame_id == "camera"
    assert cue_from_msg(message) == before
