"""Bags of skeletons for the tests of what reads them."""

from collections.abc import Callable
from pathlib import Path

from ament_index_python.packages import get_package_share_directory
from apsa_msgs.msg import SkeletonArray
from builtin_interfaces.msg import Time
from rclpy.serialization import serialize_message

from apsa_perception.ros.conversion import header, skeletons_to_msg
from support.bag_writer import BagWriter, read_definitions
from support.figures import SIZE, Frames, repeat, squat

FRAME = "camera_optical_frame"
START_NS = 1_700_000_000_000_000_000
"""Bags hold wall-clock stamps, unlike files."""
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


def messages_of(frames: Frames, start_ns: int = 0) -> list[SkeletonArray]:
    """What the pose node publishes of frames."""
    seen = next((people[0] for _, people in frames if people), None)
    size, source = (seen.image_size, seen.source) if seen else (SIZE, "")
    return [
        skeletons_to_msg(people, header(start_ns + stamp_ns, FRAME), size, source)
        for stamp_ns, people in frames
    ]


def without_a_clock(message: SkeletonArray) -> None:
    """Stamp a message as a driver without a clock does."""
    message.header.stamp = Time()


def at_one_time(message: SkeletonArray) -> None:
    """Stamp every message the same."""
    message.header.stamp = Time(sec=1_700_000_000)


def spoilt_bag(folder: Path, spoil: Callable[[SkeletonArray], None]) -> Path:
    """A bag of two squats, each message of which is changed."""
    messages = messages_of(repeat(lambda stamp, way: [squat(stamp, way)], 2), START_NS)
    for message in messages:
        spoil(message)
    return skeleton_bag(folder, messages)


def clip_bag(folder: Path, frames: Frames) -> Path:
    """A bag of what the pose node publishes of frames."""
    return skeleton_bag(folder, messages_of(frames, START_NS))
