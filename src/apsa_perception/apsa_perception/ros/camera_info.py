"""Pinhole matrices of pictures, from messages."""

from collections.abc import Callable

import numpy as np
from rclpy.serialization import deserialize_message
from sensor_msgs.msg import CameraInfo

from apsa_perception.imaging.images import RgbImage
from apsa_perception.model.skeleton import FloatArray
from apsa_perception.pose.camera_view import CameraView, ViewError


class CameraInfoCache:
    """Keeps the last camera_info of a camera.

    Args:
        report: takes a sentence about each message that cannot be used, and about each picture that
            the last message does not describe.
    """

    def __init__(self, report: Callable[[str], None]) -> None:
        self._report = report
        self._view: CameraView | None = None

    def read(self, data: bytes) -> None:
        """Take over a serialised message; a damaged one is reported and changes nothing."""
        try:
            message = deserialize_message(data, CameraInfo)
        except Exception:  # of a class of the middleware
            self._report(f"a message of {len(data)} bytes is damaged; expected a camera_info")
            return
        self.update(message)

    def update(self, message: CameraInfo) -> None:
        """Take over a message; there is no matrix after one of an uncalibrated camera."""
        self._view = None
        matrix = np.asarray(message.k, dtype=np.float64).reshape(3, 3)
        if matrix[0, 0] == 0.0:  # not calibrated
            return
        roi = message.roi
        region = (roi.x_offset, roi.y_offset, roi.width, roi.height)
        try:
            self._view = CameraView(matrix, (message.width, message.height), region)
        except ViewError as error:
            self._report(str(error))

    def matrix_for(self, rgb: RgbImage) -> FloatArray | None:
        """Return the ``(3, 3)`` matrix in pixels of a picture ``(H, W, 3)``; None: not known."""
        if self._view is None:
            return None
        try:
            return self._view.matrix_for((rgb.shape[1], rgb.shape[0]))
        except ViewError as error:
            self._report(str(error))
            return None
