"""Encoding of frames for viewers."""

import json
import struct
from typing import Any, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

Picture: TypeAlias = npt.NDArray[np.uint8]
"""``(height, width, 3)`` RGB."""


class FrameEncoder:
    """Packs the header and the picture of a frame into one message.

    Args:
        max_width: pixels; wider pictures are made smaller.
        jpeg_quality: 1 to 100.
    """

    def __init__(self, max_width: int, jpeg_quality: int) -> None:
        self._max_width = max_width
        self._quality = [cv2.IMWRITE_JPEG_QUALITY, jpeg_quality]

    def pack(self, header: dict[str, Any], jpeg: bytes) -> bytes:
        """Return four bytes with the length of the header, big-endian, the header, and the JPEG."""
        text = json.dumps(header, separators=(",", ":")).encode()
        return struct.pack(">I", len(text)) + text + jpeg

    def jpeg(self, picture: Picture | None) -> bytes:
        """Return the picture as JPEG; empty without one."""
        if picture is None:
            return b""
        height, width = picture.shape[:2]
        if width > self._max_width:
            size = (self._max_width, max(1, round(height * self._max_width / width)))
            picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        bgr = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
        return cv2.imencode(".jpg", bgr, self._quality)[1].tobytes()
