"""Images from and to messages."""

from typing import Any

import numpy as np
import numpy.typing as npt
from sensor_msgs.msg import CompressedImage, Image
from std_msgs.msg import Header

from apsa_perception.imaging.images import (
    PLANAR_ENCODINGS,
    RgbImage,
    decode_compressed,
    decode_image,
    image_rows,
)
from apsa_perception.imaging.limits import MAX_MEGAPIXELS

try:
    from cv_bridge import CvBridge, CvBridgeError

    _BRIDGE = CvBridge()
    # Loads its compiled part, which may be missing or built for another Python.
    _BRIDGE.encoding_to_cvtype2("rgb8")
except ImportError:
    _BRIDGE = None

IMAGE_TYPES = {"raw": Image, "compressed": CompressedImage}
"""Message types by the name of the image transport."""


def decode(message: Image | CompressedImage, max_megapixels: float = MAX_MEGAPIXELS) -> RgbImage:
    """Return the image of a message as RGB, ``(H, W, 3)`` and read-only.

    An Image is converted by cv_bridge where there is one. The result is that of ``decode_image``,
    except that cv_bridge rounds 16 bits to 8 where ``decode_image`` cuts, one level apart.

    A CompressedImage is not: cv_bridge would call the same ``cv2.imdecode``, but in a mode that
    leaves a PNG of 16 bits at 16 and disregards the orientation that a JPEG states.

    Args:
        message: message to decode.
        max_megapixels: largest allowed image, in millions of pixels.

    Raises:
        ImageError: the message holds no picture that is known here, or one that is too large.
    """
    if isinstance(message, CompressedImage):
        return decode_compressed(message.format, message.data, max_megapixels)
    # cv_bridge would copy an RGB image, and knows not all encodings with planes.
    if _BRIDGE is None or message.encoding == "rgb8" or message.encoding in PLANAR_ENCODINGS:
        return _decode_own(message, max_megapixels)
    return _decode_bridged(message, max_megapixels)


def image_to_msg(rgb: RgbImage, header: Header) -> Image:
    """Return an image as a message."""
    return _image(rgb.reshape(len(rgb), -1), header=header, width=rgb.shape[1], encoding="rgb8")


def _decode_own(message: Image, max_megapixels: float) -> RgbImage:
    return decode_image(
        message.encoding,
        message.width,
        message.height,
        message.step,
        message.data,
        bool(message.is_bigendian),
        max_megapixels,
    )


def _decode_bridged(message: Image, max_megapixels: float) -> RgbImage:
    # Checked first: cv_bridge accepts a step that is too small, and returns None for a side of 0.
    rows = image_rows(
        message.encoding,
        message.width,
        message.height,
        message.step,
        message.data,
        max_megapixels,
    )
    if message.step != rows.shape[1]:
        # The image is sheared if the padding is not a whole number of pixels.
        message = _image(
            rows,
            width=message.width,
            encoding=message.encoding,
            is_bigendian=message.is_bigendian,
        )
    try:
        rgb: RgbImage = _BRIDGE.imgmsg_to_cv2(message, "rgb8")
    except CvBridgeError:
        # An encoding newer than this cv_bridge, such as uyvy and yuyv.
        return _decode_own(message, max_megapixels)
    rgb.flags.writeable = False
    return rgb


def _image(rows: npt.NDArray[np.uint8], **fields: Any) -> Image:
    message = Image(height=len(rows), step=rows.shape[1], **fields)
    # The constructor would copy its ``data`` once more.
    message.data.frombytes(np.ascontiguousarray(rows))
    return message
