"""Videos whose resolution changes on the way, as browsers record them when a network is slow.

VP8, VP9 and H.264 in any container.

OpenCV converts every picture with the size of the first one, which tears all pictures after a
change. Such a video is therefore cut at its changes into streams of one size each.
"""

import struct
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from apsa_perception.sources.picture_size import h264_size, vp8_size, vp9_size

_SIZE_OF: dict[bytes, Callable[[bytes], tuple[int, int] | None]] = {
    b"VP80": vp8_size,
    b"VP90": vp9_size,
    b"H264": h264_size,
    b"AVC1": h264_size,
}
_HEADER = 1024
"""Bytes of a packet in which its size is looked for: it comes before the picture."""
_IVF_HEADER = "<4sHH4sHHIIII"
_IVF_FRAME = "<IQ"


class Stretch(NamedTuple):
    """Encoded pictures of one size in pixels."""

    size: tuple[int, int]
    packets: list[bytes]


def changes_size(path: Path) -> bool:
    """Whether the pictures of a video have more than one size, as far as its codec shows it."""
    sizes = (stretch.size for stretch in _stretches(path, keep=False))
    first = next(sizes, None)
    return any(size != first for size in sizes)


def pictures(path: Path) -> Iterator[npt.NDArray[np.uint8]]:
    """Yield each picture that can be decoded, as BGR in its own size."""
    fourcc = _fourcc(cv2.VideoCapture(str(path), cv2.CAP_FFMPEG))
    with tempfile.TemporaryDirectory(prefix="apsa-") as folder:
        for stretch in _stretches(path, keep=True):
            is_h264 = _SIZE_OF[fourcc] is h264_size
            part = Path(folder) / ("part.h264" if is_h264 else "part.ivf")
            part.write_bytes(b"".join(stretch.packets) if is_h264 else _ivf(fourcc, stretch))
            capture = cv2.VideoCapture(str(part), cv2.CAP_FFMPEG)
            while (read := capture.read())[0]:
                yield np.asarray(read[1], dtype=np.uint8)
            capture.release()


def _stretches(path: Path, keep: bool) -> Iterator[Stretch]:
    """Yield the encoded pictures between changes of the size; none of them unless kept."""
    capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG, [cv2.CAP_PROP_FORMAT, -1])
    fourcc = _fourcc(capture)
    stretch: Stretch | None = None
    while fourcc in _SIZE_OF:
        got, data = capture.read()
        if not got:
            break
        packet = data.tobytes()
        size = _SIZE_OF[fourcc](packet[:_HEADER])
        if size and (stretch is None or stretch.size != size):
            if stretch is not None:
                yield stretch
            stretch = Stretch(size, [])
        if keep and stretch is not None:
            stretch.packets.append(packet)
    capture.release()
    if stretch is not None:
        yield stretch


def _fourcc(capture: cv2.VideoCapture) -> bytes:
    code = int(capture.get(cv2.CAP_PROP_FOURCC)) & 0xFFFFFFFF
    return code.to_bytes(4, "little").upper()


def _ivf(fourcc: bytes, stretch: Stretch) -> bytes:
    """An IVF file of the encoded pictures."""
    count = len(stretch.packets)
    parts = [struct.pack(_IVF_HEADER, b"DKIF", 0, 32, fourcc, *stretch.size, 30, 1, count, 0)]
    for index, packet in enumerate(stretch.packets):
        parts += [struct.pack(_IVF_FRAME, len(packet), index), packet]
    return b"".join(parts)
