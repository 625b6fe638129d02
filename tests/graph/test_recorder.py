"""A recorder beside the graph changes nothing in its results."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from apsa_msgs.msg import (
    Cue,
    ExerciseErrorArray,
    ExerciseQuality,
    Repetition,
    Session,
    SkeletonArray,
)
from sensor_msgs.msg import Image
from std_msgs.msg import Header

from apsa_perception.ros.qos import IMAGES, RESULTS
from support.bench import open_bench
from support.processes import processes, read_results

from .conftest import Outcome, without_wall_clock

pytestmark = pytest.mark.slow

TOPICS = {
    "skeletons": SkeletonArray,
    "errors": ExerciseErrorArray,
    "quality": ExerciseQuality,
    "repetitions": Repetition,
    "session": Session,
    "cue": Cue,
    "dropped": Header,
}
RECORDERS = 3
"""More than the nodes that the graph waits for on any topic."""
LATE_S = 4.0
LIMIT_S = 600.0
"""For a busy machine, on which the results must be the same too."""


@contextmanager
def recorders() -> Iterator[None]:
    """Subscribe to all topics, as ``ros2 bag record`` and ``ros2 topic echo`` do."""
    with open_bench() as bench:
        for _ in range(RECORDERS):
            bench.peer.create_subscription(Image, "image", lambda _: None, IMAGES)
            for name, kind in TOPICS.items():
                bench.peer.create_subscription(kind, name, lambda _: None, RESULTS)
        yield


def play(folder: Path, source: Path, rate: str) -> list[dict[str, Any]]:
    """Results of the graph whose assessment node is the last one to be there."""
    file = folder / "results.jsonl"
    choice = {"source": str(source), "exercise": "squat", "rate": rate, "json": str(file)}
    with processes(folder, outputs="none", **choice) as graph:
        late = "assessment_node"
        for name in graph.specs:
            if name != late:
                graph.start(name)
        time.sleep(LATE_S)
        graph.start(late).wait(LIMIT_S)
    return without_wall_clock(read_results(file))


@pytest.mark.parametrize("rate", ["0", "1"])
@pytest.mark.faults
def test_results_are_the_same_with_and_without_a_recorder(
    rate: str,
    clip: Callable[[str], Path],
    coach: Callable[[str, str], Outcome],
    tmp_path: Path,
) -> None:
    alone = without_wall_clock(coach("squat_front", "squat").lines)
    with recorders():
        recorded = play(tmp_path, clip("squat_front.mp4"), rate)
    live = [line for line in recorded if line["message"].get("scope") == 0]
    assert len(live) == 250
    assert recorded == alone
