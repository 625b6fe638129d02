"""Fixtures of the tests of the assessment node; they skip without rclpy."""

from collections.abc import Callable
from typing import Any

import pytest

from support.figures import Frames


@pytest.fixture(scope="session")
def squats(clip_frames: Callable[[str], Frames]) -> list[Any]:
    """Skeletons of the first 100 frames of squat_front: one repetition and half of another."""
    pytest.importorskip("rclpy", reason="rclpy is not installed")
    from support.skeleton_bags import messages_of

    return messages_of(clip_frames("squat_front")[:100])


@pytest.fixture
def peer(bench: Any) -> Any:
    """A ``skeleton_peer.Peer`` of a running node that judges by rules."""
    from apsa_perception.nodes.assessment_node import AssessmentNode
    from support.skeleton_peer import Peer

    bench.start(AssessmentNode, model="none")
    return Peer(bench)
