"""Executor of one thread that keeps its wait set from message to message."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

from rclpy.executors import (
    ConditionReachedException,
    ExternalShutdownException,
    ShutdownException,
    SingleThreadedExecutor,
    TimeoutException,
)
from rclpy.guard_condition import GuardCondition
from rclpy.utilities import timeout_sec_to_nsec

from apsa_perception.ros.wait_set import TIMER, Waited, WaitSet

_ENTITIES = {
    "timer": "timers",
    "subscription": "subscriptions",
    "guard_condition": "guards",
    "client": "clients",
    "service": "services",
    "waitable": "waitables",
}
"""Where a node has its entities, by kind."""


class _Guard(GuardCondition):
    """Guard condition that ignores triggers from the thread that spins the executor."""

    thread: int | None = None
    has_woken = False
    """Whether the wait set has to be built again."""

    def trigger(self) -> None:
        """Wake the executor, if another thread asks for it."""
        if threading.get_ident() != self.thread:
            self.wake()

    def wake(self) -> None:
        """Wake the executor."""
        self.has_woken = True
        super().trigger()


class NodeExecutor(SingleThreadedExecutor):
    """Runs callbacks in the thread that spins it.

    rclpy's executor builds its wait set of all services, subscriptions and events twice for each
    message: it wakes itself after each callback, for other threads which might wait for the
    callback group. Here the wait set is kept until an entity or task is created, an entity is
    destroyed, another thread wakes the executor, or a callback is suspended.
    """

    _guard: Any
    _sigint_gc: Any
    _tasks: list[Any]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._guard.destroy()
        self._guard = _Guard(callback=None, callback_group=None, context=self._context)

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
            guard.wake()

    def create_task(self, callback: Any, *args: Any, **kwargs: Any) -> Any:
        """Have a callback called, also by a task: otherwise the next wait would come first."""
        task = super().create_task(callback, *args, **kwargs)
        self.wake()
        return task

    def _wait_for_ready_callbacks(
        self,
        timeout_sec: float | None = None,
        nodes: None = None,
        condition: Callable[[], bool] = lambda: False,
    ) -> Iterator[tuple[Any, Any, Any]]:
        """Yield ``(handler, entity, node)`` of what is ready, one wait after the other.

        Overrides a private method of rclpy 7 (Jazzy), whose exceptions it raises. Later versions
        keep their tasks elsewhere, and wait in their own way.
        """
        if not hasattr(self, "_tasks"):
            yield from super()._wait_for_ready_callbacks(timeout_sec, nodes, condition)
            return
        timeout_ns = timeout_sec_to_nsec(timeout_sec)
        guard = self._guard
        while not self._is_shutdown:
            yield from self._unfinished()
            guard.has_woken = False
            with WaitSet(self._waited(), self._context) as wait_set:
                while not self._is_shutdown:
                    if condition():
                        raise ConditionReachedException
                    ready = wait_set.wait(timeout_ns)
                    if not self._context.ok():
                        raise ExternalShutdownException
                    if not ready and timeout_ns >= 0:
                        raise TimeoutException
                    yield from self._handlers(ready, guard)
                    if guard.has_woken or self._unfinished():
                        break
        raise ShutdownException

    def _waited(self) -> Iterator[Waited]:
        """What to wait for now: no callback that a suspended one keeps from being called."""
        for guard in (self._guard, self._sigint_gc):
            if guard is not None:  # None after shutdown
                yield Waited("guard_condition", guard, None, self._take_guard_condition)
        for node in self.get_nodes():
            for kind, place in _ENTITIES.items():
                take = getattr(self, f"_take_{kind}")
                for entity in filter(self.can_execute, getattr(node, place)):
                    yield Waited(kind, entity, node, take)

    def _unfinished(self) -> list[tuple[Any, Any, Any]]:
        """Tasks that are new or suspended; those that are done are forgotten."""
        with self._tasks_lock:
            self._tasks = [
                each for each in self._tasks if not (each[0].done() or each[0].cancelled())
            ]
            return self._tasks[::-1]

    def _handlers(self, ready: list[Waited], guard: _Guard) -> Iterator[tuple[Any, Any, Any]]:
        for each in ready:
            if each.node is None:
                continue
            entity = each.entity
            if guard.has_woken and not any(entity is now.entity for now in self._waited()):
                continue  # destroyed by the callback before
            if each.kind == TIMER and not entity.handle.is_timer_ready():
                continue  # cancelled or reset by the callback before
            yield self._make_handler(entity, each.node, each.take), entity, each.node
