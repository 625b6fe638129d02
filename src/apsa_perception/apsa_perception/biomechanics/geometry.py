"""The geometry of the measures: one function of a posture and a side each.

Angles are in degrees; NaN where joints coincide or the quantity does not exist. What each is
called, what it needs and where it comes from stands in ``measures``.
"""

import math
from collections.abc import Callable

import numpy as np

from apsa_perception.biomechanics.posture import Posture, trunk_direction
from apsa_perception.codes import Side
from apsa_perception.skeleton.joints import Joint, mirror_joint
from apsa_perception.skeleton.types import FloatArray

_NAN = float("nan")
_MIN_LENGTH = 1e-6
# Below some 25 degrees of elevation an arm has no plane: the sine of it.
_LEAST_RAISED = 0.42
_LEFT_OF_ONE_WHO_FACES_THE_CAMERA = np.array([1.0, 0.0, 0.0])


def of_side(joint: Joint, side: Side) -> Joint:
    """Return the left joint itself, or its twin for the right side."""
    return mirror_joint(joint) if side is Side.RIGHT else joint


def angle_deg(first: FloatArray, second: FloatArray) -> float:
    """Angle between two vectors, 0..180."""
    product = math.sqrt(float(first @ first) * float(second @ second))
    if not product > _MIN_LENGTH**2:  # also where a place is NaN
        return _NAN
    return math.degrees(math.acos(min(1.0, max(-1.0, float(first @ second) / product))))


def inner_angle(end: Joint, vertex: Joint, other: Joint) -> Callable[[Posture, Side], float]:
    def function(posture: Posture, side: Side) -> float:
        positions = posture.positions
        centre = positions[of_side(vertex, side)]
        return angle_deg(
            positions[of_side(end, side)] - centre, positions[of_side(other, side)] - centre
        )

    return function


def shoulder_elevation(posture: Posture, side: Side) -> float:
    upper_arm = (
        posture.positions[of_side(Joint.LEFT_ELBOW, side)]
        - posture.positions[of_side(Joint.LEFT_SHOULDER, side)]
    )
    seen = posture.seen[Joint.PELVIS] and posture.seen[Joint.NECK]
    return angle_deg(upper_arm, -trunk_direction(posture.positions) if seen else -posture.up)


def outward(posture: Posture, side: Side) -> float:
    """+1 where the side's outward direction is to the right of the picture, else -1."""
    left = posture.plane[Joint.LEFT_HIP, 0] - posture.plane[Joint.RIGHT_HIP, 0]
    return math.copysign(1.0, left) * (-1.0 if side is Side.RIGHT else 1.0)


def tilt_deg(direction: FloatArray, plane_up: FloatArray) -> float:
    """Signed angle of a picture direction from up, positive to the right of the picture."""
    across = float(direction[1] * plane_up[0] - direction[0] * plane_up[1])
    along = float(direction @ plane_up)
    if math.hypot(across, along) < _MIN_LENGTH:
        return _NAN
    return math.degrees(math.atan2(across, along))


def hip_abduction(posture: Posture, side: Side) -> float:
    leg = (
        posture.plane[of_side(Joint.LEFT_ANKLE, side)]
        - posture.plane[of_side(Joint.LEFT_HIP, side)]
    )
    return -tilt_deg(-leg, posture.plane_up) * outward(posture, side)


def trunk_lean_forward(posture: Posture, side: Side) -> float:
    if posture.body_view is None:
        return _NAN
    trunk = trunk_direction(posture.positions)
    return math.degrees(
        math.atan2(float(trunk @ posture.body_view.forward), float(trunk @ posture.up))
    )


def trunk_lean_lateral(posture: Posture, side: Side) -> float:
    trunk = posture.plane[Joint.NECK] - posture.plane[Joint.PELVIS]
    return tilt_deg(trunk, posture.plane_up) * outward(posture, Side.LEFT)


def knee_valgus(posture: Posture, side: Side) -> float:
    hip = posture.plane[of_side(Joint.LEFT_HIP, side)]
    thigh = posture.plane[of_side(Joint.LEFT_KNEE, side)] - hip
    leg = posture.plane[of_side(Joint.LEFT_ANKLE, side)] - hip
    bend = angle_deg(thigh, leg - thigh)
    across = float(leg[0] * thigh[1] - leg[1] * thigh[0])
    return math.copysign(bend, across * outward(posture, side))


