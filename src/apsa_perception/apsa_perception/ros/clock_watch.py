"""Notices that the clocks of two machines differ: a sentence for /diagnostics."""

from rclpy.node import Node

from apsa_perception.imaging.clock_offset import ClockOffset, offset_sentence
from apsa_perception.model.time import to_seconds

PLAYERS = frozenset({"bag_source", "rosbag2_player"})
"""Nodes that publish recordings with their old stamps."""


class ClockWatch:
    """Compares the stamps of live messages with the local clock.

    Args:
        node: node that receives them.
        what: what they are, such as ``images``.
    """

    def __init__(self, node: Node, what: str) -> None:
        self._node = node
        self._what = what
        self._offset = ClockOffset()

    def add(self, stamp_ns: int) -> None:
        """Take the stamp of a message that has arrived."""
        now_s = to_seconds(self._node.get_clock().now().nanoseconds)
        self._offset.add(now_s, to_seconds(stamp_ns))

    def warning(self) -> str:
        """Return the sentence about the clocks; empty for a recording or simulated time."""
        age_s = self._offset.age_s
        if age_s is None or self._node.get_clock().ros_time_is_active:
            return ""
        sentence = offset_sentence(age_s, self._what)
        if not sentence or PLAYERS & set(self._node.get_node_names()):
            return ""
        self._node.get_logger().warning(sentence, throttle_duration_sec=60.0)
        return sentence
