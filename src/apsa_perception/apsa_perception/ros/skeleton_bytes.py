"""Skeletons from the bytes of SkeletonArray messages, without objects for their 20 joints.

Deserializing a message with rclpy takes longer than its assessment.
"""

import struct
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import numpy as np
from apsa_msgs.msg import SkeletonArray
from rclpy.serialization import deserialize_message

from apsa_perception.model.joints import JOINT_COUNT
from apsa_perception.model.skeleton import Skeleton
from apsa_perception.model.time import NS_PER_S
from apsa_perception.ros.conversion import (
    are_usable,
    check_frame_id,
    checked_skeleton,
    clipped,
    skeletons_from_msg,
    to_ns,
)
from apsa_perception.ros.skeleton_layout import HEAD, PLAIN_CDR, Layout, layout_of, make_room

_BATCH = 64
"""Messages that are read at once."""

Frame = tuple[int, list[Skeleton]]
"""Stamp in nanoseconds and the people of a message."""

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

    def read_all(
        self, messages: Iterable[bytes], dropped: Callable[[ValueError], None]
    ) -> Iterator[Frame]:
        """Yield what ``read`` returns for each message, in a fraction of the time.

        Args:
            messages: of a recording.
            dropped: takes the errors of messages that cannot be used.
        """
        batch: list[bytes] = []
        try:
            for data in messages:
                if len(batch) == _BATCH or (batch and len(data) != len(batch[0])):
                    yield from self._read_batch(batch, dropped)
                    batch = []
                batch.append(data)
        except Exception:  # the frames before the damage count
            yield from self._read_batch(batch, dropped)
            raise
        yield from self._read_batch(batch, dropped)

    def _read_batch(
        self, batch: list[bytes], dropped: Callable[[ValueError], None]
    ) -> Iterator[Frame]:
        """Yield the frames of messages of the same length."""
        try:
            frames = self._frames(batch)
        except UnicodeDecodeError:  # in the name of a source
            frames = None
        if frames is not None:
            yield from frames
            return
        for data in batch:
            try:
                message = self.read(data)
            except ValueError as error:
                dropped(error)
            else:
                yield message.stamp_ns, message.skeletons

    def _frames(self, batch: list[bytes]) -> list[Frame] | None:
        """Frames of messages of the same length; None if one of them has a peculiarity."""
        layout = self._layout(batch[0]) if batch else None
        if layout is None or not batch[0][layout.frame_id]:
            return None
        rows = np.frombuffer(b"".join(batch), np.uint8).reshape(len(batch), -1)
        size = rows.shape[1] - HEAD
        octets = np.zeros((len(batch), -(-size // 8) * 8), np.uint8)
        octets[:, :size] = rows[:, HEAD:]
        words, doubles = octets.view("<u4"), octets.view("<f8")
        lengths = words[:, layout.lengths] == np.frombuffer(layout.expected, "<u4")
        if not ((rows[:, : len(PLAIN_CDR)] == list(PLAIN_CDR)).all() and lengths.all()):
            return None
        seconds = words[:, 0].astype(np.int32).astype(np.int64)
        stamps: list[int] = (seconds * NS_PER_S + words[:, 1]).tolist()
        sizes = words[:, layout.image_size : layout.image_size + 2].tolist()
        frames: list[Frame] = [(stamp_ns, []) for stamp_ns in stamps]
        for body in layout.bodies:
            ids = words[:, body.body_id].tolist()
            positions = doubles[:, body.positions]
            pixels, confidence = (
                octets.view("<f4")[:, places].astype(np.float64)
                for places in (body.pixels, body.confidence)
            )
            observed = octets[:, body.observed] != 0
            roots, located = doubles[:, body.root].copy(), octets[:, body.root_valid] != 0
            known = all(ids) and (octets[:, body.ids] == np.arange(JOINT_COUNT)).all()
            if not (known and are_usable(positions, pixels, confidence, roots[located])):
                return None
            confidence = clipped(confidence)
            for row, data in enumerate(batch):
                skeleton = Skeleton(
                    stamp_ns=stamps[row],
                    body_id=ids[row],
                    positions=positions[row],
                    pixels=pixels[row],
                    confidence=confidence[row],
                    observed=observed[row],
                    image_size=tuple(sizes[row]),
                    root=roots[row] if located[row] else None,
                    source=data[body.source].decode(),
                )
                frames[row][1].append(skeleton)
        return frames

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
        stamp_ns = seconds * NS_PER_S + nanoseconds
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
            make_room(self._layouts)
            self._layouts[len(data)] = layout
        return layout
