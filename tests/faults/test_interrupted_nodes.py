"""Nodes that are interrupted finish what has arrived."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import PIPE, STDOUT

import pytest
from ament_index_python.packages import get_package_prefix
from apsa_msgs.msg import Repetition, Session

from apsa_perception.ros.qos import LATCHED, RESULTS
from support.bench import open_bench
from support.processes import IMPORTED, Processes, processes, read_results

pytestmark = [pytest.mark.slow, pytest.mark.faults]

COUNT = 40


def fill(pipe: Path) -> None:
    """Write to a named pipe until it takes no more."""
    writer = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
    with suppress(BlockingIOError):
        while True:
            os.write(writer, b"\n" * 512)
    os.close(writer)


def start_into_a_pipe(graph: Processes) -> tuple[Path, int]:
    """Start the terminal; return the named pipe that it writes to and its end to read from."""
    log = graph.log("console_node")
    os.mkfifo(log)
    pipe = os.open(log, os.O_RDONLY | os.O_NONBLOCK)
    graph.start("console_node")
    return log, pipe


@contextmanager
def left_alone(launch: subprocess.Popen[bytes]) -> Iterator[int]:
    """Kill a launch; yield the process id of its node, which is killed at last."""
    children = Path(f"/proc/{launch.pid}/task/{launch.pid}/children")
    while not children.read_text():
        time.sleep(0.01)
    node = int(children.read_text())
    launch.kill()
    launch.wait()
    try:
        yield node
    finally:
        with suppress(ProcessLookupError):
            os.kill(node, signal.SIGKILL)


def ends(process: int, seconds: float = 60.0) -> bool:
    """Whether a process ends within some seconds; one that nobody asks for has no command line."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        try:
            if not Path(f"/proc/{process}/cmdline").read_bytes():
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.1)
    return False


def read_all(pipe: int) -> str:
    """What is written to a pipe until its writer ends."""
    os.set_blocking(pipe, True)
    with os.fdopen(pipe) as file:
        return file.read()


@pytest.mark.parametrize(
    "signals",
    [
        pytest.param([signal.SIGINT], id="ctrl_c"),
        pytest.param([signal.SIGINT] * 2, id="ctrl_c_that_ros2_launch_passes_on"),
        pytest.param([signal.SIGINT, signal.SIGTERM], id="ros2_launch_after_five_seconds"),
    ],
)
def test_the_terminal_counts_what_arrived_before_it_was_interrupted(
    signals: list[signal.Signals], tmp_path: Path
) -> None:
    with open_bench() as bench, processes(tmp_path, outputs="none", exercise="squat") as graph:
        sessions = bench.peer.create_publisher(Session, "session", LATCHED)
        sessions.publish(Session(exercise="squat", title="Squat", state=Session.RUNNING))
        repetitions = bench.peer.create_publisher(Repetition, "repetitions", RESULTS)
        log, pipe = start_into_a_pipe(graph)
        bench.spin_until(lambda: repetitions.get_subscription_count() == 1)
        fill(log)
        for index in range(1, COUNT + 1):
            repetitions.publish(Repetition(exercise="squat", index=index))
        bench.spin_for(1.0)
        # It hangs at its first line; the other messages have arrived and wait.
        for each in signals:
            os.kill(graph.pid("console_node"), each)
            time.sleep(0.2)
        summary = read_all(pipe).rpartition("Session summary")[2]
        assert graph.exit_code("console_node") == 0
    assert f"Repetitions   {COUNT}," in summary


def test_a_second_ctrl_c_ends_a_node_at_once(tmp_path: Path) -> None:
    with open_bench() as bench, processes(tmp_path, outputs="none", exercise="squat") as graph:
        sessions = bench.peer.create_publisher(Session, "session", LATCHED)
        log, pipe = start_into_a_pipe(graph)
        bench.spin_until(lambda: sessions.get_subscription_count() == 1)
        fill(log)
        sessions.publish(Session(exercise="squat", title="Squat", state=Session.RUNNING))
        bench.spin_for(1.0)
        os.kill(graph.pid("console_node"), signal.SIGINT)
        time.sleep(1.2)
        os.kill(graph.pid("console_node"), signal.SIGINT)
        assert graph.exit_code("console_node") == -signal.SIGINT
        os.close(pipe)


def test_a_node_that_is_interrupted_while_it_starts_ends_without_a_traceback(
    tmp_path: Path,
) -> None:
    with processes(tmp_path, outputs="none", exercise="squat") as graph:
        log = graph.start("assessment_node").log("assessment_node")
        while IMPORTED not in log.read_text():
            time.sleep(0.02)
        time.sleep(0.3)
        os.kill(graph.pid("assessment_node"), signal.SIGINT)
        assert graph.exit_code("assessment_node") == 0
    assert log.read_text().strip() == IMPORTED


@pytest.mark.parametrize(
    ("package", "name"), [("apsa_perception", "pose_node"), ("apsa_feedback", "console_node")]
)
def test_a_node_that_is_interrupted_during_its_imports_ends_without_a_traceback(
    package: str, name: str
) -> None:
    executable = Path(get_package_prefix(package)) / "lib" / package / name
    command = ["env", "--default-signal=INT", executable]  # tests in the background ignore it
    with subprocess.Popen(command, text=True, stdout=PIPE, stderr=STDOUT) as node:
        try:
            maps = Path(f"/proc/{node.pid}/maps")
            while "numpy" not in maps.read_text():
                assert node.poll() is None, node.communicate()[0]
                time.sleep(0.005)
            node.send_signal(signal.SIGINT)
            said, _ = node.communicate(timeout=60.0)
        finally:
            node.kill()  # else it would publish beside the nodes of other tests
    assert (node.returncode, said) == (0, "")


def test_a_node_whose_launch_was_killed_ends_as_at_ctrl_c(tmp_path: Path) -> None:
    with open_bench() as bench, processes(tmp_path, outputs="none", exercise="squat") as graph:
        sessions = bench.peer.create_publisher(Session, "session", LATCHED)
        launch = graph.launch("console_node")
        bench.spin_until(lambda: sessions.get_subscription_count() == 1)
        log = graph.log("console_node")
        with left_alone(launch):
            bench.spin_until(lambda: "Session summary" in log.read_text())


def test_a_node_whose_launch_was_killed_before_it_knew_ends_too(tmp_path: Path) -> None:
    with (
        processes(tmp_path, outputs="none", exercise="squat") as graph,
        left_alone(graph.launch("console_node")) as node,
    ):
        assert ends(node)


@pytest.mark.parametrize("goes_on", [False, True])
def test_results_are_written_although_the_reader_of_the_terminal_is_gone(
    goes_on: bool, tmp_path: Path
) -> None:
    results = tmp_path / "results.jsonl"
    with (
        open_bench() as bench,
        processes(tmp_path, outputs="none", exercise="squat", json=str(results)) as graph,
    ):
        sessions = bench.peer.create_publisher(Session, "session", LATCHED)
        _, pipe = start_into_a_pipe(graph)
        bench.spin_until(lambda: sessions.get_subscription_count() == 1)
        sessions.publish(Session(exercise="squat", title="Squat", state=Session.RUNNING))
        bench.spin_for(1.0)
        os.close(pipe)
        if goes_on:
            sessions.publish(Session(exercise="squat", title="Squat", state=Session.CLOSED))
        else:
            os.kill(graph.pid("console_node"), signal.SIGINT)
        assert graph.exit_code("console_node") == 0
    (result,) = read_results(results)
    assert result["topic"] == "/apsa/session"
