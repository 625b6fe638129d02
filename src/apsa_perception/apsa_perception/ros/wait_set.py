"""A wait set of rclpy that is built once and filled again for each wait."""

from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from types import TracebackType
from typing import Any, NamedTuple, Self

from rclpy.context import Context
from rclpy.exceptions import InvalidHandle
from rclpy.impl.implementation_singleton import rclpy_implementation
from rclpy.waitable import NumberOfEntities

TIMER, WAITABLE = "timer", "waitable"

KINDS = (TIMER, "subscription", "guard_condition", "client", "service")
"""Kinds of entities that rclpy finds by their pointer, in the order in which it calls them."""


class Waited(NamedTuple):
    """An entity to wait for, and how an executor takes what arrived for it."""

    kind: str
    entity: Any
    node: Any
    """None for a guard condition of the executor, which only ends a wait."""
    take: Callable[[Any], Any]


class WaitSet:
    """A wait set for the same entities each time; a context manager.

    An entity that is destroyed meanwhile stays in it, and in memory, until the wait set is closed.
    """

    def __init__(self, waited: Iterable[Waited], context: Context) -> None:
        with ExitStack() as in_use:
            in_use.enter_context(context.handle)
            existing = [each for each in waited if _use(each, in_use)]
            self._set = _empty_set(existing, context)
            self._adding = [_how_to_add(each, self._set) for each in existing]
            self._waitables = [each for each in existing if each.kind == WAITABLE]
            self._by_pointer = {
                each.entity.handle.pointer: each for each in existing if each.kind != WAITABLE
            }
            self._in_use = in_use.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._in_use.close()

    def wait(self, timeout_ns: int) -> list[Waited]:
        """Wait until something is ready; return it, in the order in which rclpy calls it.

        Args:
            timeout_ns: nanoseconds after which nothing is returned; negative: no limit.
        """
        self._set.clear_entities()
        for add, what in self._adding:
            add(what)
        self._set.wait(timeout_ns)
        ready = [each for each in self._waitables if each.entity.is_ready(self._set)]
        for kind in KINDS:
            found = (self._by_pointer.get(each) for each in self._set.get_ready_entities(kind))
            ready += [each for each in found if each]  # others belong to waitables
        return ready


def _use(waited: Waited, in_use: ExitStack) -> bool:
    """Keep an entity from being freed; return whether it still exists."""
    entity = waited.entity
    try:
        in_use.enter_context(entity if waited.kind == WAITABLE else entity.handle)
    except InvalidHandle:
        return False
    return True


def _empty_set(all_waited: Iterable[Waited], context: Context) -> Any:
    """Return a wait set of rclpy with places for the entities."""
    sizes: Counter[str] = Counter()
    for waited in all_waited:
        if waited.kind == WAITABLE:
            numbers = waited.entity.get_num_entities()
            sizes.update({size: getattr(numbers, size) for size in numbers.__slots__})
        else:
            sizes[f"num_{waited.kind}s"] += 1
    places = (sizes[size] for size in NumberOfEntities.__slots__)
    return rclpy_implementation.WaitSet(*places, context.handle)


def _how_to_add(waited: Waited, wait_set: Any) -> tuple[Callable[[Any], Any], Any]:
    """Return the function that adds an entity, and its argument."""
    if waited.kind == WAITABLE:
        return waited.entity.add_to_wait_set, wait_set
    return getattr(wait_set, f"add_{waited.kind}"), waited.entity.handle
