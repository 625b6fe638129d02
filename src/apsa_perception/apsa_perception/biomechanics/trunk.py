"""Measures of the trunk."""

import math

from apsa_perception.biomechanics.geometry import (
    NAN,
    outward,
    outward_deg,
    rise_deg,
    tilt_deg,
    wrapped_deg,
)
from apsa_perception.biomechanics.measure import (
    FRONTAL,
    NOT_FRONTAL,
    NOT_SIDE,
    Measure,
    angle_in_space,
)
from apsa_perception.biomechanics.posture import Posture
from apsa_perception.biomechanics.vectors import (
    Vector,
    cross,
    dot,
    minus,
    minus_2d,
    without_part_along,
)
from apsa_perception.biomechanics.view import ALL_VIEWS
from apsa_perception.model.codes import Side
from apsa_perception.model.joints import Joint

_TRUNK = (Joint.PELVIS, Joint.NECK)
_LEFT_WHEN_FACING_CAMERA = (1.0, 0.0, 0.0)


def _trunk_and_up(posture: Posture, side: Side) -> tuple[Vector, Vector]:
    return posture.trunk, posture.upward


def trunk_lean_forward(posture: Posture, side: Side) -> float:
    if posture.body_view is None:
        return NAN
    trunk = posture.trunk
    return math.degrees(
        math.atan2(dot(trunk, posture.body_view.forward), dot(trunk, posture.upward))
    )


def trunk_lean_lateral(posture: Posture, side: Side) -> float:
    """Taken in the picture: from an angle, a lean forwards would look like one to a side."""
    return _lean_in_picture(posture, Side.LEFT)


def _lean_in_picture(posture: Posture, side: Side) -> float:
    trunk = minus_2d(posture.places[Joint.NECK], posture.places[Joint.PELVIS])
    return tilt_deg(trunk, posture.plane_up) * outward(posture, side)


def side_bend(posture: Posture, side: Side) -> float:
    """Lean of the trunk to that side in the frontal plane, in space."""
    return outward_deg(posture, posture.trunk, posture.upward, side)


def trunk_rotation(posture: Posture, side: Side) -> float:
    """Rotation of the shoulder line to that side relative to the hip line, about up."""
    points = posture.points
    shoulders = minus(points[Joint.LEFT_SHOULDER], points[Joint.RIGHT_SHOULDER])
    hips = minus(points[Joint.LEFT_HIP], points[Joint.RIGHT_HIP])
    return _turn(hips, shoulders, posture.upward) * (-1.0 if side is Side.RIGHT else 1.0)


def shoulder_turn(posture: Posture, side: Side) -> float:
    """Rotation of the shoulder line to that side out of the image plane, about up.

    One visible shoulder is enough, because the body occludes the rear one. NaN for a person who
    faces away.
    """
    if not (posture.visible[Joint.LEFT_SHOULDER] or posture.visible[Joint.RIGHT_SHOULDER]):
        return NAN
    shoulders = minus(posture.points[Joint.LEFT_SHOULDER], posture.points[Joint.RIGHT_SHOULDER])
    turn = _turn(_LEFT_WHEN_FACING_CAMERA, shoulders, posture.upward)
    if abs(turn) > 90.0:
        return NAN
    return turn * (-1.0 if side is Side.RIGHT else 1.0)


def _turn(of: Vector, to: Vector, up: Vector) -> float:
    """Signed angle between two directions about up, positive to the left."""
    of = without_part_along(of, up)
    to = without_part_along(to, up)
    return math.degrees(math.atan2(dot(cross(of, to), up), dot(of, to)))


def shoulder_hike(posture: Posture, side: Side) -> float:
    """Slope of the shoulder line in the frontal plane minus the lean of the trunk."""
    slope = rise_deg(posture, Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER, side)
    return wrapped_deg(slope + _lean_in_picture(posture, side))


TRUNK = (
    Measure(
        "trunk_lean_forward",
        "deg",
        "Angle in the sagittal plane between the line pelvis-neck and up; positive forwards.",
        _TRUNK,
        False,
        NOT_FRONTAL,
        7.0,
        trunk_lean_forward,
    ),
    Measure(
        "trunk_lean_lateral",
        "deg",
        "Angle in the frontal plane between the line pelvis-neck and up; positive to the left "
        "(Dingenen et al., Phys Ther Sport 2014).",
        (*_TRUNK, Joint.LEFT_HIP, Joint.RIGHT_HIP),
        False,
        FRONTAL,
        5.0,
        trunk_lean_lateral,
        lines=(_TRUNK,),
    ),
    Measure(
        "side_bend",
        "deg",
        "Lean of the line pelvis-neck to that side in the frontal plane (Dingenen et al., Phys "
        "Ther Sport 2014, by side).",
        (*_TRUNK, Joint.LEFT_HIP, Joint.RIGHT_HIP),
        True,
        NOT_SIDE,
        5.0,
        side_bend,
        lines=(_TRUNK,),
    ),
    angle_in_space(
        "trunk_flexion",
        "Angle in space between the line pelvis-neck and up, in any direction (own definition).",
        _TRUNK,
        _trunk_and_up,
        sided=False,
    ),
    Measure(
        "trunk_rotation",
        "deg",
        "Rotation of the shoulder line relative to the hip line about up; positive to that side "
        "(own definition).",
        (Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER, Joint.LEFT_HIP, Joint.RIGHT_HIP),
        True,
        ALL_VIEWS,
        12.0,
        trunk_rotation,
    ),
    Measure(
        "shoulder_turn",
        "deg",
        "Rotation of the shoulders out of the image plane about up, trunk and pelvis together, for "
        "a person whose feet point to the camera; positive to that side (own definition).",
        (Joint.NECK,),
        True,
        ALL_VIEWS,
        12.0,
        shoulder_turn,
    ),
    Measure(
        "shoulder_hike",
        "deg",
        "Slope of the shoulder line in the frontal plane minus the lean of the trunk; positive if "
        "that side is raised (own definition).",
        (*_TRUNK, Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER, Joint.LEFT_HIP, Joint.RIGHT_HIP),
        True,
        FRONTAL,
        5.0,
        shoulder_hike,
        lines=(_TRUNK,),
    ),
)
