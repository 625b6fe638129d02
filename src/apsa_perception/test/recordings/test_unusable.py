"""Recordings of which nothing can be judged are failures with the reason."""

from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("rclpy", reason="rclpy is not installed")

from apsa_msgs.msg import SkeletonArray
from builtin_interfaces.msg import Time

from apsa_perception.bringup.node_settings import AssessmentNodeSettings, PoseNodeSettings
from apsa_perception.commands.judge_recording import Choices, judge_recording
from apsa_perception.model.settings import build
from apsa_perception.recordings.discovery import Recording
from support.figures import repeat, squat
from support.skeleton_bags import START_NS, messages_of, skeleton_bag


def _in_percent(message: SkeletonArray) -> None:
    for joint in message.skeletons[0].joints:
        joint.confidence *= 100.0


def _without_a_clock(message: SkeletonArray) -> None:
    message.header.stamp = Time()


def _at_one_time(message: SkeletonArray) -> None:
    message.header.stamp = Time(sec=1_700_000_000)


@pytest.mark.faults
@pytest.mark.parametrize(
    ("spoil", "lack", "why"),
    [
        (_in_percent, "no usable body", "confidence 90; expected 0 to 1"),
        (_without_a_clock, "no usable frame", "the stamp is 0"),
        (_at_one_time, "only one usable frame", "does not increase"),
    ],
)
def test_a_recording_without_usable_skeletons_is_a_failure(
    spoil: Callable[[SkeletonArray], None], lack: str, why: str, tmp_path: Path
) -> None:
    messages = messages_of(repeat(lambda stamp, way: [squat(stamp, way)], 2), START_NS)
    for message in messages:
        spoil(message)
    bag = skeleton_bag(tmp_path / "bag", messages)
    settings = build(AssessmentNodeSettings, {"model": "none"})
    rows = judge_recording(
        Recording("bag", bag), "squat", Choices(build(PoseNodeSettings, {}), settings)
    )
    (failure,) = rows["failures"]
    assert f"has {lack}; " in failure["reason"]
    assert why in failure["reason"]
    assert not rows["repetitions"]
