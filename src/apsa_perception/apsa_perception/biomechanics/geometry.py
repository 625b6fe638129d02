"""What the measures of legs, trunk and arms have in common: sides, angles, slopes.

Angles are in degrees; NaN where joints coincide.
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
# The sine of ten degrees, which is what an angle in space is off by.
_LEAST_BENT = 0.17

Directions = Callable[[Posture, Side], tuple[FloatArray, FloatArray]]
"""The two directions in space between which an angle is taken."""


def of_side(joint: Joint, side: Side) -> Joint:
    """Return the left joint itself, or its twin for the right side."""
    return mirror_joint(joint) if side is Side.RIGHT else joint


def angle_deg(first: FloatArray, second: FloatArray) -> float:
    """Angle between two vectors, 0..180."""
    product = math.sqrt(float(first @ first) * float(second @ second))
    if not product > MIN_LENGTH**2:  # also where a place is NaN
        return NAN
    return math.degrees(math.acos(min(1.0, max(-1.0, float(first @ second) / product))))


def limb(end: Joint, vertex: Joint, other: Joint) -> Directions:
    """Directions from the vertex to both ends, named for the left side."""

    def directions(posture: Posture, side: Side) -> tuple[FloatArray, FloatArray]:
        positions = posture.positions
        centre = positions[of_side(vertex, side)]
        return positions[of_side(end, side)] - centre, positions[of_side(other, side)] - centre

    return directions


def between(directions: Directions) -> Callable[[Posture, Side], float]:
    """The angle between two directions, 0..180."""
    return lambda posture, side: angle_deg(*directions(posture, side))


def turned_out_of_picture(first: FloatArray, second: FloatArray) -> float:
    """Share 0..1 by which the plane of two directions is turned out of the picture.

    The squared sine of the angle between the plane and the picture: 0 where the plane is the
    picture's, 1 where it is seen edge-on. Directions that nearly fall into one have no plane; any
    error bends them, and that of depth most: 1.
    """
    lengths = float(first @ first) * float(second @ second)
    normal = lengths - float(first @ second) ** 2
    if not normal > _LEAST_BENT**2 * lengths:
        return 1.0
    along_view = float(first[0] * second[1] - first[1] * second[0])
    return max(0.0, 1.0 - along_view**2 / normal)


def outward(posture: Posture, side: Side) -> float:
    """+1 where the side's outward direction is to the right of the picture, else -1."""
    left = posture.plane[Joint.LEFT_HIP, 0] - posture.plane[Joint.RIGHT_HIP, 0]
    return math.copysign(1.0, left) * (-1.0 if side is Side.RIGHT else 1.0)


def tilt_deg(direction: FloatArray, plane_up: FloatArray) -> float:
    """Signed angle of a picture direction from up, positive to the right of the picture."""
    across = float(direction[1] * plane_up[0] - direction[0] * plane_up[1])
    along = float(direction @ plane_up)
    if math.hypot(across, along) < MIN_LENGTH:
        return NAN
    return math.degrees(math.atan2(across, along))


def rise_deg(posture: Posture, left: Joint, right: Joint, side: Side) -> float:
    """Slope of a line of both sides, positive where that side is higher."""
    line = posture.plane[of_side(left, side)] - posture.plane[of_side(right, side)]
    height = float(line @ posture.plane_up)
    width = float(np.hypot(*line)) ** 2 - height**2
    if width <= 0.0:
        return NAN
    return math.degrees(math.atan2(height, math.sqrt(width)))
