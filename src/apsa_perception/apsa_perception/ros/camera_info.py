"""Cameras of pictures, from messages."""

from collections.abc import Callable

import numpy as np
from rclpy.serialization import deserialize_message
from sensor_msgs.msg import CameraInfo

from apsa_perception.imaging.images import RgbImage
from apsa_perception.model.skeleton import FloatArray
from apsa_perception.pose.camera_view import CameraView, ViewError
from apsa_perception.pose.distortion import Distortion, DistortionError
from apsa_perception.ros.stamp_bytes import STAMP_AT, STAMP_SIZE


class CameraInfoCache:
    """Keeps the last camera_info of a camera.

    Args:
        report: takes a sentence about each message that cannot be used, and about each picture that
            the last message does not describe.
        rectified: whether the pictures are rectified: they are described by ``P``.

    Attributes:
        distortion: of the lens, with the matrix that it belongs to; None: there is none.
    """

    def __init__(self, report: Callable[[str], None], rectified: bool = False) -> None:
        self._report = report
        self._rectified = rectified
        self._view: CameraView | None = None
        self._last: bytes | None = None
        self.distortion: Distortion | None = None

    def read(self, data: bytes) -> None:
        """Take over a serialised message; a damaged one is reported and changes nothing."""
        unstamped = data[:STAMP_AT] + data[STAMP_AT + STAMP_SIZE :]
        if unstamped == self._last:  # cameras repeat it with each picture
            return
        try:
            message = deserialize_message(data, CameraInfo)
        except Exception:  # of a class of the middleware
            self._report(f"a message of {len(data)} bytes is damaged; expected a camera_info")
            return
        if self.update(message):
            self._last = unstamped

    def update(self, message: CameraInfo) -> bool:
        """Take over a message; there is no matrix after one of an uncalibrated camera.

        Returns:
            Whether it can be used; if not, that was reported.
        """
        self._view = self.distortion = self._last = None
        if self._rectified:
            message = of_rectified(message)
        matrix = np.asarray(message.k, dtype=np.float64).reshape(3, 3)
        if matrix[0, 0] == 0.0:  # not calibrated
            return True
        roi = message.roi
        region = (roi.x_offset, roi.y_offset, roi.width, roi.height)
        try:
            self._view = CameraView(matrix, (message.width, message.height), region)
            if any(message.d):
                distortion = Distortion(message.distortion_model, tuple(message.d))
                distortion.check_picture((message.width, message.height), matrix)
                self.distortion = distortion
        except (ViewError, DistortionError) as error:
            self._report(str(error))
            return False
        return True

    def matrix_for(self, rgb: RgbImage) -> FloatArray | None:
        """Return the ``(3, 3)`` matrix in pixels of a picture ``(H, W, 3)``; None: not known."""
        if self._view is None:
            return None
        try:
            return self._view.matrix_for((rgb.shape[1], rgb.shape[0]))
        except ViewError as error:
            self._report(str(error))
            return None


def of_rectified(message: CameraInfo) -> CameraInfo:
    """Return a camera_info for the rectified pictures: its matrix is that of ``P``, without ``D``.

    image_proc publishes rectified pictures beside the camera_info of those that it was given.
    """
    projection = np.reshape(message.p, (3, 4))[:, :3]
    matrix = projection if projection[0, 0] else np.reshape(message.k, (3, 3))
    return CameraInfo(
        header=message.header,
        height=message.height,
        width=message.width,
        k=matrix.ravel(),
        r=np.eye(3).ravel(),
        p=message.p,
        binning_x=message.binning_x,
        binning_y=message.binning_y,
        roi=message.roi,
    )
