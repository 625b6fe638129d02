"""Waiting for those who listen, so that the first messages of a recording reach them."""

import time
from collections.abc import Sequence

from rclpy.node import Node

from apsa_perception.ros.parameters import ParameterError, Spec

CONSUMERS = Spec(
    "consumers",
    "topics and how many subscribers to wait for before listening or playing, topic=number",
)
LIMIT_S = 20.0


class Consumers:
    """The subscribers that a node's publishers wait for, for at most ``LIMIT_S`` seconds.

    A publisher counts the subscribers that it has been matched with: from then on a reliable
    publisher keeps for them what they have not got yet. The number of subscribers that a node sees
    in the graph says nothing of the kind, because processes discover each other pair by pair.

    Args:
        node: node that publishes.
        entries: ``topic=number``; empty ones are left out.

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
                    f"{node.get_name()}: parameter {CONSUMERS.name} holds {entry!r}; "
                    "allowed is topic=number such as errors=2"
                )
            self._wanted[node.resolve_topic_name(topic)] = int(number)

    def go_on_waiting(self) -> bool:
        """Whether one is missing and there is time; warns when the time is over."""
        if not self._wanted:
            return False
        found: dict[str, int] = {}
        for each in self._node.publishers:
            found[each.topic_name] = each.get_subscription_count()
        missing = [name for name, number in self._wanted.items() if found.get(name, 0) < number]
        if missing and time.monotonic() > self._give_up:
            self._node.get_logger().warning(
                f"not all subscribers of {', '.join(missing)} came within {LIMIT_S:g} s; "
                "starting without them"
            )
            missing = []
        return bool(missing)
