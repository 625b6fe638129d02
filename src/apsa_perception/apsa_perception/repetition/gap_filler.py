"""Bridges short gaps in the values of two sides."""

import math
from collections import deque
from collections.abc import Callable, Collection

Frame = tuple[int, tuple[float, float]]
"""Stamp in nanoseconds; value of the left and of the right side, NaN where it is unknown."""

# Half a second, plus the frames at both ends at 20 frames a second.
_BRIDGED_NS = 600_000_000


class GapFiller:
    """Holds frames back in which a value is missing, until the value is there again.

    Missing values of at most 0.6 s are interpolated linearly. A longer gap stays unknown, and its
    frames are released as soon as it is that long.
    """

    def __init__(self) -> None:
        self._held: deque[Frame] = deque()
        self._known: list[tuple[int, float] | None] = [None, None]
        self._now = 0

    def reset(self) -> None:
        """Forget all frames."""
        self._held.clear()
        self._known = [None, None]

    def add(self, stamp_ns: int, left: float, right: float) -> None:
        """Take the next frame; a value is NaN where it is unknown."""
        self._now = stamp_ns
        for side, value in enumerate((left, right)):
            if math.isnan(value):
                continue
            before = self._known[side]
            if before is not None and stamp_ns - before[0] <= _BRIDGED_NS:
                self._fill(side, before, (stamp_ns, value))
            self._known[side] = stamp_ns, value
        self._held.append((stamp_ns, (left, right)))

    def release(self, awaited: Callable[[tuple[float, float]], Collection[int]]) -> Frame | None:
        """Return the oldest frame that need not wait, if there is one.

        Args:
            awaited: returns which sides, 0 or 1, a frame with these values has to wait for.
        """
        if not self._held:
            return None
        stamp_ns, values = self._held[0]
        for side in awaited(values):
            known = self._known[side]
            if known is not None and known[0] < stamp_ns and self._now - known[0] <= _BRIDGED_NS:
                return None
        return self._held.popleft()

    def _fill(self, side: int, before: tuple[int, float], after: tuple[int, float]) -> None:
        slope = (after[1] - before[1]) / (after[0] - before[0])
        for index, (stamp_ns, values) in enumerate(self._held):
            if before[0] < stamp_ns and math.isnan(values[side]):
                value = before[1] + slope * (stamp_ns - before[0])
                filled = (value, values[1]) if side == 0 else (values[0], value)
                self._held[index] = stamp_ns, filled
