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

from apsa_perception.biomechanics import geometry
from apsa_perception.biomechanics.geometry import of_side
from apsa_perception.biomechanics.posture import Posture
from apsa_perception.biomechanics.view import ALL_VIEWS, View
from apsa_perception.codes import Side
from apsa_perception.results import MeasureResult
from apsa_perception.skeleton.joints import Joint

_NAN = float("nan")
_LEAST_SHARE = 0.1
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
        uncertainty = _NAN if reason else self._uncertainty(posture, side)
        return MeasureResult(self.name, value, self.unit, side, reason, uncertainty)

    def _uncertainty(self, posture: Posture, side: Side) -> float:
        """Standard error in the unit: the typical one, grown by the view and by doubt.

        A length in the frontal plane shrinks in the picture with the cosine of the turn, one in
        the sagittal plane with its sine, and an error of pixels grows as much. A joint of half the
        confidence is taken to be twice as far off.
        """
        doubt = max(float(posture.confidence[list(self.joints_of(side))].min()), _LEAST_SHARE)
        borne = 1.0
        if posture.body_view is not None and not posture.depth_measured:
            turn = posture.body_view.turn_rad
            if self.views == _FRONTAL:
                borne = math.cos(turn)
            elif self.views == _NOT_FRONTAL:
                borne = math.sin(turn)
        return self.typical_error / (doubt * max(borne, _LEAST_SHARE))

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


