"""ROS images to RGB arrays, with OpenCV and without cv_bridge."""

import contextlib
import re
from array import array
from typing import NamedTuple, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

RgbImage = npt.NDArray[np.uint8]
"""``(H, W, 3)`` red, green, blue."""

Buffer: TypeAlias = "bytes | memoryview | array[int] | npt.NDArray[np.uint8]"
"""Types of a message's ``data``; none is copied."""

MAX_SIDE = 16384
"""Largest side in pixels; larger ones come from a corrupt header and would exhaust the memory."""


class ImageError(ValueError):
    """An image cannot be decoded; the message says why and what is expected."""


class _Layout(NamedTuple):
    channels: int
    conversion: int | None
    """OpenCV's code; None if it is RGB already."""
    depth: int = 1
    """Bytes per channel."""


_UYVY = _Layout(2, cv2.COLOR_YUV2RGB_UYVY)
_YUYV = _Layout(2, cv2.COLOR_YUV2RGB_YUY2)

# OpenCV names a Bayer pattern after the second row's second and third pixel, ROS after the first
# row's first two: rggb is OpenCV's BG.
_LAYOUTS: dict[str, _Layout] = {
    "rgb8": _Layout(3, None),
    "bgr8": _Layout(3, cv2.COLOR_BGR2RGB),
    "rgba8": _Layout(4, cv2.COLOR_RGBA2RGB),
    "bgra8": _Layout(4, cv2.COLOR_BGRA2RGB),
    "mono8": _Layout(1, cv2.COLOR_GRAY2RGB),
    "mono16": _Layout(1, cv2.COLOR_GRAY2RGB, depth=2),
    "yuv422": _UYVY,
    "uyvy": _UYVY,
    "yuv422_yuy2": _YUYV,
    "yuyv": _YUYV,
    "bayer_rggb8": _Layout(1, cv2.COLOR_BayerBG2RGB),
    "bayer_bggr8": _Layout(1, cv2.COLOR_BayerRG2RGB),
    "bayer_gbrg8": _Layout(1, cv2.COLOR_BayerGR2RGB),
    "bayer_grbg8": _Layout(1, cv2.COLOR_BayerGB2RGB),
}
ENCODINGS: tuple[str, ...] = tuple(_LAYOUTS)
"""Encodings of sensor_msgs/Image that ``decode_image`` accepts."""

MAX_PIXELS = 2**25
"""Most pixels of a compressed image, whose small file can ask for any amount of memory: those of 8K
video."""

_CHUNK_FRAME = 12
"""Bytes of length, type and checksum of a PNG chunk."""
_JPEG_FRAME = re.compile(
    rb"\xff+[\xc0-\xc3\xc5-\xc7\xc9-\xcb\xcd-\xcf](..)[\x08\x0c](..)(..)([\x01-\x04])", re.DOTALL
)
"""Start of a frame: length, precision, height, width, number of components (ITU T.81, B.2.2)."""

_COMPRESSED_STARTS = {"jpeg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n"}


def image_rows(
    encoding: str, width: int, height: int, step: int, data: Buffer
) -> npt.NDArray[np.uint8]:
    """Return ``(height, bytes per row)``, a checked view of the data without padding.

    Args:
        encoding: one of ``ENCODINGS`` (names of sensor_msgs/image_encodings).
        width: pixels per row.
        height: rows.
        step: bytes per row including padding.
        data: at least ``height * step`` bytes; the last row may lack its padding.

    Raises:
        ImageError: unknown encoding, or inconsistent sizes.
    """
    layout = _LAYOUTS.get(encoding)
    if layout is None:
        raise ImageError(
            f"unknown image encoding '{encoding}'; expected one of {', '.join(ENCODINGS)}"
        )
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
        raise ImageError(f"the image size is {width}x{height}; expected sides of 1 to {MAX_SIDE}")
    if layout.channels == 2 and width % 2:
        raise ImageError(f"the {encoding} image is {width} pixels wide; expected an even width")
    row = width * layout.channels * layout.depth
    if step < row:
        raise ImageError(
            f"the image step is {step}; expected at least {row} for {width} {encoding} pixels"
        )
    needed = step * (height - 1) + row
    buffer = np.frombuffer(data, np.uint8)
    if buffer.size < needed:
        raise ImageError(
            f"the image data has {buffer.size} bytes; "
            f"expected {needed} for {width}x{height} {encoding} with step {step}"
        )
    return np.ndarray((height, row), np.uint8, buffer, strides=(step, 1))