def knee_separation_ratio(posture: Posture, side: Side) -> float:
    to_left = outward(posture, Side.LEFT)
    knees = posture.plane[Joint.LEFT_KNEE, 0] - posture.plane[Joint.RIGHT_KNEE, 0]
    ankles = posture.plane[Joint.LEFT_ANKLE, 0] - posture.plane[Joint.RIGHT_ANKLE, 0]
    hips = abs(posture.plane[Joint.LEFT_HIP, 0] - posture.plane[Joint.RIGHT_HIP, 0])
    if ankles * to_left < 0.25 * hips:
        return _NAN
    return float(knees / ankles)


def trunk_flexion(posture: Posture, side: Side) -> float:
    """Angle of the trunk against up, whatever the direction."""
    return angle_deg(trunk_direction(posture.positions), posture.up)


def side_bend(posture: Posture, side: Side) -> float:
    """Lean of the trunk to that side in the frontal plane."""
    trunk = posture.plane[Joint.NECK] - posture.plane[Joint.PELVIS]
    return tilt_deg(trunk, posture.plane_up) * outward(posture, side)


def trunk_rotation(posture: Posture, side: Side) -> float:
    """Turn of the shoulder line to that side, against the hip line, about up."""
    positions = posture.positions
    shoulders = positions[Joint.LEFT_SHOULDER] - positions[Joint.RIGHT_SHOULDER]
    hips = positions[Joint.LEFT_HIP] - positions[Joint.RIGHT_HIP]
    return _turn(hips, shoulders, posture.up) * (-1.0 if side is Side.RIGHT else 1.0)


def shoulder_turn(posture: Posture, side: Side) -> float:
    """Turn of the shoulder line to that side out of the picture plane, about up.

    One shoulder seen will do: the body hides the one that goes back. None of somebody who faces
    away.
    """
    if not posture.seen[[Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER]].any():
        return _NAN
    shoulders = posture.positions[Joint.LEFT_SHOULDER] - posture.positions[Joint.RIGHT_SHOULDER]
    turn = _turn(_LEFT_OF_ONE_WHO_FACES_THE_CAMERA, shoulders, posture.up)
    if abs(turn) > 90.0:
        return _NAN
    return turn * (-1.0 if side is Side.RIGHT else 1.0)


def _turn(of: FloatArray, to: FloatArray, up: FloatArray) -> float:
    """Signed angle between two directions about up, positive to the left."""
    of = of - float(of @ up) * up
    to = to - float(to @ up) * up
    return math.degrees(math.atan2(float(np.cross(of, to) @ up), float(of @ to)))


def pelvis_drop(posture: Posture, side: Side) -> float:
    """Slope of the hip line in the frontal plane; positive where that side is lower."""
    return -_rise(posture, Joint.LEFT_HIP, Joint.RIGHT_HIP, side)


def shoulder_hike(posture: Posture, side: Side) -> float:
    """Slope of the shoulder line in the frontal plane, less the lean of the trunk."""
    slope = _rise(posture, Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER, side)
    return slope + side_bend(posture, side)


def _rise(posture: Posture, left: Joint, right: Joint, side: Side) -> float:
    """Slope of a line of both sides, positive where that side is higher."""
    line = posture.plane[of_side(left, side)] - posture.plane[of_side(right, side)]
    height = float(line @ posture.plane_up)
    width = float(np.hypot(*line)) ** 2 - height**2
    if width <= 0.0:
        return _NAN
    return math.degrees(math.atan2(height, math.sqrt(width)))


def pelvis_shift(posture: Posture, side: Side) -> float:
    """Way of the pelvis to that side from the middle between the ankles, over the leg's length."""
    ankles = (posture.plane[Joint.LEFT_ANKLE] + posture.plane[Joint.RIGHT_ANKLE]) / 2.0
    leg = posture.plane[Joint.PELVIS] - ankles
    length = float(np.hypot(*leg))
    if length < _MIN_LENGTH:
        return _NAN
    across = float(leg[1] * posture.plane_up[0] - leg[0] * posture.plane_up[1])
    return across / length * outward(posture, side)