def _listed(words: Iterable[str], separator: str = ", ") -> str:
    return separator.join(word.replace("_", " ") for word in words)


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
        geometry.inner_angle(Joint.LEFT_HIP, Joint.LEFT_KNEE, Joint.LEFT_ANKLE),
    ),
    Measure(
        "hip_angle",
        "deg",
        "Inner angle shoulder-hip-knee in space; 180 is straight.",
        (Joint.LEFT_SHOULDER, Joint.LEFT_HIP, Joint.LEFT_KNEE),
        True,
        ALL_VIEWS,
        10.0,
        geometry.inner_angle(Joint.LEFT_SHOULDER, Joint.LEFT_HIP, Joint.LEFT_KNEE),
    ),
    Measure(
        "elbow_angle",
        "deg",
        "Inner angle shoulder-elbow-wrist in space; 180 is straight.",
        (Joint.LEFT_SHOULDER, Joint.LEFT_ELBOW, Joint.LEFT_WRIST),
        True,
        ALL_VIEWS,
        10.0,
        geometry.inner_angle(Joint.LEFT_SHOULDER, Joint.LEFT_ELBOW, Joint.LEFT_WRIST),
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
        geometry.shoulder_elevation,
    ),
    Measure(
        "hip_abduction",
        "deg",
        "Angle in the frontal plane between the line hip-ankle and down; positive outwards.",
        (Joint.LEFT_HIP, Joint.LEFT_ANKLE, Joint.RIGHT_HIP),
        True,
        _FRONTAL,
        5.0,
        geometry.hip_abduction,
    ),
    Measure(
        "trunk_lean_forward",
        "deg",
        "Angle in the sagittal plane between the line pelvis-neck and up; positive forwards.",
        _TRUNK,
        False,
        _NOT_FRONTAL,
        7.0,
        geometry.trunk_lean_forward,
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
        geometry.trunk_lean_lateral,
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
        geometry.knee_valgus,
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
        geometry.knee_separation_ratio,
    ),
    Measure(
        "ankle_angle",
        "deg",
        "Inner angle knee-ankle-toes in space; some 100 in standing, more with the heel raised.",
        (Joint.LEFT_KNEE, Joint.LEFT_ANKLE, Joint.LEFT_FOOT),
        True,
        ALL_VIEWS,
        10.0,
        geometry.inner_angle(Joint.LEFT_KNEE, Joint.LEFT_ANKLE, Joint.LEFT_FOOT),
    ),
    Measure(
        "trunk_flexion",
        "deg",
        "Angle in space between the line pelvis-neck and up, whatever the direction (own "
        "definition).",
        _TRUNK,
        False,
        ALL_VIEWS,
        10.0,
        geometry.trunk_flexion,
    ),
    Measure(
        "side_bend",
        "deg",
        "Lean of the line pelvis-neck to that side in the frontal plane (Dingenen et al., Phys "
        "Ther Sport 2014, by side).",
        (*_TRUNK, Joint.LEFT_HIP, Joint.RIGHT_HIP),
        True,
        _FRONTAL,
        5.0,
        geometry.side_bend,
    ),
    Measure(
        "trunk_rotation",
        "deg",
        "Turn of the shoulder line against the hip line about up; positive to that side (own "
        "definition).",
        (Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER, Joint.LEFT_HIP, Joint.RIGHT_HIP),
        True,
        ALL_VIEWS,
        12.0,
        geometry.trunk_rotation,
    ),
    Measure(
        "shoulder_turn",
        "deg",
        "Turn of the shoulders out of the picture plane about up, trunk and pelvis together, of "
        "somebody whose feet point to the camera; positive to that side (own definition).",
        (Joint.NECK,),
        True,
        ALL_VIEWS,
        12.0,
        geometry.shoulder_turn,
    ),
    Measure(
        "pelvis_drop",
        "deg",
        "Slope of the hip line in the frontal plane; positive where that side is lower, negative "
        "where it is hiked (own definition).",
        (Joint.LEFT_HIP, Joint.RIGHT_HIP),
        True,
        _FRONTAL,
        4.0,
        geometry.pelvis_drop,
    ),
    Measure(
        "shoulder_hike",
        "deg",
        "Slope of the shoulder line in the frontal plane, less the lean of the trunk; positive "
        "where that side is raised (own definition).",
        (*_TRUNK, Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER, Joint.LEFT_HIP, Joint.RIGHT_HIP),
        True,
        _FRONTAL,
        5.0,
        geometry.shoulder_hike,
    ),
    Measure(
        "pelvis_shift",
        "1",
        "Way of the pelvis to that side from the middle between the ankles, over the length of the "
        "line between them (own definition).",
        (Joint.PELVIS, Joint.LEFT_HIP, Joint.RIGHT_HIP, Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE),
        True,
        _FRONTAL,
        0.03,
        geometry.pelvis_shift,
    ),
    Measure(
        "stance_width",
        "1",
        "Distance of the ankles over that of the shoulders, across the picture (own definition).",
        (Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER, Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE),
        False,
        _FRONTAL,
        0.12,
        geometry.stance_width,
    ),
    Measure(
        "knees_past_toes",
        "1",
        "Way of the knee before the toes in the direction that the body faces, over the length of "
        "the shank; negative behind; not of a leg that stands behind the body (own definition).",
        (Joint.LEFT_KNEE, Joint.LEFT_ANKLE, Joint.LEFT_FOOT),
        True,
        _NOT_FRONTAL,
        0.15,
        geometry.knees_past_toes,
    ),
    Measure(
        "arm_extension",
        "deg",
        "Angle in the sagittal plane between an upper arm below level and the trunk line "
        "downwards; positive backwards, whatever the arm does sideways (own definition).",
        (*_TRUNK, Joint.LEFT_SHOULDER, Joint.LEFT_ELBOW),
        True,
        _NOT_FRONTAL,
        10.0,
        geometry.arm_extension,
    ),
    Measure(
        "arm_plane",
        "deg",
        "Plane of elevation of an arm raised by over 25 degrees: 0 to the side, 90 forwards, "
        "negative backwards (Wu et al., J Biomech 2005).",
        (Joint.LEFT_SHOULDER, Joint.LEFT_ELBOW),
        True,
        ALL_VIEWS,
        20.0,
        geometry.arm_plane,
    ),
    Measure(
        "forearm_rotation",
        "deg",
        "Rise of the line elbow-wrist against the level, the upper arm raised by 45 degrees or "
        "more: then the rotation of the shoulder; 90 is upwards (own definition).",
        (Joint.LEFT_SHOULDER, Joint.LEFT_ELBOW, Joint.LEFT_WRIST),
        True,
        ALL_VIEWS,
        10.0,
        geometry.forearm_rotation,
    ),
    Measure(
        "hip_height",
        "1",
        "How far the hip is above the line shoulder-ankle, over its length; negative below (own "
        "definition).",
        (Joint.LEFT_SHOULDER, Joint.LEFT_HIP, Joint.LEFT_ANKLE),
        True,
        _NOT_FRONTAL,
        0.04,
        geometry.hip_height,
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