def decode_image(
    encoding: str,
    width: int,
    height: int,
    step: int,
    data: Buffer,
    is_bigendian: bool = False,
) -> RgbImage:
    """Return the picture of a sensor_msgs/Image as RGB.

    The result is read-only, because that of rgb8 without padding is a view of ``data``.

    Args:
        encoding: as for ``image_rows``, like the next four.
        width: pixels per row.
        height: rows.
        step: bytes per row including padding.
        data: the rows.
        is_bigendian: byte order of mono16.

    Raises:
        ImageError: unknown encoding, or inconsistent sizes.
    """
    rows = image_rows(encoding, width, height, step, data)
    layout = _LAYOUTS[encoding]
    if layout.depth == 2:
        rows = rows[:, 0 if is_bigendian else 1 :: 2]  # the most significant byte
    shape = (height, width) if layout.channels == 1 else (height, width, layout.channels)
    rgb: RgbImage = np.ascontiguousarray(rows).reshape(shape)
    if layout.conversion is not None:
        rgb = cv2.cvtColor(rgb, layout.conversion)
    rgb.flags.writeable = False
    return rgb


def decode_compressed(image_format: str, data: Buffer) -> RgbImage:
    """Return the picture of a sensor_msgs/CompressedImage as RGB.

    The format is detected from the content, because the spelling of ``image_format`` differs
    between drivers; it only appears in the error.

    Raises:
        ImageError: neither JPEG nor PNG, too large, or damaged.
    """
    buffer = np.frombuffer(data, np.uint8)
    start = buffer[:8].tobytes()
    if not any(start.startswith(magic) for magic in _COMPRESSED_STARTS.values()):
        raise ImageError(
            f"a compressed image has the format '{image_format}'; "
            f"expected {' or '.join(_COMPRESSED_STARTS)}"
        )
    width, height = _declared_size(buffer)
    if width * height > MAX_PIXELS:
        raise ImageError(
            f"a compressed image has {width}x{height} pixels; expected at most {MAX_PIXELS}"
        )
    image = None
    if not start.startswith(_COMPRESSED_STARTS["png"]) or _has_all_chunks(buffer):
        with contextlib.suppress(cv2.error):
            image = cv2.imdecode(buffer, cv2.IMREAD_COLOR_RGB)
    if image is None:
        raise ImageError(
            f"a compressed image with format '{image_format}' and {buffer.size} bytes is damaged; "
            f"expected a complete {' or '.join(_COMPRESSED_STARTS)} image"
        )
    rgb: RgbImage = image
    rgb.flags.writeable = False
    return rgb


def _has_all_chunks(data: npt.NDArray[np.uint8]) -> bool:
    """Whether a PNG has the bytes that its chunks state, which OpenCV allocates unchecked."""
    position = 8
    while position + _CHUNK_FRAME <= data.size:
        head = data[position : position + 8].tobytes()
        position += _CHUNK_FRAME + int.from_bytes(head[:4], "big")
        if head[4:] == b"IEND":
            return position <= data.size
    return False


def _declared_size(data: npt.NDArray[np.uint8]) -> tuple[int, int]:
    """Width and height that a PNG or JPEG states; ``(0, 0)`` if they are not found.

    The decoder of a JPEG skips what it does not understand, so the whole file is searched.
    """
    if data[:1].tobytes() == b"\x89":
        head = data[16:24].tobytes()
        return int.from_bytes(head[:4], "big"), int.from_bytes(head[4:], "big")
    sizes = [(0, 0)]
    for found in _JPEG_FRAME.finditer(data.tobytes()):
        length, height, width = (int.from_bytes(found[group], "big") for group in (1, 2, 3))
        if length == 8 + 3 * found[4][0]:
            sizes.append((width, height))
    return max(sizes, key=lambda size: size[0] * size[1])
