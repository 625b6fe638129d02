"""The biomechanical measures: definition, unit, evidence needed, source.

Angles are in degrees because limits are written and read by people. A sided measure exists once
for each side of the person. Every measure is taken of one frame.

What one camera bears: angles between segments from any direction, though depth is guessed and
10 degrees of error are usual; frontal-plane measures only in the picture and only when the person
faces the camera or turns the back to it; the forward lean only when the person does not
(Krosshaug & Bahr, J Biomech 2005; Schurr et al., Int J Sports Phys Ther 2017).
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from apsa_perception.biomechanics.posture import Posture, trunk_direction
from apsa_perception.biomechanics.view import ALL_VIEWS, View
from apsa_perception.codes import Side
from apsa_perception.results import MeasureResult
from apsa_perception.skeleton.joints import Joint, mirror_joint
from apsa_perception.skeleton.types import FloatArray

_NAN = float("nan")
_MIN_LENGTH = 1e-6
_FRONTAL = frozenset({View.FRONTAL})
_NOT_FRONTAL = frozenset({View.OBLIQUE, View.SIDE})


@dataclass(frozen=True)
class Measure:
    """A biomechanical quantity.

    Attributes:
        name: as in exercise files and messages.
        unit: ``deg``, or ``1`` for a ratio.
        definition: one sentence, with its source where it has one.
        joints: joints needed; of a sided measure those of the left side.
        sided: whether it exists for the left and the right side.
        views: views from which one camera bears it.
        typical_error: standard error with one camera, in the unit.
        function: value for a posture and a side; NaN where the geometry is degenerate.
    """

    name: str
    unit: str
    definition: str
    joints: tuple[Joint, ...]
    sided: bool
    views: frozenset[View]
    typical_error: float
    function: Callable[[Posture, Side], float]

    @property
    def sides(self) -> tuple[Side, ...]:
        """Sides for which the measure exists."""
        return (Side.LEFT, Side.RIGHT) if self.sided else (Side.BOTH,)

    def joints_of(self, side: Side) -> tuple[Joint, ...]:
        """Joints needed for the side."""
        return tuple(of_side(joint, side) for joint in self.joints)

    def take(self, posture: Posture, side: Side) -> MeasureResult:
        """Value for the side, or the reason why the evidence does not bear it."""
        reason = self._hindrance(posture, side)
        value = _NAN if reason else self.function(posture, side)
        if not reason and not math.isfinite(value):
            reason = "not judged: its joints coincide or have no place in the picture"
        return MeasureResult(self.name, value, self.unit, side, reason)

    def _hindrance(self, posture: Posture, side: Side) -> str:
        hidden = [joint for joint in self.joints_of(side) if not posture.seen[joint]]
        if hidden:
            return f"not judged: {_listed(joint.name.lower() for joint in hidden)} not seen"
        if posture.body_view is None:
            return "" if self.views == ALL_VIEWS else "not judged: direction of view not known"
        if posture.depth_measured or posture.view in self.views:
            return ""
        allowed = _listed((view.value for view in View if view in self.views), " or ")
        return f"not judged: seen from {posture.view.value}, needs {allowed} view"


def of_side(joint: Joint, side: Side) -> Joint:
    """Return the left joint itself, or its twin for the right side."""
    return mirror_joint(joint) if side is Side.RIGHT else joint


def _listed(words: Iterable[str], separator: str = ", ") -> str:
    return separator.join(word.replace("_", " ") for word in words)


def _angle_deg(first: FloatArray, second: FloatArray) -> float:
    """Angle between two vectors, 0..180."""
    product = math.sqrt(float(first @ first) * float(second @ second))
    if not product > _MIN_LENGTH**2:  # also where a place is NaN
        return _NAN
    return math.degrees(math.acos(min(1.0, max(-1.0, float(first @ second) / product))))


def _inner_angle(end: Joint, vertex: Joint, other: Joint) -> Callable[[Posture, Side], float]:
    def function(posture: Posture, side: Side) -> float:
        positions = posture.positions
        centre = positions[of_side(vertex, side)]
        return _angle_deg(
            positions[of_side(end, side)] - centre, positions[of_side(other, side)] - centre
        )

    return function


def _shoulder_elevation(posture: Posture, side: Side) -> float:
    upper_arm = (
        posture.positions[of_side(Joint.LEFT_ELBOW, side)]
        - posture.positions[of_side(Joint.LEFT_SHOULDER, side)]
    )
    seen = posture.seen[Joint.PELVIS] and posture.seen[Joint.NECK]
    return _angle_deg(upper_arm, -trunk_direction(posture.positions) if seen else -posture.up)


def _outward(posture: Posture, side: Side) -> float:
    """+1 where the side's outward direction is to the right of the picture, else -1."""
    left = posture.plane[Joint.LEFT_HIP, 0] - posture.plane[Joint.RIGHT_HIP, 0]
    return math.copysign(1.0, left) * (-1.0 if side is Side.RIGHT else 1.0)


