"""Recordings of which nothing can be judged are failures with the reason."""

from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("rclpy", reason="rclpy is not installed")

from apsa_msgs.msg import SkeletonArray

from apsa_perception.bringup.node_settings import AssessmentNodeSettings, PoseNodeSettings
from apsa_perception.commands.judge_recording import Choices, judge_recording
from apsa_perception.model.settings import build
from apsa_perception.recordings.discovery import Recording
from support.skeleton_bags import at_one_time, spoilt_bag, without_a_clock


def _in_percent(message: SkeletonArray) -> None:
    for joint in message.skeletons[0].joints:
        joint.confidence *= 100.0


@pytest.mark.faults
@pytest.mark.parametrize(
    ("spoil", "lack", "why"),
    [
        (_in_percent, "no usable body", "confidence 90; expected 0 to 1"),
        (without_a_clock, "no usable frame", "the stamp is 0"),
        (at_one_time, "only one usable frame", "does not increase"),
    ],
)
def test_a_recording_without_usable_skeletons_is_a_failure(
    spoil: Callable[[SkeletonArray], None], lack: str, why: str, tmp_path: Path
) -> None:
    bag = spoilt_bag(tmp_path / "bag", spoil)
    settings = build(AssessmentNodeSettings, {"model": "none"})
    rows = judge_recording(
        Recording("bag", bag), "squat", Choices(build(PoseNodeSettings, {}), settings)
    )
    (failure,) = rows["failures"]
    assert f"has {lack}; " in failure["reason"]
    assert why in failure["reason"]
    assert not rows["repetitions"]
