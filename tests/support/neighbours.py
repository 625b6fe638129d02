"""Cheap random inputs between those that hypothesis drew, whose drawing takes most of the time."""

import random
import struct
from collections import deque
from collections.abc import Iterator
from typing import Any

from support.fuzzing import EDITS, edited

_REMEMBERED = 200
_NAME = 12
"""Shorter texts are names, which are exchanged as a whole."""


class Neighbours:
    """Makes inputs from drawn ones: parts of two are exchanged, bytes and texts are edited.

    Numbers are only exchanged, so that each stays within what its place allows.
    """

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._drawn: deque[Any] = deque(maxlen=_REMEMBERED)

    def add(self, drawn: Any) -> None:
        """Take a drawn input."""
        self._drawn.append(drawn)

    def some(self, count: int) -> Iterator[Any]:
        """Yield so many inputs; there must be a drawn one."""
        for _ in range(count):
            yield self._between(self._random.choice(self._drawn), self._random.choice(self._drawn))

    def _between(self, one: Any, other: Any) -> Any:
        if _shape(one) != _shape(other):
            return self._random.choice((one, other))
        if isinstance(one, tuple):
            return tuple(map(self._between, one, other))
        if isinstance(one, list):
            return self._between_lists(one, other)
        if isinstance(one, bytes):
            return self._edited(self._random.choice((one, other)))
        if isinstance(one, str) and "\n" in one:
            return "\n".join(self._between_lists(one.split("\n"), other.split("\n")))
        if isinstance(one, str) and len(one) >= _NAME:
            return one[: self._place(one)] + other[self._place(other) :]
        return self._random.choice((one, other))

    def _between_lists(self, one: list[Any], other: list[Any]) -> list[Any]:
        """The first list with a run of items of the other one, and perhaps one item changed."""
        at, start = self._place(one), self._place(other)
        length = self._random.randrange(4)
        mixed = [*one[:at], *other[start : start + length], *one[at + self._random.randrange(4) :]]
        if mixed and other:
            at = self._random.randrange(len(mixed))
            mixed[at] = self._between(mixed[at], self._random.choice(other))
        return mixed[: max(len(one), len(other))]

    def _edited(self, data: bytes) -> bytes:
        edits = []
        for _ in range(self._random.randint(1, 5)):
            new = self._random.randbytes(self._random.randint(1, 8))
            if self._random.random() < 0.3:
                new = struct.pack(">Q", len(data) - self._random.randrange(64) & 2**64 - 1)
            edits.append((self._random.choice(EDITS), self._random.random(), new))
        return edited(data, edits)

    def _place(self, items: Any) -> int:
        return self._random.randint(0, len(items))


def _shape(value: Any) -> object:
    """Values of one shape may take parts of each other."""
    return tuple(map(type, value)) if isinstance(value, tuple) else type(value)
