"""Image messages and pictures: what ``decode`` makes of them with cv_bridge and without."""

import struct
from typing import Any

import cv2
import numpy as np
import pytest
from rclpy.serialization import deserialize_message, serialize_message
from sensor_msgs.msg import CompressedImage, Image

from apsa_perception.imaging.images import (
    ENCODINGS,
    ImageError,
    RgbImage,
    decode_compressed,
    decode_image,
)
from apsa_perception.ros.conversion import header
from apsa_perception.ros.image_conversion import decode, image_to_msg
from support.pictures import (
    HEIGHT,
    WIDTH,
    allowed_difference,
    encode,
    expected,
    largest_difference,
    smooth_picture,
)


def received(message: Any) -> Any:
    """The message as a subscriber gets it."""
    return deserialize_message(serialize_message(message), type(message))


def image(encoding: str, width: int, height: int, step: int, data: bytes, big: int = 0) -> Image:
    """A received image message."""
    message = Image(
        encoding=encoding, width=width, height=height, step=step, is_bigendian=big, data=data
    )
    return received(message)


def compressed(data: bytes) -> CompressedImage:
    """A received compressed image message."""
    return received(CompressedImage(format="gif", data=data))


@pytest.fixture(scope="module")
def picture() -> RgbImage:
    """A smooth colour picture."""
    return smooth_picture()


@pytest.mark.parametrize("padding", [0, 5, 12])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_decodes_every_encoding_with_any_padding(
    encoding: str, padding: int, picture: RgbImage
) -> None:
    rows = np.pad(encode(encoding, picture), ((0, 0), (0, padding)), constant_values=99)
    data = rows.tobytes()[: rows.size - padding]  # the last row may lack it
    rgb = decode(image(encoding, WIDTH, HEIGHT, rows.shape[1], data))
    assert rgb.shape == picture.shape
    assert rgb.dtype == np.uint8
    assert not rgb.flags.writeable
    assert largest_difference(rgb, expected(encoding, picture)) <= allowed_difference(encoding)


def test_mono16_honours_the_byte_order() -> None:
    big = np.full((HEIGHT, WIDTH), 0x1234, ">u2").tobytes()
    assert (decode(image("mono16", WIDTH, HEIGHT, 2 * WIDTH, big, big=1)) == 0x12).all()
    assert (decode(image("mono16", WIDTH, HEIGHT, 2 * WIDTH, big)) == 0x34).all()


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        (
            image("32FC1", 4, 4, 16, bytes(64)),
            "unknown image encoding '32FC1'; expected one of rgb8",
        ),
        (image("nv24", 4, 4, 4, bytes(48)), "unknown image encoding 'nv24'"),
        (image("mono8", 16000, 16000, 16000, bytes(4)), "256.0 megapixels; expected at most 16"),
        (image("", 4, 4, 12, bytes(48)), "unknown image encoding ''"),
        (image("rgb8", 4, 4, 9, bytes(48)), "step is 9; expected at least 12 for 4 rgb8 pixels"),
        (image("rgb8", 4, 4, 12, bytes(47)), "has 47 bytes; expected 48 for 4x4 rgb8 with step 12"),
        (image("bgr8", 4, 4, 0, bytes(48)), "step is 0"),
        (image("rgb8", 0, 4, 12, bytes(48)), "size is 0x4; expected sides of 1"),
        (image("mono8", 2**32 - 1, 2, 2**32 - 1, bytes(4)), "size is 4294967295x2; expected sides"),
        (image("mono16", 4, 4, 2**32 - 1, bytes(32)), "has 32 bytes"),
        (image("yuv422", 3, 4, 6, bytes(24)), "3 pixels wide; expected an even width"),
        (Image(), "unknown image encoding ''"),
        (CompressedImage(), "expected jpeg or png"),
        (compressed(b"GIF89a" + bytes(20)), "format 'gif'; expected jpeg or png"),
        (compressed(b"\xff\xd8\xff" + bytes(40)), "damaged; expected a complete jpeg or png"),
    ],
)
def test_refuses_in_one_sentence(message: Any, sentence: str) -> None:
    with pytest.raises(ImageError) as caught:
        decode(message)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("suffix", "tolerance"), [(".jpg", 12), (".png", 0)])
