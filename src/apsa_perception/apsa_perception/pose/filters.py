"""The One-Euro filter for joints: smooth at rest, prompt in motion.

Casiez, Roussel, Vogel: 1 Euro Filter: A Simple Speed-based Low-pass Filter for Noisy Input in
Interactive Systems, CHI 2012.
"""

from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import numpy as np

from apsa_perception.model.settings import check, setting
from apsa_perception.model.skeleton import FloatArray

_T = TypeVar("_T", float, FloatArray)


@dataclass(frozen=True)
class OneEuroSettings:
    """Cutoff frequency in Hz: ``minimum_cutoff + beta * speed``.

    By default the cutoff is 1 Hz for joints at rest and 6 Hz at 0.5 m/s, a common speed of a limb
    in an exercise; 6 Hz is the usual cutoff for human movement (Winter, Biomechanics and Motor
    Control of Human Movement, 2009). The lag at a speed is ``1 / (2 pi cutoff)``.
    """

    minimum_cutoff: float = setting(
        1.0, "[Hz] cutoff of the One-Euro filter at rest", 0.05, 30.0, live=True
    )
    beta: float = setting(
        10.0, "[Hz s/m] rise of the One-Euro cutoff with speed", 0.0, 100.0, live=True
    )
    derivative_cutoff: float = setting(
        1.0, "[Hz] cutoff of the One-Euro filter on velocity; 1 as published", 0.05, 30.0, live=True
    )

    def __post_init__(self) -> None:
        check(self)


class OneEuroFilter:
    """Filters ``(N, D)`` points, each on its own, on time stamps.

    Differs from the paper in one thing: a point's speed is the length of its velocity, so that the
    result does not depend on how the axes lie.
    """

    def __init__(self, settings: OneEuroSettings) -> None:
        self._settings = settings
        self._state: _State | None = None

    def use_settings(self, settings: OneEuroSettings) -> None:
        """Filter with other settings from the next points on."""
        self._settings = settings

    def reset(self) -> None:
        """Forget the past; the next points pass unchanged."""
        self._state = None

    def update(self, points: FloatArray, stamp_ns: int, metres_per_unit: float = 1.0) -> FloatArray:
        """Return the filtered points.

        Args:
            points: ``(N, D)``, finite.
            stamp_ns: later than at the call before.
            metres_per_unit: how long a unit of ``points`` is, above 0; for pixels, their size at
                the person's distance.
        """
        last = self._state
        if last is None:
            self._state = _State(stamp_ns, points, points, np.zeros_like(points))
            return points
        period = (stamp_ns - last.stamp_ns) * 1e-9
        if period <= 0:
            raise ValueError(
                f"stamp {stamp_ns} ns is not after {last.stamp_ns} ns; "
                "allowed are stamps that increase"
            )
        weight = _weight(self._settings.derivative_cutoff, period)
        velocity = last.velocity + weight * ((points - last.points) / period - last.velocity)
        speed = metres_per_unit * np.linalg.norm(velocity, axis=-1, keepdims=True)
        cutoff = self._settings.minimum_cutoff + self._settings.beta * speed
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
