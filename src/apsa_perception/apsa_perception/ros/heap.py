"""Memory that a process has freed and the C library still keeps."""

import ctypes
import time

TRIM_S = 60.0


class Heap:
    """Gives freed memory back to the system from time to time.

    Pictures of megabytes, passed on between threads, leave free pieces between small blocks: up to
    90 MB in the coach, and more with time. Mapping each picture by itself would leave none, but
    costs a millisecond of the processor for each copy.

    Args:
        every_s: seconds between two times.
    """

    def __init__(self, every_s: float = TRIM_S) -> None:
        # Of glibc; other C libraries are left as they are.
        self._trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        self._every_s = every_s
        self._trimmed_s = time.monotonic()

    def tend(self) -> None:
        """Give free memory back if it is time to; call it often."""
        now = time.monotonic()
        if self._trim is not None and now - self._trimmed_s >= self._every_s:
            self._trimmed_s = now
            self._trim(0)
