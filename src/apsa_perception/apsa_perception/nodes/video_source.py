"""A video file or a camera device as a camera driver: images and camera_info."""

import math
import sys
from functools import partial

import numpy as np
import numpy.typing as npt
from rclpy.serialization import serialize_message
from sensor_msgs.msg import CameraInfo, Image

from apsa_perception.bringup.node_settings import VideoSourceSettings
from apsa_perception.nodes.source_node import SourceNode
from apsa_perception.ros.conversion import header
from apsa_perception.ros.image_conversion import image_to_msg
from apsa_perception.ros.process import run
from apsa_perception.ros.qos import IMAGES, publisher
from apsa_perception.ros.stamp_bytes import shift_stamp
from apsa_perception.sources.camera import RETRY_S, Camera
from apsa_perception.sources.select import is_camera
from apsa_perception.sources.video import VideoReader


class VideoSource(SourceNode):
    """Publishes image and camera_info from a file or a camera.

    The stamps of a file count from its beginning, so that every replay has the same ones. The
    stamps of a camera are the time of capture. A camera that is missing, busy or unplugged is
    opened again every few seconds, so that a session goes on when it is back.
    """

    NAME = "video_source"
    SETTINGS = VideoSourceSettings
    settings: VideoSourceSettings

    def configure(self) -> None:
        super().configure()
        source = self.settings.source
        self._reader = None if is_camera(source) else VideoReader(source)
        self._no_picture = ""
        self.diagnostics.watch(lambda: self._no_picture)
        self._images = publisher(self, Image, "image", IMAGES)
        self._infos = publisher(self, CameraInfo, "camera_info", IMAGES)
        self._info, self._info_size = b"", (0, 0)
        self._last_ns = 0

    def cleanup(self) -> None:
        super().cleanup()
        self.diagnostics.watch(None)
        if self._reader is not None:
            self._reader.close()
        self.destroy_lifecycle_publisher(self._images)
        self.destroy_lifecycle_publisher(self._infos)

    def play(self) -> None:
        if self._reader is None:
            self._play_camera()
        else:
            self._play_file(self._reader)

    def _play_camera(self) -> None:
        for stamp_ns, rgb in Camera(self.settings.source, self._stopping.wait, self._on_camera):
            if self.stopping:
                return
            self._publish(stamp_ns, rgb)

    def _on_camera(self, no_picture: str) -> None:
        """Report why the camera delivers no picture; an empty text: it delivers again."""
        self._no_picture = no_picture
        if no_picture:
            self.get_logger().error(f"{no_picture} (trying again every {RETRY_S:g} s)")
        else:
            self.get_logger().info(f"camera {self.settings.source} delivers pictures")

    def _play_file(self, reader: VideoReader) -> None:
        offset_ns = self._last_ns
        for stamp_ns, rgb in reader:
            if self.stopping:
                return
            self._last_ns = stamp_ns + offset_ns
            self.pace(self._last_ns)
            self.deliver(self._last_ns, partial(self._publish, self._last_ns, rgb))

    def _publish(self, stamp_ns: int, rgb: npt.NDArray[np.uint8]) -> None:
        stamp = header(stamp_ns, self.settings.frame_id)
        height, width = rgb.shape[:2]
        if (width, height) != self._info_size:
            self._info_size = (width, height)
            self._info = serialize_message(self._camera_info(width, height))
        self._infos.publish(shift_stamp(self._info, stamp_ns))
        self._images.publish(image_to_msg(rgb, stamp))
        self.diagnostics.count("images")

    def _camera_info(self, width: int, height: int) -> CameraInfo:
        focal = width / 2.0 / math.tan(math.radians(self.settings.horizontal_fov_deg) / 2.0)
        matrix = [focal, 0.0, width / 2.0, 0.0, focal, height / 2.0, 0.0, 0.0, 1.0]
        return CameraInfo(
            header=header(0, self.settings.frame_id),
            width=width,
            height=height,
            distortion_model="plumb_bob",
            d=[0.0] * 5,
            k=matrix,
            r=np.eye(3).ravel(),
            p=[*matrix[:3], 0.0, *matrix[3:6], 0.0, *matrix[6:], 0.0],
        )


def main() -> None:
    """Entry point."""
    sys.exit(run(VideoSource))