def _tilt_deg(direction: FloatArray, plane_up: FloatArray) -> float:
    """Signed angle of a picture direction from up, positive to the right of the picture."""
    across = float(direction[1] * plane_up[0] - direction[0] * plane_up[1])
    along = float(direction @ plane_up)
    if math.hypot(across, along) < _MIN_LENGTH:
        return _NAN
    return math.degrees(math.atan2(across, along))


def _hip_abduction(posture: Posture, side: Side) -> float:
    leg = (
        posture.plane[of_side(Joint.LEFT_ANKLE, side)]
        - posture.plane[of_side(Joint.LEFT_HIP, side)]
    )
    return -_tilt_deg(-leg, posture.plane_up) * _outward(posture, side)


def _trunk_lean_forward(posture: Posture, side: Side) -> float:
    if posture.body_view is None:
        return _NAN
    trunk = trunk_direction(posture.positions)
    return math.degrees(
        math.atan2(float(trunk @ posture.body_view.forward), float(trunk @ posture.up))
    )


def _trunk_lean_lateral(posture: Posture, side: Side) -> float:
    trunk = posture.plane[Joint.NECK] - posture.plane[Joint.PELVIS]
    return _tilt_deg(trunk, posture.plane_up) * _outward(posture, Side.LEFT)


def _knee_valgus(posture: Posture, side: Side) -> float:
    hip = posture.plane[of_side(Joint.LEFT_HIP, side)]
    thigh = posture.plane[of_side(Joint.LEFT_KNEE, side)] - hip
    leg = posture.plane[of_side(Joint.LEFT_ANKLE, side)] - hip
    bend = _angle_deg(thigh, leg - thigh)
    across = float(leg[0] * thigh[1] - leg[1] * thigh[0])
    return math.copysign(bend, across * _outward(posture, side))


def _knee_separation_ratio(posture: Posture, side: Side) -> float:
    outward = _outward(posture, Side.LEFT)
    knees = posture.plane[Joint.LEFT_KNEE, 0] - posture.plane[Joint.RIGHT_KNEE, 0]
    ankles = posture.plane[Joint.LEFT_ANKLE, 0] - posture.plane[Joint.RIGHT_ANKLE, 0]
    hips = abs(posture.plane[Joint.LEFT_HIP, 0] - posture.plane[Joint.RIGHT_HIP, 0])
    if ankles * outward < 0.25 * hips:
        return _NAN
    return float(knees / ankles)


_LEG = (Joint.LEFT_HIP, Joint.LEFT_KNEE, Joint.LEFT_ANKLE)
_BOTH_LEGS = (*_LEG, Joint.RIGHT_HIP, Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE)
_TRUNK = (Joint.PELVIS, Joint.NECK)

