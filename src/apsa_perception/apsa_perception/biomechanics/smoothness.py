"""How smooth a movement is, by the shape of its speed alone."""

import math

import numpy as np

from apsa_perception.model.skeleton import FloatArray

_CUTOFF_HZ = 10.0
_LEAST_AMPLITUDE = 0.05
_PADDING = 4


def spectral_arc_length(speed: FloatArray, rate_hz: float) -> float:
    """Spectral arc length of a speed profile: -1.4 for the smoothest reach, less for rougher ones.

    The negative length of the curve of the amplitude spectrum, scaled to 1 in both directions, from
    0 up to the last frequency of at least 5 % of the greatest amplitude and at most 10 Hz. It does
    not depend on how far or how fast the movement is. Sivakumar Balasubramanian et al., On the
    analysis of movement smoothness, J NeuroEng Rehabil 2015, 12:112, with its constants.

    Args:
        speed: ``(T,)`` absolute speed in any unit, evenly sampled, of one movement.
        rate_hz: samples a second.

    Returns:
        A negative number; NaN where nothing moves.
    """
    size = 2 ** (math.ceil(math.log2(max(len(speed), 2))) + _PADDING)
    amplitudes = np.abs(np.fft.rfft(speed, size))
    greatest = float(amplitudes.max())
    if not greatest > 0.0:
        return math.nan
    frequencies = np.fft.rfftfreq(size, 1.0 / rate_hz)
    amplitudes = amplitudes[frequencies <= _CUTOFF_HZ] / greatest
    last = int(np.flatnonzero(amplitudes >= _LEAST_AMPLITUDE)[-1])
    along = np.full(last, 1.0 / last) if last else np.zeros(0)
    return -float(np.hypot(along, np.diff(amplitudes[: last + 1])).sum())
