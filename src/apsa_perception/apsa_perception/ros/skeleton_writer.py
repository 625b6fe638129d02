"""Skeletons to the bytes of SkeletonArray messages, without objects for their 20 joints."""

import struct
from collections.abc import Sequence

import numpy as np
from rclpy.serialization import serialize_message
from std_msgs.msg import Header

from apsa_perception.model.skeleton import Skeleton
from apsa_perception.ros.conversion import skeletons_to_msg
from apsa_perception.ros.skeleton_layout import HEAD, Layout, layout_of, make_room


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
            make_room(self._written)
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
