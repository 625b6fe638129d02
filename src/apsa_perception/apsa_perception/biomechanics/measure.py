"""A biomechanical measure: its value with its error, or the reason why there is none."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from apsa_perception.biomechanics.geometry import (
    Directions,
    between,
    limb,
    of_side,
    projected_share,
    turned_out_of_picture,
)
from apsa_perception.biomechanics.posture import Posture
from apsa_perception.biomechanics.view import ALL_VIEWS, View
from apsa_perception.model.codes import Side
from apsa_perception.model.joints import Joint
from apsa_perception.model.results import MeasureResult

FRONTAL = frozenset({View.FRONTAL})
NOT_FRONTAL = frozenset({View.OBLIQUE, View.SIDE})

_MIN_FACTOR = 0.1
# Error of estimated depth relative to that in the image plane, from four synchronised cameras.
_DEPTH_ERROR = 2.0
_ANGLE_ERROR_DEG = 10.0
# A joint seen 2.5 cm wrong turns a segment of 40 cm by 9 degrees if it is shortened to this share,
# which is half of the mild limit of knee valgus.
_LEAST_PROJECTED = 0.4


@dataclass(frozen=True)
class Measure:
    """A biomechanical quantity.

    Attributes:
        name: as in exercise files and messages.
        unit: ``deg``, or ``1`` for a ratio.
        definition: one sentence, with its source where it has one.
        joints: required joints; for a sided measure, those of the left side.
        sided: whether it exists for the left and the right side.
        views: views from which one camera can measure it.
        typical_error: standard error with one camera, in the unit: in a perpendicular view for a
            measure in one plane of the body, else the mean over all views.
        function: value for a posture and a side; NaN if the geometry is degenerate.
        directions: for an angle in space, the two directions that enclose it.
        lines: segments, as pairs of joints, whose direction in the picture is measured.
    """

    name: str
    unit: str
    definition: str
    joints: tuple[Joint, ...]
    sided: bool
    views: frozenset[View]
    typical_error: float
    function: Callable[[Posture, Side], float]
    directions: Directions | None = None
    lines: tuple[tuple[Joint, Joint], ...] = ()

    @property
    def sides(self) -> tuple[Side, ...]:
        """Sides for which the measure exists."""
        return (Side.LEFT, Side.RIGHT) if self.sided else (Side.BOTH,)

    def joints_of(self, side: Side) -> tuple[Joint, ...]:
        """Required joints of the side."""
        return tuple(of_side(joint, side) for joint in self.joints)

    def take(self, posture: Posture, side: Side) -> MeasureResult:
        """Return the value for the side, or the reason why there is none."""
        reason = self._not_judged_reason(posture, side)
        value = math.nan if reason else self.function(posture, side)
        if not reason and not math.isfinite(value):
            reason = "not judged: its joints coincide or are outside the picture"
        uncertainty = math.nan if reason else self._uncertainty(posture, side)
        return MeasureResult(self.name, value, self.unit, side, reason, uncertainty)

    def _uncertainty(self, posture: Posture, side: Side) -> float:
        """Standard error in the unit: the typical one, increased by view and low confidence.

        Half the confidence of a joint is assumed to double its error.
        """
        confidence = max(float(posture.confidence[list(self.joints_of(side))].min()), _MIN_FACTOR)
        growth = 1.0 if posture.depth_measured else self._growth(posture, side)
        return self.typical_error * growth / confidence

    def _growth(self, posture: Posture, side: Side) -> float:
        """Factor by which the view increases the typical error.

        A length in the frontal plane shrinks in the picture with the cosine of the turn, one in
        the sagittal plane with its sine, which increases the error of pixels by the inverse. The
        error of an angle in space is that of the image plane if its plane is parallel to it, and
        that of the estimated depth if it is seen edge-on; the typical error is the root mean square
        over all directions, where the share is two thirds.
        """
        if self.directions is not None:
            share = turned_out_of_picture(*self.directions(posture, side))
            more = _DEPTH_ERROR**2 - 1.0
            return math.sqrt((1.0 + more * share) / (1.0 + more * 2.0 / 3.0))
        if posture.body_view is None or self.views == ALL_VIEWS:
            return 1.0
        turn = posture.body_view.turn_rad
        width = math.cos(turn) if self.views == FRONTAL else math.sin(turn)
        return 1.0 / max(width, _MIN_FACTOR)

    def _not_judged_reason(self, posture: Posture, side: Side) -> str:
        hidden = [joint for joint in self.joints_of(side) if not posture.seen[joint]]
        if hidden:
            return f"not judged: {_listed(joint.name.lower() for joint in hidden)} not seen"
        if posture.body_view is None:
            return "" if self.views == ALL_VIEWS else "not judged: view unknown"
        if posture.depth_measured or posture.view in self.views:
            return self._foreshortened(posture, side)
        allowed = _listed((view.value for view in View if view in self.views), " or ")
        return f"not judged: {posture.view.value} view, needs {allowed} view"

    def _foreshortened(self, posture: Posture, side: Side) -> str:
        """Why a line is too short in the picture to have a direction; empty if none is."""
        for line in self.lines:
            start, end = (of_side(joint, side) for joint in line)
            if projected_share(posture, start, end) < _LEAST_PROJECTED:
                names = _listed((start.name.lower(), end.name.lower()), " to ")
                return f"not judged: the line {names} points to the camera"
        return ""


def angle_in_space(
    name: str,
    definition: str,
    joints: tuple[Joint, ...],
    directions: Directions,
    *,
    sided: bool = True,
) -> Measure:
    """Return the measure of an angle between two directions, possible in any view."""
    function = between(directions)
    return Measure(
        name, "deg", definition, joints, sided, ALL_VIEWS, _ANGLE_ERROR_DEG, function, directions
    )


def inner_angle(name: str, definition: str, joints: tuple[Joint, Joint, Joint]) -> Measure:
    """Return the measure of the inner angle at the middle one of three joints."""
    return angle_in_space(name, definition, joints, limb(*joints))


def _listed(words: Iterable[str], separator: str = ", ") -> str:
    return separator.join(word.replace("_", " ") for word in words)
