"""Streaming median filter of a single value."""

import math
from collections import deque
from statistics import median

_WINDOW = 5
_WINDOW_NS = 250_000_000


class RunningMedian:
    """Median of the last five values of the last quarter second.

    The median removes outliers of single frames, such as swapped legs, and preserves steps; at 25
    frames a second its delay is 80 ms.
    """

    def __init__(self) -> None:
        self._values: deque[tuple[int, float]] = deque(maxlen=_WINDOW)

    def update(self, stamp_ns: int, value: float) -> float:
        """Add a value and return the median; NaN is returned and not stored."""
        if math.isnan(value):
            return value
        self._values.append((stamp_ns, value))
        while self._values[0][0] < stamp_ns - _WINDOW_NS:
            self._values.popleft()
        return median([value for _, value in self._values])

    def reset(self) -> None:
        """Forget all values."""
        self._values.clear()
