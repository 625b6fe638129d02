"""Smoothness of a movement from the shape of its speed profile."""

import math

import numpy as np

from apsa_perception.model.skeleton import FloatArray

_CUTOFF_HZ = 10.0
_MIN_AMPLITUDE = 0.05
_PADDING = 4


def spectral_arc_length(speed: FloatArray, rate_hz: float) -> float:
    """Return the spectral arc length of a speed profile: -1.4 is smoothest, lower is less smooth.

    The negative arc length of the amplitude spectrum, normalised in both directions, from 0 to the
    last frequency of at least 5 % of the largest amplitude and at most 10 Hz. It is independent of
    the amplitude and the duration of the movement. Sivakumar Balasubramanian et al., On the
    analysis of movement smoothness, J NeuroEng Rehabil 2015, 12:112, with its constants.

    Args:
        speed: ``(T,)`` absolute speed in any unit, evenly sampled, of one movement.
        rate_hz: samples a second.

    Returns:
        A negative number; NaN without movement.
    """
    size = 2 ** (math.ceil(math.log2(max(len(speed), 2))) + _PADDING)
    amplitudes = np.abs(np.fft.rfft(speed, size))
    largest = float(amplitudes.max())
    if not largest > 0.0:
        return math.nan
    frequencies = np.fft.rfftfreq(size, 1.0 / rate_hz)
    amplitudes = amplitudes[frequencies <= _CUTOFF_HZ] / largest
    last = int(np.flatnonzero(amplitudes >= _MIN_AMPLITUDE)[-1])
    along = np.full(last, 1.0 / last) if last else np.zeros(0)
    return -float(np.hypot(along, np.diff(amplitudes[: last + 1])).sum())
