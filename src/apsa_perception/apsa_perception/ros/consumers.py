"""Waiting for subscribers, so that they receive the first messages of a recording."""

import time
from collections.abc import Sequence

from rclpy.node import Node
from rclpy.publisher import Publisher
from rclpy.qos import QoSCompatibility, QoSProfile, qos_check_compatible
from rclpy.topic_endpoint_info import TopicEndpointInfo

from apsa_perception.ros.parameter_file import ParameterError

LIMIT_S = 120.0
"""A busy machine takes half a minute to start the nodes; what a source plays earlier is lost."""
WARN_S = 20.0


class Consumers:
    """The nodes that a node's publishers wait for, for at most ``LIMIT_S`` seconds.

    They are known by name, because anything else may subscribe too, such as a recorder. A publisher
    only counts the subscribers that it is matched with: from then on a reliable publisher keeps the
    messages that they have not received. So it waits until the graph shows the nodes, and until it
    is matched with everyone whom the graph shows.

    Args:
        node: node that publishes.
        entries: ``topic=node``; empty ones are ignored.

    Raises:
        ParameterError: an entry is not of this form.
    """

    def __init__(self, node: Node, entries: Sequence[str]) -> None:
        self._node = node
        self._wanted: dict[str, set[str]] = {}
        self._began = time.monotonic()
        self._has_warned = False
        for entry in filter(None, entries):
            topic, _, consumer = entry.rpartition("=")
            if not topic or not consumer or consumer.isdecimal():
                raise ParameterError(
                    f"{node.get_name()}: parameter consumers has {entry!r}; "
                    "expected topic=node, such as errors=feedback_node"
                )
            name = consumer if consumer.startswith("/") else _joined(node.get_namespace(), consumer)
            self._wanted.setdefault(node.resolve_topic_name(topic), set()).add(name)

    def missing(self) -> bool:
        """Whether to wait for a subscriber; logs a warning when the time is over."""
        if not self._wanted:
            return False
        publishers = {each.topic_name: each for each in self._node.publishers}
        missing = [
            f"{topic} ({', '.join(sorted(lacking)) or 'not matched'})"
            for topic, wanted in self._wanted.items()
            if (lacking := self._lacking(publishers.get(topic), topic, wanted)) is not None
        ]
        waited_s = time.monotonic() - self._began
        gives_up = waited_s > LIMIT_S
        if missing and (gives_up or (waited_s > WARN_S and not self._has_warned)):
            self._has_warned = True
            then = "starting without them" if gives_up else f"waiting for up to {LIMIT_S:g} s"
            self._node.get_logger().warning(
                f"{', '.join(missing)}: subscribers are missing after {waited_s:.0f} s; {then}"
            )
        return bool(missing) and not gives_up

    def _lacking(
        self, publisher: Publisher | None, topic: str, wanted: set[str]
    ) -> set[str] | None:
        """The nodes to wait for; empty if the match is missing, None if nothing is."""
        offered = self._offered(topic)
        if publisher is None or offered is None:
            return wanted
        there = [
            info
            for info in self._node.get_subscriptions_info_by_topic(topic)
            if qos_check_compatible(offered, info.qos_profile)[0] != QoSCompatibility.ERROR
        ]
        lacking = wanted - {_name(info) for info in there}
        if lacking or publisher.get_subscription_count() < len(there):
            return lacking
        return None

    def _offered(self, topic: str) -> QoSProfile | None:
        """The QoS of the node's own publisher as the graph shows it, complete with all defaults."""
        own = self._node.get_fully_qualified_name()
        infos = self._node.get_publishers_info_by_topic(topic)
        return next((info.qos_profile for info in infos if _name(info) == own), None)


def _name(info: TopicEndpointInfo) -> str:
    return _joined(info.node_namespace, info.node_name)


def _joined(namespace: str, name: str) -> str:
    return f"{namespace.rstrip('/')}/{name}"
