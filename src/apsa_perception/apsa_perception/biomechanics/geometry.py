"""Geometry shared by the measures of legs, trunk and arms: sides, angles, slopes.

Angles are in degrees; NaN if joints coincide.
"""

import math
from collections.abc import Callable

from apsa_perception.biomechanics.posture import Posture
from apsa_perception.biomechanics.vectors import Vector, dot, length, minus
from apsa_perception.model.codes import Side
from apsa_perception.model.joints import MIRROR, Joint

NAN = float("nan")
MIN_LENGTH = 1e-6

Directions = Callable[[Posture, Side], tuple[Vector, Vector]]
"""Two directions in space that enclose an angle."""


def of_side(joint: Joint, side: Side) -> Joint:
    """Return the joint of the side for a joint named for the left."""
    return MIRROR[joint] if side is Side.RIGHT else joint


def angle_deg(first: Vector, second: Vector) -> float:
    """Angle between two vectors in space, 0..180."""
    product = math.sqrt(dot(first, first) * dot(second, second))
    if not product > MIN_LENGTH**2:  # false for NaN, too
        return NAN
    return math.degrees(math.acos(min(1.0, max(-1.0, dot(first, second) / product))))


def angle_in_plane_deg(first: Vector, second: Vector) -> float:
    """Angle between two vectors in a plane, 0..180."""
    return angle_deg((*first, 0.0), (*second, 0.0))


def wrapped_deg(angle: float) -> float:
    """Return the same angle within -180..180."""
    return math.remainder(angle, 360.0)


def projected_share(posture: Posture, start: Joint, end: Joint) -> float:
    """Length of a segment in the picture relative to its length in space.

    About 1 for a segment parallel to the image plane, 0 for one that points to the camera.
    """
    space = length(minus(posture.points[end], posture.points[start]))
    if space < MIN_LENGTH:
        return NAN
    (x, y), (from_x, from_y) = posture.places[end], posture.places[start]
    return math.hypot(x - from_x, y - from_y) / (posture.plane_scale * space)


def limb(end: Joint, vertex: Joint, other: Joint) -> Directions:
    """Return the directions from the vertex to both ends, joints named for the left side."""
    by_side = [tuple(of_side(joint, side) for joint in (end, vertex, other)) for side in Side]

    def directions(posture: Posture, side: Side) -> tuple[Vector, Vector]:
        points = posture.points
        first, centre, second = by_side[side]
        return minus(points[first], points[centre]), minus(points[second], points[centre])

    return directions


def between(directions: Directions) -> Callable[[Posture, Side], float]:
    """Return the function of the angle between two directions, 0..180."""
    return lambda posture, side: angle_deg(*directions(posture, side))


def outward(posture: Posture, side: Side) -> float:
    """+1 if the side's outward direction is to the right of the picture, else -1."""
    left = posture.places[Joint.LEFT_HIP][0] - posture.places[Joint.RIGHT_HIP][0]
    return math.copysign(1.0, left) * (-1.0 if side is Side.RIGHT else 1.0)


def tilt_deg(direction: Vector, plane_up: Vector) -> float:
    """Signed angle of a direction in the picture from up; positive to the right."""
    across = direction[1] * plane_up[0] - direction[0] * plane_up[1]
    along = direction[0] * plane_up[0] + direction[1] * plane_up[1]
    if math.hypot(across, along) < MIN_LENGTH:
        return NAN
    return math.degrees(math.atan2(across, along))


def outward_deg(posture: Posture, direction: Vector, along: Vector, side: Side) -> float:
    """Angle in the body's frontal plane, in space, by which a direction points to that side.

    Args:
        posture: the posture.
        direction: of a segment.
        along: direction of 0 degrees, up or down.
        side: the side.
    """
    if posture.body_view is None:
        return NAN
    across = dot(direction, posture.body_view.left) * (-1.0 if side is Side.RIGHT else 1.0)
    along_it = dot(direction, along)
    if math.hypot(across, along_it) < MIN_LENGTH:
        return NAN
    return math.degrees(math.atan2(across, along_it))


def rise_deg(posture: Posture, left: Joint, right: Joint, side: Side) -> float:
    """Slope of a line between both sides; positive if that side is higher."""
    (x, y), (from_x, from_y) = (
        posture.places[of_side(left, side)],
        posture.places[of_side(right, side)],
    )
    across, down = x - from_x, y - from_y
    height = across * posture.plane_up[0] + down * posture.plane_up[1]
    width = math.hypot(across, down) ** 2 - height**2
    if not width > 0.0:
        return NAN
    return math.degrees(math.atan2(height, math.sqrt(width)))
