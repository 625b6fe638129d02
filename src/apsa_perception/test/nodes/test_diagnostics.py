"""What a node says on /diagnostics about its input."""

import time
from collections.abc import Callable

import pytest

pytest.importorskip("rclpy", reason="rclpy is not installed")

from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus

from apsa_perception.nodes.assessment_node import AssessmentNode
from apsa_perception.nodes.pose_node import PoseNode
from apsa_perception.ros.diagnostics import SILENCE_S, Diagnostics
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
