"""The measures of a finished repetition: definition, unit, evidence needed, source."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from apsa_perception.assessment.repetition_window import Course
from apsa_perception.biomechanics.posture import Posture
from apsa_perception.biomechanics.smoothness import spectral_arc_length
from apsa_perception.biomechanics.view import View
from apsa_perception.exercises.definition import RepetitionQuantity
from apsa_perception.model.codes import Side
from apsa_perception.model.joints import Joint
from apsa_perception.model.results import MeasureResult
from apsa_perception.model.skeleton import FloatArray

# Two frames at 20 a second: when rest is left and reached is seen no better.
_TIME_ERROR_S = 0.1
# Between a clip of squats and the same clip warped it differs by 0.2 to 0.4, between repetitions
# of a healthy person before a depth camera (IntelliRehabDS) by 0.2.
_SMOOTHNESS_ERROR = 0.3
_LEAST_RATE_HZ = 15.0
_LEAST_WAY = 3.0  # errors of the measure
# Between the same two clips it differs by a centimetre.
_SWAY_ERROR_M = 0.01
_LEAST_SHARE = 0.1
_ANKLES = (Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE)


@dataclass(frozen=True)
class RepetitionMeasure:
    """A quantity of a whole repetition.

    Attributes:
        unit: ``s``, ``m``, ``1``; empty for the unit of the primary measure.
        definition: one sentence, with its source where it has one.
        borne_by: what one camera must see for it, for people.
        error: its standard error, for people.
        function: value and standard error; ``ValueError`` says why there is none.
    """

    unit: str
    definition: str
    borne_by: str
    error: str
    function: Callable[[Course], tuple[float, float]]

    def take(self, quantity: RepetitionQuantity, course: Course) -> MeasureResult:
        """Value for a repetition, or the reason why the evidence does not bear it."""
        peak = quantity is RepetitionQuantity.PEAK
        name = course.motion.measure if peak else quantity.value
        one_value = quantity is not RepetitionQuantity.SIDE_DIFFERENCE
        side = course.segment.side if one_value else Side.BOTH
        unit = self.unit or course.motion.unit
        try:
            value, error = self.function(course)
        except ValueError as reason:
            return MeasureResult(name, math.nan, unit, side, f"not judged: {reason}")
        return MeasureResult(name, value, unit, side, uncertainty=error)


def _peak(course: Course) -> tuple[float, float]:
    return course.segment.peak_value, course.mean_uncertainty


def _range(course: Course) -> tuple[float, float]:
    way = abs(course.segment.peak_value - course.segment.rest_value)
    return way, math.sqrt(2.0) * course.mean_uncertainty


def _side_difference(course: Course) -> tuple[float, float]:
    left, right = course.segment.side_excursions
    if course.segment.side is not Side.BOTH:
        raise ValueError("one side moved")
    if math.isnan(left - right):
        raise ValueError("one side not seen")
    if course.evidence.comparable_share < course.min_share:
        raise ValueError("the sides can be compared in a frontal view only")
    errors = [course.uncertainty(side) for side in course.sides]
    return abs(left - right), math.hypot(*errors)


def _duration(course: Course) -> tuple[float, float]:
    return (course.segment.end_ns - course.segment.start_ns) * 1e-9, _TIME_ERROR_S


def _outward_duration(course: Course) -> tuple[float, float]:
    return (course.segment.peak_ns - course.segment.start_ns) * 1e-9, _TIME_ERROR_S


def _return_duration(course: Course) -> tuple[float, float]:
    return (course.segment.end_ns - course.segment.peak_ns) * 1e-9, _TIME_ERROR_S


def _smoothness(course: Course) -> tuple[float, float]:
    segment = course.segment
    way = abs(segment.peak_value - segment.rest_value)
    if way < _LEAST_WAY * course.mean_uncertainty:
        raise ValueError("the movement is not much larger than the error of its measure")
    seen = [values for values in map(course.primary, course.sides) if course.is_enough(len(values))]
    if not seen:
        raise ValueError("the measure was not seen in enough frames")
    peak_s = (segment.peak_ns - segment.start_ns) * 1e-9
    arcs = []
    for values in seen:
        rate_hz = 1.0 / float(np.median(np.diff(values[:, 0]))) if len(values) > 2 else 0.0
        if rate_hz < _LEAST_RATE_HZ:
            raise ValueError(f"fewer than {_LEAST_RATE_HZ:g} pictures a second")
        arcs += [
            spectral_arc_length(_speed(half, rate_hz), rate_hz)
            for half in (values[values[:, 0] <= peak_s], values[values[:, 0] >= peak_s])
            if len(half) > 2
        ]
    return float(np.mean(arcs)), _SMOOTHNESS_ERROR * course.doubt


def _speed(values: FloatArray, rate_hz: float) -> FloatArray:
    """Absolute speed ``(T,)`` at even distances in time from stamps and values ``(T, 2)``."""
    even = np.arange(values[0, 0], values[-1, 0], 1.0 / rate_hz)
    return np.abs(np.diff(np.interp(even, values[:, 0], values[:, 1]))) * rate_hz


def _sway(course: Course) -> tuple[float, float]:
    postures = [frame.posture for frame in course.frames]
    borne = [one for one in postures if one.depth_measured or one.view is View.FRONTAL]
    if not course.is_enough(len(borne)):
        raise ValueError("seen in a frontal view only")
    ways = [_ways_from_foot(borne, ankle) for ankle in _ANKLES]
    seen = [way for way in ways if course.is_enough(len(way))]
    if not seen:
        raise ValueError("the foot on which the person stands was not seen")
    steadiest = min(seen, key=lambda way: float(way[:, 0].std()))
    return float(steadiest[:, 0].std()), float(steadiest[:, 1].mean())


def _ways_from_foot(postures: list[Posture], ankle: Joint) -> FloatArray:
    """Metres of the pelvis to the left of a foot, and their error, ``(T, 2)``, where seen."""
    joints = [Joint.PELVIS, ankle]
    rows = []
    for one in postures:
        if one.body_view is None or not one.seen[joints].all():
            continue
        way = float((one.positions[Joint.PELVIS] - one.positions[ankle]) @ one.body_view.left)
        borne = 1.0 if one.depth_measured else math.cos(one.body_view.turn_rad)
        error = _SWAY_ERROR_M / (max(float(one.confidence[joints].min()), _LEAST_SHARE) * borne)
        rows.append((way, error))
    return np.array(rows).reshape(-1, 2)


_OF_PRIMARY = "as the primary measure"

REPETITION_MEASURES: dict[RepetitionQuantity, RepetitionMeasure] = {
    RepetitionQuantity.PEAK: RepetitionMeasure(
        "",
        "The primary measure at the turning point; published under the name of that measure.",
        _OF_PRIMARY,
        "that of the measure",
        _peak,
    ),
    RepetitionQuantity.RANGE: RepetitionMeasure(
        "",
        "Range of motion: way of the primary measure from rest to the turning point.",
        _OF_PRIMARY,
        "that of two values of the measure",
        _range,
    ),
    RepetitionQuantity.SIDE_DIFFERENCE: RepetitionMeasure(
        "",
        "Symmetry: difference of the two sides' ways from rest to the turning point.",
        "frontal",
        "that of both sides",
        _side_difference,
    ),
    RepetitionQuantity.DURATION: RepetitionMeasure(
        "s", "Tempo: from leaving rest to being back.", _OF_PRIMARY, "0.1", _duration
    ),
    RepetitionQuantity.OUTWARD_DURATION: RepetitionMeasure(
        "s",
        "Tempo of the way out: from leaving rest to the turning point.",
        _OF_PRIMARY,
        "0.1",
        _outward_duration,
    ),
    RepetitionQuantity.RETURN_DURATION: RepetitionMeasure(
        "s",
        "Tempo of the way back: from the turning point to being in rest.",
        _OF_PRIMARY,
        "0.1",
        _return_duration,
    ),
    RepetitionQuantity.SMOOTHNESS: RepetitionMeasure(
        "1",
        "Spectral arc length of the speed of the primary measure, mean of the way out and the way "
        "back and of the sides; -1.4 is the smoothest, less is rougher (Balasubramanian et al., J "
        "NeuroEng Rehabil 2015, with its constants). Not of movements below three times the error "
        "of their measure, nor of fewer than 15 pictures a second.",
        _OF_PRIMARY,
        f"{_SMOOTHNESS_ERROR:g}",
        _smoothness,
    ),
    RepetitionQuantity.SWAY: RepetitionMeasure(
        "m",
        "Balance: root mean square of the way of the pelvis to the sides about its mean, against "
        "the foot that it moves less from, which is the one stood on (RDIST-ML of Prieto et al., "
        "IEEE Trans Biomed Eng 1996, of the pelvis instead of the centre of pressure).",
        "frontal",
        f"{_SWAY_ERROR_M:g}",
        _sway,
    ),
}
"""Every measure of a repetition."""


def repetition_measures(course: Course) -> dict[RepetitionQuantity, MeasureResult]:
    """All measures of a repetition, or why they cannot be had."""
    return {key: one.take(key, course) for key, one in REPETITION_MEASURES.items()}
