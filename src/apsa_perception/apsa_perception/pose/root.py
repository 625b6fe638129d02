"""Position of the pelvis in the camera's frame."""

import numpy as np

from apsa_perception.model.skeleton import BoolArray, FloatArray

MIN_JOINTS = 6
"""Least number of observed joints: three unknowns, two equations per joint."""

FOCAL_RANGE = (1.0, 1e6)
"""Focal lengths of cameras in pixels; zero means that the camera is not calibrated."""

MAX_FOCAL_RATIO = 3.0
"""Largest ratio of the two focal lengths; anamorphic lenses have up to 2."""

MIN_SPREAD_M = 0.2
"""Least extent (standard deviation) of the joints across the view.

The distance is proportional to metres per pixel, so that jitter of a few centimetres over a smaller
extent would cause an error of 20 % and more.
"""


def usable_intrinsics(intrinsics: FloatArray) -> bool:
    """Return whether ``(3, 3)`` is the pinhole matrix of a camera, in pixels."""
    shortest, longest = FOCAL_RANGE
    focal = (intrinsics[0, 0], intrinsics[1, 1])
    return bool(
        np.isfinite(intrinsics).all()
        and np.abs(intrinsics).max() <= longest
        and min(focal) >= shortest
        and max(focal) <= MAX_FOCAL_RATIO * min(focal)
        and intrinsics[2, 2] == 1
    )


def image_points(pixels: FloatArray, intrinsics: FloatArray) -> FloatArray:
    """Normalised image points ``(..., 2)`` of pixels ``(..., 2)``: ``K^-1 (u, v, 1)``."""
    # K is upper triangular; solved directly, because LAPACK calls on 3x3 matrices take milliseconds
    # while other threads keep the cores busy.
    b = (pixels[..., 1] - intrinsics[1, 2]) / intrinsics[1, 1]
    a = (pixels[..., 0] - intrinsics[0, 2] - intrinsics[0, 1] * b) / intrinsics[0, 0]
    return np.stack([a, b], axis=-1)


def locate_root(
    positions: FloatArray, pixels: FloatArray, observed: BoolArray, intrinsics: FloatArray
) -> FloatArray | None:
    """Return the pelvis in the camera's optical frame, or None if it cannot be determined.

    As ``fitted_root``, and the joints must be spread far enough to tell the distance.
    """
    usable = observed & np.isfinite(pixels).all(axis=-1)
    if not usable.any() or np.hypot(*positions[usable, :2].std(axis=0)) < MIN_SPREAD_M:
        return None
    return fitted_root(positions, pixels, observed, intrinsics)


def fitted_root(
    positions: FloatArray, pixels: FloatArray, observed: BoolArray, intrinsics: FloatArray
) -> FloatArray | None:
    """Return the place of the pelvis that fits the pixels best, or None if there is none.

    A joint at ``t + X`` is seen at the normalised image point ``(a, b) = K^-1 (u, v, 1)``, hence
    ``tx - a tz = a Z - X`` and ``ty - b tz = b Z - Y``: linear in ``t``, solved by least squares
    over the observed joints. The distance inherits the error of the body's overall size, about 5 %
    for a monocular model.

    Args:
        positions: ``(20, 3)`` metres, pelvis-relative, optical axes.
        pixels: ``(20, 2)`` pixels.
        observed: ``(20,)`` joints to use.
        intrinsics: ``(3, 3)`` pinhole matrix K in pixels, as in sensor_msgs/CameraInfo.
    """
    if not usable_intrinsics(intrinsics):
        return None
    usable = observed & np.isfinite(pixels).all(axis=-1)
    joints = positions[usable]
    if len(joints) < MIN_JOINTS:
        return None
    rays = image_points(pixels[usable], intrinsics)
    matrix = np.zeros((len(joints), 2, 3))
    matrix[:, 0, 0] = matrix[:, 1, 1] = 1.0
    matrix[:, :, 2] = -rays
    target = rays * joints[:, 2:] - joints[:, :2]
    solution = np.linalg.lstsq(matrix.reshape(-1, 3), target.ravel(), rcond=None)[0]
    root = solution.astype(np.float64)
    nearest = root[2] + joints[:, 2].min()
    return root if nearest > 0 else None
