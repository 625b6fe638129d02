"""Measures of a body near the floor: planks, and lying on a side.

Those of both sides together stay the same if the pose estimation exchanges left and right, as it
does for single frames of people who lie on a side.
"""

from apsa_perception.biomechanics.geometry import MIN_LENGTH, NAN, of_side
from apsa_perception.biomechanics.measure import NOT_FRONTAL, Measure, angle_in_space
from apsa_perception.biomechanics.posture import Posture
from apsa_perception.biomechanics.vectors import Vector, dot, length, minus
from apsa_perception.biomechanics.view import ALL_VIEWS
from apsa_perception.model.codes import Side
from apsa_perception.model.joints import Joint

_ANKLES = (Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE)


def hip_height(posture: Posture, side: Side) -> float:
    """Height of the hip above the line shoulder-ankle, relative to its length."""
    points = posture.points
    shoulder = points[of_side(Joint.LEFT_SHOULDER, side)]
    ankle = points[of_side(Joint.LEFT_ANKLE, side)]
    return _above_line(posture, points[of_side(Joint.LEFT_HIP, side)], shoulder, ankle)


def pelvis_height(posture: Posture, side: Side) -> float:
    """Height of the pelvis above the line neck-ankles, relative to its length."""
    points = posture.points
    return _above_line(
        posture, points[Joint.PELVIS], points[Joint.NECK], _middle_of_ankles(posture)
    )


def _above_line(posture: Posture, point: Vector, start: Vector, end: Vector) -> float:
    line = minus(end, start)
    size = length(line)
    if size < MIN_LENGTH:
        return NAN
    offset = minus(point, start)
    share = dot(offset, line) / size**2
    above = minus(offset, [share * each for each in line])
    return dot(above, posture.upward) / size


def _middle_of_ankles(posture: Posture) -> Vector:
    left, right = (posture.points[ankle] for ankle in _ANKLES)
    return [(a + b) / 2.0 for a, b in zip(left, right, strict=True)]


def _body_and_up(posture: Posture, side: Side) -> tuple[Vector, Vector]:
    return minus(posture.points[Joint.NECK], _middle_of_ankles(posture)), posture.upward


def _shoulders_and_up(posture: Posture, side: Side) -> tuple[Vector, Vector]:
    """The direction from the shoulder of that side to the other one, and up."""
    left, right = posture.points[Joint.LEFT_SHOULDER], posture.points[Joint.RIGHT_SHOULDER]
    return minus(left, right) if side is Side.RIGHT else minus(right, left), posture.upward


LYING = (
    Measure(
        "hip_height",
        "1",
        "Height of the hip above the line shoulder-ankle, relative to its length; negative below "
        "(own definition).",
        (Joint.LEFT_SHOULDER, Joint.LEFT_HIP, Joint.LEFT_ANKLE),
        sided=True,
        views=NOT_FRONTAL,
        assumed_error=0.04,
        function=hip_height,
    ),
    Measure(
        "pelvis_height",
        "1",
        "Height of the pelvis above the line from the neck to the middle of the ankles, relative "
        "to its length; negative below (own definition).",
        (Joint.PELVIS, Joint.NECK, *_ANKLES),
        sided=False,
        views=ALL_VIEWS,
        assumed_error=0.02,
        function=pelvis_height,
    ),
    angle_in_space(
        "body_tilt",
        "Angle in space between the line from the middle of the ankles to the neck and up; 0 "
        "standing, 90 lying (own definition).",
        (Joint.NECK, *_ANKLES),
        _body_and_up,
        sided=False,
    ),
    angle_in_space(
        "side_lying",
        "Angle in space between the line from the shoulder of that side to the other one and up; 0 "
        "lying on that side, 90 upright, prone or on the back (own definition).",
        (Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER),
        _shoulders_and_up,
    ),
)
