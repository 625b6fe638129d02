"""A measure over time in little memory: 12 bytes a sample, and a bounded number of them."""

import math
from array import array
from bisect import bisect_left
from collections.abc import Iterator

LEAST_STEP_MS = 50
"""Sampling interval; more samples would not be visible."""

MAX_SAMPLES = 72_000
"""An hour at the least interval. Then every second sample is dropped and the interval doubled."""

_LARGEST = 1e9
"""Larger values, infinity among them, do not fit and are no measure of a body."""

Point = tuple[float, float | None]
"""Seconds since the start and value; None if the measure was not judged."""


class Curve:
    """Samples of one side, in the order of their times.

    Objects of Python would take 130 bytes a sample, which is 13 MB an hour for two sides.
    """

    def __init__(self) -> None:
        self._times_ms = array("q")
        self._values = array("f")
        self._step_ms = LEAST_STEP_MS

    def __len__(self) -> int:
        return len(self._times_ms)

    def __iter__(self) -> Iterator[Point]:
        return (self._point(index) for index in range(len(self)))

    def add(self, at_s: float, value: float) -> None:
        """Add a sample unless it is too close to the last one; NaN if it was not judged."""
        at_ms = round(at_s * 1e3)
        if self._times_ms and at_ms - self._times_ms[-1] < self._step_ms:
            return
        self._times_ms.append(at_ms)
        self._values.append(value if abs(value) < _LARGEST else math.nan)
        if len(self) >= MAX_SAMPLES:
            self._times_ms, self._values = self._times_ms[::2], self._values[::2]
            self._step_ms *= 2

    def between(self, low_s: float, high_s: float) -> Iterator[Point]:
        """The samples from ``low_s`` up to and including ``high_s``."""
        first = bisect_left(self._times_ms, math.ceil(low_s * 1e3))
        for index in range(first, len(self)):
            if self._times_ms[index] > high_s * 1e3:
                return
            yield self._point(index)

    def nearest(self, at_s: float) -> Point | None:
        """The sample with a value that is nearest in time; None without one."""
        middle = bisect_left(self._times_ms, round(at_s * 1e3))
        found = [
            next((i for i in way if not math.isnan(self._values[i])), None)
            for way in (range(middle, len(self)), range(middle - 1, -1, -1))
        ]
        points = [self._point(index) for index in found if index is not None]
        return min(points, key=lambda point: abs(point[0] - at_s), default=None)

    def least_and_largest(self) -> tuple[float, ...]:
        """The extremes of the values; empty without any."""
        values = [value for value in self._values if not math.isnan(value)]
        return (min(values), max(values)) if values else ()

    def _point(self, index: int) -> Point:
        value = self._values[index]
        return self._times_ms[index] / 1e3, None if math.isnan(value) else round(value, 3)
