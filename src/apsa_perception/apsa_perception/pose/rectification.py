"""Pictures without the distortion of their lens.

A wide-angle lens bends limbs near the edges of its picture, and a pose model takes them for what it
sees. Such a picture is resampled to what a pinhole camera with square pixels would show.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from apsa_perception.imaging.images import RgbImage
from apsa_perception.model.skeleton import FloatArray, Skeleton
from apsa_perception.pose.distortion import Distortion
from apsa_perception.pose.region import MAX_SIDE_PX, limit_size
from apsa_perception.pose.root import image_points

NEGLIGIBLE = 0.01
"""Displacement, as share of the distance from the principal point, that is left in a picture.

Radial distortion grows with the cube of the distance, so that at this limit the proportions of a
limb are off by 2 %, as much as those of pixels that count as square.
"""

_SAMPLES = 201
"""Rays across a view."""


@dataclass(frozen=True)
class Rectification:
    """How pictures of one size from one camera are resampled.

    Attributes:
        given: ``(3, 3)`` pinhole matrix in pixels of the given pictures.
        given_size: their width and height.
        distortion: of the lens.
        matrix: ``(3, 3)`` pinhole matrix in pixels of the rectified pictures.
        places: where their pixels come from in the given picture of limited size, for
            ``cv2.remap``.
    """

    given: FloatArray
    given_size: tuple[int, int]
    distortion: Distortion
    matrix: FloatArray
    places: tuple[npt.NDArray[np.int16], npt.NDArray[np.uint16]]

    def rectified(self, rgb: RgbImage) -> RgbImage:
        """Return a picture without distortion; black where the given one shows nothing."""
        picture: RgbImage = cv2.remap(limit_size(rgb), *self.places, cv2.INTER_LINEAR)
        return picture

    def in_given(self, skeleton: Skeleton) -> Skeleton:
        """Return a skeleton with the pixels of the given picture."""
        rays = image_points(skeleton.pixels, self.matrix)
        pixels = _pixels(rays, self.given, self.distortion)
        return replace(skeleton, pixels=pixels, image_size=self.given_size)


def rectification_of(
    size: tuple[int, int], intrinsics: FloatArray, distortion: Distortion
) -> Rectification | None:
    """Return how to resample pictures; None if they stay as they are.

    That is so if their distortion is negligible, or if they show nothing within its reach.

    The rectified picture shows what the middle half of each edge shows, at most 60 degrees off the
    optical axis. Its centre is as large as in the given picture, unless the model would scale it
    down anyway.

    Args:
        size: width and height of the given pictures.
        intrinsics: ``(3, 3)`` usable pinhole matrix in their pixels.
        distortion: of the lens.
    """
    return _rectification(size, tuple(intrinsics.ravel().tolist()), distortion)


@lru_cache(maxsize=4)
def _rectification(
    size: tuple[int, int], values: tuple[float, ...], distortion: Distortion
) -> Rectification | None:
    given = np.reshape(values, (3, 3))
    rays, places = _rays_inside(size, given, distortion)
    if not len(rays):  # the picture shows nothing within reach
        return None
    displaced = np.linalg.norm(distortion.shown(rays) - rays, axis=1)
    if not (displaced > NEGLIGIBLE * np.linalg.norm(rays, axis=1)).any():
        return None
    middle = np.abs(places - 0.5) <= 0.25
    across, down = rays[middle[:, 1], 0], rays[middle[:, 0], 1]
    if not len(across) or not len(down):
        return None
    wide, high = float(np.ptp(across)), float(np.ptp(down))
    focal = min(given[0, 0], MAX_SIDE_PX / max(wide, high))
    width, height = max(1, round(focal * wide)), max(1, round(focal * high))
    left, upper = -focal * across.min(), -focal * down.min()
    matrix = np.array([[focal, 0.0, left], [0.0, focal, upper], [0.0, 0.0, 1.0]])
    maps = _maps(given * _shrunk(size), distortion, matrix, (width, height))
    return Rectification(given, size, distortion, matrix, maps)


def _rays_inside(
    size: tuple[int, int], given: FloatArray, distortion: Distortion
) -> tuple[FloatArray, FloatArray]:
    """Rays ``(N, 2)`` that a picture shows, and where, as shares of its width and height."""
    low, high = np.full(2, -distortion.reach), np.full(2, distortion.reach)
    for _ in range(2):  # the second time as close together as the picture is small
        steps = np.linspace(low, high, _SAMPLES)
        rays = np.stack(np.meshgrid(*steps.T), axis=-1).reshape(-1, 2)
        rays = rays[np.hypot(*rays.T) <= distortion.reach]
        places = _pixels(rays, given, distortion) / size
        inside = ((places >= 0.0) & (places <= 1.0)).all(axis=1)
        rays, places = rays[inside], places[inside]
        if not len(rays):
            break
        apart = (high - low) / (_SAMPLES - 1)
        low, high = rays.min(axis=0) - apart, rays.max(axis=0) + apart
    return rays, places


def _shrunk(size: tuple[int, int]) -> FloatArray:
    """What the rows of a pinhole matrix are multiplied by for a picture of limited size."""
    share = min(1.0, MAX_SIDE_PX / max(size))
    return np.array([[share], [share], [1.0]])


def _maps(
    given: FloatArray, distortion: Distortion, matrix: FloatArray, size: tuple[int, int]
) -> tuple[npt.NDArray[np.int16], npt.NDArray[np.uint16]]:
    """Where the pixels of a rectified picture come from; out of reach: outside of every picture."""
    library = cv2.fisheye if distortion.model == "equidistant" else cv2
    coefficients, unit = np.array(distortion.coefficients), np.eye(3)
    across, down = library.initUndistortRectifyMap(
        given, coefficients, unit, matrix, size, cv2.CV_32FC1
    )
    x, y = ((np.arange(size[i]) - matrix[i, 2]) / matrix[i, i] for i in (0, 1))
    across[np.hypot(x, y[:, None]) > distortion.reach] = -2.0
    return cv2.convertMaps(across, down, cv2.CV_16SC2)


def _pixels(rays: FloatArray, intrinsics: FloatArray, distortion: Distortion) -> FloatArray:
    """Pixels ``(N, 2)`` of rays ``(N, 2)``; those out of reach continue in their direction."""
    shares = np.minimum(1.0, distortion.reach / np.maximum(np.hypot(*rays.T), 1e-9))
    near = rays * shares[:, None]
    shown = distortion.shown(near) + (rays - near)
    return shown @ intrinsics[:2, :2].T + intrinsics[:2, 2]
