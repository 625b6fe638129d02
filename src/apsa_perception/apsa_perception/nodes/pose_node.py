"""Images in, skeletons and detections out."""

import math
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from importlib.metadata import entry_points
from typing import Any

import numpy as np
import numpy.typing as npt
from apsa_msgs.msg import SkeletonArray
from rclpy.clock import Clock, ClockType
from rclpy.subscription import Subscription
from sensor_msgs.msg import CameraInfo, Image
from std_msgs.msg import Header
from vision_msgs.msg import (
    BoundingBox2D,
    Detection2D,
    Detection2DArray,
    ObjectHypothesis,
    ObjectHypothesisWithPose,
)

from apsa_perception.bringup.node_settings import PoseNodeSettings
from apsa_perception.imaging.images import ImageError
from apsa_perception.imaging.overlay import draw_skeletons
from apsa_perception.model.skeleton import Skeleton
from apsa_perception.model.stamps import StampGate
from apsa_perception.pose.backend import DEFAULT_BACKEND, GROUP, StampError
from apsa_perception.pose.estimator import PoseEstimator
from apsa_perception.ros.camera_info import CameraInfoCache
from apsa_perception.ros.clock_watch import ClockWatch
from apsa_perception.ros.conversion import to_ns
from apsa_perception.ros.image_arrival import ImageArrival
from apsa_perception.ros.image_conversion import IMAGE_TYPES, decode, image_to_msg
from apsa_perception.ros.lifecycle import CoachNode
from apsa_perception.ros.process import run
from apsa_perception.ros.qos import IMAGES, RESULTS, publisher, subscription
from apsa_perception.ros.skeleton_writer import SkeletonWriter
from apsa_perception.sources.select import is_rectified

_CAMERA = "video_source"
"""The node of a camera device, which reports itself why there is no image."""


