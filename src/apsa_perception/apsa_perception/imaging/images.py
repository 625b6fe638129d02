"""ROS images to RGB arrays, with OpenCV and without cv_bridge."""

from array import array
from typing import NamedTuple, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from apsa_perception.imaging.compressed_header import COMPRESSED_STARTS, compressed_size
from apsa_perception.imaging.limits import MAX_MEGAPIXELS, MAX_SIDE

RgbImage = npt.NDArray[np.uint8]
"""``(H, W, 3)`` red, green, blue."""

Buffer: TypeAlias = "bytes | memoryview | array[int] | npt.NDArray[np.uint8]"
"""Types of a message's ``data``; none is copied."""


class ImageError(ValueError):
    """An image cannot be decoded; the message says why and what is expected."""


class _Layout(NamedTuple):
    channels: int
    conversion: int | None
    """OpenCV's code; None if it is RGB already."""
    depth: int = 1
    """Bytes per channel."""
    planes: bool = False
    """Whether rows of colour, half as many, follow those of brightness."""

    def rows(self, height: int) -> int:
        """Rows of bytes of an image with a height."""
        return height * 3 // 2 if self.planes else height


_UYVY = _Layout(2, cv2.COLOR_YUV2RGB_UYVY)
_YUYV = _Layout(2, cv2.COLOR_YUV2RGB_YUY2)

# OpenCV names a Bayer pattern after the second row's second and third pixel, ROS after the first
# row's first two: rggb is OpenCV's BG.
_BAYER = {
    "rggb": cv2.COLOR_BayerBG2RGB,
    "bggr": cv2.COLOR_BayerRG2RGB,
    "gbrg": cv2.COLOR_BayerGR2RGB,
    "grbg": cv2.COLOR_BayerGB2RGB,
}

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
    "nv12": _Layout(1, cv2.COLOR_YUV2RGB_NV12, planes=True),
    "nv21": _Layout(1, cv2.COLOR_YUV2RGB_NV21, planes=True),
    **{f"bayer_{name}8": _Layout(1, code) for name, code in _BAYER.items()},
    **{f"bayer_{name}16": _Layout(1, code, depth=2) for name, code in _BAYER.items()},
    # OpenCV's own names: its pictures are blue first, and cv_bridge publishes them so by default.
    "8UC1": _Layout(1, cv2.COLOR_GRAY2RGB),
    "8UC3": _Layout(3, cv2.COLOR_BGR2RGB),
}
ENCODINGS: tuple[str, ...] = tuple(_LAYOUTS)
"""Encodings of sensor_msgs/Image that ``decode_image`` accepts."""
PLANAR_ENCODINGS = frozenset(name for name, layout in _LAYOUTS.items() if layout.planes)
"""Those whose data has more rows than the image."""


def image_rows(
    encoding: str,
    width: int,
    height: int,
    step: int,
    data: Buffer,
    max_megapixels: float = MAX_MEGAPIXELS,
) -> npt.NDArray[np.uint8]:
    """Return ``(rows, bytes per row)``, a checked view of the data without padding.

    There are as many rows as the image has, and half as many more for nv12 and nv21.

    Args:
        encoding: one of ``ENCODINGS`` (names of sensor_msgs/image_encodings).
        width: pixels per row.
        height: rows.
        step: bytes per row including padding.
        data: at least ``rows * step`` bytes; the last row may lack its padding.
        max_megapixels: largest allowed image, in millions of pixels.

    Raises:
        ImageError: unknown encoding, too large, or inconsistent sizes.
    """
    layout = _LAYOUTS.get(encoding)
    if layout is None:
        raise ImageError(
            f"unknown image encoding '{encoding}'; expected one of {', '.join(ENCODINGS)}"
        )
    _check_size(width, height, max_megapixels)
    if (layout.channels == 2 or layout.planes) and width % 2:
        raise ImageError(f"the {encoding} image is {width} pixels wide; expected an even width")
    if layout.planes and height % 2:
        raise ImageError(f"the {encoding} image is {height} pixels high; expected an even height")
    row = width * layout.channels * layout.depth
    if step < row:
        raise ImageError(
            f"the image step is {step}; expected at least {row} for {width} {encoding} pixels"
        )
    count = layout.rows(height)
    needed = step * (count - 1) + row
    buffer = np.frombuffer(data, np.uint8)
    if buffer.size < needed:
        raise ImageError(
            f"the image data has {buffer.size} bytes; "
            f"expected {needed} for {width}x{height} {encoding} with step {step}"
        )
    return np.ndarray((count, row), np.uint8, buffer, strides=(step, 1))


