"""The One-Euro filter for joints: smooth at rest, low delay in motion.

Casiez, Roussel, Vogel: 1 Euro Filter: A Simple Speed-based Low-pass Filter for Noisy Input in
Interactive Systems, CHI 2012.
"""

from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import numpy as np

from apsa_perception.model.skeleton import FloatArray
from apsa_perception.model.time import to_seconds

_T = TypeVar("_T", float, FloatArray)


@dataclass(frozen=True)
class OneEuroSettings:
    """Cut-off frequency in Hz: ``min_cutoff + beta * speed``.

    With these values joints at rest are cut off at 1 Hz and joints at 0.5 m/s, a usual speed of a
    limb in an exercise, at 6 Hz, the usual cut-off for human movement (Winter, Biomechanics and
    Motor Control of Human Movement, 2009). The lag at a speed is ``1 / (2 pi cutoff)``.

    Attributes:
        min_cutoff: Hz at rest, above 0.
        beta: Hz for each m/s, at least 0.
        derivative_cutoff: Hz of the low-pass on the velocity, above 0; 1 Hz as in the paper.
    """

    min_cutoff: float = 1.0
    beta: float = 10.0
    derivative_cutoff: float = 1.0

    def __post_init__(self) -> None:
        for name in ("min_cutoff", "derivative_cutoff"):
            if not 0 < getattr(self, name) < np.inf:
                raise ValueError(f"{name} is {getattr(self, name)}; allowed are Hz above 0")
        if not 0 <= self.beta < np.inf:
            raise ValueError(f"beta is {self.beta}; allowed are values of 0 and above")


class OneEuroFilter:
    """Filters ``(N, D)`` points independently, by their stamps.

    Unlike in the paper, the speed of a point is the length of its velocity, so that the result does
    not depend on the orientation of the axes.
    """

    def __init__(self, settings: OneEuroSettings) -> None:
        self._settings = settings
        self._state: _State | None = None

    def reset(self) -> None:
        """Forget the past; the next points are returned unchanged."""
        self._state = None

    def use_settings(self, settings: OneEuroSettings) -> None:
        """Use other settings from the next points on."""
        self._settings = settings

    def update(self, points: FloatArray, stamp_ns: int, metres_per_unit: float = 1.0) -> FloatArray:
        """Return the filtered points.

        Args:
            points: ``(N, D)``, finite.
            stamp_ns: later than that of the last call.
            metres_per_unit: length of a unit of ``points``, above 0; for pixels, their size at the
                person's distance.
        """
        last = self._state
        if last is None:
            self._state = _State(stamp_ns, points, points, np.zeros_like(points))
            return points
        period = to_seconds(stamp_ns - last.stamp_ns)
        if period <= 0:
            raise ValueError(
                f"the stamp {stamp_ns} ns is not later than the last one, {last.stamp_ns} ns"
            )
        weight = _weight(self._settings.derivative_cutoff, period)
        velocity = last.velocity + weight * ((points - last.points) / period - last.velocity)
        speed = metres_per_unit * np.linalg.norm(velocity, axis=-1, keepdims=True)
        cutoff = self._settings.min_cutoff + self._settings.beta * speed
        filtered = last.filtered + _weight(cutoff, period) * (points - last.filtered)
        self._state = _State(stamp_ns, points, filtered, velocity)
        return filtered


class _State(NamedTuple):
    stamp_ns: int
    points: FloatArray
    filtered: FloatArray
    velocity: FloatArray


def _weight(cutoff: _T, period: float) -> _T:
    """Weight of the new sample in a first-order low-pass."""
    ratio = 2.0 * np.pi * period * cutoff
    return ratio / (1.0 + ratio)
