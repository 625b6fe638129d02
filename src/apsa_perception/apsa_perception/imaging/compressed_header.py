"""Size of a JPEG or PNG image from its header, without decoding it.

A file of some hundred bytes can unpack to gigabytes or keep a decoder busy for seconds, so size and
structure are checked first.
"""

import struct
from collections import Counter

_PNG_START = b"\x89PNG\r\n\x1a\n"
_JPEG_START = b"\xff\xd8\xff"
COMPRESSED_STARTS = {"jpeg": _JPEG_START, "png": _PNG_START}
"""First bytes of the formats that are decoded."""

MAX_JPEG_SCANS = 100
"""A progressive JPEG of libjpeg has 10; each one passes over the whole image again."""

MAX_PNG_TEXTS = 4
"""Each compressed text of a PNG, though not used, is unpacked by libpng to as much as 8 MB."""

_PNG_HEADER = struct.pack(">I4s", 13, b"IHDR")

# Markers of ITU-T T.81, table B.1.
_START_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_START_OF_SCAN = 0xDA
_WITH_LENGTH = frozenset({0xC4, 0xCC, *range(0xDB, 0xF0), 0xFE})
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD8)})


def compressed_size(data: bytes) -> tuple[int, int]:
    """Return width and height that the header states.

    Args:
        data: the whole JPEG or PNG file.

    Raises:
        ValueError: there is no valid header; the message says what is wrong.
    """
    return _png_size(data) if data.startswith(_PNG_START) else _jpeg_size(data)


def _png_size(data: bytes) -> tuple[int, int]:
    position = len(_PNG_START)
    if data[position : position + 8] != _PNG_HEADER or len(data) < position + 16:
        raise ValueError("it has no PNG header")
    width, height = struct.unpack_from(">II", data, position + 8)
    kinds: Counter[bytes] = Counter()
    kind = b""
    while kind != b"IEND":
        if position + 12 > len(data):
            raise ValueError("its last PNG chunk is missing")
        length, kind = struct.unpack_from(">I4s", data, position)
        position += 12 + length
        # OpenCV 4.11 would allocate and fill the stated length, of a chunk after the end too.
        if position > len(data):
            raise ValueError(f"a PNG chunk of {length} bytes is incomplete")
        kinds[kind] += 1
    if not kinds[b"IDAT"] or kinds[b"IHDR"] > 1:
        raise ValueError("it has no PNG image data, or two headers")
    if (texts := kinds[b"zTXt"] + kinds[b"iTXt"]) > MAX_PNG_TEXTS:
        raise ValueError(f"it has {texts} compressed texts; expected at most {MAX_PNG_TEXTS}")
    return width, height


def _jpeg_size(data: bytes) -> tuple[int, int]:
    if (scans := data.count(bytes([0xFF, _START_OF_SCAN]))) > MAX_JPEG_SCANS:
        raise ValueError(f"it has {scans} scans; expected at most {MAX_JPEG_SCANS}")
    position = 2
    while True:
        # Like libjpeg: bytes before a marker are skipped, and a marker may have fill bytes.
        position = data.find(0xFF, position)
        while 0 <= position < len(data) and data[position] == 0xFF:
            position += 1
        if not 0 <= position < len(data) - 2:
            raise ValueError("it has no JPEG frame header")
        marker = data[position]
        position += 1
        if marker in _START_OF_FRAME:
            return _frame_size(data, position)
        if marker in _WITH_LENGTH:
            (length,) = struct.unpack_from(">H", data, position)
            position += max(length, 2)
        elif marker != 0 and marker not in _WITHOUT_LENGTH:
            raise ValueError(f"the JPEG marker {marker:#x} comes before the frame header")


def _frame_size(data: bytes, position: int) -> tuple[int, int]:
    """Width and height of a frame header whose length is at a position."""
    if position + 7 > len(data):
        raise ValueError("its JPEG frame header is incomplete")
    height, width = struct.unpack_from(">HH", data, position + 3)
    return width, height
