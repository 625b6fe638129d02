"""Skeletons in; bodies as REP-155 (ROS4HRI) has them out."""

import importlib
import sys
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, NamedTuple

from apsa_msgs.msg import SkeletonArray
from rclpy.clock import Clock, ClockType
from rclpy.publisher import Publisher
from rclpy.subscription import Subscription
from sensor_msgs.msg import Image
from std_msgs.msg import Header

from apsa_perception.bringup.node_settings import HumansNodeSettings
from apsa_perception.imaging.images import ImageError
from apsa_perception.model.skeleton import Skeleton
from apsa_perception.model.time import NS_PER_S
from apsa_perception.ros.conversion import header, to_ns
from apsa_perception.ros.image_conversion import decode, image_to_msg
from apsa_perception.ros.images_on_demand import ImagesOnDemand
from apsa_perception.ros.lifecycle import CoachNode
from apsa_perception.ros.parameter_file import ParameterError
from apsa_perception.ros.process import run
from apsa_perception.ros.qos import IMAGES, RESULTS, publisher, subscription
from apsa_perception.ros.skeleton_bytes import SkeletonReader

BODIES = "/humans/bodies"
BODY_TOPICS = ("roi", "skeleton2d", "cropped")
_FORGOTTEN_NS = 10 * NS_PER_S
_CHECK_S = 0.5
_PICTURES = 15


class _BodyTopics(NamedTuple):
    """The publishers of one body, in the order of ``BODY_TOPICS``."""

    region: Publisher
    points: Publisher
    cropped: Publisher


class HumansNode(CoachNode):
    """Publishes the people in view by the conventions of REP-155, for other software of a robot.

    Subscribes: skeletons; image while somebody subscribes to a cropped picture.
    Publishes: /humans/bodies/tracked, for each body /humans/bodies/<id>/roi, skeleton2d and
    cropped, and the frames of the bodies on /tf.
    """

    NAME = "humans_node"
    SETTINGS = HumansNodeSettings
    settings: HumansNodeSettings

    def configure(self) -> None:
        try:
            # Here, so that a machine without these messages gets a sentence.
            self._convert = importlib.import_module("apsa_perception.ros.humans_conversion")
        except ImportError as error:
            raise ParameterError(
                f"{error.name} is not installed, but humans_node needs it: install "
                "ros-jazzy-hri-msgs and ros-jazzy-tf2-msgs, or without a ROS install start it by "
                "make coach HUMANS=true"
            ) from None
        self._reader = SkeletonReader(self._on_refused)
        self._tracked = publisher(self, self._convert.IdsList, f"{BODIES}/tracked", RESULTS)
        self._frames = publisher(self, self._convert.TFMessage, "/tf", RESULTS)
        self._bodies: dict[int, _BodyTopics] = {}
        self._seen_ns: dict[int, int] = {}
        self._pictures: OrderedDict[int, Any] = OrderedDict()

    def activate(self) -> None:
        self._images = ImagesOnDemand(self, self.settings.image_transport, self._on_image)
        self._watch = self.create_timer(
            _CHECK_S, self._watch_images, clock=Clock(clock_type=ClockType.STEADY_TIME)
        )

    def begin(self) -> Sequence[Subscription]:
        return (
            subscription(
                self, SkeletonArray, "skeletons", self._on_skeletons, RESULTS, serialized=True
            ),
        )

    def deactivate(self) -> None:
        self.destroy_timer(self._watch)
        self._images.want(False)

    def cleanup(self) -> None:
        for body_id in list(self._bodies):
            self._forget(body_id)
        for endpoint in (self._tracked, self._frames):
            self.destroy_lifecycle_publisher(endpoint)

    def _on_skeletons(self, data: bytes) -> None:
        try:
            stamp_ns, skeletons, frame_id, _ = self._reader.read(data)
        except ValueError as error:
            self.diagnostics.drop("skeletons", str(error))
            return
        self.diagnostics.count("frames", stamp_ns)
        stamp = header(stamp_ns, frame_id)
        for skeleton in skeletons:
            self._seen_ns[skeleton.body_id] = stamp_ns
            self._publish_body(skeleton, stamp)
        frames = self._convert.frames_to_msg(skeletons, stamp)
        if frames.transforms:
            self._frames.publish(frames)
        self._tracked.publish(self._convert.ids_to_msg(skeletons, stamp))
        for body_id, seen_ns in list(self._seen_ns.items()):
            if abs(stamp_ns - seen_ns) > _FORGOTTEN_NS:
                self._forget(body_id)

    def _on_refused(self, sentence: str) -> None:
        self.diagnostics.drop("bodies", sentence)

    def _publish_body(self, skeleton: Skeleton, stamp: Header) -> None:
        topics = self._topics_of(skeleton.body_id)
        topics.points.publish(self._convert.points_to_msg(skeleton, stamp))
        region = self._convert.region_to_msg(skeleton, stamp)
        if region is not None:
            topics.region.publish(region)
            if topics.cropped.get_subscription_count():
                self._publish_cropped(topics.cropped, region)

    def _publish_cropped(self, endpoint: Publisher, region: Any) -> None:
        picture = self._pictures.get(to_ns(region.header.stamp))
        if picture is None:
            return
        try:
            rgb = decode(picture, self.settings.max_megapixels)
        except ImageError as error:
            self.diagnostics.drop("unreadable image", str(error))
            return
        height, width = rgb.shape[:2]
        top, bottom = int(region.ymin * height), round(region.ymax * height)
        left, right = int(region.xmin * width), round(region.xmax * width)
        if bottom > top and right > left:
            endpoint.publish(image_to_msg(rgb[top:bottom, left:right], picture.header))

    def _topics_of(self, body_id: int) -> _BodyTopics:
        if body_id not in self._bodies:
            convert, folder = self._convert, f"{BODIES}/{self._convert.id_of(body_id)}"
            kinds = (convert.NormalizedRegionOfInterest2D, convert.Skeleton2D, Image)
            self._bodies[body_id] = _BodyTopics(
                *(
                    self.create_publisher(kind, f"{folder}/{topic}", profile)
                    for kind, topic, profile in zip(
                        kinds, BODY_TOPICS, (RESULTS, RESULTS, IMAGES), strict=True
                    )
                )
            )
        return self._bodies[body_id]

    def _forget(self, body_id: int) -> None:
        self._seen_ns.pop(body_id, None)
        for endpoint in self._bodies.pop(body_id):
            self.destroy_publisher(endpoint)

    def _watch_images(self) -> None:
        wanted = any(body.cropped.get_subscription_count() for body in self._bodies.values())
        self._images.want(wanted)
        if not wanted:
            self._pictures.clear()

    def _on_image(self, message: Any) -> None:
        self._pictures[to_ns(message.header.stamp)] = message
        while len(self._pictures) > _PICTURES:
            self._pictures.popitem(last=False)


def main() -> None:
    """Entry point."""
    sys.exit(run(HumansNode))
