"""The phases of a repetition against the tempo that is asked for."""

import math

import numpy as np

from apsa_perception.assessment.live_errors import probability_beyond
from apsa_perception.assessment.repetition_window import RepetitionWindow
from apsa_perception.exercises.tempo import BACK, HOLD, OUT, SOURCE, Tempo
from apsa_perception.model.codes import ErrorCode, JudgedBy, Phase, Severity, Side
from apsa_perception.model.results import ErrorResult, MeasureResult
from apsa_perception.model.time import to_seconds

WHOLE = "duration"
"""Name of the measure of the whole repetition."""

_SMALL = 0.1
# A sinusoidal movement takes this share of its time from 10 % to 90 % of its way; one with the
# least jerk (Flash and Hogan, Journal of Neuroscience 1985) takes 0.51, at constant speed 0.8.
_MIDDLE = 0.6
_ERROR_S = 0.2
# What a person who keeps to a tempo is allowed to deviate by: our choice.
_TOLERANCE = 0.3
_LEAST_TOLERANCE_S = 0.7
_SLOW = 1.5


def tempo_measures(window: RepetitionWindow) -> tuple[MeasureResult, ...]:
    """Return the seconds out, at the turning point and back.

    A way out or back is timed from a tenth to nine tenths of it, because its ends blur into the
    rest and the hold, and the time is scaled to the whole way. The hold is the time within a tenth
    of the way from the turning point, to which the ways add a fifth of their own time.
    """
    phases = [own for side in window.sides if (own := _phases(window, side)) is not None]
    side = window.segment.side
    if not phases:
        reason = "not judged: the measure was taken in too few frames"
        return tuple(MeasureResult(name, math.nan, "s", side, reason) for name in (OUT, HOLD, BACK))
    return tuple(
        MeasureResult(name, float(seconds), "s", side, uncertainty=_ERROR_S)
        for name, seconds in zip((OUT, HOLD, BACK), np.mean(phases, axis=0), strict=True)
    )


def _phases(window: RepetitionWindow, side: Side) -> tuple[float, float, float] | None:
    """Seconds of the phases, as one side shows them."""
    series = window.primary(side)
    if not window.is_enough(len(series)):
        return None
    segment = window.segment
    stamps_s = series[:, 0]
    way = (series[:, 1] - segment.rest_value) / (segment.peak_value - segment.rest_value)
    near = np.flatnonzero(way >= (1.0 - _SMALL) * way.max())
    first, last = int(near[0]), int(near[-1])
    low = np.flatnonzero(way <= _SMALL)
    left = int(low[low < first][-1]) if (low < first).any() else 0
    back = int(low[low > last][0]) if (low > last).any() else len(series) - 1
    out_s, back_s = stamps_s[first] - stamps_s[left], stamps_s[back] - stamps_s[last]
    return out_s / _MIDDLE, stamps_s[last] - stamps_s[first], back_s / _MIDDLE


def tempo_errors(
    tempo: Tempo, window: RepetitionWindow, measures: tuple[MeasureResult, ...]
) -> list[ErrorResult]:
    """Return what of the tempo a repetition misses.

    Args:
        tempo: what is asked for.
        window: the repetition.
        measures: of ``tempo_measures``.
    """
    by_name = {measure.name: measure for measure in measures if measure.judged}
    whole_s = to_seconds(window.segment.end_ns - window.segment.start_ns)
    found = []
    for code, name, asked_s, phase in (
        (ErrorCode.OUTWARD_TOO_FAST, OUT, tempo.out_s, Phase.OUTWARD),
        (ErrorCode.HOLD_TOO_SHORT, HOLD, tempo.hold_s, Phase.PEAK),
        (ErrorCode.RETURN_TOO_FAST, BACK, tempo.back_s, Phase.RETURN),
    ):
        least_s = asked_s - max(_LEAST_TOLERANCE_S, _TOLERANCE * asked_s)
        if name in by_name and by_name[name].value < least_s:
            missing_s = least_s - by_name[name].value
            found.append(_error(code, by_name[name], asked_s, phase, window, missing_s))
    longest_s = _SLOW * max(tempo.whole_s, 1.0)
    if whole_s > longest_s:
        whole = MeasureResult(WHOLE, whole_s, "s", window.segment.side, uncertainty=_ERROR_S)
        found.append(
            _error(
                ErrorCode.TOO_SLOW,
                whole,
                tempo.whole_s,
                Phase.UNKNOWN,
                window,
                whole_s - longest_s,
            )
        )
    return found


def _error(
    code: ErrorCode,
    measure: MeasureResult,
    asked_s: float,
    phase: Phase,
    window: RepetitionWindow,
    beyond_s: float,
) -> ErrorResult:
    return ErrorResult(
        code=code,
        severity=Severity.MILD,
        probability=probability_beyond(beyond_s, measure.uncertainty),
        side=measure.side,
        phase=phase,
        joints=(),
        measure=measure.name,
        value=measure.value,
        limit=asked_s,
        unit=measure.unit,
        source=JudgedBy.RULES,
        source_name=f"{SOURCE}{measure.name}",
        start_ns=window.segment.start_ns,
        end_ns=window.segment.end_ns,
    )
