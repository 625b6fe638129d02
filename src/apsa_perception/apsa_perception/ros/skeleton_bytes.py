"""Skeletons from the bytes of SkeletonArray messages, without objects for their 20 joints.

Deserializing a message with rclpy takes longer than its assessment. The fields of a message are at
places that depend only on the lengths of its texts, which are the same in all frames of a recording
with the same number of people.
"""

import struct
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from apsa_msgs.msg import SkeletonArray
from rclpy.serialization import deserialize_message

from apsa_perception.model.joints import JOINT_COUNT
from apsa_perception.model.skeleton import Skeleton
from apsa_perception.ros.conversion import (
    SECOND_NS,
    check_frame_id,
    checked_skeleton,
    skeletons_from_msg,
    to_ns,
)

_HEAD = 4
_PLAIN_CDR = b"\x00\x01"
"""Encapsulation of little-endian CDR with alignment to 8 bytes, as the DDS of ROS 2 writes it."""

_LAYOUTS = 64
_Places = npt.NDArray[np.intp]


class _Body(NamedTuple):
    """Where a skeleton is: indices of numbers of their size, counted from the end of the head."""

    body_id: int
    source: slice
    ids: _Places
    positions: _Places
    pixels: _Places
    confidence: _Places
    observed: _Places
    root: slice
    root_valid: int


class _Layout(NamedTuple):
    """Where the fields of a message are, and the lengths from which this follows."""

    image_size: int
    lengths: _Places
    expected: bytes
    has_frame: bool
    bodies: tuple[_Body, ...]


class SkeletonReader:
    """Reads serialized messages.

    Args:
        refused: takes one sentence for each body that cannot be used.
    """

    def __init__(self, refused: Callable[[str], None]) -> None:
        self._refused = refused
        self._layouts: dict[int, _Layout] = {}

    def read(self, data: bytes) -> tuple[int, list[Skeleton]]:
        """Return the stamp in nanoseconds and the people of a message.

        Raises:
            ValueError: it cannot be used.
        """
        layout = self._layout(data) if data[:2] == _PLAIN_CDR else None
        if layout is None:
            return self._deserialized(data)
        words = np.frombuffer(data, "<u4", (len(data) - _HEAD) // 4, _HEAD)
        if words[layout.lengths].tobytes() != layout.expected:
            del self._layouts[len(data)]
            return self.read(data)
        octets = np.frombuffer(data, np.uint8, offset=_HEAD)
        singles = words.view("<f4")
        doubles = np.frombuffer(data, "<f8", (len(data) - _HEAD) // 8, _HEAD)
        seconds, nanoseconds = struct.unpack_from("<iI", data, _HEAD)
        stamp_ns = seconds * SECOND_NS + nanoseconds
        check_frame_id(layout.has_frame)
        width, height = words[layout.image_size : layout.image_size + 2].tolist()
        found = []
        for body in layout.bodies:
            if octets[body.ids].tobytes() != _IDS:
                return self._deserialized(data)
            try:
                skeleton = checked_skeleton(
                    stamp_ns=stamp_ns,
                    body_id=int(words[body.body_id]),
                    positions=doubles[body.positions],
                    pixels=singles[body.pixels].astype(np.float64),
                    confidence=singles[body.confidence].astype(np.float64),
                    observed=octets[body.observed] != 0,
                    image_size=(width, height),
                    root=doubles[body.root].copy() if octets[body.root_valid] else None,
                    source=data[body.source].decode(),
                )
            except ValueError as error:
                self._refused(str(error))
            else:
                found.append(skeleton)
        return stamp_ns, found

    def _deserialized(self, data: bytes) -> tuple[int, list[Skeleton]]:
        try:
            message = deserialize_message(data, SkeletonArray)
        except Exception as error:  # of a class of the middleware
            raise ValueError(
                f"a message of {len(data)} bytes is damaged; expected a SkeletonArray"
            ) from error
        return to_ns(message.header.stamp), skeletons_from_msg(message, self._refused)

    def _layout(self, data: bytes) -> _Layout | None:
        """The layout of a message of this length; None if it is not that of a SkeletonArray."""
        layout = self._layouts.get(len(data))
        if layout is None:
            try:
                layout = _Cursor(data).layout()
            except (struct.error, _NotPlainError):
                return None
            if len(self._layouts) >= _LAYOUTS:
                self._layouts.clear()
            self._layouts[len(data)] = layout
        return layout


_IDS = bytes(range(JOINT_COUNT))


class _NotPlainError(ValueError):
    """A message has another number of joints."""


class _Cursor:
    """Walks through a message and notes where its fields are."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self._lengths: list[int] = []
        self._expected: list[int] = []

    def layout(self) -> _Layout:
        """Return the layout.

        Raises:
            struct.error: the message is too short.
            _NotPlainError: a body has another number of joints than 20.
        """
        self._skip(4, 2)
        self._text()
        image_size = self._skip(4, 2)
        bodies = tuple(self._body() for _ in range(self._length()))
        expected = np.array(self._expected, "<u4").tobytes()
        has_frame = self._expected[0] > 1  # with its terminating zero
        return _Layout(image_size, np.array(self._lengths), expected, has_frame, bodies)

    def _body(self) -> _Body:
        self._skip(4, 2)
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
        self._skip(4)
        return _Body(
            body_id,
            source,
            np.array(ids),
            np.array(positions)[:, None] + np.arange(3),
            np.array(singles)[:, None] + np.arange(2),
            np.array(singles) + 2,
            np.array(observed),
            slice(root, root + 3),
            root_valid,
        )

    def _skip(self, size: int, count: int = 1) -> int:
        """Pass aligned numbers; return the index of the first one among those of its size."""
        first = -(-self._at // size)
        self._at = (first + count) * size
        if self._at > len(self._data) - _HEAD:
            raise struct.error("the message ends early")
        return first

    def _length(self) -> int:
        index = self._skip(4)
        (length,) = struct.unpack_from("<I", self._data, _HEAD + 4 * index)
        self._lengths.append(index)
        self._expected.append(length)
        return int(length)

    def _text(self) -> slice:
        """Pass a text; return where it is in the whole message, without its terminating zero."""
        length = self._length()
        start = _HEAD + self._at
        self._skip(1, length)
        return slice(start, start + max(length - 1, 0))
