"""Pictures of cameras whose pixels are not square.

A camera with different focal lengths across and down the picture shows people too wide or too slim,
and a pose model takes them for what it sees. Its picture is resampled so that both focal lengths
are equal.
"""

from dataclasses import replace

import cv2
import numpy as np

from apsa_perception.imaging.images import RgbImage
from apsa_perception.model.skeleton import FloatArray, Skeleton

SQUARE = 0.02
"""Largest relative difference of the focal lengths of square pixels, as calibration has it."""


def with_square_pixels(rgb: RgbImage, intrinsics: FloatArray) -> tuple[RgbImage, FloatArray]:
    """Return a picture and its pinhole matrix, resampled to another height if it must be.

    Args:
        rgb: ``(H, W, 3)`` uint8.
        intrinsics: ``(3, 3)`` usable pinhole matrix in its pixels.
    """
    stretch = intrinsics[0, 0] / intrinsics[1, 1]
    if abs(stretch - 1.0) <= SQUARE:
        return rgb, intrinsics
    height, width = rgb.shape[:2]
    squared = max(1, round(height * stretch))
    method = cv2.INTER_AREA if squared < height else cv2.INTER_LINEAR
    picture: RgbImage = cv2.resize(rgb, (width, squared), interpolation=method)
    return picture, intrinsics * [[1.0], [squared / height], [1.0]]


def in_picture(skeleton: Skeleton, size: tuple[int, int]) -> Skeleton:
    """Return a skeleton with the pixels of a picture of another width and height."""
    if skeleton.image_size == size:
        return skeleton
    scale = np.divide(size, skeleton.image_size)
    return replace(skeleton, pixels=skeleton.pixels * scale, image_size=size)
