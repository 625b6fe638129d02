"""Ctrl-C and SIGTERM: a node ends between two callbacks, and may finish what has arrived."""

import signal
import time
from types import FrameType

from rclpy.executors import Executor

from apsa_perception.ros.callback_guard import CallbackGuard

_QUIET_S = 0.3
"""Nothing has arrived for so long: the queues are empty."""
_LIMIT_S = 1.5


class Interruption:
    """Notes the first signal, so that no callback is cut off; the second one ends at once."""

    def __init__(self) -> None:
        self.requested = False
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, self._note)

    def _note(self, number: int, frame: FrameType | None) -> None:
        if self.requested:
            raise KeyboardInterrupt
        self.requested = True


def finish(executor: Executor, guard: CallbackGuard) -> None:
    """Run the callbacks of what has arrived, for at most 1.5 s."""
    began = heard = time.monotonic()
    while time.monotonic() < min(heard + _QUIET_S, began + _LIMIT_S):
        before = guard.calls
        guard.spin_once(executor, _QUIET_S)
        if guard.calls > before:
            heard = time.monotonic()
