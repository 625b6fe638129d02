"""Video files of given packets, as no encoder here writes them: the size changes on the way."""

import re
import struct
from collections.abc import Sequence
from pathlib import Path

import cv2

PERIOD_MS = 40
_START_CODE = re.compile(rb"\x00\x00\x00?\x01")


def packets_of(path: Path, count: int | None = None) -> list[bytes]:
    """The first encoded pictures of a video, those of H.264 with start codes; None: all."""
    raw = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG, [cv2.CAP_PROP_FORMAT, -1])
    found: list[bytes] = []
    while (count is None or len(found) < count) and (read := raw.read())[0]:
        found.append(read[1].tobytes())
    return found


def units(packet: bytes) -> list[bytes]:
    """The units of a packet of H.264 with start codes."""
    return [unit for unit in _START_CODE.split(packet) if unit]


def with_lengths(packet: bytes) -> bytes:
    """A packet of H.264 as mkv and mp4 hold it: the length before each unit."""
    return b"".join(struct.pack(">I", len(unit)) + unit for unit in units(packet))


def avc_configuration(packet: bytes) -> bytes:
    """The decoder configuration (ISO 14496-15) from the parameter sets in a packet."""
    sequence = next(unit for unit in units(packet) if unit[0] & 31 == 7)
    picture = next(unit for unit in units(packet) if unit[0] & 31 == 8)
    sets = b"\xe1" + _sized(sequence) + b"\x01" + _sized(picture)
    return b"\x01" + sequence[1:4] + b"\xff" + sets


def _sized(unit: bytes) -> bytes:
    return struct.pack(">H", len(unit)) + unit


def write_mkv(
    path: Path,
    codec: str,
    size: tuple[int, int],
    packets: Sequence[bytes],
    private: bytes = b"",
    start_ms: int = 0,
) -> Path:
    """A Matroska file with one video track; each packet counts as a key frame."""
    video = _element(0xB0, _number(size[0])) + _element(0xBA, _number(size[1]))
    track = _element(0xD7, b"\x01") + _element(0x73C5, b"\x01") + _element(0x83, b"\x01")
    track += _element(0x86, codec.encode()) + (_element(0x63A2, private) if private else b"")
    track += _element(0xE0, video)
    head = b"".join(
        _element(key, value)
        for key, value in (
            (0x4286, b"\x01"), (0x42F7, b"\x01"), (0x42F2, b"\x04"), (0x42F3, b"\x08"),
            (0x4282, b"matroska"), (0x4287, b"\x04"), (0x4285, b"\x02"),
        )
    )  # fmt: skip
    length_ms = struct.pack(">d", float(start_ms + PERIOD_MS * len(packets)))
    body = _element(
        0x1549A966, _element(0x2AD7B1, _number(1_000_000)) + _element(0x4489, length_ms)
    )
    body += _element(0x1654AE6B, _element(0xAE, track))
    blocks = b"".join(
        _element(0xA3, b"\x81" + struct.pack(">hB", index * PERIOD_MS, 0x80) + packet)
        for index, packet in enumerate(packets)
    )
    body += _element(0x1F43B675, _element(0xE7, _number(start_ms) or b"\x00") + blocks)
    path.write_bytes(_element(0x1A45DFA3, head) + _element(0x18538067, body))
    return path


def _element(key: int, content: bytes) -> bytes:
    """EBML: identifier, length in 8 bytes, content."""
    return _number(key) + (len(content) | 1 << 56).to_bytes(8, "big") + content


def _number(value: int) -> bytes:
    return value.to_bytes((value.bit_length() + 7) // 8, "big")


def write_mp4(
    path: Path, kind: str, size: tuple[int, int], packets: Sequence[bytes], box: bytes
) -> Path:
    """An MP4 file with one video track (ISO 14496-12).

    Args:
        path: where to write it.
        kind: of the sample entry, such as ``avc1``.
        size: as the file states it.
        packets: the samples.
        box: configuration of the decoder inside the sample entry.
    """
    count, duration = len(packets), PERIOD_MS * len(packets)
    kind_box = _box("ftyp", b"isom\x00\x00\x02\x00isomiso2avc1mp41")
    matrix = struct.pack(">9I", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
    entry = bytes(6) + b"\x00\x01" + bytes(16) + struct.pack(">HH", *size)
    entry += struct.pack(">IIIH", 72 << 16, 72 << 16, 0, 1) + bytes(32) + b"\x00\x18\xff\xff" + box
    tables = (
        _full("stsd", struct.pack(">I", 1) + _box(kind, entry))
        + _full("stts", struct.pack(">III", 1, count, PERIOD_MS))
        + _full("stsc", struct.pack(">IIII", 1, 1, count, 1))
        + _full("stsz", struct.pack(">II", 0, count) + b"".join(_u32(len(one)) for one in packets))
        + _full("stco", struct.pack(">II", 1, len(kind_box) + 8))
    )
    source = _full("dref", struct.pack(">I", 1) + _full("url ", b"", 1))
    media = _full("vmhd", bytes(8), 1) + _box("dinf", source) + _box("stbl", tables)
    track = _full("tkhd", struct.pack(">IIIII", 0, 0, 1, 0, duration) + bytes(16) + matrix
                  + struct.pack(">II", size[0] << 16, size[1] << 16), 3)  # fmt: skip
    handler = _full("hdlr", bytes(4) + b"vide" + bytes(13))
    header = _full("mdhd", struct.pack(">IIIIHH", 0, 0, 1000, duration, 0x55C4, 0))
    track += _box("mdia", header + handler + _box("minf", media))
    movie = _full("mvhd", struct.pack(">IIIIIH", 0, 0, 1000, duration, 1 << 16, 1 << 8)
                  + bytes(10) + matrix + bytes(24) + _u32(2))  # fmt: skip
    data = _box("mdat", b"".join(packets))
    path.write_bytes(kind_box + data + _box("moov", movie + _box("trak", track)))
    return path


def _box(kind: str, content: bytes) -> bytes:
    return _u32(8 + len(content)) + kind.encode() + content


def _full(kind: str, content: bytes, flags: int = 0) -> bytes:
    return _box(kind, _u32(flags) + content)


def _u32(value: int) -> bytes:
    return struct.pack(">I", value)