def decode_image(
    encoding: str,
    width: int,
    height: int,
    step: int,
    data: Buffer,
    is_bigendian: bool = False,
    max_megapixels: float = MAX_MEGAPIXELS,
) -> RgbImage:
    """Return the picture of a sensor_msgs/Image as RGB.

    The result is read-only, because that of rgb8 without padding is a view of ``data``.

    Args:
        encoding: as for ``image_rows``, like the next four.
        width: pixels per row.
        height: rows.
        step: bytes per row including padding.
        data: the rows.
        is_bigendian: byte order of encodings with 16 bits.
        max_megapixels: largest allowed image, in millions of pixels.

    Raises:
        ImageError: unknown encoding, too large, or inconsistent sizes.
    """
    rows = image_rows(encoding, width, height, step, data, max_megapixels)
    layout = _LAYOUTS[encoding]
    if layout.depth == 2:
        rows = rows[:, 0 if is_bigendian else 1 :: 2]  # the most significant byte
    count = layout.rows(height)
    shape = (count, width) if layout.channels == 1 else (count, width, layout.channels)
    rgb: RgbImage = np.ascontiguousarray(rows).reshape(shape)
    if layout.conversion is not None:
        rgb = cv2.cvtColor(rgb, layout.conversion)
    rgb.flags.writeable = False
    return rgb


def decode_compressed(
    image_format: str, data: Buffer, max_megapixels: float = MAX_MEGAPIXELS
) -> RgbImage:
    """Return the picture of a sensor_msgs/CompressedImage as RGB.

    The format is detected from the content, because the spelling of ``image_format`` differs
    between drivers; it only appears in the error. The size is checked before anything is decoded.

    Args:
        image_format: the format that the message states.
        data: a JPEG or PNG file.
        max_megapixels: largest allowed image, in millions of pixels.

    Raises:
        ImageError: neither JPEG nor PNG, too large, or damaged.
    """
    buffer = np.frombuffer(data, np.uint8)
    start = buffer[:8].tobytes()
    if not any(start.startswith(magic) for magic in COMPRESSED_STARTS.values()):
        raise ImageError(
            f"a compressed image has the format '{image_format}'; "
            f"expected {' or '.join(COMPRESSED_STARTS)}"
        )
    damaged = f"a compressed image with format '{image_format}' and {buffer.size} bytes is damaged"
    expected = f"expected a complete {' or '.join(COMPRESSED_STARTS)} image"
    try:
        size = compressed_size(buffer.tobytes())
    except ValueError as error:
        raise ImageError(f"{damaged}; {expected} ({error})") from None
    _check_size(*size, max_megapixels)
    try:
        image = cv2.imdecode(buffer, cv2.IMREAD_COLOR_RGB)
    except cv2.error:
        image = None
    if image is None:
        raise ImageError(f"{damaged}; {expected}")
    rgb: RgbImage = image
    rgb.flags.writeable = False
    return rgb


def checked(rgb: RgbImage, max_megapixels: float) -> RgbImage:
    """Return a decoded picture ``(H, W, 3)``.

    Raises:
        ImageError: it is larger than the limit.
    """
    _check_size(rgb.shape[1], rgb.shape[0], max_megapixels)
    return rgb


def _check_size(width: int, height: int, max_megapixels: float) -> None:
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
        raise ImageError(f"the image size is {width}x{height}; expected sides of 1 to {MAX_SIDE}")
    if width * height > max_megapixels * 1e6:
        raise ImageError(
            f"the image size is {width}x{height}, {width * height / 1e6:.1f} megapixels; "
            f"expected at most {max_megapixels:g} (parameter max_megapixels)"
        )
