"""A limit on how often something may happen."""

import time
from collections.abc import Callable


class RateLimit:
    """A token bucket: ``burst`` events at once, and ``per_second`` on average.

    Args:
        per_second: events that are allowed per second.
        burst: events that are allowed at once.
        clock: seconds that never run back.
    """

    def __init__(
        self, per_second: float, burst: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._per_second, self._burst, self._clock = per_second, burst, clock
        self._left, self._counted_at = float(burst), clock()

    @property
    def is_exhausted(self) -> bool:
        """Whether no event is allowed now."""
        now = self._clock()
        gained = (now - self._counted_at) * self._per_second
        self._left, self._counted_at = min(self._burst, self._left + gained), now
        return self._left < 1.0

    def take(self) -> bool:
        """Count an event; return whether it is allowed."""
        if self.is_exhausted:
            return False
        self._left -= 1.0
        return True
