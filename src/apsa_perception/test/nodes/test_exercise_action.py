"""The action of the assessment node with a real client: that of the documentation."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from action_msgs.msg import GoalStatus
from apsa_msgs.action import RunExercise
from apsa_msgs.msg import ExerciseErrorArray, Repetition, RequestError, Session, SkeletonArray
from apsa_msgs.srv import StartSession, StopSession
from rclpy.action import ActionClient

from apsa_perception.nodes.assessment_node import AssessmentNode
from apsa_perception.ros.conversion import header, skeletons_to_msg
from apsa_perception.ros.qos import RESULTS
from support.bench import Bench
from support.figures import Frames, repeat, squat
from support.paths import ROOT

SQUATS = repeat(lambda stamp, way: [squat(stamp, way)], 3)
Goal = RunExercise.Goal


class Client:
    """Publishes frames, and sends goals."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.answered = 0
        self.feedback: list[RunExercise.Feedback] = []
        node = bench.peer
        self._skeletons = node.create_publisher(SkeletonArray, "skeletons", RESULTS)
        node.create_subscription(ExerciseErrorArray, "errors", self._count, RESULTS)
        self._action = ActionClient(node, RunExercise, "run_exercise")
        bench.spin_until(self._action.server_is_ready)
        bench.spin_until(lambda: self._skeletons.get_subscription_count() == 1)

    def _count(self, message: ExerciseErrorArray) -> None:
        self.answered += message.scope == ExerciseErrorArray.LIVE

    def play(self, frames: Frames) -> None:
        """Publish frames, each after the answer to the one before."""
        for stamp_ns, people in frames:
            known = self.answered
            stamp = header(stamp_ns, "camera")
            self._skeletons.publish(skeletons_to_msg(people, stamp, (640, 480), "made"))
            self.bench.spin_until(lambda known=known: self.answered > known)

    def wait(self, future: Any) -> Any:
        """Wait for an answer."""
        self.bench.spin_until(future.done)
        return future.result()

    def send(self, **goal: Any) -> Any:
        """Send a goal; return its handle."""
        sent = self._action.send_goal_async(
            Goal(**goal), lambda message: self.feedback.append(message.feedback)
        )
        return self.wait(sent)

    def end(self, handle: Any) -> tuple[int, RunExercise.Result]:
        """Status and result of a goal."""
        response = self.wait(handle.get_result_async())
        return response.status, response.result

    def call(self, kind: Any, name: str, **request: Any) -> None:
        """Call a service."""
        client = self.bench.peer.create_client(kind, name)
        self.bench.spin_until(client.service_is_ready)
        assert self.wait(client.call_async(kind.Request(**request))).success


@pytest.fixture
def client(bench: Bench) -> Client:
    bench.start(AssessmentNode, model="none", start_session=False)
    return Client(bench)


def test_a_goal_ends_after_its_repetitions_with_a_summary(client: Client) -> None:
    repetitions: list[Repetition] = []
    client.bench.peer.create_subscription(Repetition, "repetitions", repetitions.append, RESULTS)
    handle = client.send(exercise="squat", repetitions=2)
    assert handle.accepted
    client.play(SQUATS)
    status, result = client.end(handle)
    assert (status, result.success, result.error_code) == (GoalStatus.STATUS_SUCCEEDED, True, 0)
    assert result.message == "the set is complete: 2 repetitions"
    assert (result.repetitions, result.repetitions_judged) == (2, 2)
    assert 0.0 <= result.mean_score <= 1.0
    assert {each.session_id for each in repetitions} == {result.session_id}
    counts = [each.repetitions for each in client.feedback]
    assert sorted(set(counts)) == [0, 1, 2]
    assert counts == sorted(counts)
    phases = {each.phase for each in client.feedback}
    assert {Repetition.PHASE_OUTWARD, Repetition.PHASE_RETURN} <= phases
    assert client.feedback[-1].state == Session.CLOSED
    assert client.feedback[-1].header.frame_id == "camera"


def test_a_goal_with_a_time_ends_by_the_stamps_and_names_its_errors(client: Client) -> None:
    handle = client.send(exercise="squat", seconds=5.0)
    client.play(repeat(lambda stamp, way: [squat(stamp, way, knees_over_ankles=0.5)], 2))
    status, result = client.end(handle)
    assert (status, result.message[:17]) == (GoalStatus.STATUS_SUCCEEDED, "the time is over:")
    assert [(each.name, each.count) for each in result.errors] == [("knee_valgus", 1)]
    assert ["knee_valgus"] in [list(each.errors) for each in client.feedback]


