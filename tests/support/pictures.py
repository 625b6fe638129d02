"""A picture, and how each encoding of sensor_msgs/Image writes it down."""

import cv2
import numpy as np
import numpy.typing as npt

from apsa_perception.imaging.images import RgbImage

WIDTH, HEIGHT = 64, 48
YUV = ("yuv422", "uyvy", "yuv422_yuy2", "yuyv")
PLANES = ("nv12", "nv21")
BT601 = np.array([[65.481, 128.553, 24.966], [-37.797, -74.203, 112.0], [112.0, -93.786, -18.214]])


def smooth_picture() -> RgbImage:
    """A smooth colour picture: encodings that share colour between pixels keep it too."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    planes = (x * 255 / WIDTH, y * 255 / HEIGHT, (x + y) * 255 / (WIDTH + HEIGHT))
    return np.stack(planes, axis=-1).astype(np.uint8)


def expected(encoding: str, rgb: RgbImage) -> RgbImage:
    """What is left of the picture behind an encoding."""
    if encoding.startswith("mono") or encoding == "8UC1":
        return cv2.cvtColor(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    return rgb


def largest_difference(rgb: RgbImage, other: RgbImage) -> int:
    """Largest difference of two pictures, without the rim, for which a mosaic lacks neighbours."""
    return int(np.abs(rgb.astype(int) - other)[2:-2, 2:-2].max())


def allowed_difference(encoding: str) -> int:
    """How far from the picture it may be: neighbours share or lend colour in some encodings."""
    return 10 if encoding in YUV + PLANES else 4 if encoding.startswith("bayer") else 0


def encode(encoding: str, rgb: RgbImage) -> npt.NDArray[np.uint8]:
    """Encode as the ROS documentation of the encoding says, ``(rows, bytes a row)``."""
    if encoding.startswith("bayer"):
        names = encoding.removeprefix("bayer_")[:4]
        mosaic = np.empty(rgb.shape[:2], np.uint8)
        for i, name in enumerate(names):
            mosaic[i // 2 :: 2, i % 2 :: 2] = rgb[i // 2 :: 2, i % 2 :: 2, "rgb".index(name)]
        if encoding.endswith("16"):
            return (mosaic.astype("<u2") * 257).view(np.uint8)
        return mosaic
    yuv = (rgb @ BT601.T / 255 + (16, 128, 128)).round().astype(np.uint8)
    if encoding in PLANES:
        chroma = yuv[::2, ::2, 1:] if encoding == "nv12" else yuv[::2, ::2, :0:-1]
        return np.vstack([yuv[..., 0], chroma.reshape(HEIGHT // 2, -1)])
    if encoding in YUV:
        luma, chroma = (1, 0) if encoding in ("yuv422", "uyvy") else (0, 1)
        packed = np.empty((HEIGHT, WIDTH, 2), np.uint8)
        packed[..., luma] = yuv[..., 0]
        packed[:, 0::2, chroma] = yuv[:, 0::2, 1]
        packed[:, 1::2, chroma] = yuv[:, 0::2, 2]
        return packed.reshape(HEIGHT, -1)
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    encoded = {
        "rgb8": rgb,
        "bgr8": rgb[..., ::-1],
        "rgba8": np.dstack([rgb, np.full(rgb.shape[:2], 7, np.uint8)]),
        "bgra8": np.dstack([rgb[..., ::-1], np.full(rgb.shape[:2], 7, np.uint8)]),
        "mono8": grey,
        "8UC1": grey,
        "8UC3": rgb[..., ::-1],
        "mono16": (grey.astype("<u2") * 257).view(np.uint8),
    }[encoding]
    return np.ascontiguousarray(encoded).reshape(HEIGHT, -1)
