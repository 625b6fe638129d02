"""Videos whose resolution changes on the way, as browsers record them when a network is slow.

OpenCV converts every picture with the size of the first one, which tears all pictures after a
change. Such a video is therefore cut at its changes into streams of one size each.
"""

import struct
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

_FOURCCS = {b"VP80", b"VP90"}
_IVF_HEADER = "<4sHH4sHHIIII"
_IVF_FRAME = "<IQ"
_VP8_START = b"\x9d\x01\x2a"
_VP8_SIZE_BITS = 0x3FFF
_VP9_SYNC = 0x498342


class Stretch(NamedTuple):
    """Encoded pictures of one size in pixels."""

    size: tuple[int, int]
    packets: list[bytes]


def changes_size(path: Path) -> bool:
    """Whether the pictures of a video have more than one size, as far as its codec shows it."""
    return len({stretch.size for stretch in _stretches(path, keep=False)}) > 1


def pictures(path: Path) -> Iterator[npt.NDArray[np.uint8]]:
    """Yield each picture that can be decoded, as BGR in its own size."""
    fourcc = _fourcc(cv2.VideoCapture(str(path), cv2.CAP_FFMPEG))
    with tempfile.TemporaryDirectory(prefix="apsa-") as folder:
        for stretch in _stretches(path, keep=True):
            part = Path(folder) / "part.ivf"
            part.write_bytes(_ivf(fourcc, stretch))
            capture = cv2.VideoCapture(str(part), cv2.CAP_FFMPEG)
            while (read := capture.read())[0]:
                yield np.asarray(read[1], dtype=np.uint8)
            capture.release()


def _stretches(path: Path, keep: bool) -> list[Stretch]:
    """The encoded pictures between changes of the size; without packets unless they are kept."""
    capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG, [cv2.CAP_PROP_FORMAT, -1])
    fourcc = _fourcc(capture)
    found: list[Stretch] = []
    while fourcc in _FOURCCS:
        got, data = capture.read()
        if not got:
            break
        packet = data.tobytes()
        size = _vp8_size(packet) if fourcc == b"VP80" else _vp9_size(packet)
        if size and (not found or found[-1].size != size):
            found.append(Stretch(size, []))
        if keep and found:
            found[-1].packets.append(packet)
    capture.release()
    return found


def _fourcc(capture: cv2.VideoCapture) -> bytes:
    code = int(capture.get(cv2.CAP_PROP_FOURCC)) & 0xFFFFFFFF
    return code.to_bytes(4, "little").upper()


def _vp8_size(packet: bytes) -> tuple[int, int] | None:
    """Size in a key frame (RFC 6386, 9.1); None for other frames."""
    if len(packet) < 10 or packet[0] & 1 or packet[3:6] != _VP8_START:
        return None
    width, height = struct.unpack_from("<HH", packet, 6)
    return width & _VP8_SIZE_BITS, height & _VP8_SIZE_BITS


def _vp9_size(packet: bytes) -> tuple[int, int] | None:
    """Size in a key frame (VP9 bitstream specification, 6.2); None for other frames."""
    bits = _Bits(packet[:16])
    if len(packet) < 16 or bits.read(2) != 2:
        return None
    profile = bits.read(1) + 2 * bits.read(1)
    if profile == 3:
        bits.read(1)
    shows_known, is_inter = bits.read(1), bits.read(1)
    bits.read(2)  # show_frame, error_resilient_mode
    if shows_known or is_inter or bits.read(24) != _VP9_SYNC:
        return None
    if profile >= 2:
        bits.read(1)  # bit depth
    is_rgb = bits.read(3) == 7
    if not is_rgb:
        bits.read(1)  # colour range
    if profile in (1, 3):
        bits.read(1 if is_rgb else 3)  # subsampling
    return bits.read(16) + 1, bits.read(16) + 1


class _Bits:
    """Reads bits, the most significant one first."""

    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data, "big")
        self._left = 8 * len(data)

    def read(self, count: int) -> int:
        """Return the next bits as a number."""
        self._left -= count
        return (self._value >> max(0, self._left)) & ((1 << count) - 1)


def _ivf(fourcc: bytes, stretch: Stretch) -> bytes:
    """An IVF file of the encoded pictures."""
    count = len(stretch.packets)
    parts = [struct.pack(_IVF_HEADER, b"DKIF", 0, 32, fourcc, *stretch.size, 30, 1, count, 0)]
    for index, packet in enumerate(stretch.packets):
        parts += [struct.pack(_IVF_FRAME, len(packet), index), packet]
    return b"".join(parts)
