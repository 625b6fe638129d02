"""Difference between the clock that stamped messages and the local one."""

from collections import deque

WINDOW_S = 10.0
"""Seconds of messages that the offset is estimated from."""

AHEAD_S = 0.1
"""A message cannot be from the future: clocks synchronised over a network differ by less."""

BEHIND_S = 1.0
"""An image is on its way for less than that, also compressed and over a radio link."""

RECORDED_S = 60.0
"""Older data is a recording, whose stamps are not the present time."""


def offset_sentence(age_s: float, what: str) -> str:
    """Return what is wrong with the clocks and what helps; empty if nothing is.

    Args:
        age_s: smallest age of the last messages on arrival, in seconds.
        what: what arrived, such as ``images``.
    """
    cure = "synchronise the clocks of both machines, for example with chrony"
    if age_s < -AHEAD_S:
        return f"the {what} are stamped {-age_s:.1f} s ahead of the clock of this machine; {cure}"
    if BEHIND_S < age_s < RECORDED_S:
        return (
            f"the {what} are {age_s:.1f} s old when they arrive: the network is too slow, or the "
            f"clock that stamps them is behind; {cure}"
        )
    return ""


class ClockOffset:
    """Smallest age of the messages of the last ten seconds: transport only makes them older."""

    def __init__(self) -> None:
        self._ages_s: deque[tuple[float, float]] = deque()

    def add(self, now_s: float, stamp_s: float) -> None:
        """Take a message that arrived; both times in seconds of the epoch."""
        if self._ages_s and now_s < self._ages_s[-1][0]:
            self._ages_s.clear()
        self._ages_s.append((now_s, now_s - stamp_s))
        while now_s - self._ages_s[0][0] > WINDOW_S:
            self._ages_s.popleft()

    @property
    def age_s(self) -> float | None:
        """The smallest age in seconds; None before the first message."""
        return min((age for _, age in self._ages_s), default=None)
