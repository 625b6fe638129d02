"""Region of interest of a person, and its crop from the picture.

The formulas are those of MediaPipe 0.10.21: ``alignment_points_to_rects_calculator.cc``,
``detections_to_rects_calculator.cc``, ``rect_transformation_calculator.cc``,
``image_to_tensor_calculator.cc``, ``landmark_letterbox_removal_calculator.cc`` and
``landmark_projection_calculator.cc``, with the options of ``pose_detection_to_roi.pbtxt`` and
``pose_landmarks_to_roi.pbtxt``. They are computed in single precision as there: a crop that is
shifted by a rounding error gives other landmarks, from which the next region comes.
"""

import math
from typing import NamedTuple

import cv2
import numpy as np

from apsa_perception.imaging.images import RgbImage
from apsa_perception.pose.single_precision import SingleArray

MAX_SIDE_PX = 960
"""Larger pictures are scaled down to this; the model's input has 256x256 pixels."""

_ENLARGEMENT = np.float32(1.25)


class Region(NamedTuple):
    """A rotated rectangle in a picture, a square in its pixels if it is about a person.

    Attributes:
        centre: ``(2,)`` as shares of the picture's width and height.
        size: ``(2,)`` as shares of the picture's width and height.
        rotation: in radians, clockwise as seen in the picture; 0: upright.
    """

    centre: SingleArray
    size: SingleArray
    rotation: float

    def to_picture(self, points: SingleArray) -> SingleArray:
        """Map ``(N, 2)`` positions in the region, 0..1, to shares of the picture.

        A rotated region must be a square in pixels.
        """
        return rotated(points - np.float32(0.5), self.rotation) * self.size + self.centre


class Crop(NamedTuple):
    """A square picture of a region.

    Attributes:
        rgb: ``(size, size, 3)`` uint8.
        padding: ``(2,)`` share of the crop on the left as on the right, and above as below, that is
            outside the region.
    """

    rgb: RgbImage
    padding: SingleArray

    def to_region(self, points: SingleArray) -> SingleArray:
        """Map ``(N, 2)`` positions in the crop, 0..1, to those in the region."""
        return (points - self.padding) / (np.float32(1) - (self.padding + self.padding))


WHOLE_PICTURE = Region(np.full(2, 0.5, np.float32), np.ones(2, np.float32), 0.0)
"""What the detector sees."""


def crop(rgb: RgbImage, region: Region, size: int, *, border: int) -> Crop:
    """Return a region, padded to a square.

    Args:
        rgb: ``(H, W, 3)`` uint8.
        region: what to show.
        size: width and height of the crop in pixels.
        border: what OpenCV puts where the crop exceeds the picture, such as
            ``cv2.BORDER_REPLICATE``.
    """
    picture = np.array((rgb.shape[1], rgb.shape[0]), np.float32)
    centre, sides = region.centre * picture, region.size * picture
    side = sides.max()
    degrees = float(np.float32(region.rotation) * np.float32(180.0)) / math.pi
    corners = cv2.boxPoints((centre.tolist(), (float(side), float(side)), degrees))
    targets = np.array(((0, size), (0, 0), (size, 0), (size, size)), np.float32)
    # warpAffine is no faster, and rounds otherwise than MediaPipe.
    square: RgbImage = cv2.warpPerspective(
        rgb,
        cv2.getPerspectiveTransform(corners, targets),
        (size, size),
        flags=cv2.INTER_LINEAR,
        borderMode=border,
    )
    aspect = sides[1] / sides[0]
    covered = np.array((1.0, aspect) if aspect < 1.0 else (np.float32(1) / aspect, 1.0), np.float32)
    return Crop(square, (np.float32(1) - covered) / np.float32(2))


def region_of(points: SingleArray, picture: tuple[int, int]) -> Region | None:
    """Return the region of a person; None if the two points coincide or are not finite.

    Args:
        points: ``(2, 2)`` shares of the picture: between the hips, and the end of the circle about
            the body, which is above the head of a person who stands upright.
        picture: width and height in pixels.
    """
    size = np.array(picture, np.float32)
    sides = sides_px(points, picture)
    if not 0.0 < sides.min() <= sides.max() < math.inf:
        return None
    (x, y), (top_x, top_y) = points * size
    turn = np.float32(math.pi / 2) - np.arctan2(y - top_y, top_x - x)
    turned = float(turn) - 2 * math.pi * math.floor((float(turn) + math.pi) / (2 * math.pi))
    return Region(
        centre=points[0] * size / size,
        size=sides.max() / size * _ENLARGEMENT,
        rotation=float(np.float32(turned)),
    )


def sides_px(points: SingleArray, picture: tuple[int, int]) -> SingleArray:
    """Return width and height in pixels of the circle about a person, equal but for rounding."""
    size = np.array(picture, np.float32)
    across, down = np.diff(points * size, axis=0)[0]
    return np.float32(2.0) * np.sqrt(across * across + down * down) / size * size


def rotated(points: SingleArray, radians: float) -> SingleArray:
    """Return ``(N, 2)`` points, turned clockwise as seen in a picture."""
    cosine, sine = np.float32(math.cos(radians)), np.float32(math.sin(radians))
    x, y = points[:, 0], points[:, 1]
    return np.column_stack((cosine * x - sine * y, sine * x + cosine * y))


def limit_size(rgb: RgbImage) -> RgbImage:
    """Return the picture, scaled down if it is larger than ``MAX_SIDE_PX``."""
    height, width = rgb.shape[:2]
    scale = MAX_SIDE_PX / max(height, width)
    if scale >= 1:
        return rgb
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small: RgbImage = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    return small
