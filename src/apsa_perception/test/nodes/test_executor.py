"""The executor of a node: one wait set for many messages, and still woken by others."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import rclpy
from apsa_msgs.action import RunExercise
from rclpy.action import ActionClient, ActionServer
from rclpy.action.server import ServerGoalHandle
from rclpy.callback_groups import MutuallyExclusiveCallbackGroup
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from rclpy.task import Future
from rclpy.waitable import NumberOfEntities, Waitable
from std_msgs.msg import Int32

from apsa_perception.ros.executor import NodeExecutor

MESSAGES = 20


class WaitSetCounter(Waitable):
    """Is asked for their number each time that a wait set is built; never ready."""

    def __init__(self, node: Node) -> None:
        super().__init__(node.default_callback_group)
        self.count = 0

    def __enter__(self) -> None: ...

    def __exit__(self, *args: Any) -> None: ...

    def get_num_entities(self) -> NumberOfEntities:
        self.count += 1
        return NumberOfEntities()

    def add_to_wait_set(self, wait_set: Any) -> None: ...

    def is_ready(self, wait_set: Any) -> bool:
        return False

    def take_data(self) -> None: ...

    async def execute(self, taken_data: None) -> None: ...


@pytest.fixture
def node() -> Iterator[Node]:
    context = rclpy.Context()
    rclpy.init(context=context)
    made = Node("executor_of_one_thread", context=context)
    yield made
    made.destroy_node()
    rclpy.try_shutdown(context=context)


def wait_sets(node: Node, kind: type[SingleThreadedExecutor]) -> int:
    """Wait sets built for messages that arrive one after the other."""
    received: list[int] = []
    topic = f"numbers_{kind.__name__}"
    reader = node.create_subscription(Int32, topic, lambda m: received.append(m.data), 10)
    writer = node.create_publisher(Int32, topic, 10)
    executor = kind(context=node.context)
    executor.add_node(node)
    counter = WaitSetCounter(node)
    node.add_waitable(counter)
    spinning = threading.Thread(target=executor.spin)
    spinning.start()
    for number in range(MESSAGES):
        writer.publish(Int32(data=number))
        give_up = time.monotonic() + 10.0
        while len(received) <= number and time.monotonic() < give_up:
            time.sleep(0.001)
        time.sleep(0.01)  # so that the executor waits again
    executor.shutdown()
    spinning.join()
    node.remove_waitable(counter)
    node.destroy_subscription(reader)
    assert received == list(range(MESSAGES))
    return counter.count


def test_messages_share_a_wait_set(node: Node) -> None:
    built = wait_sets(node, NodeExecutor)
    for_each = wait_sets(node, SingleThreadedExecutor)
    assert built <= 3
    assert for_each > 1.5 * MESSAGES  # else this executor is needed no more


def test_what_another_thread_asks_for_is_done_at_once(node: Node) -> None:
    executor = NodeExecutor(context=node.context)
    executor.add_node(node)
    spinning = threading.Thread(target=executor.spin)
    spinning.start()
    time.sleep(0.2)  # waits now, without a timeout
    called = threading.Event()
    node.create_timer(0.01, called.set)
    assert called.wait(5.0)
    done = threading.Event()
    executor.create_task(done.set)
    assert done.wait(5.0)
    executor.shutdown()
    spinning.join(5.0)
    assert not spinning.is_alive()


def test_what_a_callback_and_a_task_ask_for_is_done_too(node: Node) -> None:
    executor = NodeExecutor(context=node.context)
    executor.add_node(node)
    done = threading.Event()

    def ask() -> None:
        first.cancel()
        executor.create_task(ask_again)

    def ask_again() -> None:
        executor.create_task(done.set)  # nothing else wakes the executor any more

    first = node.create_timer(0.01, ask)
    spinning = threading.Thread(target=executor.spin)
    spinning.start()
    assert done.wait(5.0)
    executor.shutdown()
    spinning.join(5.0)
    assert not spinning.is_alive()


def test_a_callback_may_destroy_what_is_ready_too(node: Node) -> None:
    """The other one is not called any more, and its subscription is gone for publishers."""
    executor = NodeExecutor(context=node.context)
    executor.add_node(node)
    called: list[str] = []

    def first(_: Int32) -> None:
        called.append("first")
        node.destroy_subscription(second)

    node.create_subscription(Int32, "one", first, 10)
    second = node.create_subscription(Int32, "two", lambda _: called.append("second"), 10)
    writers = [node.create_publisher(Int32, topic, 10) for topic in ("two", "one")]
    for writer in writers:
        writer.publish(Int32())
    time.sleep(0.2)  # both have arrived
    for _ in range(5):
        executor.spin_once(0.1)
    assert called == ["first"]
    assert [writer.get_subscription_count() for writer in writers] == [0, 1]
    executor.shutdown()


def test_a_callback_that_waits_keeps_others_of_its_group_from_being_called(node: Node) -> None:
    executor = NodeExecutor(context=node.context)
    executor.add_node(node)
    answer: Future = Future(executor=executor)
    called: list[str] = []

    async def ask(_: Int32) -> None:
        called.append("asks")
        await answer
        called.append("goes on")

    node.create_subscription(Int32, "question", ask, 10)
    node.create_subscription(Int32, "other", lambda _: called.append("other"), 10)
    apart = node.create_timer(
        0.05, lambda: called.append("timer"), callback_group=MutuallyExclusiveCallbackGroup()
    )
    for topic in ("question", "other"):
        node.create_publisher(Int32, topic, 10).publish(Int32())
    give_up = time.monotonic() + 10.0
    while "timer" not in called and time.monotonic() < give_up:
        executor.spin_once(0.1)
    assert called == ["asks", "timer"]
    apart.cancel()
    answer.set_result(None)
    while "other" not in called and time.monotonic() < give_up:
        executor.spin_once(0.1)
    assert called == ["asks", "timer", "goes on", "other"]
    executor.shutdown()


def test_an_action_is_served(node: Node) -> None:
    executor = NodeExecutor(context=node.context)
    executor.add_node(node)

    async def run(handle: ServerGoalHandle) -> RunExercise.Result:
        handle.succeed()
        return RunExercise.Result(message=handle.request.exercise)

    server = ActionServer(node, RunExercise, "run", run)
    client = ActionClient(node, RunExercise, "run")
    spinning = threading.Thread(target=executor.spin)
    spinning.start()
    assert client.wait_for_server(10.0)
    goal = client.send_goal_async(RunExercise.Goal(exercise="squat"))
    give_up = time.monotonic() + 10.0
    while not goal.done() and time.monotonic() < give_up:
        time.sleep(0.01)
    result = goal.result().get_result_async()
    while not result.done() and time.monotonic() < give_up:
        time.sleep(0.01)
    assert result.result().result.message == "squat"
    executor.shutdown()
    spinning.join(5.0)
    client.destroy()
    server.destroy()


def test_nothing_is_done_in_time(node: Node) -> None:
    executor = NodeExecutor(context=node.context)
    executor.add_node(node)
    executor.spin_once(0.0)
    began = time.monotonic()
    executor.spin_once(0.2)
    assert 0.15 < time.monotonic() - began < 5.0
    executor.shutdown()
