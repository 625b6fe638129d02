"""Measures of the arms."""

import math

import numpy as np

from apsa_perception.biomechanics.geometry import MIN_LENGTH, NAN, angle_deg, of_side
from apsa_perception.biomechanics.measure import NOT_FRONTAL, Measure, angle_in_space, inner_angle
from apsa_perception.biomechanics.posture import Posture, trunk_direction
from apsa_perception.biomechanics.view import ALL_VIEWS
from apsa_perception.model.codes import Side
from apsa_perception.model.joints import Joint
from apsa_perception.model.skeleton import FloatArray

# Sine of 25 degrees: below this elevation the plane of an arm is undefined.
_MIN_RAISED = 0.42
_ARM = (Joint.LEFT_SHOULDER, Joint.LEFT_ELBOW, Joint.LEFT_WRIST)


def _upper_arm_and_trunk(posture: Posture, side: Side) -> tuple[FloatArray, FloatArray]:
    elbow, shoulder = (of_side(joint, side) for joint in (Joint.LEFT_ELBOW, Joint.LEFT_SHOULDER))
    seen = posture.seen[Joint.PELVIS] and posture.seen[Joint.NECK]
    down = -trunk_direction(posture.positions) if seen else -posture.up
    return posture.positions[elbow] - posture.positions[shoulder], down


def _forearm_and_up(posture: Posture, side: Side) -> tuple[FloatArray, FloatArray]:
    wrist, elbow = (of_side(joint, side) for joint in (Joint.LEFT_WRIST, Joint.LEFT_ELBOW))
    return posture.positions[wrist] - posture.positions[elbow], posture.up


def arm_extension(posture: Posture, side: Side) -> float:
    """Angle of the upper arm behind the trunk in the sagittal plane; negative in front of it.

    NaN for an arm at or above shoulder level, where front and back are ambiguous.
    """
    trunk = trunk_direction(posture.positions)
    length = float(np.linalg.norm(trunk))
    if posture.body_view is None or length < MIN_LENGTH:
        return NAN
    trunk = trunk / length
    forward = posture.body_view.forward - float(posture.body_view.forward @ trunk) * trunk
    arm = (
        posture.positions[of_side(Joint.LEFT_ELBOW, side)]
        - posture.positions[of_side(Joint.LEFT_SHOULDER, side)]
    )
    back = -float(arm @ forward) / max(float(np.linalg.norm(forward)), MIN_LENGTH)
    down = -float(arm @ trunk)
    return math.degrees(math.atan2(back, down)) if down > MIN_LENGTH else NAN


def arm_plane(posture: Posture, side: Side) -> float:
    """Plane of elevation of a raised arm: 0 sideways, 90 forwards, negative backwards."""
    if posture.body_view is None:
        return NAN
    arm = (
        posture.positions[of_side(Joint.LEFT_ELBOW, side)]
        - posture.positions[of_side(Joint.LEFT_SHOULDER, side)]
    )
    sideways = float(arm @ posture.body_view.left) * (-1.0 if side is Side.RIGHT else 1.0)
    forwards = float(arm @ posture.body_view.forward)
    if math.hypot(sideways, forwards) < _MIN_RAISED * float(np.linalg.norm(arm)):
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
        True,
        NOT_FRONTAL,
        10.0,
        arm_extension,
    ),
    Measure(
        "arm_plane",
        "deg",
        "Plane of elevation of an arm raised by more than 25 degrees: 0 sideways, 90 forwards, "
        "negative backwards (Wu et al., J Biomech 2005).",
        (Joint.LEFT_SHOULDER, Joint.LEFT_ELBOW),
        True,
        ALL_VIEWS,
        20.0,
        arm_plane,
    ),
    Measure(
        "forearm_rotation",
        "deg",
        "Angle of the line elbow-wrist above horizontal with the upper arm raised by 45 degrees or "
        "more, which is the rotation of the shoulder; 90 is upwards (own definition).",
        _ARM,
        True,
        ALL_VIEWS,
        10.0,
        forearm_rotation,
    ),
)
