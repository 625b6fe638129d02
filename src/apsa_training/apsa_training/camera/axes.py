"""The laboratory's axes and the camera's.

Laboratory: x where the person faces, y to their left, z up, metres (REP-103). Recorded skeletons
and those of the pose estimation are in optical axes (x right, y down, z away) of a level camera
that the person faces.
"""

import numpy as np

from apsa_perception.model.skeleton import FloatArray


def to_laboratory(optical: FloatArray) -> FloatArray:
    """Turn ``(..., 3)`` optical coordinates into laboratory ones."""
    return np.stack([-optical[..., 2], optical[..., 0], -optical[..., 1]], axis=-1)


def to_optical(laboratory: FloatArray) -> FloatArray:
    """Turn ``(..., 3)`` laboratory coordinates into optical ones."""
    return np.stack([laboratory[..., 1], -laboratory[..., 2], -laboratory[..., 0]], axis=-1)


def unit(vectors: FloatArray) -> FloatArray:
    """Vectors ``(..., 3)`` at length 1; a zero vector stays zero."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return vectors / np.maximum(length, 1e-9)


def frames(primary: FloatArray, secondary: FloatArray) -> FloatArray:
    """Rotation matrices ``(..., 3, 3)`` from two directions ``(..., 3)``.

    The first column is ``primary``, the second is ``secondary`` made orthogonal to it.
    """
    first = unit(primary)
    second = unit(secondary - (secondary * first).sum(axis=-1, keepdims=True) * first)
    return np.stack([first, second, np.cross(first, second)], axis=-1)


def shortest_rotation(start: FloatArray, end: FloatArray) -> FloatArray:
    """Rotation matrices ``(..., 3, 3)`` about the axis normal to both directions ``(..., 3)``."""
    start, end = unit(start), unit(end)
    middle = unit(start + end)
    # Two reflections: first in the plane normal to `start`, then in the one normal to `middle`.
    identity = np.eye(3)
    first = identity - 2.0 * start[..., :, None] * start[..., None, :]
    second = identity - 2.0 * middle[..., :, None] * middle[..., None, :]
    return np.asarray(second @ first)
