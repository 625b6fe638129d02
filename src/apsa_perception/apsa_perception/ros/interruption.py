"""Ctrl-C, SIGTERM and the end of the launch: a node ends between two callbacks.

It may finish what has arrived.
"""

import os
import signal
import time
from types import FrameType

from rclpy.executors import Executor

from apsa_perception.ros.callback_guard import CallbackGuard

LAUNCHED = "APSA_LAUNCHED"
"""Environment variable with the process id of the launch that started a node."""

_QUIET_S = 0.3
"""Nothing has arrived for so long: the queues are empty."""
_LIMIT_S = 1.5
_ONE_KEY_S = 1.0
"""One Ctrl-C may arrive twice: from the terminal, or ``timeout``, and from ``ros2 launch``."""


class Interruption:
    """Notes a signal, so that no callback is cut off; a second Ctrl-C ends the process at once.

    SIGTERM after Ctrl-C does not: ``ros2 launch`` sends it after 5 s, while a node on a busy
    machine may still write its summary or report, and SIGKILL after 5 s more.

    A launch that ends without its nodes, as ``ros2 launch`` does at SIGTERM, ends them too: they
    would go on to publish beside those of the next launch.
    """

    def __init__(self) -> None:
        self._since: float | None = None
        self._launch = int(os.environ.get(LAUNCHED) or 0)
        self._is_child = os.getppid() == self._launch
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, self._note)

    @property
    def requested(self) -> bool:
        """Whether the node is to end."""
        return self._since is not None or self._is_left()

    def _is_left(self) -> bool:
        """Whether the launch has ended, perhaps before this process knew of it."""
        if not self._launch:
            return False
        if self._is_child:  # the id of a launch that ended may last until somebody asks for it
            return os.getppid() != self._launch
        try:
            os.kill(self._launch, 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            pass  # it runs as another user
        return False

    def _note(self, number: int, frame: FrameType | None) -> None:
        if self._since is None:
            self._since = time.monotonic()
        elif number == signal.SIGINT and time.monotonic() - self._since > _ONE_KEY_S:
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)


def finish(executor: Executor, guard: CallbackGuard) -> None:
    """Run the callbacks of what has arrived, for at most 1.5 s."""
    began = heard = time.monotonic()
    while time.monotonic() < min(heard + _QUIET_S, began + _LIMIT_S):
        before = guard.calls
        guard.spin_once(executor, _QUIET_S)
        if guard.calls > before:
            heard = time.monotonic()
