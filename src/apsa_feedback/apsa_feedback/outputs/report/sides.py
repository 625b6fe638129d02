"""Left and right of a repetition, from the curves of the primary measure."""

from collections.abc import Mapping
from dataclasses import dataclass

from apsa_feedback.outputs.report.curve import Curve

SIDES = ("left", "right")
_NEAR_S = 0.15
"""A sample belongs to a moment if it is at most so far away: three samples of a curve."""

_REST_S = 1.0
"""Rest is looked for so long before the start, which is the moment at which rest has been left."""


@dataclass(frozen=True, slots=True)
class SideValues:
    """A side in a repetition: the measure at the turning point, and the range from rest to it."""

    peak: float
    range: float


def side_values(
    curve: Curve | None, start_s: float, peak_s: float, since_s: float = 0.0
) -> SideValues | None:
    """Return the values of a side; None if it was not judged at rest or at the turning point.

    Args:
        curve: the primary measure of the side.
        start_s: start of the repetition, in seconds since the first frame of the session.
        peak_s: its turning point.
        since_s: end of the repetition before.
    """
    peak = _value_at(curve, peak_s) if curve is not None else None
    if curve is None or peak is None:
        return None
    rest = curve.between(max(since_s, start_s - _REST_S), start_s + _NEAR_S)
    ranges = [abs(peak - value) for _, value in rest if value is not None]
    return SideValues(peak, round(max(ranges), 3)) if ranges else None


def by_side(
    curves: Mapping[str, Curve],
    side: str,
    start_s: float,
    peak_s: float,
    own: SideValues,
    since_s: float = 0.0,
) -> dict[str, SideValues | None]:
    """Return the values of both sides of a repetition.

    Args:
        curves: the primary measure by side.
        side: the side that moved, or ``both``.
        start_s: start of the repetition.
        peak_s: its turning point.
        own: its values; those of the side that moved, if it is one.
        since_s: end of the repetition before.
    """
    if side in SIDES:
        return {each: own if each == side else None for each in SIDES}
    return {each: side_values(curves.get(each), start_s, peak_s, since_s) for each in SIDES}


def _value_at(curve: Curve, at_s: float) -> float | None:
    nearest = curve.nearest(at_s)
    return nearest[1] if nearest is not None and abs(nearest[0] - at_s) <= _NEAR_S else None
