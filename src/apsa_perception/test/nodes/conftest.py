"""Fixtures of the tests of the assessment node; they skip without rclpy."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def squats(clip: Callable[[str], Path]) -> list[Any]:
    """Skeletons of the first 100 frames of squat_front: one repetition and half of another."""
    pytest.importorskip("rclpy", reason="rclpy is not installed")
    from support.skeleton_peer import skeletons_of

    return skeletons_of(clip("squat_front.mp4"), 100)


@pytest.fixture
def peer(bench: Any) -> Any:
    """A ``skeleton_peer.Peer`` of a running node that judges by rules."""
    from apsa_perception.nodes.assessment_node import AssessmentNode
    from support.skeleton_peer import Peer

    bench.start(AssessmentNode, model="none")
    return Peer(bench)