def test_cancelling_ends_the_session_and_keeps_the_summary(client: Client) -> None:
    handle = client.send(exercise="squat", repetitions=9)
    client.play(SQUATS[:-60])
    assert client.wait(handle.cancel_goal_async()).goals_canceling
    status, result = client.end(handle)
    assert (status, result.success, result.error_code) == (GoalStatus.STATUS_CANCELED, False, 0)
    assert result.repetitions == 2
    assert not client.wait(handle.cancel_goal_async()).goals_canceling


def test_a_new_goal_takes_the_place_of_the_present_one(client: Client) -> None:
    first = client.send(exercise="squat", repetitions=9)
    client.play(SQUATS[:80])
    second = client.send(exercise="squat", repetitions=1)
    status, result = client.end(first)
    assert (status, result.error_code) == (
        GoalStatus.STATUS_ABORTED,
        RequestError.SESSION_REPLACED,
    )
    assert "another goal" in result.message
    client.play(SQUATS[80:])
    status, after = client.end(second)
    assert (status, after.repetitions) == (GoalStatus.STATUS_SUCCEEDED, 1)
    assert after.session_id != result.session_id


@pytest.mark.parametrize(
    ("goal", "code"),
    [
        ({"exercise": "yoga"}, RequestError.UNKNOWN_EXERCISE),
        ({"exercise": "squat", "body_id": 7}, RequestError.UNKNOWN_PERSON),
    ],
)
def test_a_goal_that_cannot_start_aborts_and_the_present_one_goes_on(
    client: Client, goal: dict[str, Any], code: int
) -> None:
    present = client.send(exercise="squat", repetitions=1)
    client.play(SQUATS[:20])
    status, result = client.end(client.send(**goal))
    assert (status, result.error_code) == (GoalStatus.STATUS_ABORTED, code)
    assert result.message
    client.play(SQUATS[20:])
    assert client.end(present)[0] == GoalStatus.STATUS_SUCCEEDED


@pytest.mark.parametrize(
    ("kind", "name", "request_", "code"),
    [
        (StopSession, "stop_session", {}, RequestError.SESSION_STOPPED),
        (StartSession, "start_session", {"exercise": "lunge"}, RequestError.SESSION_REPLACED),
    ],
)
def test_a_goal_whose_session_somebody_else_ends_aborts(
    client: Client, kind: Any, name: str, request_: dict[str, Any], code: int
) -> None:
    handle = client.send(exercise="squat", repetitions=9)
    client.play(SQUATS[:10])
    client.call(kind, name, **request_)
    status, result = client.end(handle)
    assert (status, result.error_code) == (GoalStatus.STATUS_ABORTED, code)


def test_a_clock_that_is_set_back_aborts_the_goal(client: Client) -> None:
    handle = client.send(exercise="squat", repetitions=9)
    client.play(SQUATS[-2:])
    client.play(SQUATS[:1])
    status, result = client.end(handle)
    assert (status, result.error_code) == (
        GoalStatus.STATUS_ABORTED,
        RequestError.SESSION_REPLACED,
    )


def test_a_node_that_is_not_active_rejects_goals(bench: Bench, client: Client) -> None:
    (node,) = (each for each in bench.executor.get_nodes() if isinstance(each, AssessmentNode))
    handle = client.send(exercise="squat", repetitions=9)
    node.trigger_deactivate()
    status, result = client.end(handle)
    assert (status, result.error_code) == (GoalStatus.STATUS_ABORTED, RequestError.SESSION_STOPPED)
    assert not client.send(exercise="squat").accepted


def python_of_the_page() -> list[str]:
    page = (ROOT / "docs" / "action.md").read_text(encoding="utf-8")
    return re.findall(r"```python\n(.*?)```", page, re.DOTALL)


def test_the_documented_client_gets_the_result(
    client: Client, capfd: pytest.CaptureFixture[str]
) -> None:
    example, behaviour = python_of_the_page()
    compile(behaviour, "behaviour", "exec")
    names: dict[str, Callable[..., Any]] = {"__name__": "example"}  # type: ignore[dict-item]
    exec(example, names)
    node = names["ExerciseClient"]()
    executor = client.bench.executor
    executor.add_node(node)
    client.bench.spin_until(node.client.server_is_ready)
    task = executor.create_task(node.run, Goal(exercise="squat", repetitions=1))
    client.bench.spin_until(
        lambda: client.bench.peer.count_subscribers("run_exercise/_action/feedback") > 0
    )
    client.play(SQUATS[:100])
    client.bench.spin_until(task.done)
    result = task.result()
    node.destroy_node()
    assert (result.success, result.repetitions) == (True, 1)
    assert "1 done; no error" in capfd.readouterr().err
