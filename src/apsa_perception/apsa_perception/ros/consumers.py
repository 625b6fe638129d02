"""Waiting for subscribers, so that they receive the first messages of a recording."""

import time
from collections.abc import Sequence

from rclpy.node import Node

from apsa_perception.ros.parameter_file import ParameterError

LIMIT_S = 20.0


class Consumers:
    """The subscribers that a node's publishers wait for, for at most ``LIMIT_S`` seconds.

    A publisher counts the subscribers that it is matched with: from then on a reliable publisher
    keeps the messages that they have not received. The number of subscribers that a node sees in
    the graph does not show this, because processes discover each other pair by pair.

    Args:
        node: node that publishes.
        entries: ``topic=number``; empty ones are ignored.

    Raises:
        ParameterError: an entry is not of this form.
    """

    def __init__(self, node: Node, entries: Sequence[str]) -> None:
        self._node = node
        self._wanted: dict[str, int] = {}
        self._give_up = time.monotonic() + LIMIT_S
        for entry in filter(None, entries):
            topic, _, number = entry.rpartition("=")
            if not topic or not number.isdecimal():
                raise ParameterError(
                    f"{node.get_name()}: parameter consumers has {entry!r}; "
                    "expected topic=number, such as errors=2"
                )
            self._wanted[node.resolve_topic_name(topic)] = int(number)

    def missing(self) -> bool:
        """Whether to wait for a subscriber; logs a warning when the time is over."""
        if not self._wanted:
            return False
        found: dict[str, int] = {}
        for each in self._node.publishers:
            found[each.topic_name] = each.get_subscription_count()
        missing = [name for name, number in self._wanted.items() if found.get(name, 0) < number]
        if missing and time.monotonic() > self._give_up:
            self._node.get_logger().warning(
                f"{', '.join(missing)}: subscribers are missing after {LIMIT_S:g} s; "
                "starting without them"
            )
            missing = []
        return bool(missing)
