"""Whether a raised hand starts the session is known from a real assessment node."""

from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("rclpy", reason="rclpy is not installed")

from apsa_perception.nodes.assessment_node import AssessmentNode
from support.stage import Stage


@pytest.mark.parametrize(
    ("waits", "signal", "on"), [(True, True, True), (True, False, False), (False, True, False)]
)
def test_the_signal_is_on_where_the_coach_waits(
    stage: Callable[..., Stage], tmp_path: Path, waits: bool, signal: bool, on: bool
) -> None:
    scene = stage()
    device = scene.start()  # before the assessment node, which may start later
    scene.spin_for(0.3)
    assert device.hand_signals == []
    scene.bench.start(
        AssessmentNode, model="none", wait_until_ready=waits, hand_signal=signal,
        ranges_dir=str(tmp_path),
    )  # fmt: skip
    scene.spin_until(lambda: bool(device.hand_signals))
    assert set(device.hand_signals) == {on}


def test_a_change_by_the_therapist_is_taken(stage: Callable[..., Stage], tmp_path: Path) -> None:
    scene = stage()
    scene.bench.start(AssessmentNode, model="none", wait_until_ready=True, ranges_dir=str(tmp_path))
    device = scene.start()
    scene.spin_until(lambda: device.hand_signals[-1:] == [True])
    device.context.commands["set_target"]('{"wait_until_ready": false}')
    scene.spin_until(lambda: device.hand_signals[-1:] == [False])
