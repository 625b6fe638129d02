"""Nodes under test and a peer that talks to them, in one thread."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import rclpy
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from rclpy.parameter import Parameter

from apsa_perception.ros.lifecycle import CoachNode

LIMIT_S = 10.0


class Bench:
    """Nodes that spin together in the test's thread."""

    def __init__(self) -> None:
        self.executor = SingleThreadedExecutor()
        self.peer = Node("peer", namespace="apsa")
        self.executor.add_node(self.peer)
        self._nodes: list[CoachNode] = []

    def add(
        self, node_class: type[CoachNode], arguments: Sequence[str] = (), **parameters: Any
    ) -> Any:
        """Create a node, with arguments of its command line."""
        overrides = [Parameter(name, value=value) for name, value in parameters.items()]
        node = node_class(namespace="apsa", cli_args=list(arguments), parameter_overrides=overrides)
        self._nodes.append(node)
        self.executor.add_node(node)
        return node

    def start(self, node_class: type[CoachNode], **parameters: Any) -> Any:
        """Create and activate a node."""
        node = self.add(node_class, **parameters)
        node.start()
        return node

    def spin_until(self, done: Callable[[], bool]) -> None:
        """Spin until a condition holds; fail after ten seconds."""
        give_up = time.monotonic() + LIMIT_S
        while not done():
            assert time.monotonic() < give_up, "waited in vain"
            self.executor.spin_once(timeout_sec=0.02)

    def spin_for(self, seconds: float) -> None:
        """Spin for a while."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.executor.spin_once(timeout_sec=min(0.02, seconds / 4))

    def close(self) -> None:
        """Shut all nodes down."""
        self.executor.shutdown()
        for node in self._nodes:
            node.trigger_shutdown()
            node.destroy_node()
        self.peer.destroy_node()


@contextmanager
def open_bench() -> Iterator[Bench]:
    """A bench in a ROS context of its own, both ended afterwards."""
    rclpy.init()
    bench = Bench()
    try:
        yield bench
    finally:
        bench.close()
        rclpy.shutdown()
