"""The executor of a node: one wait set for each message, and still woken by others."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import rclpy
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from rclpy.waitable import NumberOfEntities, Waitable
from std_msgs.msg import Int32

from apsa_perception.ros.executor import NodeExecutor

MESSAGES = 20


class WaitSetCounter(Waitable):
    """Is asked for its entities each time that a wait set is built; never ready."""

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


def test_a_message_needs_one_wait_set(node: Node) -> None:
    once = wait_sets(node, NodeExecutor)
    twice = wait_sets(node, SingleThreadedExecutor)
    assert once <= 1.2 * MESSAGES
    assert twice > 1.5 * MESSAGES  # else this executor is needed no more


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
