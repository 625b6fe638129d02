"""Executor of one thread that does not wake itself."""

import threading
from typing import Any

from rclpy.executors import SingleThreadedExecutor
from rclpy.guard_condition import GuardCondition


class _GuardOfOthers(GuardCondition):
    """Guard condition that ignores triggers from the thread that spins the executor."""

    thread: int | None = None

    def trigger(self) -> None:
        """Wake the executor, if another thread asks for it."""
        if threading.get_ident() != self.thread:
            super().trigger()


class NodeExecutor(SingleThreadedExecutor):
    """Runs callbacks in the thread that spins it.

    rclpy's executor wakes itself after each callback, for other threads which might wait for the
    callback group, and so builds its wait set of all services, subscriptions and events twice for
    each message. With one thread it is built again after each callback in any case. New tasks
    and entities wake this one, too.
    """

    _guard: Any

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._guard.destroy()
        self._guard = _GuardOfOthers(callback=None, callback_group=None, context=self._context)

    def spin_once(self, timeout_sec: float | None = None) -> None:
        """Run the next callback, if there is one within the timeout in seconds."""
        guard = self._guard
        if guard is not None:  # None after shutdown
            guard.thread = threading.get_ident()
        super().spin_once(timeout_sec)

    def wake(self) -> None:
        """Have the wait set built again, whichever thread asks for it."""
        guard = self._guard
        if guard is not None:
            GuardCondition.trigger(guard)

    def create_task(self, callback: Any, *args: Any, **kwargs: Any) -> Any:
        """Have a callback called, also by a task: rclpy does not look for tasks after tasks."""
        task = super().create_task(callback, *args, **kwargs)
        self.wake()
        return task
