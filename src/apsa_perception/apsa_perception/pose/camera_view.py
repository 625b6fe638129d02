"""Which part of a camera's sensor its pictures show, and with which pinhole matrix."""

from dataclasses import dataclass

import numpy as np

from apsa_perception.model.skeleton import FloatArray
from apsa_perception.pose.root import FOCAL_RANGE, MAX_FOCAL_RATIO, usable_intrinsics

SAME_PROPORTIONS = 0.02
"""Largest relative difference of the aspect ratio of two pictures with the same view.

Binning and resizing round a width and a height to whole pixels.
"""


class ViewError(ValueError):
    """A camera_info that does not describe the pictures; one sentence."""


@dataclass(frozen=True)
class CameraView:
    """A calibrated camera.

    Attributes:
        intrinsics: ``(3, 3)`` pinhole matrix in pixels of the whole sensor.
        size: width and height of the whole sensor in pixels; zeros: not known.
        region: left edge, upper edge, width and height of the part that the pictures show, in
            pixels of the whole sensor; a width or height of 0: everything.
    """

    intrinsics: FloatArray
    size: tuple[int, int]
    region: tuple[int, int, int, int] = (0, 0, 0, 0)

    def __post_init__(self) -> None:
        """Check the focal lengths.

        Raises:
            ViewError: they are out of range.
        """
        if not usable_intrinsics(self.intrinsics):
            across, down = self.intrinsics[0, 0], self.intrinsics[1, 1]
            raise ViewError(
                f"camera_info has focal lengths {across:g} and {down:g} pixels; expected finite "
                f"values, {FOCAL_RANGE[0]:g} to {FOCAL_RANGE[1]:g}, one at most "
                f"{MAX_FOCAL_RATIO:g} times the other"
            )

    def matrix_for(self, size: tuple[int, int]) -> FloatArray:
        """Return the ``(3, 3)`` pinhole matrix in the pixels of a picture.

        A picture may be smaller or larger than the part of the sensor that it shows: binned by the
        driver, or resized.

        Args:
            size: width and height of the picture.

        Raises:
            ViewError: the picture has other proportions than that part.
        """
        left, upper, *region = self.region
        if not all(region):
            left, upper, region = 0, 0, list(self.size)
        if not all(region):
            return self.intrinsics
        across, down = (now / whole for now, whole in zip(size, region, strict=True))
        if abs(across / down - 1.0) > SAME_PROPORTIONS:
            raise ViewError(
                f"images have {size[0]}x{size[1]} pixels, but camera_info is for "
                f"{region[0]}x{region[1]}; expected the same aspect ratio: use the camera_info of "
                "the same driver or image_proc node"
            )
        shifted = self.intrinsics.astype(np.float64)
        shifted[:2, 2] -= left, upper
        return shifted * [[across], [down], [1.0]]
