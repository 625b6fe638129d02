"""A biomechanical measure: its value with its error, or the reason why there is none."""

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import KW_ONLY, dataclass
from functools import cache, cached_property, lru_cache
from operator import itemgetter
from typing import Any

import numpy as np

from apsa_perception.biomechanics.geometry import (
    Directions,
    between,
    limb,
    of_side,
    projected_share,
)
from apsa_perception.biomechanics.posture import Posture
from apsa_perception.biomechanics.typical_errors import TYPICAL_ERRORS
from apsa_perception.biomechanics.view import ALL_VIEWS, View
from apsa_perception.model.codes import Side
from apsa_perception.model.joints import Joint
from apsa_perception.model.results import MeasureResult
from apsa_perception.model.sentences import Sentence

FRONTAL = frozenset({View.FRONTAL})
NOT_FRONTAL = frozenset({View.OBLIQUE, View.SIDE})
NOT_SIDE = frozenset({View.FRONTAL, View.OBLIQUE})

_MIN_CONFIDENCE = 0.1
_ERRORS_BY_TURN = {name: tuple(zip(*rows, strict=True)) for name, rows in TYPICAL_ERRORS.items()}
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
        assumed_error: standard error where it was not measured, in the unit: with a depth sensor,
            and for people who lie.
        function: value for a posture and a side; NaN if the geometry is degenerate.
        lines: segments, as pairs of joints, whose direction in the picture is measured.
    """

    name: str
    unit: str
    definition: str
    joints: tuple[Joint, ...]
    _: KW_ONLY
    sided: bool
    views: frozenset[View]
    assumed_error: float
    function: Callable[[Posture, Side], float]
    lines: tuple[tuple[Joint, Joint], ...] = ()

    @cached_property
    def sides(self) -> tuple[Side, ...]:
        """Sides for which the measure exists."""
        return (Side.LEFT, Side.RIGHT) if self.sided else (Side.BOTH,)

    def joints_of(self, side: Side) -> tuple[Joint, ...]:
        """Required joints of the side."""
        return self._joints_by_side[side]

    @cached_property
    def _joints_by_side(self) -> list[tuple[Joint, ...]]:
        return [tuple(of_side(joint, side) for joint in self.joints) for side in Side]

    @cached_property
    def _values_by_side(self) -> list[Callable[[list[Any]], tuple[Any, ...]]]:
        """Functions that take the values of the required joints out of those of all joints."""
        return [itemgetter(*joints, joints[0]) for joints in self._joints_by_side]

    @cached_property
    def _lines_by_side(self) -> list[list[tuple[Joint, Joint]]]:
        return [[(of_side(a, side), of_side(b, side)) for a, b in self.lines] for side in Side]

    @cached_property
    def typical_error(self) -> float:
        """Standard error with one camera, root mean square over the views that support it."""
        return self._over_views(1)

    @cached_property
    def typical_change_error(self) -> float:
        """The same of a change since rest."""
        return self._over_views(2)

    def _over_views(self, column: int) -> float:
        errors = [row[column] for row in TYPICAL_ERRORS.get(self.name, ())]
        return math.sqrt(np.mean(np.square(errors))) if errors else self.assumed_error

    def take(self, posture: Posture, side: Side) -> MeasureResult:
        """Return the value for the side, or the reason why there is none."""
        reason = self._not_judged_reason(posture, side)
        value = math.nan if reason else self.function(posture, side)
        if not reason and not math.isfinite(value):
            reason = Sentence.JOINTS_COINCIDE.text()
        if reason:
            return MeasureResult(self.name, math.nan, self.unit, side, reason)
        return MeasureResult(self.name, value, self.unit, side, "", *self._errors(posture, side))

    def _errors(self, posture: Posture, side: Side) -> tuple[float, float]:
        """Standard errors of the value and of its change since rest, in the unit.

        Measured for the turn of the body, and increased for joints of low confidence: half of the
        confidence is assumed to double the error.
        """
        confidence = min(self._values_by_side[side](posture.certainty))
        share = max(confidence, _MIN_CONFIDENCE)
        if posture.depth_measured or self.name not in _ERRORS_BY_TURN:
            return self.assumed_error / share, self.assumed_error / share
        if posture.body_view is None:
            return self.typical_error / share, self.typical_change_error / share
        value, change = _errors_at(self.name, posture.body_view.turn_rad)
        return value / share, change / share

    def _not_judged_reason(self, posture: Posture, side: Side) -> str:
        visible = posture.visible
        if not all(self._values_by_side[side](visible)):
            hidden = [joint for joint in self._joints_by_side[side] if not visible[joint]]
            return Sentence.NOT_SEEN.text(joints=_listed(joint.name.lower() for joint in hidden))
        if posture.body_view is None:
            return "" if self.views == ALL_VIEWS else Sentence.VIEW_UNKNOWN.text()
        if posture.depth_measured or posture.body_view.view in self.views:
            return self._foreshortened(posture, side) if self.lines else ""
        return _wrong_view(posture.view, self.views)

    def _foreshortened(self, posture: Posture, side: Side) -> str:
        """Why a line is too short in the picture to have a direction; empty if none is."""
        for start, end in self._lines_by_side[side]:
            if projected_share(posture, start, end) < _LEAST_PROJECTED:
                names = _listed((start.name.lower(), end.name.lower()), " to ")
                return Sentence.POINTS_TO_CAMERA.text(joints=names)
        return ""


@cache
def _wrong_view(view: View, allowed: frozenset[View]) -> str:
    names = _listed((each.value for each in View if each in allowed), " or ")
    return Sentence.VIEW_OF_MEASURE.text(view=view.value, views=names)


@lru_cache(maxsize=64)  # both sides of the measures of a frame
def _errors_at(name: str, turn_rad: float) -> tuple[float, float]:
    """Both errors of a measure at a turn of the body, interpolated between increasing turns."""
    turns_deg, values, changes = _ERRORS_BY_TURN[name]
    turn_deg = math.degrees(turn_rad)
    after = bisect_right(turns_deg, turn_deg)
    if after in (0, len(turns_deg)):
        end = max(after - 1, 0)
        return values[end], changes[end]
    before = after - 1
    beyond, span = turn_deg - turns_deg[before], turns_deg[after] - turns_deg[before]
    return (
        (values[after] - values[before]) / span * beyond + values[before],
        (changes[after] - changes[before]) / span * beyond + changes[before],
    )


def angle_in_space(
    name: str,
    definition: str,
    joints: tuple[Joint, ...],
    directions: Directions,
    *,
    sided: bool = True,
) -> Measure:
    """Return the measure of an angle between two directions, possible in any view."""
    return Measure(
        name,
        "deg",
        definition,
        joints,
        sided=sided,
        views=ALL_VIEWS,
        assumed_error=_ANGLE_ERROR_DEG,
        function=between(directions),
    )


def inner_angle(name: str, definition: str, joints: tuple[Joint, Joint, Joint]) -> Measure:
    """Return the measure of the inner angle at the middle one of three joints."""
    return angle_in_space(name, definition, joints, limb(*joints))


def _listed(words: Iterable[str], separator: str = ", ") -> str:
    return separator.join(word.replace("_", " ") for word in words)
