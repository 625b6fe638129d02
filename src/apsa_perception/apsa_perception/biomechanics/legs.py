"""Measures of legs and hips."""

import math

import numpy as np

from apsa_perception.biomechanics.geometry import (
    MIN_LENGTH,
    NAN,
    angle_deg,
    of_side,
    outward,
    rise_deg,
    tilt_deg,
)
from apsa_perception.biomechanics.measure import (
    FRONTAL,
    NOT_FRONTAL,
    Measure,
    angle_in_space,
    inner_angle,
)
from apsa_perception.biomechanics.posture import Posture
from apsa_perception.biomechanics.view import View
from apsa_perception.model.codes import Side
from apsa_perception.model.joints import Joint
from apsa_perception.model.skeleton import FloatArray

_LEG = (Joint.LEFT_HIP, Joint.LEFT_KNEE, Joint.LEFT_ANKLE)
_BOTH_LEGS = (*_LEG, Joint.RIGHT_HIP, Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE)


def _thigh_and_up(posture: Posture, side: Side) -> tuple[FloatArray, FloatArray]:
    hip, knee = (of_side(joint, side) for joint in (Joint.LEFT_HIP, Joint.LEFT_KNEE))
    return posture.positions[hip] - posture.positions[knee], posture.up


def hip_abduction(posture: Posture, side: Side) -> float:
    leg = (
        posture.plane[of_side(Joint.LEFT_ANKLE, side)]
        - posture.plane[of_side(Joint.LEFT_HIP, side)]
    )
    return -tilt_deg(-leg, posture.plane_up) * outward(posture, side)


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
        return NAN
    return float(knees / ankles)


def stance_width(posture: Posture, side: Side) -> float:
    """Ratio of ankle distance to shoulder distance across the picture."""
    ankles = posture.plane[Joint.LEFT_ANKLE, 0] - posture.plane[Joint.RIGHT_ANKLE, 0]
    shoulders = posture.plane[Joint.LEFT_SHOULDER, 0] - posture.plane[Joint.RIGHT_SHOULDER, 0]
    if abs(shoulders) < MIN_LENGTH:
        return NAN
    return float(ankles / shoulders)


def knees_past_toes(posture: Posture, side: Side) -> float:
    """Knee travel past the toes in the facing direction, relative to the length of the shank.

    NaN for a leg behind the body, whose knee is always in front of its toes.
    """
    if posture.body_view is None:
        return NAN
    positions, forward = posture.positions, posture.body_view.forward
    foot = positions[of_side(Joint.LEFT_FOOT, side)]
    if float((foot - positions[Joint.PELVIS]) @ forward) < 0.0:
        return NAN
    knee = positions[of_side(Joint.LEFT_KNEE, side)]
    shank = float(np.linalg.norm(knee - positions[of_side(Joint.LEFT_ANKLE, side)]))
    if shank < MIN_LENGTH:
        return NAN
    return float((knee - foot) @ forward) / shank


def foot_lift(posture: Posture, side: Side) -> float:
    """Height of the ankle above the other one in the picture, in lengths of the other leg."""
    hip, ankle = (of_side(joint, side) for joint in (Joint.RIGHT_HIP, Joint.RIGHT_ANKLE))
    leg = float(np.hypot(*(posture.plane[ankle] - posture.plane[hip])))
    if leg < MIN_LENGTH:
        return NAN
    lifted = posture.plane[of_side(Joint.LEFT_ANKLE, side)] - posture.plane[ankle]
    return float(lifted @ posture.plane_up) / leg


def pelvis_drop(posture: Posture, side: Side) -> float:
    """Slope of the hip line in the frontal plane; positive if that side is lower."""
    return -rise_deg(posture, Joint.LEFT_HIP, Joint.RIGHT_HIP, side)


def pelvis_shift(posture: Posture, side: Side) -> float:
    """Displacement of the pelvis to that side from the middle of the ankles, in leg lengths."""
    ankles = (posture.plane[Joint.LEFT_ANKLE] + posture.plane[Joint.RIGHT_ANKLE]) / 2.0
    leg = posture.plane[Joint.PELVIS] - ankles
    length = float(np.hypot(*leg))
    if length < MIN_LENGTH:
        return NAN
    across = float(leg[1] * posture.plane_up[0] - leg[0] * posture.plane_up[1])
    return across / length * outward(posture, side)


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
        True,
        FRONTAL,
        5.0,
        hip_abduction,
        lines=((Joint.LEFT_HIP, Joint.LEFT_ANKLE),),
    ),
    Measure(
        "knee_valgus",
        "deg",
        "Frontal plane projection angle: deviation of the knee inwards from the line hip-ankle, as "
        "180 minus the inner angle in the picture; negative outside (Willson & Davis, J Orthop "
        "Sports Phys Ther 2008).",
        (*_LEG, Joint.RIGHT_HIP),
        True,
        FRONTAL,
        8.0,
        knee_valgus,
        lines=((Joint.LEFT_HIP, Joint.LEFT_KNEE), (Joint.LEFT_KNEE, Joint.LEFT_ANKLE)),
    ),
    Measure(
        "knee_separation_ratio",
        "1",
        "Ratio of knee distance to ankle distance across the picture; 1 is knees above ankles "
        "(knee-ankle separation ratio, Mizner et al., Clin J Sport Med 2012).",
        _BOTH_LEGS,
        False,
        FRONTAL,
        0.12,
        knee_separation_ratio,
    ),
    Measure(
        "stance_width",
        "1",
        "Ratio of ankle distance to shoulder distance across the picture (own definition).",
        (Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER, Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE),
        False,
        FRONTAL,
        0.12,
        stance_width,
    ),
    Measure(
        "knees_past_toes",
        "1",
        "Knee travel past the toes in the facing direction, relative to the length of the shank; "
        "negative behind them; not for a leg behind the body (own definition).",
        (Joint.LEFT_KNEE, Joint.LEFT_ANKLE, Joint.LEFT_FOOT),
        True,
        NOT_FRONTAL,
        0.15,
        knees_past_toes,
    ),
    Measure(
        "foot_lift",
        "1",
        "Height of the ankle above the other one in the picture, relative to the other line "
        "hip-ankle; about 0 with both feet on the floor (own definition).",
        (Joint.LEFT_ANKLE, Joint.RIGHT_HIP, Joint.RIGHT_ANKLE),
        True,
        FRONTAL | {View.OBLIQUE},
        0.05,
        foot_lift,
    ),
    Measure(
        "pelvis_drop",
        "deg",
        "Slope of the hip line in the frontal plane; positive if that side is lower, negative if "
        "it is hiked (own definition).",
        (Joint.LEFT_HIP, Joint.RIGHT_HIP),
        True,
        FRONTAL,
        4.0,
        pelvis_drop,
    ),
    Measure(
        "pelvis_shift",
        "1",
        "Displacement of the pelvis to that side from the middle of the ankles, relative to the "
        "distance between both points (own definition).",
        (Joint.PELVIS, Joint.LEFT_HIP, Joint.RIGHT_HIP, Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE),
        True,
        FRONTAL,
        0.03,
        pelvis_shift,
        lines=((Joint.LEFT_HIP, Joint.LEFT_ANKLE), (Joint.RIGHT_HIP, Joint.RIGHT_ANKLE)),
    ),
)
