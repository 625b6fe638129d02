"""Geometry shared by the measures of legs, trunk and arms: sides, angles, slopes.

Angles are in degrees; NaN if joints coincide.
"""

import math
from collections.abc import Callable

import numpy as np

from apsa_perception.biomechanics.posture import Posture
from apsa_perception.model.codes import Side
from apsa_perception.model.joints import Joint, mirror_joint
from apsa_perception.model.skeleton import FloatArray

NAN = float("nan")
MIN_LENGTH = 1e-6

Directions = Callable[[Posture, Side], tuple[FloatArray, FloatArray]]
"""Two directions in space that enclose an angle."""


def of_side(joint: Joint, side: Side) -> Joint:
    """Return the joint of the side for a joint named for the left."""
    return mirror_joint(joint) if side is Side.RIGHT else joint


def angle_deg(first: FloatArray, second: FloatArray) -> float:
    """Angle between two vectors, 0..180."""
    product = math.sqrt(float(first @ first) * float(second @ second))
    if not product > MIN_LENGTH**2:  # false for NaN, too
        return NAN
    return math.degrees(math.acos(min(1.0, max(-1.0, float(first @ second) / product))))


def wrapped_deg(angle: float) -> float:
    """Return the same angle within -180..180."""
    return math.remainder(angle, 360.0)


def projected_share(posture: Posture, start: Joint, end: Joint) -> float:
    """Length of a segment in the picture relative to its length in space.

    About 1 for a segment parallel to the image plane, 0 for one that points to the camera.
    """
    length = float(np.linalg.norm(posture.positions[end] - posture.positions[start]))
    if length < MIN_LENGTH:
        return NAN
    projected = float(np.hypot(*(posture.plane[end] - posture.plane[start])))
    return projected / (posture.plane_scale * length)


def limb(end: Joint, vertex: Joint, other: Joint) -> Directions:
    """Return the directions from the vertex to both ends, joints named for the left side."""

    def directions(posture: Posture, side: Side) -> tuple[FloatArray, FloatArray]:
        positions = posture.positions
        centre = positions[of_side(vertex, side)]
        return positions[of_side(end, side)] - centre, positions[of_side(other, side)] - centre

    return directions


def between(directions: Directions) -> Callable[[Posture, Side], float]:
    """Return the function of the angle between two directions, 0..180."""
    return lambda posture, side: angle_deg(*directions(posture, side))


def outward(posture: Posture, side: Side) -> float:
    """+1 if the side's outward direction is to the right of the picture, else -1."""
    left = posture.plane[Joint.LEFT_HIP, 0] - posture.plane[Joint.RIGHT_HIP, 0]
    return math.copysign(1.0, left) * (-1.0 if side is Side.RIGHT else 1.0)


def tilt_deg(direction: FloatArray, plane_up: FloatArray) -> float:
    """Signed angle of a direction in the picture from up; positive to the right."""
    across = float(direction[1] * plane_up[0] - direction[0] * plane_up[1])
    along = float(direction @ plane_up)
    if math.hypot(across, along) < MIN_LENGTH:
        return NAN
    return math.degrees(math.atan2(across, along))


def rise_deg(posture: Posture, left: Joint, right: Joint, side: Side) -> float:
    """Slope of a line between both sides; positive if that side is higher."""
    line = posture.plane[of_side(left, side)] - posture.plane[of_side(right, side)]
    height = float(line @ posture.plane_up)
    width = float(np.hypot(*line)) ** 2 - height**2
    if width <= 0.0:
        return NAN
    return math.degrees(math.atan2(height, math.sqrt(width)))
