"""Drawing of skeletons on a picture."""

from collections.abc import Sequence

import cv2
import numpy as np

from apsa_perception.imaging.images import RgbImage
from apsa_perception.model.joints import LEFT_JOINTS, PARENTS, RIGHT_JOINTS, Joint
from apsa_perception.model.skeleton import FloatArray, Skeleton

# Colours of Okabe and Ito, distinguishable with any type of colour vision.
_LEFT = (86, 180, 233)
_RIGHT = (230, 159, 0)
_MIDDLE = (240, 240, 240)
_SHADOW = (20, 20, 20)

_INFERRED_OPACITY = 0.35
_FIXED_POINT = 4  # fractional bits of OpenCV's drawing coordinates
_LIMIT_PX = 20_000  # keeps inferred joints far outside within OpenCV's integer range


def draw_skeletons(rgb: RgbImage, skeletons: Sequence[Skeleton]) -> RgbImage:
    """Return a copy of the picture with the skeletons drawn on it.

    Observed joints are filled and their bones solid; inferred ones are hollow and faint. Left is
    blue, right is orange, each the person's own.

    Args:
        rgb: ``(H, W, 3)`` uint8.
        skeletons: people with pixels in this picture; joints without pixels are left out.
    """
    picture = rgb.copy()
    faint = rgb.copy()
    for skeleton in skeletons:
        _draw(faint, skeleton, observed=False)
    cv2.addWeighted(faint, _INFERRED_OPACITY, picture, 1 - _INFERRED_OPACITY, 0, dst=picture)
    for skeleton in skeletons:
        _draw(picture, skeleton, observed=True)
    return picture


def _draw(picture: RgbImage, skeleton: Skeleton, observed: bool) -> None:
    width = _line_width(picture)
    drawable = np.asarray(np.isfinite(skeleton.pixels).all(axis=1))
    for margin in (width, 0):  # shadow first, for contrast on any background
        for joint, parent in PARENTS.items():
            solid = bool(skeleton.observed[joint] and skeleton.observed[parent])
            if solid == observed and drawable[joint] and drawable[parent]:
                colour = _colour(joint) if margin == 0 else _SHADOW
                ends = _fixed(skeleton.pixels[joint]), _fixed(skeleton.pixels[parent])
                cv2.line(picture, *ends, colour, width + margin, cv2.LINE_AA, _FIXED_POINT)
    radius = (width + 2) << _FIXED_POINT
    rim = max(1, width // 2)
    for joint in Joint:
        if skeleton.observed[joint] == observed and drawable[joint]:
            centre = _fixed(skeleton.pixels[joint])
            inner, outer = (_colour(joint), _SHADOW)[:: 1 if observed else -1]
            cv2.circle(picture, centre, radius, inner, cv2.FILLED, cv2.LINE_AA, _FIXED_POINT)
            cv2.circle(picture, centre, radius, outer, rim, cv2.LINE_AA, _FIXED_POINT)


def _colour(joint: Joint) -> tuple[int, int, int]:
    if joint in LEFT_JOINTS:
        return _LEFT
    return _RIGHT if joint in RIGHT_JOINTS else _MIDDLE


def _line_width(picture: RgbImage) -> int:
    return max(2, round(min(picture.shape[:2]) / 150))


def _fixed(pixel: FloatArray) -> tuple[int, int]:
    scaled = np.clip(pixel, -_LIMIT_PX, _LIMIT_PX) * (1 << _FIXED_POINT)
    x, y = scaled.round().astype(int).tolist()
    return x, y