class PoseNode(CoachNode):
    """Finds the people in each image and publishes their skeletons.

    Subscribes: image (sensor_msgs/Image or CompressedImage), camera_info.
    Publishes: skeletons for every image; dropped, the header of each image that gets none;
    detections and overlay while there are subscribers.
    """

    NAME = "pose_node"
    SETTINGS = PoseNodeSettings
    settings: PoseNodeSettings

    @classmethod
    def preload(cls) -> None:
        with suppress(ImportError):  # ``configure`` reports it, if this backend is the chosen one
            for entry in entry_points(group=GROUP, name=DEFAULT_BACKEND):
                entry.load()

    def configure(self) -> None:
        settings = self.settings
        self._estimator = PoseEstimator(
            settings.pose.open(),
            settings.filter,
            settings.mirrored,
            settings.pose.corrected,
        )
        self._writer = SkeletonWriter(self._estimator.source)
        self._skeletons = publisher(self, SkeletonArray, "skeletons", RESULTS)
        self._dropped = publisher(self, Header, "dropped", RESULTS)
        self._detections = publisher(self, Detection2DArray, "detections", RESULTS)
        self._overlay = publisher(self, Image, "overlay", IMAGES)
        self._hypotheses: list[ObjectHypothesisWithPose] = []
        self._stamps = StampGate()
        self._camera = CameraInfoCache(
            partial(self.diagnostics.drop, "camera_info"),
            is_rectified(self.resolve_topic_name("image")),
        )

    def activate(self) -> None:
        self._arrival = ImageArrival(self, self.diagnostics, self.resolve_topic_name("image"))
        self._clocks = ClockWatch(self, "images")
        self.diagnostics.watch(
            lambda: self._arrival.warning(self._estimator.model_s) or self._clocks.warning()
        )
        self._watch = self.create_timer(
            self.settings.no_image_timeout,
            self._on_silence,
            # The clock of a simulation may stand still, which is worth a warning too.
            clock=Clock(clock_type=ClockType.STEADY_TIME),
        )

    def begin(self) -> Sequence[Subscription]:
        image_type = IMAGE_TYPES[self.settings.image_transport]
        self.diagnostics.expect("images")
        return (
            # First: of two messages that wait, that of the first subscription is taken first.
            subscription(
                self, CameraInfo, "camera_info", self._camera.read, IMAGES, serialized=True
            ),
            subscription(self, image_type, "image", self._on_image, IMAGES),
        )

    def reconfigure(self) -> None:
        self._estimator.use_settings(self.settings.filter)

    def deactivate(self) -> None:
        self.diagnostics.expect(None)
        self.diagnostics.watch(None)
        self.destroy_timer(self._watch)

    def cleanup(self) -> None:
        self._estimator.close()
        for endpoint in (self._skeletons, self._dropped, self._detections, self._overlay):
            self.destroy_lifecycle_publisher(endpoint)

    def _on_image(self, message: Any) -> None:
        self._watch.reset()
        self.diagnostics.arrived("images", to_ns(message.header.stamp))
        self._arrival.add(to_ns(message.header.stamp))
        self._clocks.add(to_ns(message.header.stamp))
        if not message.header.frame_id:
            self._drop(
                message.header,
                "empty frame_id",
                "an image has an empty frame_id; set the camera's optical frame",
            )
            return
        stamp_ns = to_ns(message.header.stamp)
        try:
            rgb = decode(message, self.settings.max_megapixels)
            if self._stamps.check(stamp_ns):
                self.get_logger().warning("the clock was set back: tracking restarts")
                self._estimator.reset()
            skeletons = self._estimator.process(
                rgb, stamp_ns, self._camera.matrix_for(rgb), self._camera.distortion
            )
        except ImageError as error:
            self._drop(message.header, "unreadable image", str(error))
            return
        except StampError as error:
            self._drop(message.header, "clock", str(error))
            return
        self._stamps.accept(stamp_ns)
        self.diagnostics.count("images", stamp_ns)
        self.diagnostics.show("seconds in the pose model", f"{self._estimator.model_s:.3f}")
        self._publish(message.header, rgb, skeletons)

    def _drop(self, header: Header, reason: str, sentence: str) -> None:
        """Count and log a dropped image; a source that waits for its errors goes on."""
        self.diagnostics.drop(reason, sentence)
        self._dropped.publish(header)

    def _publish(
        self, header: Header, rgb: npt.NDArray[np.uint8], skeletons: list[Skeleton]
    ) -> None:
        height, width = rgb.shape[:2]
        self._skeletons.publish(self._writer.write(skeletons, header, (width, height)))
        if self._detections.get_subscription_count():
            found = [self._detection(header, i, body) for i, body in enumerate(skeletons)]
            self._detections.publish(Detection2DArray(header=header, detections=found))
        if self._overlay.get_subscription_count():
            self._overlay.publish(image_to_msg(draw_skeletons(rgb, skeletons), header))

    def _detection(self, header: Header, index: int, body: Skeleton) -> Detection2D:
        seen = body.pixels[body.observed & np.isfinite(body.pixels).all(axis=1)]
        if index == len(self._hypotheses):
            # Reused: creating one takes milliseconds, because of its 6 by 6 covariance.
            self._hypotheses.append(
                ObjectHypothesisWithPose(hypothesis=ObjectHypothesis(class_id="person"))
            )
        hypothesis = self._hypotheses[index]
        hypothesis.hypothesis.score = float(body.confidence.mean())
        box = BoundingBox2D(size_x=math.nan, size_y=math.nan)
        if len(seen):
            low, high = seen.min(axis=0), seen.max(axis=0)
            box.size_x, box.size_y = (high - low).tolist()
            box.center.position.x, box.center.position.y = ((low + high) / 2.0).tolist()
        return Detection2D(header=header, id=str(body.body_id), results=[hypothesis], bbox=box)

    def _on_silence(self) -> None:
        image = self.resolve_topic_name("image")
        if not self.has_begun or any(
            each.node_name == _CAMERA for each in self.get_publishers_info_by_topic(image)
        ):
            return
        topics = [
            name
            for name, types in self.get_topic_names_and_types()
            if name != self.resolve_topic_name("overlay")
            and any(f"sensor_msgs/msg/{kind.__name__}" in types for kind in IMAGE_TYPES.values())
            and self.count_publishers(name)
        ]
        there = f"image topics: {', '.join(topics)}" if topics else "there is no image topic"
        self.get_logger().warning(
            f"no image on {image} for "
            f"{self.settings.no_image_timeout:g} s; {there}; "
            "choose one with image_topic:=<topic>, or a file with source:=<file.mp4>; "
            "with make use SOURCE= for both"
        )


def main() -> None:
    """Entry point."""
    sys.exit(run(PoseNode))
