"""How much of its time a thread waits for a processor that other work has."""

import time
from pathlib import Path

_SCHEDULING = Path("/proc/thread-self/schedstat")
"""Nanoseconds on a processor, nanoseconds ready but waiting for one, and time slices (proc(5))."""


class ProcessorWait:
    """Share of the time since the last question in which the calling thread waited to run.

    It is 0 at the first question, and without the figures of the kernel.
    """

    def __init__(self) -> None:
        self._before: tuple[float, float] | None = None

    def share(self) -> float:
        """Return the share, 0..1; always asked for by the same thread."""
        now_s, waited_s = now = (time.monotonic(), _waited_s())
        before_s, waited_before_s = self._before or now
        self._before = now
        return min((waited_s - waited_before_s) / max(now_s - before_s, 1e-3), 1.0)


def _waited_s() -> float:
    try:
        return int(_SCHEDULING.read_text().split()[1]) * 1e-9
    except (OSError, ValueError, IndexError):
        return 0.0