def test_decodes_compressed(suffix: str, tolerance: int, picture: RgbImage) -> None:
    data = cv2.imencode(suffix, picture[..., ::-1])[1].tobytes()
    rgb = decode(compressed(data))
    assert np.abs(rgb.astype(int) - picture).max() <= tolerance


def test_a_png_of_16_bits_becomes_8(picture: RgbImage) -> None:
    deep = picture[..., ::-1].astype(np.uint16) * 257
    rgb = decode(compressed(cv2.imencode(".png", deep)[1].tobytes()))
    assert rgb.dtype == np.uint8
    assert np.array_equal(rgb, picture)


def test_a_jpeg_stands_upright(picture: RgbImage) -> None:
    jpeg = cv2.imencode(".jpg", picture[..., ::-1])[1].tobytes()
    # One TIFF entry: orientation (0x112), a short, 6: turn it clockwise by a quarter.
    entry = struct.pack("<HHIHHI", 0x112, 3, 1, 6, 0, 0)
    tiff = b"Exif\0\0II*\0" + struct.pack("<IH", 8, 1) + entry
    app1 = b"\xff\xe1" + struct.pack(">H", len(tiff) + 2) + tiff
    rgb = decode(compressed(jpeg[:2] + app1 + jpeg[2:]))
    assert np.array_equal(rgb, np.rot90(decode(compressed(jpeg)), -1))


def test_a_picture_survives_the_way_through_a_message(picture: RgbImage) -> None:
    mirrored = picture[:, ::-1]
    message = received(image_to_msg(mirrored, header(7_000_000_001, "camera")))
    assert np.array_equal(decode(message), mirrored)
    assert message.header == header(7_000_000_001, "camera")


@pytest.fixture(scope="module")
def bridge() -> Any:
    """The cv_bridge of the ROS install."""
    reason = "cv_bridge is not importable here; it comes with a ROS install"
    pytest.importorskip("cv_bridge.boost.cv_bridge_boost", reason=reason, exc_type=ImportError)
    return pytest.importorskip("cv_bridge", reason=reason).CvBridge()


@pytest.mark.parametrize("big", [0, 1])
@pytest.mark.parametrize("size", [(64, 48), (66, 1), (1920, 1080)])
@pytest.mark.parametrize("encoding", sorted(set(ENCODINGS) - {"uyvy", "yuyv", "nv12", "nv21"}))
def test_cv_bridge_sees_the_same(
    bridge: Any, encoding: str, size: tuple[int, int], big: int
) -> None:
    width, height = size
    # Two pixels of padding: cv_bridge takes whole pixels only.
    row = encode(encoding, np.zeros((HEIGHT, WIDTH, 3), np.uint8)).shape[1] * (width + 2) // WIDTH
    data = np.random.default_rng(5).integers(0, 256, row * height, np.uint8).tobytes()
    message = image(encoding, width, height, row, data, big)
    own = decode_image(encoding, width, height, row, message.data, bool(big)).astype(int)
    # cv_bridge has the ROS install's OpenCV, ours is a wheel: what is computed rather than sorted
    # may be rounded otherwise, and mono16 is cut by one and rounded by the other.
    tolerance = 0 if encoding in ("rgb8", "bgr8", "rgba8", "bgra8", "mono8") else 1
    assert np.abs(own - bridge.imgmsg_to_cv2(message, "rgb8")).max() <= tolerance
    assert np.abs(own - decode(message)).max() <= tolerance


@pytest.mark.parametrize("suffix", [".jpg", ".png"])
def test_cv_bridge_sees_the_same_in_compressed(bridge: Any, suffix: str, picture: RgbImage) -> None:
    message = compressed(cv2.imencode(suffix, picture)[1].tobytes())
    own = decode_compressed(message.format, message.data)
    assert np.array_equal(own, bridge.compressed_imgmsg_to_cv2(message, "rgb8"))


@pytest.mark.usefixtures("bridge")
def test_cv_bridge_is_used_where_it_is_importable() -> None:
    message = image("mono16", 2, 1, 4, struct.pack("<HH", 0x12FF, 0x12FF))
    assert (decode(message) == 0x13).all()
    assert (decode_image("mono16", 2, 1, 4, message.data) == 0x12).all()
