"""Notices another coach on the same topics: subscribers would get the results of both."""

import os
import time

from rclpy.node import Node

_LEASE_S = 30.0
"""Until then a process that crashed may still be known to the middleware, whose lease is 20 s."""


class OtherCoaches:
    """Logs an error when another coach begins to publish.

    Args:
        node: the node that publishes ``errors``.
        after_crash: whether the node continues the session of a process that crashed.
    """

    def __init__(self, node: Node, after_crash: bool) -> None:
        self._node = node
        self._alone = True
        self._alone_from = time.monotonic() + (_LEASE_S if after_crash else 0.0)

    def check(self) -> None:
        """Count the publishers; to be called repeatedly."""
        topic = self._node.resolve_topic_name("errors")
        alone = self._node.count_publishers(topic) <= 1 or time.monotonic() < self._alone_from
        if self._alone and not alone:
            domain = os.environ.get("ROS_DOMAIN_ID", "0")
            self._node.get_logger().error(
                f"another coach publishes on {topic} in ROS domain {domain}, so that results mix; "
                "stop one, or start it with another ROS_DOMAIN_ID, 0 to 101"
            )
        self._alone = alone
