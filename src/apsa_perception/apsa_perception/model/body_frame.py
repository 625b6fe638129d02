"""The body frame: origin pelvis, x forward, y left, z up; one facing direction per window."""

import numpy as np
import numpy.typing as npt

from apsa_perception.model.joints import MIRROR_INDEX, Joint
from apsa_perception.model.skeleton import FloatArray

_MIN_WIDTH_M = 1e-3
_MIRROR_SIGN = np.array([1.0, -1.0, 1.0])


def facing(positions: FloatArray, up: FloatArray) -> FloatArray:
    """Return the horizontal unit vector that the person faces during the window.

    The median of the left-right lines of shoulders and hips over all frames is robust to a few
    frames with swapped sides.

    Args:
        positions: ``(T, 20, 3)`` metres, any frame; frames that are not finite are left out.
        up: ``(3,)`` unit vector of world up in the same frame.
    """
    shoulders = positions[:, Joint.LEFT_SHOULDER] - positions[:, Joint.RIGHT_SHOULDER]
    hips = positions[:, Joint.LEFT_HIP] - positions[:, Joint.RIGHT_HIP]
    left = _unit(shoulders) + _unit(hips)
    left = left - (left @ up)[:, None] * up
    usable = np.isfinite(left).all(axis=1)
    width = np.linalg.norm(left, axis=1)
    usable &= np.where(usable, width, 0.0) > _MIN_WIDTH_M
    if not usable.any():
        raise ValueError("the facing direction is undefined: shoulders and hips have no width")
    median = np.median(left[usable] / width[usable, None], axis=0)
    norm = float(np.linalg.norm(median))
    if norm < _MIN_WIDTH_M:
        raise ValueError("the facing direction is undefined: left and right cancel out")
    forward: FloatArray = np.cross(median / norm, up)
    return forward / np.linalg.norm(forward)


def to_body_frame(positions: FloatArray, up: FloatArray) -> FloatArray:
    """Express a window in the body frame.

    Args:
        positions: ``(T, 20, 3)`` metres in camera optical axes (or any right-handed frame).
        up: ``(3,)`` world up in the same axes; need not have unit length.

    Returns:
        ``(T, 20, 3)`` metres, pelvis at the origin in every frame.
    """
    up = np.asarray(up, dtype=np.float64)
    up = up / np.linalg.norm(up)
    forward = facing(positions, up)
    axes = np.stack([forward, np.cross(up, forward), up])
    relative = positions - positions[:, Joint.PELVIS : Joint.PELVIS + 1]
    body: FloatArray = relative @ axes.T
    return body


def mirror_body(positions: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """Swap left and right of ``(..., 20, 3)`` body-frame positions."""
    return positions[..., MIRROR_INDEX, :] * _MIRROR_SIGN.astype(positions.dtype)


def _unit(vectors: FloatArray) -> FloatArray:
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return vectors / np.maximum(length, _MIN_WIDTH_M)
