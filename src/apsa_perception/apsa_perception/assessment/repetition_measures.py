"""Measures of a finished repetition: definition, unit, required view, source."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from apsa_perception.assessment.repetition_window import RepetitionWindow
from apsa_perception.biomechanics.posture import Posture
from apsa_perception.biomechanics.smoothness import spectral_arc_length
from apsa_perception.biomechanics.vectors import dot, minus
from apsa_perception.biomechanics.view import View
from apsa_perception.exercises.definition import RepetitionQuantity
from apsa_perception.model.codes import ExerciseSide, Side
from apsa_perception.model.joints import Joint
from apsa_perception.model.results import MeasureResult
from apsa_perception.model.skeleton import FloatArray
from apsa_perception.model.time import to_seconds

# Two frames at 20 frames a second: the resolution of the start and end of a repetition.
_TIME_ERROR_S = 0.1
# A clip of squats and the same clip warped differ by 0.2 to 0.4; repetitions of a healthy person
# recorded by a depth camera (IntelliRehabDS) differ by 0.2.
_SMOOTHNESS_ERROR = 0.3
_MIN_RATE_HZ = 15.0
_MIN_EXCURSION = 3.0  # standard errors of the change
# The same two clips differ by a centimetre.
_SWAY_ERROR_M = 0.01
_MIN_FACTOR = 0.1
_ANKLES = (Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE)


@dataclass(frozen=True)
class RepetitionMeasure:
    """A quantity of a whole repetition.

    Attributes:
        unit: ``s``, ``m``, ``1``; empty for the unit of the primary measure.
        definition: one sentence, with its source where it has one.
        visible_from: views from which one camera supports it, for people.
        error: its standard error, for people.
        function: value and standard error; ``ValueError`` says why there is none.
    """

    unit: str
    definition: str
    visible_from: str
    error: str
    function: Callable[[RepetitionWindow], tuple[float, float]]

    def take(self, quantity: RepetitionQuantity, window: RepetitionWindow) -> MeasureResult:
        """Return the value for a repetition, or the reason why there is none."""
        peak = quantity is RepetitionQuantity.PEAK
        name = window.motion.measure if peak else quantity.value
        one_value = quantity is not RepetitionQuantity.SIDE_DIFFERENCE
        side = window.segment.side if one_value else Side.BOTH
        unit = self.unit or window.motion.unit
        try:
            value, error = self.function(window)
        except ValueError as reason:
            return MeasureResult(name, math.nan, unit, side, f"not judged: {reason}")
        return MeasureResult(name, value, unit, side, uncertainty=error)


def _require_peak(window: RepetitionWindow) -> None:
    seen = [window.peak_seen(side) for side in window.sides]
    if not (all(seen) if window.motion.sides is ExerciseSide.EITHER else any(seen)):
        raise ValueError("the turning point was not seen")


def _peak(window: RepetitionWindow) -> tuple[float, float]:
    _require_peak(window)
    return window.segment.peak_value, window.mean_uncertainty


def _excursion(window: RepetitionWindow) -> float:
    return abs(window.segment.peak_value - window.segment.rest_value)


def _range(window: RepetitionWindow) -> tuple[float, float]:
    _require_peak(window)
    return _excursion(window), window.mean_change_uncertainty


def _side_difference(window: RepetitionWindow) -> tuple[float, float]:
    left, right = window.segment.side_excursions
    if window.segment.side is not Side.BOTH:
        raise ValueError("only one side moved")
    if math.isnan(left - right):
        raise ValueError("one side was not visible")
    if window.evidence.comparable_share < window.min_share:
        raise ValueError("the sides can only be compared in a frontal view")
    if not all(window.peak_seen(side) for side in window.sides):
        raise ValueError("the turning point of a side was not seen")
    errors = [window.change_uncertainty(side) for side in window.sides]
    return abs(left - right), math.hypot(*errors)


def _duration(window: RepetitionWindow) -> tuple[float, float]:
    return to_seconds(window.segment.end_ns - window.segment.start_ns), _TIME_ERROR_S


def _outward_duration(window: RepetitionWindow) -> tuple[float, float]:
    return to_seconds(window.segment.peak_ns - window.segment.start_ns), _TIME_ERROR_S


def _return_duration(window: RepetitionWindow) -> tuple[float, float]:
    return to_seconds(window.segment.end_ns - window.segment.peak_ns), _TIME_ERROR_S


def _smoothness(window: RepetitionWindow) -> tuple[float, float]:
    segment = window.segment
    if _excursion(window) < _MIN_EXCURSION * window.mean_change_uncertainty:
        raise ValueError("the movement is too small compared with the error of its measure")
    seen = [values for values in map(window.primary, window.sides) if window.is_enough(len(values))]
    if not seen:
        raise ValueError("the measure was taken in too few frames")
    peak_s = to_seconds(segment.peak_ns - segment.start_ns)
    arcs = []
    for values in seen:
        rate_hz = 1.0 / float(np.median(np.diff(values[:, 0]))) if len(values) > 2 else 0.0
        if rate_hz < _MIN_RATE_HZ:
            raise ValueError(f"the frame rate is below {_MIN_RATE_HZ:g} frames a second")
        arcs += [
            spectral_arc_length(_speed(half, rate_hz), rate_hz)
            for half in (values[values[:, 0] <= peak_s], values[values[:, 0] >= peak_s])
            if len(half) > 2
        ]
    return float(np.mean(arcs)), _SMOOTHNESS_ERROR * window.uncertainty_ratio


def _speed(values: FloatArray, rate_hz: float) -> FloatArray:
    """Absolute speed ``(T,)``, evenly sampled, from stamps and values ``(T, 2)``."""
    even = np.arange(values[0, 0], values[-1, 0], 1.0 / rate_hz)
    return np.abs(np.diff(np.interp(even, values[:, 0], values[:, 1]))) * rate_hz


def _sway(window: RepetitionWindow) -> tuple[float, float]:
    postures = [frame.posture for frame in window.frames]
    usable = [one for one in postures if one.depth_measured or one.view is View.FRONTAL]
    if not window.is_enough(len(usable)):
        raise ValueError("it needs a frontal view")
    offsets = [_offsets_from_foot(usable, ankle) for ankle in _ANKLES]
    seen = [rows for rows in offsets if window.is_enough(len(rows))]
    if not seen:
        raise ValueError("the supporting foot was not visible")
    steadiest = min(seen, key=lambda rows: float(rows[:, 0].std()))
    return float(steadiest[:, 0].std()), float(steadiest[:, 1].mean())


def _offsets_from_foot(postures: list[Posture], ankle: Joint) -> FloatArray:
    """Metres from a foot to the pelvis, positive to the left, and their error, ``(T, 2)``."""
    rows = []
    for one in postures:
        if one.body_view is None or not (one.visible[Joint.PELVIS] and one.visible[ankle]):
            continue
        offset = dot(minus(one.points[Joint.PELVIS], one.points[ankle]), one.body_view.left)
        width = 1.0 if one.depth_measured else math.cos(one.body_view.turn_rad)
        certainty = min(one.certainty[Joint.PELVIS], one.certainty[ankle])
        rows.append((offset, _SWAY_ERROR_M / (max(certainty, _MIN_FACTOR) * width)))
    return np.array(rows).reshape(-1, 2)


_AS_PRIMARY = "as the primary measure"

REPETITION_MEASURES: dict[RepetitionQuantity, RepetitionMeasure] = {
    RepetitionQuantity.PEAK: RepetitionMeasure(
        "",
        "The primary measure at the turning point; published under the name of that measure.",
        visible_from=_AS_PRIMARY,
        error="that of the measure",
        function=_peak,
    ),
    RepetitionQuantity.RANGE: RepetitionMeasure(
        "",
        "Range of motion: change of the primary measure from rest to the turning point.",
        visible_from=_AS_PRIMARY,
        error="that of the change since rest",
        function=_range,
    ),
    RepetitionQuantity.SIDE_DIFFERENCE: RepetitionMeasure(
        "",
        "Symmetry: left/right difference of the range of motion.",
        visible_from="frontal",
        error="that of the change of both sides",
        function=_side_difference,
    ),
    RepetitionQuantity.DURATION: RepetitionMeasure(
        "s",
        "Tempo: time from leaving rest to returning to it.",
        visible_from=_AS_PRIMARY,
        error="0.1",
        function=_duration,
    ),
    RepetitionQuantity.OUTWARD_DURATION: RepetitionMeasure(
        "s",
        "Tempo of the outward phase: time from leaving rest to the turning point.",
        visible_from=_AS_PRIMARY,
        error="0.1",
        function=_outward_duration,
    ),
    RepetitionQuantity.RETURN_DURATION: RepetitionMeasure(
        "s",
        "Tempo of the return phase: time from the turning point to rest.",
        visible_from=_AS_PRIMARY,
        error="0.1",
        function=_return_duration,
    ),
    RepetitionQuantity.SMOOTHNESS: RepetitionMeasure(
        "1",
        "Spectral arc length of the speed of the primary measure, mean of the outward and the "
        "return phase and of the sides; -1.4 is the smoothest, lower is less smooth "
        "(Balasubramanian et al., J NeuroEng Rehabil 2015, with its constants). Not for movements "
        "below three times the error of their measure or frame rates below 15 frames a second.",
        visible_from=_AS_PRIMARY,
        error=f"{_SMOOTHNESS_ERROR:g}",
        function=_smoothness,
    ),
    RepetitionQuantity.SWAY: RepetitionMeasure(
        "m",
        "Balance: root mean square of the mediolateral displacement of the pelvis from its mean, "
        "relative to the supporting foot, which is the one with the smaller value (RDIST-ML of "
        "Prieto et al., IEEE Trans Biomed Eng 1996, of the pelvis instead of the centre of "
        "pressure).",
        visible_from="frontal",
        error=f"{_SWAY_ERROR_M:g}",
        function=_sway,
    ),
}
"""Every measure of a repetition."""


def repetition_measures(window: RepetitionWindow) -> dict[RepetitionQuantity, MeasureResult]:
    """Take all measures of a repetition, with the reason for those that cannot be taken."""
    return {key: one.take(key, window) for key, one in REPETITION_MEASURES.items()}
