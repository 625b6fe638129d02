"""Measures of legs and hips."""

import math

from apsa_perception.biomechanics.geometry import (
    MIN_LENGTH,
    NAN,
    angle_in_plane_deg,
    of_side,
    outward,
    outward_deg,
    rise_deg,
)
from apsa_perception.biomechanics.measure import (
    FRONTAL,
    NOT_FRONTAL,
    NOT_SIDE,
    Measure,
    angle_in_space,
    inner_angle,
)
from apsa_perception.biomechanics.posture import Posture
from apsa_perception.biomechanics.vectors import Vector, dot, length, minus, minus_2d
from apsa_perception.biomechanics.view import View
from apsa_perception.model.codes import Side
from apsa_perception.model.joints import Joint

_LEG = (Joint.LEFT_HIP, Joint.LEFT_KNEE, Joint.LEFT_ANKLE)
_BOTH_LEGS = (*_LEG, Joint.RIGHT_HIP, Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE)
_FARTHEST_OUTWARDS_DEG = 30.0
"""What the other knee goes beyond is taken for a turn of the body (docs/measures.md)."""
_LEVEL_FEET = 0.15
"""Difference in height of the ankles, in lengths of the leg, of somebody on both feet."""


def _thigh_and_up(posture: Posture, side: Side) -> tuple[Vector, Vector]:
    hip, knee = of_side(Joint.LEFT_HIP, side), of_side(Joint.LEFT_KNEE, side)
    return minus(posture.points[hip], posture.points[knee]), posture.upward


def hip_abduction(posture: Posture, side: Side) -> float:
    """Taken in space: in a picture from an angle both legs of who sits point to one side."""
    hip, ankle = of_side(Joint.LEFT_HIP, side), of_side(Joint.LEFT_ANKLE, side)
    leg = minus(posture.points[ankle], posture.points[hip])
    return outward_deg(posture, leg, [-each for each in posture.upward], side)


def knee_valgus(posture: Posture, side: Side) -> float:
    """Taken in the picture, less what a turn of the body may add there.

    If the body is turned farther than it seems, a knee that moves forwards looks as if it moved
    inwards, and the other one outwards by as much.
    """
    bend = _inwards_deg(posture, side)
    other = side.opposite
    if posture.depth_measured or not bend > 0.0 or not _is_foot_level(posture, side, other):
        return bend
    turned = max(0.0, -_inwards_deg(posture, other) - _FARTHEST_OUTWARDS_DEG)
    return max(0.0, bend - turned)


def _is_foot_level(posture: Posture, side: Side, other: Side) -> bool:
    """Whether the other leg is seen with its foot as low as this one."""
    if not all(posture.visible[of_side(joint, other)] for joint in _LEG):
        return False
    points = posture.points
    hip, knee, ankle = (points[of_side(joint, side)] for joint in _LEG)
    leg = length(minus(knee, hip)) + length(minus(ankle, knee))
    step = minus(points[of_side(Joint.LEFT_ANKLE, other)], ankle)
    return abs(dot(step, posture.upward)) < _LEVEL_FEET * leg


def _inwards_deg(posture: Posture, side: Side) -> float:
    """Deviation of the knee inwards from the line hip-ankle, in the picture."""
    hip = posture.places[of_side(Joint.LEFT_HIP, side)]
    thigh = minus_2d(posture.places[of_side(Joint.LEFT_KNEE, side)], hip)
    leg = minus_2d(posture.places[of_side(Joint.LEFT_ANKLE, side)], hip)
    bend = angle_in_plane_deg(thigh, minus_2d(leg, thigh))
    across = leg[0] * thigh[1] - leg[1] * thigh[0]
    return math.copysign(bend, across * outward(posture, side))


def knee_separation_ratio(posture: Posture, side: Side) -> float:
    to_left = outward(posture, Side.LEFT)
    knees = _across(posture, Joint.LEFT_KNEE, Joint.RIGHT_KNEE)
    ankles = _across(posture, Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE)
    hips = abs(_across(posture, Joint.LEFT_HIP, Joint.RIGHT_HIP))
    if ankles * to_left < 0.25 * hips or not ankles:
        return NAN
    return knees / ankles


def stance_width(posture: Posture, side: Side) -> float:
    """Ratio of ankle distance to shoulder distance across the picture."""
    ankles = _across(posture, Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE)
    shoulders = _across(posture, Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER)
    if abs(shoulders) < MIN_LENGTH:
        return NAN
    return ankles / shoulders


def _across(posture: Posture, left: Joint, right: Joint) -> float:
    """Distance across the picture from a joint to another one, positive to the right."""
    return posture.places[left][0] - posture.places[right][0]


def knees_past_toes(posture: Posture, side: Side) -> float:
    """Knee travel past the toes in the facing direction, relative to the length of the shank.

    NaN for a leg behind the body, whose knee is always in front of its toes.
    """
    if posture.body_view is None:
        return NAN
    points, forward = posture.points, posture.body_view.forward
    foot = points[of_side(Joint.LEFT_FOOT, side)]
    if dot(minus(foot, points[Joint.PELVIS]), forward) < 0.0:
        return NAN
    knee = points[of_side(Joint.LEFT_KNEE, side)]
    shank = length(minus(knee, points[of_side(Joint.LEFT_ANKLE, side)]))
    if shank < MIN_LENGTH:
        return NAN
    return dot(minus(knee, foot), forward) / shank


