"""Skeletons from the bytes of SkeletonArray messages."""

from collections.abc import Callable

from apsa_msgs.msg import SkeletonArray
from rclpy.serialization import deserialize_message

from apsa_perception.model.skeleton import Skeleton
from apsa_perception.ros.conversion import skeletons_from_msg, to_ns

MIN_BYTES = 12
"""Encapsulation and stamp, with which every message begins."""


class SkeletonReader:
    """Reads serialized messages.

    Args:
        refused: takes one sentence for each body that cannot be used.
    """

    def __init__(self, refused: Callable[[str], None]) -> None:
        self._refused = refused

    def read(self, data: bytes) -> tuple[int, list[Skeleton]]:
        """Return the stamp in nanoseconds and the people of a message.

        Raises:
            ValueError: it cannot be used.
        """
        message = deserialize_message(data, SkeletonArray)
        return to_ns(message.header.stamp), skeletons_from_msg(message, self._refused)
