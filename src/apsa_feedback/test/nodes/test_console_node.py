"""The terminal's node: it records everything; what cannot be written is told once."""

import json
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("rclpy", reason="rclpy is not installed")

from apsa_msgs.msg import Repetition, Session

from apsa_feedback.nodes.console_node import TOPICS, ConsoleNode
from apsa_feedback.terminal.results_file import ResultsFile
from apsa_perception.ros.qos import LATCHED, RESULTS
from apsa_perception.ros.result_conversion import repetition_to_msg
from apsa_perception.ros.session_conversion import session_to_msg
from support.bench import Bench
from support.feedback_cases import repetition, session

FULL = Path("/dev/full")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="there is no device that is always full")


def play(bench: Bench, repetitions: int) -> Any:
    """A terminal that has taken so many repetitions and stopped."""
    node = bench.start(ConsoleNode, json=str(FULL))
    publisher = bench.peer.create_publisher(Repetition, "repetitions", RESULTS)
    bench.spin_until(lambda: publisher.get_subscription_count() > 0)
    for index in range(1, repetitions + 1):
        done, *_ = repetition(5.0 * index, index)
        publisher.publish(repetition_to_msg(done, "camera"))  # type: ignore[arg-type]
        bench.spin_for(0.02)
    node.trigger_deactivate()
    node.trigger_cleanup()
    return node


def test_states_that_come_while_the_terminal_is_busy_are_all_recorded(
    bench: Bench, tmp_path: Path
) -> None:
    path = tmp_path / "results.jsonl"
    node = bench.start(ConsoleNode, json=str(path))
    publisher = bench.peer.create_publisher(Session, "session", LATCHED)
    bench.spin_until(lambda: publisher.get_subscription_count() > 0)
    for index in range(20):
        publisher.publish(session_to_msg(session(float(index), repetitions=index), "camera"))
    bench.spin_for(0.5)
    node.trigger_deactivate()
    node.trigger_cleanup()
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [line["message"]["repetitions"] for line in lines] == list(range(20))


def test_lines_of_one_stamp_have_the_order_in_which_they_follow_from_each_other(
    tmp_path: Path,
) -> None:
    path = tmp_path / "results.jsonl"
    results = ResultsFile(path, tuple(TOPICS))
    for topic in sorted(TOPICS):
        results.add(f"/apsa/{topic}", 1, {})
    results.close()
    written = [json.loads(line)["topic"] for line in path.read_text().splitlines()]
    assert [topic.removeprefix("/apsa/") for topic in written] == [
        "session", "repetitions", "quality", "holds", "errors", "cue",
    ]  # fmt: skip


@needs_full
@pytest.mark.parametrize("repetitions", [1, 60], ids=["at the end", "meanwhile"])
@pytest.mark.faults
def test_a_full_disk_ends_the_results_and_not_the_coaching(
    bench: Bench, capfd: pytest.CaptureFixture[str], repetitions: int
) -> None:
    node = play(bench, repetitions)
    shown = capfd.readouterr()
    assert shown.err.count("can no longer be written to /dev/full (No space left on device)") == 1
    assert f"Repetitions   {repetitions}, " in shown.out
    assert node.failure
