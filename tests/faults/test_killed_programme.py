"""A programme is done to its end although the assessment is killed in each of its stages."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from apsa_msgs.msg import ExerciseErrorArray, Repetition, Session, SkeletonArray

from apsa_perception.bringup.graph import RESPAWN_DELAY_S
from apsa_perception.model.skeleton import Skeleton
from apsa_perception.ros.conversion import header, skeletons_to_msg
from apsa_perception.ros.qos import LATCHED, RESULTS
from support.bench import Bench, open_bench
from support.figures import PERIOD_NS, SIZE, Frames, figure, repeat, squat
from support.processes import Processes, processes

pytestmark = [pytest.mark.slow, pytest.mark.faults]

NODE = "assessment_node"
LIMIT_S = 240.0
"""Longest wait for a node, whose imports take long on a busy machine."""
OPTIONS = {"outputs": "none", "wait_until_ready": "false"}
PROGRAMME = """
name: two
title: Two exercises
description: For a test.
exercises:
  - {exercise: squat, repetitions: 20, rest: 3, stop_at: {poor_in_a_row: 3}}
  - {exercise: arm_raise, repetitions: 2}
"""


def poor_squat(start_ns: int) -> Frames:
    return repeat(
        lambda stamp, way: [squat(stamp, way, knees_over_ankles=0.3)], 1, start_ns=start_ns
    )


def arms(start_ns: int) -> Frames:
    def raised(stamp: int, way: float) -> list[Skeleton]:
        return [figure(stamp, arms_deg=(10 + 80 * way, 10 + 80 * way))]

    return repeat(raised, 1, start_ns=start_ns)


class Exerciser:
    """Publishes skeletons and hears what the node publishes; restarts it when it is killed."""

    def __init__(self, bench: Bench, graph: Processes, folder: Path) -> None:
        self._bench, self._graph, self._folder = bench, graph, folder
        self._stamp_ns = 0
        self._answered = 0
        self.sessions: list[Session] = []
        self.repetitions: list[Repetition] = []
        node = bench.peer
        self._skeletons = node.create_publisher(SkeletonArray, "skeletons", RESULTS)
        node.create_subscription(ExerciseErrorArray, "errors", self._on_errors, RESULTS)
        node.create_subscription(Repetition, "repetitions", self.repetitions.append, RESULTS)
        node.create_subscription(Session, "session", self.sessions.append, LATCHED)

    def start(self) -> None:
        """Start the node, or start it again, and stand until it answers."""
        known = len(self.sessions)
        parameters = {"programme": "two", "model": "none", "consumers": [""]}
        folders = {"state_dir": "state", "own_programmes_dir": "programmes"}
        paths = {name: str(self._folder / folder) for name, folder in folders.items()}
        self._graph.start(NODE, **parameters, **paths)
        self._wait(lambda: len(self.sessions) > known)
        # Its subscription follows the session, and frames before it are lost.
        answered, give_up = self._answered, time.monotonic() + LIMIT_S
        while self._answered == answered:
            assert time.monotonic() < give_up, self._graph.log(NODE).read_text()
            self._stamp_ns += PERIOD_NS
            self._publish([figure(self._stamp_ns)])
            self._bench.spin_for(0.5)

    def kill(self) -> None:
        """Kill the node and start it again, as the launch does."""
        self._graph.kill(NODE)
        time.sleep(RESPAWN_DELAY_S)
        self.start()

    def do(self, *movements: Callable[[int], Frames]) -> None:
        """Do movements one after another, each frame after the answer to the one before."""
        for movement in movements:
            for stamp_ns, people in movement(self._stamp_ns + PERIOD_NS):
                self._stamp_ns, known = stamp_ns, self._answered
                self._publish(people)
                self._wait(lambda known=known: self._answered > known)

    def stages(self) -> list[tuple[int, int, int]]:
        """State, exercise and count, whenever one of the first two changes."""
        found: list[tuple[int, int, int]] = []
        for each in self.sessions:
            now = (each.state, each.exercise_number, each.repetitions)
            if not found or found[-1][:2] != now[:2]:
                found.append(now)
        return found

    def _publish(self, people: list[Skeleton]) -> None:
        stamp = header(self._stamp_ns, "camera")
        self._skeletons.publish(skeletons_to_msg(people, stamp, SIZE, "test"))

    def _on_errors(self, message: ExerciseErrorArray) -> None:
        self._answered += message.scope == ExerciseErrorArray.LIVE

    def _wait(self, done: Callable[[], bool]) -> None:
        give_up = time.monotonic() + LIMIT_S
        while not done():
            assert time.monotonic() < give_up, self._graph.log(NODE).read_text()
            self._bench.executor.spin_once(timeout_sec=0.02)


def test_a_programme_is_done_although_the_node_is_killed_in_each_stage(tmp_path: Path) -> None:
    (tmp_path / "programmes").mkdir()
    (tmp_path / "programmes" / "two.yaml").write_text(PROGRAMME)
    with open_bench() as bench, processes(tmp_path / "graph", **OPTIONS) as graph:
        person = Exerciser(bench, graph, tmp_path)
        person.start()
        person.do(poor_squat, poor_squat)
        person.kill()  # in the first set: the third poor repetition in a row ends it
        person.do(poor_squat)
        assert person.sessions[-1].set_end == Session.SET_END_FORM
        person.kill()  # in the rest
        person.do(arms, arms)
        assert person.sessions[-1].repetitions == 1
        person.kill()  # in the second set
        person.do(arms)
        bench.spin_for(0.5)
    assert person.stages() == [
        (Session.RUNNING, 1, 0),
        (Session.RESTING, 1, 3),
        (Session.RUNNING, 2, 0),
        (Session.CLOSED, 2, 2),
    ]
    assert person.sessions[-1].event == Session.EVENT_PROGRAMME_DONE
    assert [(each.exercise, each.index) for each in person.repetitions] == [
        ("squat", 1),
        ("squat", 2),
        ("squat", 3),
        ("arm_raise", 1),
        ("arm_raise", 2),
    ]
    # The first message of each set precedes its first frame, which names it.
    assert len({each.session_id for each in person.sessions} - {""}) == 2
    assert len({each.programme_run_id for each in person.sessions} - {""}) == 1
    assert list((tmp_path / "state").iterdir()) == []