def foot_lift(posture: Posture, side: Side) -> float:
    """Height of the ankle above the other one in the picture, in lengths of the other leg."""
    hip, ankle = (of_side(joint, side) for joint in (Joint.RIGHT_HIP, Joint.RIGHT_ANKLE))
    places = posture.places
    leg = math.hypot(*minus_2d(places[ankle], places[hip]))
    if leg < MIN_LENGTH:
        return NAN
    x, y = minus_2d(places[of_side(Joint.LEFT_ANKLE, side)], places[ankle])
    return (x * posture.plane_up[0] + y * posture.plane_up[1]) / leg


def pelvis_drop(posture: Posture, side: Side) -> float:
    """Slope of the hip line in the frontal plane; positive if that side is lower."""
    return -rise_deg(posture, Joint.LEFT_HIP, Joint.RIGHT_HIP, side)


def pelvis_shift(posture: Posture, side: Side) -> float:
    """Displacement of the pelvis to that side from the middle of the ankles, in leg lengths."""
    left, right = posture.places[Joint.LEFT_ANKLE], posture.places[Joint.RIGHT_ANKLE]
    middle = (left[0] + right[0]) / 2.0, (left[1] + right[1]) / 2.0
    x, y = minus_2d(posture.places[Joint.PELVIS], middle)
    size = math.hypot(x, y)
    if size < MIN_LENGTH:
        return NAN
    across = y * posture.plane_up[0] - x * posture.plane_up[1]
    return across / size * outward(posture, side)


LEGS = (
    inner_angle("knee_angle", "Inner angle hip-knee-ankle in space; 180 is straight.", _LEG),
    inner_angle(
        "hip_angle",
        "Inner angle shoulder-hip-knee in space; 180 is straight.",
        (Joint.LEFT_SHOULDER, Joint.LEFT_HIP, Joint.LEFT_KNEE),
    ),
    inner_angle(
        "ankle_angle",
        "Inner angle knee-ankle-toes in space; about 100 when standing, more with the heel raised.",
        (Joint.LEFT_KNEE, Joint.LEFT_ANKLE, Joint.LEFT_FOOT),
    ),
    angle_in_space(
        "depth",
        "Angle in space between the line knee-hip and vertical: 0 standing, 90 with the thigh "
        "horizontal, more with the hip below the knee (own definition).",
        (Joint.LEFT_HIP, Joint.LEFT_KNEE),
        _thigh_and_up,
    ),
    Measure(
        "hip_abduction",
        "deg",
        "Angle in the frontal plane between the line hip-ankle and vertical; positive outwards.",
        (Joint.LEFT_HIP, Joint.LEFT_ANKLE, Joint.RIGHT_HIP),
        sided=True,
        views=NOT_SIDE,
        assumed_error=5.0,
        function=hip_abduction,
        lines=((Joint.LEFT_HIP, Joint.LEFT_ANKLE),),
    ),
    Measure(
        "knee_valgus",
        "deg",
        "Frontal plane projection angle: deviation of the knee inwards from the line hip-ankle, as "
        "180 minus the inner angle in the picture; negative outside (Willson & Davis, J Orthop "
        "Sports Phys Ther 2008).",
        (*_LEG, Joint.RIGHT_HIP),
        sided=True,
        views=FRONTAL,
        assumed_error=8.0,
        function=knee_valgus,
        lines=((Joint.LEFT_HIP, Joint.LEFT_KNEE), (Joint.LEFT_KNEE, Joint.LEFT_ANKLE)),
    ),
    Measure(
        "knee_separation_ratio",
        "1",
        "Ratio of knee distance to ankle distance across the picture; 1 is knees above ankles "
        "(knee-ankle separation ratio, Mizner et al., Clin J Sport Med 2012).",
        _BOTH_LEGS,
        sided=False,
        views=FRONTAL,
        assumed_error=0.12,
        function=knee_separation_ratio,
    ),
    Measure(
        "stance_width",
        "1",
        "Ratio of ankle distance to shoulder distance across the picture (own definition).",
        (Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER, Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE),
        sided=False,
        views=FRONTAL,
        assumed_error=0.12,
        function=stance_width,
    ),
    Measure(
        "knees_past_toes",
        "1",
        "Knee travel past the toes in the facing direction, relative to the length of the shank; "
        "negative behind them; not for a leg behind the body (own definition).",
        (Joint.LEFT_KNEE, Joint.LEFT_ANKLE, Joint.LEFT_FOOT),
        sided=True,
        views=NOT_FRONTAL,
        assumed_error=0.15,
        function=knees_past_toes,
    ),
    Measure(
        "foot_lift",
        "1",
        "Height of the ankle above the other one in the picture, relative to the other line "
        "hip-ankle; about 0 with both feet on the floor (own definition).",
        (Joint.LEFT_ANKLE, Joint.RIGHT_HIP, Joint.RIGHT_ANKLE),
        sided=True,
        views=FRONTAL | {View.OBLIQUE},
        assumed_error=0.05,
        function=foot_lift,
    ),
    Measure(
        "pelvis_drop",
        "deg",
        "Slope of the hip line in the frontal plane; positive if that side is lower, negative if "
        "it is hiked (own definition).",
        (Joint.LEFT_HIP, Joint.RIGHT_HIP),
        sided=True,
        views=FRONTAL,
        assumed_error=4.0,
        function=pelvis_drop,
    ),
    Measure(
        "pelvis_shift",
        "1",
        "Displacement of the pelvis to that side from the middle of the ankles, relative to the "
        "distance between both points (own definition).",
        (Joint.PELVIS, Joint.LEFT_HIP, Joint.RIGHT_HIP, Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE),
        sided=True,
        views=FRONTAL,
        assumed_error=0.03,
        function=pelvis_shift,
        lines=((Joint.LEFT_HIP, Joint.LEFT_ANKLE), (Joint.RIGHT_HIP, Joint.RIGHT_ANKLE)),
    ),
)
