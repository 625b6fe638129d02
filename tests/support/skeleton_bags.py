"""Bags of skeletons for the tests of what reads them."""

from pathlib import Path

from ament_index_python.packages import get_package_share_directory
from apsa_msgs.msg import SkeletonArray
from rclpy.serialization import serialize_message

from support.bag_writer import BagWriter, read_definitions

TOPIC, KIND = "/apsa/skeletons", "apsa_msgs/msg/SkeletonArray"


def skeleton_bag(folder: Path, messages: list[SkeletonArray]) -> Path:
    """A bag of skeletons."""
    definitions = read_definitions(Path(get_package_share_directory("apsa_msgs")) / "msg")
    with BagWriter(folder, definitions, "mcap") as bag:
        for message in messages:
            stamp = message.header.stamp
            at_ns = stamp.sec * 10**9 + stamp.nanosec
            bag.write(TOPIC, KIND, at_ns, serialize_message(message))
    return folder
