"""Videos whose resolution changes on the way, as browsers record them when a network is slow.

VP8, VP9, H.264, HEVC, MPEG-1, 2 and 4 (Part 2) and Motion JPEG in any container.

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

from apsa_perception.sources.picture_size import (
    h264_size,
    h265_size,
    mjpeg_size,
    mpeg4_size,
    mpeg_size,
    vp8_size,
    vp9_size,
    with_own_parameters,
)


class Codec(NamedTuple):
    """How the packets of a codec state the size of the picture, and in which file they are read."""

    size_of: Callable[[bytes], tuple[int, int] | None]
    suffix: str
    cleaned: Callable[[bytes, bytes], bytes] = lambda packet, _: packet


_MPEG4 = Codec(mpeg4_size, "m4v")
_MPEG = Codec(mpeg_size, "m2v")
_MJPEG = Codec(mjpeg_size, "mjpeg")
_H264 = Codec(h264_size, "h264")
_H265 = Codec(h265_size, "hevc", with_own_parameters)
_CODECS = {
    b"VP80": Codec(vp8_size, "ivf"),
    b"VP90": Codec(vp9_size, "ivf"),
    b"H264": _H264,
    b"AVC1": _H264,
    b"AVC3": _H264,
    **dict.fromkeys((b"HEVC", b"HVC1", b"HEV1", b"H265"), _H265),
    b"MJPG": _MJPEG,
    b"JPEG": _MJPEG,
    **dict.fromkeys((b"FMP4", b"MP4V", b"XVID", b"DIVX", b"DX50"), _MPEG4),
    **dict.fromkeys((b"MPG1", b"MPG2", b"MP1V", b"MP2V"), _MPEG),
}
_HEADER = 4096
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
            suffix = _CODECS[fourcc].suffix
            part = Path(folder) / f"part.{suffix}"
            is_ivf = suffix == "ivf"
            part.write_bytes(_ivf(fourcc, stretch) if is_ivf else b"".join(stretch.packets))
            capture = cv2.VideoCapture(str(part), cv2.CAP_FFMPEG)
            while (read := capture.read())[0]:
                yield np.asarray(read[1], dtype=np.uint8)
            capture.release()


def _stretches(path: Path, keep: bool) -> Iterator[Stretch]:
    """Yield the encoded pictures between changes of the size; none of them unless kept."""
    capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG, [cv2.CAP_PROP_FORMAT, -1])
    fourcc = _fourcc(capture)
    configuration = _configuration(capture) if fourcc in _CODECS else b""
    head = configuration if _CODECS.get(fourcc) in (_MPEG, _MPEG4) else b""
    stretch: Stretch | None = None
    while fourcc in _CODECS:
        got, data = capture.read()
        if not got:
            break
        packet, head = head + data.tobytes(), b""
        packet = _CODECS[fourcc].cleaned(packet, configuration)
        size = _CODECS[fourcc].size_of(packet[:_HEADER])
        if size and (stretch is None or stretch.size != size):
            if stretch is not None:
                yield stretch
            stretch = Stretch(size, [])
        if keep and stretch is not None:
            stretch.packets.append(packet)
    capture.release()
    if stretch is not None:
        yield stretch


def _configuration(capture: cv2.VideoCapture) -> bytes:
    """What a file states beside its packets."""
    index = int(capture.get(cv2.CAP_PROP_CODEC_EXTRADATA_INDEX))
    got, data = capture.retrieve(flag=index)
    return data.tobytes() if got and data is not None else b""


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
