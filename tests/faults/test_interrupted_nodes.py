"""Nodes that are interrupted finish what has arrived."""

import os
import signal
from contextlib import suppress
from pathlib import Path

import pytest
from apsa_msgs.msg import Repetition, Session

from apsa_perception.ros.qos import LATCHED, RESULTS
from support.bench import open_bench
from support.processes import processes

pytestmark = [pytest.mark.slow, pytest.mark.faults]

COUNT = 40


def fill(pipe: Path) -> None:
    """Write to a named pipe until it takes no more."""
    writer = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
    with suppress(BlockingIOError):
        while True:
            os.write(writer, b"\n" * 512)
    os.close(writer)


def read_all(pipe: int) -> str:
    """What is written to a pipe until its writer ends."""
    os.set_blocking(pipe, True)
    with os.fdopen(pipe) as file:
        return file.read()


def test_the_terminal_counts_what_arrived_before_it_was_interrupted(tmp_path: Path) -> None:
    with open_bench() as bench, processes(tmp_path, outputs="none", exercise="squat") as graph:
        sessions = bench.peer.create_publisher(Session, "session", LATCHED)
        sessions.publish(Session(exercise="squat", title="Squat", state=Session.RUNNING))
        repetitions = bench.peer.create_publisher(Repetition, "repetitions", RESULTS)
        log = graph.log("console_node")
        os.mkfifo(log)
        pipe = os.open(log, os.O_RDONLY | os.O_NONBLOCK)
        graph.start("console_node")
        bench.spin_until(lambda: repetitions.get_subscription_count() == 1)
        fill(log)
        for index in range(1, COUNT + 1):
            repetitions.publish(Repetition(exercise="squat", index=index))
        bench.spin_for(1.0)
        # It hangs at its first line; the other messages have arrived and wait.
        os.kill(graph.pid("console_node"), signal.SIGINT)
        summary = read_all(pipe).rpartition("Session summary")[2]
    assert f"Repetitions   {COUNT}," in summary