_ALL = (
    Measure(
        "knee_angle",
        "deg",
        "Inner angle hip-knee-ankle in space; 180 is straight.",
        _LEG,
        True,
        ALL_VIEWS,
        10.0,
        _inner_angle(Joint.LEFT_HIP, Joint.LEFT_KNEE, Joint.LEFT_ANKLE),
    ),
    Measure(
        "hip_angle",
        "deg",
        "Inner angle shoulder-hip-knee in space; 180 is straight.",
        (Joint.LEFT_SHOULDER, Joint.LEFT_HIP, Joint.LEFT_KNEE),
        True,
        ALL_VIEWS,
        10.0,
        _inner_angle(Joint.LEFT_SHOULDER, Joint.LEFT_HIP, Joint.LEFT_KNEE),
    ),
    Measure(
        "elbow_angle",
        "deg",
        "Inner angle shoulder-elbow-wrist in space; 180 is straight.",
        (Joint.LEFT_SHOULDER, Joint.LEFT_ELBOW, Joint.LEFT_WRIST),
        True,
        ALL_VIEWS,
        10.0,
        _inner_angle(Joint.LEFT_SHOULDER, Joint.LEFT_ELBOW, Joint.LEFT_WRIST),
    ),
    Measure(
        "shoulder_elevation",
        "deg",
        "Angle in space between upper arm and the trunk line downwards, or down where the hips are "
        "not seen; 0 is hanging, 180 overhead (thoracohumeral elevation, Wu et al., J Biomech "
        "2005, whatever the plane).",
        (Joint.LEFT_SHOULDER, Joint.LEFT_ELBOW),
        True,
        ALL_VIEWS,
        10.0,
        _shoulder_elevation,
    ),
    Measure(
        "hip_abduction",
        "deg",
        "Angle in the frontal plane between the line hip-ankle and down; positive outwards.",
        (Joint.LEFT_HIP, Joint.LEFT_ANKLE, Joint.RIGHT_HIP),
        True,
        _FRONTAL,
        5.0,
        _hip_abduction,
    ),
    Measure(
        "trunk_lean_forward",
        "deg",
        "Angle in the sagittal plane between the line pelvis-neck and up; positive forwards.",
        _TRUNK,
        False,
        _NOT_FRONTAL,
        7.0,
        _trunk_lean_forward,
    ),
    Measure(
        "trunk_lean_lateral",
        "deg",
        "Angle in the frontal plane between the line pelvis-neck and up; positive to the left "
        "(Dingenen et al., Phys Ther Sport 2014).",
        (*_TRUNK, Joint.LEFT_HIP, Joint.RIGHT_HIP),
        False,
        _FRONTAL,
        5.0,
        _trunk_lean_lateral,
    ),
    Measure(
        "knee_valgus",
        "deg",
        "Frontal plane projection angle: by how much the knee lies inside the line hip-ankle, as "
        "180 minus the inner angle in the picture; negative outside (Willson & Davis, J Orthop "
        "Sports Phys Ther 2008).",
        (*_LEG, Joint.RIGHT_HIP),
        True,
        _FRONTAL,
        8.0,
        _knee_valgus,
    ),
    Measure(
        "knee_separation_ratio",
        "1",
        "Distance of the knees over that of the ankles, across the picture; 1 is knees over "
        "ankles (knee-ankle separation ratio, Mizner et al., Clin J Sport Med 2012).",
        _BOTH_LEGS,
        False,
        _FRONTAL,
        0.12,
        _knee_separation_ratio,
    ),
)

MEASURES: dict[str, Measure] = {measure.name: measure for measure in _ALL}
"""Every measure by name."""


def take_measures(posture: Posture, names: Iterable[str]) -> tuple[MeasureResult, ...]:
    """Take the named measures for all their sides, in order."""
    return tuple(
        measure.take(posture, side)
        for measure in (MEASURES[name] for name in names)
        for side in measure.sides
    )
