"""What a person wears, as colour histograms: to know them again after they were out of view."""

from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from apsa_perception.imaging.images import RgbImage
from apsa_perception.model.joints import Joint
from apsa_perception.model.skeleton import CanonicalPose, FloatArray

_GRID = np.linspace(-1.0, 1.0, 16)
_TRUNK_SHARE = (0.1, 0.9)
"""Part of the line from neck to pelvis that shows neither skin of the neck nor the belt."""

_THIGH_SHARE = (0.15, 0.75)
_LEAST_HALF_WIDTH = 0.12
"""Of the trunk's length: a person seen from the side is as thin as that."""

_THIGH_HALF_WIDTH = 0.1
_LEAST_PIXELS = 8.0
"""Shortest trunk of which colours are taken."""

_COLOUR_BINS, _COLOUR_RANGE = 12, (80.0, 176.0)
"""Of a and b of Lab as OpenCV scales them, 128 is grey; cloth hardly exceeds the range."""

_LIGHT_BINS = 8
_LIGHT_WEIGHT = 0.4
"""Share of lightness in the similarity: it changes with the place in the room, hue does not."""


class Appearance(NamedTuple):
    """Histograms that sum to 1: upper and lower clothes, of which the lower may be unknown.

    Attributes:
        upper: ``(152,)`` colour and lightness of the trunk.
        lower: the same of the thighs, or None if they are not seen.
    """

    upper: FloatArray
    lower: FloatArray | None

    def similarity(self, other: "Appearance") -> float:
        """Return how alike two people are dressed, 0..1: the Bhattacharyya coefficient."""
        upper = _similarity(self.upper, other.upper)
        if self.lower is None or other.lower is None:
            return upper
        return (upper + _similarity(self.lower, other.lower)) / 2.0

    def blended(self, new: "Appearance", weight: float) -> "Appearance":
        """Return the mean of both, the new one with this weight."""
        upper = (1.0 - weight) * self.upper + weight * new.upper
        if self.lower is None or new.lower is None:
            return Appearance(upper, self.lower if new.lower is None else new.lower)
        return Appearance(upper, (1.0 - weight) * self.lower + weight * new.lower)


def appearance_of(rgb: RgbImage, pose: CanonicalPose) -> Appearance | None:
    """Return what the person wears; None if the trunk is outside the picture or too small.

    Args:
        rgb: ``(H, W, 3)`` uint8.
        pose: the person, with pixels of this picture.
    """
    pixels = pose.pixels
    neck, pelvis = pixels[Joint.NECK], pixels[Joint.PELVIS]
    length = float(np.hypot(*(pelvis - neck)))
    if not length >= _LEAST_PIXELS:
        return None
    shoulders = pixels[[Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER]]
    width = max(float(np.hypot(*(shoulders[0] - shoulders[1]))) * 0.35, _LEAST_HALF_WIDTH * length)
    upper = _histogram(rgb, _strip(neck, pelvis, _TRUNK_SHARE, width))
    if upper is None:
        return None
    thighs = [
        _strip(pixels[hip], pixels[knee], _THIGH_SHARE, _THIGH_HALF_WIDTH * length)
        for hip, knee in ((Joint.LEFT_HIP, Joint.LEFT_KNEE), (Joint.RIGHT_HIP, Joint.RIGHT_KNEE))
        if pose.observed[[hip, knee]].all()
    ]
    return Appearance(upper, _histogram(rgb, np.concatenate(thighs)) if thighs else None)


def _strip(
    start: FloatArray, end: FloatArray, share: tuple[float, float], half_width: float
) -> FloatArray:
    """Points about a line, ``(256, 2)`` pixels."""
    along = end - start
    across = np.array((-along[1], along[0])) / max(float(np.hypot(*along)), 1e-9) * half_width
    low, high = share
    parts = low + (high - low) * (_GRID + 1.0) / 2.0
    points: FloatArray = start + parts[:, None, None] * along + _GRID[None, :, None] * across
    return points.reshape(-1, 2)


def _histogram(rgb: RgbImage, points: FloatArray) -> FloatArray | None:
    """Colours and lightness at the points within the picture; None if less than half are."""
    size = np.array((rgb.shape[1], rgb.shape[0]))
    inside = points[((points >= 0.0) & (points < size)).all(axis=1)].astype(np.int64)
    if len(inside) * 2 < len(points):
        return None
    lab = cv2.cvtColor(rgb[inside[:, 1], inside[:, 0]][:, None], cv2.COLOR_RGB2LAB)[:, 0]
    low, high = _COLOUR_RANGE
    shades = ((lab[:, 1:] - low) * (_COLOUR_BINS / (high - low))).astype(np.int64)
    column, row = shades.clip(0, _COLOUR_BINS - 1).T
    colours = np.bincount(row * _COLOUR_BINS + column, minlength=_COLOUR_BINS**2)
    # Blurred: a shade at the border of two cells is in both.
    soft = cv2.blur(colours.reshape(_COLOUR_BINS, -1).astype(np.float64), (3, 3))
    lights = np.bincount(lab[:, 0].astype(np.int64) * _LIGHT_BINS // 256, minlength=_LIGHT_BINS)
    blurred = cv2.blur(lights[None].astype(np.float64), (3, 1))[0]
    parts = ((1.0 - _LIGHT_WEIGHT, soft.ravel()), (_LIGHT_WEIGHT, blurred))
    return np.concatenate([weight * part / part.sum() for weight, part in parts])


def _similarity(a: npt.NDArray[np.float64], b: npt.NDArray[np.float64]) -> float:
    return float(np.sqrt(a * b).sum())
