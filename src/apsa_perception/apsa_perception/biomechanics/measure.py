"""What a biomechanical measure is: a value with its error, or the reason why there is none."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from apsa_perception.biomechanics.geometry import (
    Directions,
    between,
    limb,
    of_side,
    turned_out_of_picture,
)
from apsa_perception.biomechanics.posture import Posture
from apsa_perception.biomechanics.view import ALL_VIEWS, View
from apsa_perception.model.codes import Side
from apsa_perception.model.joints import Joint
from apsa_perception.model.results import MeasureResult

FRONTAL = frozenset({View.FRONTAL})
NOT_FRONTAL = frozenset({View.OBLIQUE, View.SIDE})

_LEAST_SHARE = 0.1
# Error of a guessed depth over that in the picture, as against four synchronised cameras.
_DEPTH_ERROR = 2.0
_ANGLE_ERROR_DEG = 10.0


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
        typical_error: standard error with one camera, in the unit: seen squarely where the measure
            lies in one plane of the body, the mean over all directions of view where it does not.
        function: value for a posture and a side; NaN where the geometry is degenerate.
        directions: of an angle in space, the two directions between which it is taken.
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
        value = math.nan if reason else self.function(posture, side)
        if not reason and not math.isfinite(value):
            reason = "not judged: its joints coincide or have no place in the picture"
        uncertainty = math.nan if reason else self._uncertainty(posture, side)
        return MeasureResult(self.name, value, self.unit, side, reason, uncertainty)

    def _uncertainty(self, posture: Posture, side: Side) -> float:
        """Standard error in the unit: the typical one, grown by the view and by doubt.

        A joint of half the confidence is taken to be twice as far off.
        """
        doubt = max(float(posture.confidence[list(self.joints_of(side))].min()), _LEAST_SHARE)
        growth = 1.0 if posture.depth_measured else self._growth(posture, side)
        return self.typical_error * growth / doubt

    def _growth(self, posture: Posture, side: Side) -> float:
        """By how much the direction of view makes the error larger than the typical one.

        A length in the frontal plane shrinks in the picture with the cosine of the turn, one in
        the sagittal plane with its sine, and an error of pixels grows as much. The error of an
        angle in space is that of the picture where its plane lies in it, and that of the guessed
        depth where it is seen edge-on; its mean square over all directions is that of the typical
        error (there the share is two thirds).
        """
        if self.directions is not None:
            share = turned_out_of_picture(*self.directions(posture, side))
            more = _DEPTH_ERROR**2 - 1.0
            return math.sqrt((1.0 + more * share) / (1.0 + more * 2.0 / 3.0))
        if posture.body_view is None or self.views == ALL_VIEWS:
            return 1.0
        turn = posture.body_view.turn_rad
        borne = math.cos(turn) if self.views == FRONTAL else math.sin(turn)
        return 1.0 / max(borne, _LEAST_SHARE)

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


def angle_in_space(
    name: str,
    definition: str,
    joints: tuple[Joint, ...],
    directions: Directions,
    *,
    sided: bool = True,
) -> Measure:
    """An angle between two directions, which any view bears."""
    function = between(directions)
    return Measure(
        name, "deg", definition, joints, sided, ALL_VIEWS, _ANGLE_ERROR_DEG, function, directions
    )


def inner_angle(name: str, definition: str, joints: tuple[Joint, Joint, Joint]) -> Measure:
    """The inner angle at the middle one of three joints."""
    return angle_in_space(name, definition, joints, limb(*joints))


def _listed(words: Iterable[str], separator: str = ", ") -> str:
    return separator.join(word.replace("_", " ") for word in words)
