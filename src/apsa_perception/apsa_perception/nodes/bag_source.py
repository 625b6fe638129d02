"""A rosbag2 bag as a source of images or skeletons, as they were recorded."""

import sys
from functools import partial

from apsa_msgs.msg import SkeletonArray
from rclpy.serialization import deserialize_message, serialize_message
from sensor_msgs.msg import CameraInfo, CompressedImage, Image

from apsa_perception.bringup.node_settings import BagSourceSettings
from apsa_perception.nodes.source_node import SourceNode
from apsa_perception.ros.camera_info import of_rectified
from apsa_perception.ros.process import run
from apsa_perception.ros.qos import IMAGES, RESULTS, publisher
from apsa_perception.ros.stamp_bytes import shift_stamp, stamp_of
from apsa_perception.sources.bag import open_bag
from apsa_perception.sources.select import bag_stream, camera_infos, is_rectified

ENDPOINTS = {
    "sensor_msgs/msg/Image": (Image, "image", IMAGES),
    "sensor_msgs/msg/CompressedImage": (CompressedImage, "image", IMAGES),
    "sensor_msgs/msg/CameraInfo": (CameraInfo, "camera_info", IMAGES),
    "apsa_msgs/msg/SkeletonArray": (SkeletonArray, "skeletons", RESULTS),
}


class BagSource(SourceNode):
    """Publishes image and camera_info, or skeletons, from a bag, byte by byte as recorded.

    The camera_info beside rectified images is replaced by one that describes these.
    """

    NAME = "bag_source"
    SETTINGS = BagSourceSettings
    settings: BagSourceSettings

    def configure(self) -> None:
        super().configure()
        self._bag = open_bag(self.settings.source)
        for problem in self._bag.problems:
            self.get_logger().warning(f"{self._bag.path}: {problem}")
        self._stream = bag_stream(self._bag, self.settings.image_topic)
        self._topics = [self._stream, *camera_infos(self._bag, self._stream)]
        self._outlets = {
            topic.name: publisher(self, *ENDPOINTS[topic.type]) for topic in self._topics
        }
        self._offset_ns = 0

    def cleanup(self) -> None:
        super().cleanup()
        for outlet in self._outlets.values():
            self.destroy_lifecycle_publisher(outlet)

    def play(self) -> None:
        first_ns = last_ns = period_ns = 0
        rectified = is_rectified(self._stream.name)
        for message in self._bag.messages([topic.name for topic in self._topics]):
            if self.stopping:
                return
            stamp_ns = stamp_of(message, self._bag) + self._offset_ns
            data = shift_stamp(message.data, self._offset_ns)
            if message.topic != self._stream.name:
                if rectified:
                    data = _of_rectified(data)
                self._outlets[message.topic].publish(data)
                continue
            publish = partial(self._outlets[message.topic].publish, data)
            period_ns = stamp_ns - last_ns if last_ns else period_ns
            first_ns, last_ns = first_ns or stamp_ns, stamp_ns
            self.pace(stamp_ns)
            self.deliver(stamp_ns, publish)
            self.diagnostics.count("frames")
        self._offset_ns += last_ns - first_ns + period_ns


def _of_rectified(data: bytes) -> bytes:
    """A serialised camera_info for rectified images; a damaged one is left to who reads it."""
    try:
        message = deserialize_message(data, CameraInfo)
    except Exception:  # of a class of the middleware
        return data
    return serialize_message(of_rectified(message))


def main() -> None:
    """Entry point."""
    sys.exit(run(BagSource))