def stance_width(posture: Posture, side: Side) -> float:
    """Distance of the ankles over that of the shoulders, across the picture."""
    ankles = posture.plane[Joint.LEFT_ANKLE, 0] - posture.plane[Joint.RIGHT_ANKLE, 0]
    shoulders = posture.plane[Joint.LEFT_SHOULDER, 0] - posture.plane[Joint.RIGHT_SHOULDER, 0]
    if abs(shoulders) < _MIN_LENGTH:
        return _NAN
    return float(ankles / shoulders)


def knees_past_toes(posture: Posture, side: Side) -> float:
    """Way of the knee before the toes in the direction the body faces, over the shank's length.

    The knee of a leg that stands behind the body is always before its toes: none is taken there.
    """
    if posture.body_view is None:
        return _NAN
    positions, forward = posture.positions, posture.body_view.forward
    foot = positions[of_side(Joint.LEFT_FOOT, side)]
    if float((foot - positions[Joint.PELVIS]) @ forward) < 0.0:
        return _NAN
    knee = positions[of_side(Joint.LEFT_KNEE, side)]
    shank = float(np.linalg.norm(knee - positions[of_side(Joint.LEFT_ANKLE, side)]))
    if shank < _MIN_LENGTH:
        return _NAN
    return float((knee - foot) @ forward) / shank


def arm_extension(posture: Posture, side: Side) -> float:
    """Angle of the upper arm behind the trunk in the sagittal plane; negative before it.

    None of an arm at or above the level of the shoulder: overhead, before and behind are one.
    """
    trunk = trunk_direction(posture.positions)
    length = float(np.linalg.norm(trunk))
    if posture.body_view is None or length < _MIN_LENGTH:
        return _NAN
    trunk = trunk / length
    forward = posture.body_view.forward - float(posture.body_view.forward @ trunk) * trunk
    arm = (
        posture.positions[of_side(Joint.LEFT_ELBOW, side)]
        - posture.positions[of_side(Joint.LEFT_SHOULDER, side)]
    )
    back = -float(arm @ forward) / max(float(np.linalg.norm(forward)), _MIN_LENGTH)
    down = -float(arm @ trunk)
    return math.degrees(math.atan2(back, down)) if down > _MIN_LENGTH else _NAN


def arm_plane(posture: Posture, side: Side) -> float:
    """Plane of a raised arm: 0 to the side, 90 forwards, negative backwards."""
    if posture.body_view is None:
        return _NAN
    arm = (
        posture.positions[of_side(Joint.LEFT_ELBOW, side)]
        - posture.positions[of_side(Joint.LEFT_SHOULDER, side)]
    )
    sideways = float(arm @ posture.body_view.left) * (-1.0 if side is Side.RIGHT else 1.0)
    forwards = float(arm @ posture.body_view.forward)
    if math.hypot(sideways, forwards) < _LEAST_RAISED * float(np.linalg.norm(arm)):
        return _NAN
    return math.degrees(math.atan2(forwards, sideways))


def forearm_rotation(posture: Posture, side: Side) -> float:
    """Rise of the forearm against the level; exists with the upper arm raised by 45 degrees."""
    if shoulder_elevation(posture, side) < 45.0:
        return _NAN
    forearm = (
        posture.positions[of_side(Joint.LEFT_WRIST, side)]
        - posture.positions[of_side(Joint.LEFT_ELBOW, side)]
    )
    return 90.0 - angle_deg(forearm, posture.up)


def hip_height(posture: Posture, side: Side) -> float:
    """How far the hips are above the line from shoulder to ankle, over its length."""
    shoulder, ankle = posture.positions[
        [of_side(Joint.LEFT_SHOULDER, side), of_side(Joint.LEFT_ANKLE, side)]
    ]
    body = ankle - shoulder
    length = float(np.linalg.norm(body))
    if length < _MIN_LENGTH:
        return _NAN
    hip = posture.positions[of_side(Joint.LEFT_HIP, side)] - shoulder
    above = hip - float(hip @ body) / length**2 * body
    return float(above @ posture.up) / length
