"""Measures of the trunk."""

import math

from apsa_perception.biomechanics.geometry import (
    MIN_LENGTH,
    NAN,
    angle_deg,
    of_side,
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
    plus,
    without_part_along,
)
from apsa_perception.biomechanics.view import ALL_VIEWS
from apsa_perception.model.codes import Side
from apsa_perception.model.joints import Joint

_TRUNK = (Joint.PELVIS, Joint.NECK)
_FLANK_AND_THIGH = (Joint.LEFT_SHOULDER, Joint.LEFT_HIP, Joint.LEFT_KNEE)
_LEFT_WHEN_FACING_CAMERA = (1.0, 0.0, 0.0)
_HIP_SHIFT = 0.15
"""Share of the thigh by which a camera's hip joint of a bent leg lies too far towards the knee.

Measured on drawn people (docs/measures.md#leans-of-the-trunk). It begins at the first flexion of
the hip and is complete at the second, in degrees.
"""
_SHIFT_FLEXION_DEG = (15.0, 50.0)
_FORWARD_IN_PICTURE = 0.75
"""Share of a lean forwards, as it projects to the side, that is taken off a lean to that side.

Chosen on drawn people (docs/measures.md#leans-of-the-trunk): all of it would hide more real leans.
"""


def _trunk_and_up(posture: Posture, side: Side) -> tuple[Vector, Vector]:
    return posture.trunk, posture.upward


def trunk_lean_forward(posture: Posture, side: Side) -> float:
    if posture.body_view is None:
        return NAN
    trunk = posture.trunk if posture.depth_measured else _trunk_from_hip_centres(posture)
    return math.degrees(
        math.atan2(dot(trunk, posture.body_view.forward), dot(trunk, posture.upward))
    )


def _trunk_from_hip_centres(posture: Posture) -> Vector:
    """Line to the neck from the middle of the hips, these moved back along the thighs.

    A leg that is out of sight counts as the pose model places it, so that the lean does not jump
    when it appears.
    """
    points = posture.points
    start, full = _SHIFT_FLEXION_DEG
    trunk = posture.trunk
    for side in (Side.LEFT, Side.RIGHT):
        shoulder, hip, knee = (of_side(joint, side) for joint in _FLANK_AND_THIGH)
        thigh = minus(points[knee], points[hip])
        flexion = 180.0 - angle_deg(minus(points[shoulder], points[hip]), thigh)
        bent = min(1.0, max(0.0, (flexion - start) / (full - start)))
        trunk = plus(trunk, thigh, _HIP_SHIFT * bent / 2.0)
    return trunk


def trunk_lean_lateral(posture: Posture, side: Side) -> float:
    """Taken in the picture, less what the lean forwards may add there from an angle."""
    lean = _lean_in_picture(posture, Side.LEFT)
    if posture.depth_measured or posture.body_view is None:
        return lean
    trunk, forward = _trunk_from_hip_centres(posture), posture.body_view.forward
    upright = dot(trunk, posture.upward)
    if upright < MIN_LENGTH:
        return lean
    across = math.atan2(dot(trunk, forward) * forward[0], upright) * outward(posture, Side.LEFT)
    added = _FORWARD_IN_PICTURE * math.degrees(across)
    return lean if added * lean < 0.0 else math.copysign(max(0.0, abs(lean) - abs(added)), lean)


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
        sided=False,
        views=NOT_FRONTAL,
        assumed_error=7.0,
        function=trunk_lean_forward,
    ),
    Measure(
        "trunk_lean_lateral",
        "deg",
        "Angle in the frontal plane between the line pelvis-neck and up; positive to the left "
        "(Dingenen et al., Phys Ther Sport 2014).",
        (*_TRUNK, Joint.LEFT_HIP, Joint.RIGHT_HIP),
        sided=False,
        views=FRONTAL,
        assumed_error=5.0,
        function=trunk_lean_lateral,
        lines=(_TRUNK,),
    ),
    Measure(
        "side_bend",
        "deg",
        "Lean of the line pelvis-neck to that side in the frontal plane (Dingenen et al., Phys "
        "Ther Sport 2014, by side).",
        (*_TRUNK, Joint.LEFT_HIP, Joint.RIGHT_HIP),
        sided=True,
        views=NOT_SIDE,
        assumed_error=5.0,
        function=side_bend,
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
        sided=True,
        views=ALL_VIEWS,
        assumed_error=12.0,
        function=trunk_rotation,
    ),
    Measure(
        "shoulder_turn",
        "deg",
        "Rotation of the shoulders out of the image plane about up, trunk and pelvis together, for "
        "a person whose feet point to the camera; positive to that side (own definition).",
        (Joint.NECK,),
        sided=True,
        views=ALL_VIEWS,
        assumed_error=12.0,
        function=shoulder_turn,
    ),
    Measure(
        "shoulder_hike",
        "deg",
        "Slope of the shoulder line in the frontal plane minus the lean of the trunk; positive if "
        "that side is raised (own definition).",
        (*_TRUNK, Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER, Joint.LEFT_HIP, Joint.RIGHT_HIP),
        sided=True,
        views=FRONTAL,
        assumed_error=5.0,
        function=shoulder_hike,
        lines=(_TRUNK,),
    ),
)
