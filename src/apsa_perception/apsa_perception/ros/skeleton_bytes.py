"""Skeletons from and to the bytes of SkeletonArray messages, without objects for their joints.

Creating, serializing and deserializing a message with rclpy takes several times as long as this.
"""

import struct
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from apsa_msgs.msg import SkeletonArray
from rclpy.serialization import deserialize_message, serialize_message
from std_msgs.msg import Header

from apsa_perception.model.joints import JOINT_COUNT
from apsa_perception.model.skeleton import Skeleton
from apsa_perception.ros.conversion import (
    SECOND_NS,
    check_frame_id,
    checked_skeleton,
    skeletons_from_msg,
    skeletons_to_msg,
    to_ns,
)
from apsa_perception.ros.skeleton_layout import HEAD, PLAIN_CDR, Layout, layout_of

_LAYOUTS = 64
_IDS = bytes(range(JOINT_COUNT))


class ReadSkeletons(NamedTuple):
    """A message.

    Attributes:
        stamp_ns: stamp of the image in nanoseconds.
        skeletons: the people in it.
        frame_id: frame of the camera.
        image_size: width and height of the image in pixels.
    """

    stamp_ns: int
    skeletons: list[Skeleton]
    frame_id: str
    image_size: tuple[int, int]


class SkeletonReader:
    """Reads serialized messages.

    Args:
        refused: takes one sentence for each body that cannot be used.
    """

    def __init__(self, refused: Callable[[str], None]) -> None:
        self._refused = refused
        self._layouts: dict[int, Layout] = {}

    def read(self, data: bytes) -> ReadSkeletons:
        """Return what a message holds.

        Raises:
            ValueError: it cannot be used.
        """
        layout = self._layout(data)
        if layout is None:
            return self._deserialized(data)
        words = np.frombuffer(data, "<u4", (len(data) - HEAD) // 4, HEAD)
        if words[layout.lengths].tobytes() != layout.expected:
            del self._layouts[len(data)]
            return self.read(data)
        octets = np.frombuffer(data, np.uint8, offset=HEAD)
        singles = words.view("<f4")
        doubles = np.frombuffer(data, "<f8", (len(data) - HEAD) // 8, HEAD)
        seconds, nanoseconds = struct.unpack_from("<iI", data, HEAD)
        stamp_ns = seconds * SECOND_NS + nanoseconds
        frame_id = data[layout.frame_id].decode(errors="replace")
        check_frame_id(bool(frame_id))
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
        return ReadSkeletons(stamp_ns, found, frame_id, (width, height))

    def _deserialized(self, data: bytes) -> ReadSkeletons:
        try:
            message = deserialize_message(data, SkeletonArray)
        except Exception as error:  # of a class of the middleware
            raise ValueError(
                f"a message of {len(data)} bytes is damaged; expected a SkeletonArray"
            ) from error
        return ReadSkeletons(
            to_ns(message.header.stamp),
            skeletons_from_msg(message, self._refused),
            message.header.frame_id,
            (message.image_width, message.image_height),
        )

    def _layout(self, data: bytes) -> Layout | None:
        """The layout of a message of this length; None if it is not that of a SkeletonArray."""
        if data[:2] != PLAIN_CDR:
            return None
        layout = self._layouts.get(len(data))
        if layout is None and (layout := layout_of(data)) is not None:
            _make_room(self._layouts)
            self._layouts[len(data)] = layout
        return layout


class SkeletonWriter:
    """Serializes messages as ``serialize_message(skeletons_to_msg(...))`` does.

    Args:
        source: what finds the skeletons.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._written: dict[tuple[str, int], tuple[bytes, Layout | None]] = {}

    def write(
        self, skeletons: Sequence[Skeleton], header: Header, image_size: tuple[int, int]
    ) -> bytes:
        """Return the bytes of a message.

        Args:
            skeletons: the people in an image.
            header: of the image.
            image_size: its width and height in pixels.
        """
        alike = (header.frame_id, len(skeletons))
        before, layout = self._written.get(alike, (b"", None))
        if layout is None:
            data: bytes = serialize_message(
                skeletons_to_msg(skeletons, header, image_size, self._source)
            )
            _make_room(self._written)
            self._written[alike] = data, layout_of(data)
            return data
        return _refilled(before, layout, skeletons, header, image_size)


def _refilled(
    before: bytes,
    layout: Layout,
    skeletons: Sequence[Skeleton],
    header: Header,
    image_size: tuple[int, int],
) -> bytes:
    """A message with the numbers of another one and its texts."""
    data = bytearray(before)
    octets = np.frombuffer(data, np.uint8, offset=HEAD)
    words = np.frombuffer(data, "<u4", (len(data) - HEAD) // 4, HEAD)
    singles = words.view("<f4")
    doubles = np.frombuffer(data, "<f8", (len(data) - HEAD) // 8, HEAD)
    stamp = struct.pack("<iI", header.stamp.sec, header.stamp.nanosec)
    data[HEAD : HEAD + len(stamp)] = stamp
    words[layout.image_size : layout.image_size + 2] = image_size
    for body, skeleton in zip(layout.bodies, skeletons, strict=True):
        words[body.stamp : body.stamp + 2] = words[:2]
        words[body.body_id] = skeleton.body_id
        doubles[body.positions] = skeleton.positions
        singles[body.pixels] = skeleton.pixels
        singles[body.confidence] = skeleton.confidence
        octets[body.observed] = skeleton.observed
        doubles[body.root] = 0.0 if skeleton.root is None else skeleton.root
        octets[body.root_valid] = skeleton.root is not None
        singles[body.mean_confidence] = skeleton.confidence.mean()
    return bytes(data)


def _make_room(kept: dict[Any, Any]) -> None:
    """Forget what was learned if there is too much of it: texts that change all the time."""
    if len(kept) >= _LAYOUTS:
        kept.clear()
