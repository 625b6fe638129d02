"""The stamp of a serialized message that starts with a header, read and moved in place."""

import struct

from apsa_perception.model.time import NS_PER_S
from apsa_perception.sources.bag import Bag, BagMessage
from apsa_perception.sources.errors import SourceError

STAMP_AT = 4
"""Offset in bytes of the header's stamp in CDR, after the encapsulation header."""

STAMP_SIZE = 8


def stamp_format(data: bytes) -> str:
    """Return the struct format of a stamp for the byte order of a CDR message."""
    return "<iI" if data[1] & 1 else ">iI"


def stamp_of(message: BagMessage, bag: Bag) -> int:
    """Return the stamp of a message of a bag in nanoseconds.

    Raises:
        SourceError: it is too short for a header.
    """
    if len(message.data) < STAMP_AT + STAMP_SIZE:
        raise SourceError(
            f"bag {bag.path} is damaged: a message on {message.topic} has {len(message.data)} "
            "bytes, too few for a header"
        )
    return read_stamp(message.data)


def read_stamp(data: bytes) -> int:
    """Return the stamp in nanoseconds of a message that has a header."""
    seconds, nanoseconds = struct.unpack_from(stamp_format(data), data, STAMP_AT)
    return int(seconds) * NS_PER_S + int(nanoseconds)


def shift_stamp(data: bytes, offset_ns: int) -> bytes:
    """Return the message with its stamp moved."""
    if not offset_ns:
        return data
    stamp_ns = read_stamp(data) + offset_ns
    shifted = bytearray(data)
    struct.pack_into(
        stamp_format(data), shifted, STAMP_AT, stamp_ns // NS_PER_S, stamp_ns % NS_PER_S
    )
    return bytes(shifted)
