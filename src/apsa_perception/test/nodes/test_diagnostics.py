"""What a node says on /diagnostics about its input."""

import time
from collections.abc import Callable

import pytest

pytest.importorskip("rclpy", reason="rclpy is not installed")

from apsa_msgs.msg import SkeletonArray
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus
from rclpy.node import Node

from apsa_perception.nodes.assessment_node import AssessmentNode
from apsa_perception.nodes.pose_node import PoseNode
from apsa_perception.ros.conversion import header
from apsa_perception.ros.diagnostics import SILENCE_S, Diagnostics
from apsa_perception.ros.qos import RESULTS
from support.bench import Bench

pytestmark = pytest.mark.faults


def listen(bench: Bench) -> list[DiagnosticStatus]:
    """What arrives on /diagnostics."""
    shown: list[DiagnosticStatus] = []
    take: Callable[[DiagnosticArray], None] = lambda message: shown.extend(message.status)  # noqa: E731
    bench.peer.create_subscription(DiagnosticArray, "/diagnostics", take, 10)
    return shown


def values(status: DiagnosticStatus) -> dict[str, str]:
    return {pair.key: pair.value for pair in status.values}


@pytest.mark.parametrize(("kind", "what"), [(PoseNode, "images"), (AssessmentNode, "frames")])
def test_missing_input_is_a_warning_after_two_seconds(bench: Bench, kind: type, what: str) -> None:
    shown = listen(bench)
    node = bench.start(kind)
    began = time.monotonic()
    bench.spin_until(lambda: any(each.level == DiagnosticStatus.WARN for each in shown))
    assert time.monotonic() - began > SILENCE_S - 0.1
    assert shown[-1].message.startswith(f"no {what} for ")
    assert all(each.level == DiagnosticStatus.OK for each in shown[:-1])

    node.diagnostics.count(what)
    shown.clear()
    bench.spin_until(lambda: len(shown) > 0)
    assert shown[0].level == DiagnosticStatus.OK
    node.trigger_deactivate()
    shown.clear()
    bench.spin_until(lambda: len(shown) >= 4)
    assert {each.level for each in shown} == {DiagnosticStatus.OK}


def test_rates_ages_and_causes_are_shown(bench: Bench) -> None:
    shown = listen(bench)
    diagnostics = Diagnostics(bench.peer)
    bench.spin_until(lambda: len(shown) > 0)
    shown.clear()
    now_ns = bench.peer.get_clock().now().nanoseconds
    for _ in range(30):
        diagnostics.count("images", now_ns - 250_000_000)
    diagnostics.count("recorded", 1_000_000_000)
    diagnostics.drop("clock", "the stamp runs back")
    diagnostics.drop("unreadable image", "encoding rgb77")
    bench.spin_until(lambda: len(shown) > 0)
    found = values(shown[0])
    assert found["images"] == "30"
    assert float(found["images each second"]) == pytest.approx(30.0, abs=3.0)
    assert 0.25 <= float(found["age of the last images in seconds"]) < 2.0
    assert float(found["seconds since the last images"]) < 2.0
    assert "age of the last recorded in seconds" not in found
    assert (found["dropped: clock"], found["dropped: unreadable image"]) == ("1", "1")
    assert found["cause of the last drop"] == "encoding rgb77"
    assert shown[0].level == DiagnosticStatus.WARN
    assert shown[0].message == "2 messages dropped in the last second: clock, unreadable image"

    shown.clear()
    bench.spin_until(lambda: len(shown) > 0)
    assert (shown[0].level, shown[0].message) == (DiagnosticStatus.OK, "running")


@pytest.mark.parametrize(
    ("offset_s", "player", "expected"),
    [
        (5.0, "v4l2_camera", "stamped 5.0 s ahead of the clock of this machine"),
        (-5.0, "v4l2_camera", "s old when they arrive"),
        (-5.0, "rosbag2_player", "running"),
        (-3600.0, "player_of_another_make", "running"),
    ],
)
def test_a_clock_of_another_machine_that_differs_is_a_warning_and_a_recording_none(
    bench: Bench, offset_s: float, player: str, expected: str
) -> None:
    source = Node(player, namespace="apsa")
    try:
        publisher = source.create_publisher(SkeletonArray, "skeletons", RESULTS)
        bench.start(AssessmentNode)
        bench.spin_until(lambda: publisher.get_subscription_count() == 1)
        shown = listen(bench)
        now_ns = source.get_clock().now().nanoseconds
        publisher.publish(SkeletonArray(header=header(now_ns + round(offset_s * 1e9), "camera")))
        answers = lambda: [each for each in shown if values(each).get("frames") == "1"]  # noqa: E731
        bench.spin_until(lambda: bool(answers()))
        assert expected in answers()[0].message
    finally:
        source.destroy_node()
