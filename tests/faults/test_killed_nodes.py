"""A node that is killed continues the session when it is started again."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from apsa_msgs.msg import ExerciseErrorArray, Repetition, Session

from apsa_perception.bringup.graph import RESPAWN_DELAY_S
from apsa_perception.ros.qos import LATCHED, RESULTS
from support.bench import Bench, open_bench
from support.figures import Frames
from support.processes import IMPORTED, SOURCES, Processes, processes
from support.skeleton_bags import clip_bag

pytestmark = [pytest.mark.slow, pytest.mark.faults]

LIMIT_S = 120.0
"""Longest time without a message: a busy machine is slow with the clip but never stands still."""
RECOVERY_S = 2.0
"""From the end of the imports to the first message, less the time that other programs took."""
STATEFUL = ("assessment_node", "feedback_node", "console_node")


class Witness:
    """Hears what the graph says."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self.repetitions: list[int] = []
        self.sessions: list[Session] = []
        self._heard = time.monotonic()
        peer = bench.peer
        peer.create_subscription(
            Repetition, "repetitions", lambda each: self.repetitions.append(each.index), RESULTS
        )
        peer.create_subscription(Session, "session", self.sessions.append, LATCHED)
        peer.create_subscription(ExerciseErrorArray, "errors", self._on_errors, RESULTS)

    def _on_errors(self, message: ExerciseErrorArray) -> None:
        self._heard = time.monotonic()

    def wait(self, done: Callable[[], bool]) -> float:
        """Listen until it holds; return the seconds that took."""
        began = self._heard = time.monotonic()
        while not done():
            assert time.monotonic() - self._heard < LIMIT_S, "waited in vain"
            self._bench.executor.spin_once(timeout_sec=0.02)
        return time.monotonic() - began

    def publishers(self, topic: str) -> int:
        """Number of publishers of a topic."""
        return self._bench.peer.count_publishers(topic)


def start(graph: Processes, folder: Path, witness: Witness) -> None:
    """Start all nodes; those with a session keep it in the folder."""
    for name in graph.specs:
        if name in SOURCES:
            # The graph does not wait for the witness, which would miss the first repetition.
            witness.wait(lambda: witness.publishers("repetitions") == 1)
        graph.start(name, **({"state_dir": str(folder)} if name in STATEFUL else {}))


@pytest.mark.parametrize("name", [*STATEFUL, "pose_node"])
def test_a_killed_node_continues_the_session(
    name: str,
    clip: Callable[[str], Path],
    clip_frames: Callable[[str], Frames],
    tmp_path: Path,
) -> None:
    if name == "pose_node":
        source, player = clip("squat_front.mp4"), "video_source"
    else:
        source, player = clip_bag(tmp_path / "bag", clip_frames("squat_front")), "bag_source"
    choice = {"source": str(source), "exercise": "squat", "rate": "1"}
    state = tmp_path / "state"
    with (
        open_bench() as bench,
        processes(tmp_path / "graph", outputs="none", **choice) as graph,
    ):
        witness = Witness(bench)
        start(graph, state, witness)
        witness.wait(lambda: witness.repetitions == [1])
        # What a killed node has sent to the witness alone is lost for the others.
        witness.wait(lambda: "repetition    1  " in graph.log("console_node").read_text())
        said = len(witness.sessions)
        graph.kill(name)
        time.sleep(RESPAWN_DELAY_S)
        start_again = {"state_dir": str(state)} if name in STATEFUL else {}
        graph.start(name, **start_again)
        if name == "assessment_node":
            witness.wait(lambda: graph.log(name).read_text().count(IMPORTED) == 2)
            starved_s = graph.starved_s(name)
            recovery_s = witness.wait(lambda: len(witness.sessions) > said)
            assert recovery_s - (graph.starved_s(name) - starved_s) < RECOVERY_S
            assert witness.sessions[-1].repetitions == 1
            assert witness.sessions[-1].session_id == witness.sessions[said - 1].session_id
        witness.wait(lambda: graph.ended(player))
        bench.spin_for(0.5)
    assert witness.repetitions == list(range(1, len(witness.repetitions) + 1))
    assert len(witness.repetitions) >= 2
    shown, _, summary = graph.log("console_node").read_text().rpartition("Session summary")
    assert shown.count("“Let's start with squats.”") == 1
    assert "1 x Let's start with squats." in summary
    # What was published while the terminal was dead is lost for it.
    counts = range(2, 4) if name == "console_node" else [len(witness.repetitions)]
    assert any(f"Repetitions   {count}," in summary for count in counts)
    assert "another coach" not in graph.log("assessment_node").read_text()
    assert list(state.iterdir()) == []
