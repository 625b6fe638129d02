"""Where the fields of a serialized SkeletonArray are.

The places depend only on the lengths of its texts, which are the same in all frames of a camera
with the same number of people.
"""

import struct
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from apsa_perception.model.joints import JOINT_COUNT

HEAD = 4
"""Bytes before the first field: the encapsulation."""

PLAIN_CDR = b"\x00\x01"
"""Encapsulation of little-endian CDR with alignment to 8 bytes, as the DDS of ROS 2 writes it."""

_MOST = 64

Places = npt.NDArray[np.intp]


class BodyLayout(NamedTuple):
    """Where a skeleton is: indices of numbers of their size, counted from the end of the head."""

    stamp: int
    body_id: int
    source: slice
    ids: Places
    positions: Places
    pixels: Places
    confidence: Places
    observed: Places
    root: slice
    root_valid: int
    mean_confidence: int


class Layout(NamedTuple):
    """Where the fields of a message are, and the lengths from which this follows."""

    frame_id: slice
    image_size: int
    lengths: Places
    expected: bytes
    bodies: tuple[BodyLayout, ...]


def layout_of(data: bytes) -> Layout | None:
    """Return the layout of a message; None if it is not that of skeletons with 20 joints each."""
    if data[:2] != PLAIN_CDR:
        return None
    try:
        return _Cursor(data).layout()
    except (struct.error, _NotPlainError):
        return None


def make_room(kept: dict[Any, Any]) -> None:
    """Forget what was learned if there is too much of it: texts that change all the time."""
    if len(kept) >= _MOST:
        kept.clear()


class _NotPlainError(ValueError):
    """A message has another number of joints."""


class _Cursor:
    """Walks through a message and notes where its fields are."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self._lengths: list[int] = []
        self._expected: list[int] = []

    def layout(self) -> Layout:
        """Return the layout.

        Raises:
            struct.error: the message is too short.
            _NotPlainError: a body has another number of joints than 20.
        """
        self._skip(4, 2)
        frame_id = self._text()
        image_size = self._skip(4, 2)
        bodies = tuple(self._body() for _ in range(self._length()))
        expected = np.array(self._expected, "<u4").tobytes()
        return Layout(frame_id, image_size, np.array(self._lengths), expected, bodies)

    def _body(self) -> BodyLayout:
        stamp = self._skip(4, 2)
        self._text()
        body_id = self._skip(4)
        source = self._text()
        if self._length() != JOINT_COUNT:
            raise _NotPlainError
        ids, positions, singles, observed = [], [], [], []
        for _ in range(JOINT_COUNT):
            ids.append(self._skip(1))
            self._text()
            positions.append(self._skip(8, 3))
            singles.append(self._skip(4, 3))
            observed.append(self._skip(1))
        root = self._skip(8, 3)
        root_valid = self._skip(1)
        mean_confidence = self._skip(4)
        return BodyLayout(
            stamp,
            body_id,
            source,
            np.array(ids),
            np.array(positions)[:, None] + np.arange(3),
            np.array(singles)[:, None] + np.arange(2),
            np.array(singles) + 2,
            np.array(observed),
            slice(root, root + 3),
            root_valid,
            mean_confidence,
        )

    def _skip(self, size: int, count: int = 1) -> int:
        """Pass aligned numbers; return the index of the first one among those of its size."""
        first = -(-self._at // size)
        self._at = (first + count) * size
        if self._at > len(self._data) - HEAD:
            raise struct.error("the message ends early")
        return first

    def _length(self) -> int:
        index = self._skip(4)
        (length,) = struct.unpack_from("<I", self._data, HEAD + 4 * index)
        self._lengths.append(index)
        self._expected.append(length)
        return int(length)

    def _text(self) -> slice:
        """Pass a text; return where it is in the whole message, without its terminating zero."""
        length = self._length()
        start = HEAD + self._at
        self._skip(1, length)
        return slice(start, start + max(length - 1, 0))
