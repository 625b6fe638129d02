"""Measures of the arms."""

import math

from apsa_perception.biomechanics.geometry import MIN_LENGTH, NAN, angle_deg, of_side
from apsa_perception.biomechanics.measure import NOT_FRONTAL, Measure, angle_in_space, inner_angle
from apsa_perception.biomechanics.posture import Posture
from apsa_perception.biomechanics.vectors import (
    Vector,
    dot,
    length,
    minus,
    without_part_along,
)
from apsa_perception.biomechanics.view import ALL_VIEWS
from apsa_perception.model.codes import Side
from apsa_perception.model.joints import Joint

# Sine of 25 degrees: below this elevation the plane of an arm is undefined.
_MIN_RAISED = 0.42
_ARM = (Joint.LEFT_SHOULDER, Joint.LEFT_ELBOW, Joint.LEFT_WRIST)


def _upper_arm(posture: Posture, side: Side) -> Vector:
    elbow, shoulder = of_side(Joint.LEFT_ELBOW, side), of_side(Joint.LEFT_SHOULDER, side)
    return minus(posture.points[elbow], posture.points[shoulder])


def _upper_arm_and_trunk(posture: Posture, side: Side) -> tuple[Vector, Vector]:
    seen = posture.visible[Joint.PELVIS] and posture.visible[Joint.NECK]
    x, y, z = posture.trunk if seen else posture.upward
    return _upper_arm(posture, side), (-x, -y, -z)


def _forearm_and_up(posture: Posture, side: Side) -> tuple[Vector, Vector]:
    wrist, elbow = of_side(Joint.LEFT_WRIST, side), of_side(Joint.LEFT_ELBOW, side)
    return minus(posture.points[wrist], posture.points[elbow]), posture.upward


def arm_extension(posture: Posture, side: Side) -> float:
    """Angle of the upper arm behind the trunk in the sagittal plane; negative in front of it.

    NaN for an arm at or above shoulder level, where front and back are ambiguous.
    """
    x, y, z = posture.trunk
    size = length(posture.trunk)
    if posture.body_view is None or size < MIN_LENGTH:
        return NAN
    trunk = (x / size, y / size, z / size)
    forward = without_part_along(posture.body_view.forward, trunk)
    arm = _upper_arm(posture, side)
    back = -dot(arm, forward) / max(length(forward), MIN_LENGTH)
    down = -dot(arm, trunk)
    return math.degrees(math.atan2(back, down)) if down > MIN_LENGTH else NAN


def arm_plane(posture: Posture, side: Side) -> float:
    """Plane of elevation of a raised arm: 0 sideways, 90 forwards, negative backwards."""
    if posture.body_view is None:
        return NAN
    arm = _upper_arm(posture, side)
    sideways = dot(arm, posture.body_view.left) * (-1.0 if side is Side.RIGHT else 1.0)
    forwards = dot(arm, posture.body_view.forward)
    if math.hypot(sideways, forwards) < _MIN_RAISED * length(arm):
        return NAN
    return math.degrees(math.atan2(forwards, sideways))


def forearm_rotation(posture: Posture, side: Side) -> float:
    """Angle of the forearm above horizontal; NaN with the upper arm raised below 45 degrees."""
    if angle_deg(*_upper_arm_and_trunk(posture, side)) < 45.0:
        return NAN
    return 90.0 - angle_deg(*_forearm_and_up(posture, side))


ARMS = (
    inner_angle(
        "elbow_angle",
        "Inner angle shoulder-elbow-wrist in space; 180 is straight, flexion is 180 minus it.",
        _ARM,
    ),
    angle_in_space(
        "shoulder_elevation",
        "Angle in space between the upper arm and the trunk line downwards, or vertical if the "
        "hips are not seen; 0 is hanging, 180 overhead (thoracohumeral elevation, Wu et al., J "
        "Biomech 2005, in any plane).",
        (Joint.LEFT_SHOULDER, Joint.LEFT_ELBOW),
        _upper_arm_and_trunk,
    ),
    Measure(
        "arm_extension",
        "deg",
        "Angle in the sagittal plane between an upper arm below shoulder level and the trunk line "
        "downwards; positive backwards, independent of abduction (own definition).",
        (Joint.PELVIS, Joint.NECK, Joint.LEFT_SHOULDER, Joint.LEFT_ELBOW),
        sided=True,
        views=NOT_FRONTAL,
        assumed_error=10.0,
        function=arm_extension,
    ),
    Measure(
        "arm_plane",
        "deg",
        "Plane of elevation of an arm raised by more than 25 degrees: 0 sideways, 90 forwards, "
        "negative backwards (Wu et al., J Biomech 2005).",
        (Joint.LEFT_SHOULDER, Joint.LEFT_ELBOW),
        sided=True,
        views=ALL_VIEWS,
        assumed_error=20.0,
        function=arm_plane,
    ),
    Measure(
        "forearm_rotation",
        "deg",
        "Angle of the line elbow-wrist above horizontal with the upper arm raised by 45 degrees or "
        "more, which is the rotation of the shoulder; 90 is upwards (own definition).",
        _ARM,
        sided=True,
        views=ALL_VIEWS,
        assumed_error=10.0,
        function=forearm_rotation,
    ),
)
