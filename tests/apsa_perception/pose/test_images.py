"""Decoding of ROS images: every encoding, padding, and what is refused."""

from array import array

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from apsa_perception.pose.images import (
    ENCODINGS,
    ImageError,
    RgbImage,
    decode_compressed,
    decode_image,
)

WIDTH, HEIGHT = 64, 48
YUV = ("yuv422", "uyvy", "yuv422_yuy2", "yuyv")
BT601 = np.array([[65.481, 128.553, 24.966], [-37.797, -74.203, 112.0], [112.0, -93.786, -18.214]])


@pytest.fixture(scope="module")
def picture() -> RgbImage:
    """A smooth colour picture: encodings that share colour between pixels keep it too."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    planes = (x * 255 / WIDTH, y * 255 / HEIGHT, (x + y) * 255 / (WIDTH + HEIGHT))
    return np.stack(planes, axis=-1).astype(np.uint8)


def encode(encoding: str, rgb: RgbImage) -> npt.NDArray[np.uint8]:
    """Encode as the ROS documentation of the encoding says, ``(H, bytes a row)``."""
    if encoding.startswith("bayer"):
        names = encoding.removeprefix("bayer_").removesuffix("8")
        mosaic = np.empty(rgb.shape[:2], np.uint8)
        for i, name in enumerate(names):
            mosaic[i // 2 :: 2, i % 2 :: 2] = rgb[i // 2 :: 2, i % 2 :: 2, "rgb".index(name)]
        return mosaic
    if encoding in YUV:
        yuv = (rgb @ BT601.T / 255 + (16, 128, 128)).round().astype(np.uint8)
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
        "mono16": (grey.astype("<u2") * 257).view(np.uint8),
    }[encoding]
    return np.ascontiguousarray(encoded).reshape(HEIGHT, -1)


@pytest.mark.parametrize("padding", [0, 5])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_decodes_every_encoding_with_and_without_padding(
    encoding: str, padding: int, picture: RgbImage
) -> None:
    rows = np.pad(encode(encoding, picture), ((0, 0), (0, padding)), constant_values=99)
    data = array("B", rows.tobytes())
    rgb = decode_image(encoding, WIDTH, HEIGHT, rows.shape[1], data)
    expected = picture
    if encoding.startswith("mono"):
        expected = cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    assert rgb.shape == picture.shape
    assert rgb.dtype == np.uint8
    difference = np.abs(rgb.astype(int) - expected)[2:-2, 2:-2]
    # Neighbours share or lend colour in these.
    allowed = 10 if encoding in YUV else 4 if encoding.startswith("bayer") else 0
    assert difference.max() <= allowed


def test_mono16_honours_the_byte_order() -> None:
    big = np.full((HEIGHT, WIDTH), 0x1234, ">u2").tobytes()
    assert (decode_image("mono16", WIDTH, HEIGHT, 2 * WIDTH, big, is_bigendian=True) == 0x12).all()
    assert (decode_image("mono16", WIDTH, HEIGHT, 2 * WIDTH, big) == 0x34).all()


def test_rgb8_is_not_copied_and_read_only(picture: RgbImage) -> None:
    rgb = decode_image("rgb8", WIDTH, HEIGHT, 3 * WIDTH, picture)
    assert np.shares_memory(rgb, picture)
    assert not rgb.flags.writeable


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("32FC1", 4, 4, 16, bytes(64)), "unknown image encoding '32FC1'; allowed: rgb8, bgr8"),
        (("rgb8", 4, 4, 11, bytes(64)), "step is 11; a row of 4 rgb8 pixels takes 12"),
        (("rgb8", 4, 4, 12, bytes(47)), "has 47 bytes; 4x4 rgb8 with step 12 takes 48"),
        (("rgb8", 0, 4, 12, bytes(48)), "size 0x4 is not allowed"),
        (("mono8", 4, 2**31, 4, bytes(48)), "size 4x2147483648 is not allowed"),
        (("yuyv", 3, 4, 6, bytes(24)), "3 pixels wide; allowed is an even width"),
        (("rgb8", 4, 4, 12, b""), "has 0 bytes"),
    ],
)
def test_refuses_in_one_sentence(
    arguments: tuple[str, int, int, int, bytes], sentence: str
) -> None:
    with pytest.raises(ImageError) as caught:
        decode_image(*arguments)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("suffix", "tolerance"), [(".jpg", 12), (".png", 0)])
def test_decodes_compressed(suffix: str, tolerance: int, picture: RgbImage) -> None:
    data = array("B", cv2.imencode(suffix, picture[..., ::-1])[1].tobytes())
    rgb = decode_compressed("bgr8; jpeg compressed bgr8", data)
    assert np.abs(rgb.astype(int) - picture).max() <= tolerance


@pytest.mark.parametrize("suffix", [".jpg", ".png"])
def test_refuses_damaged_compressed(suffix: str, picture: RgbImage) -> None:
    data = cv2.imencode(suffix, picture)[1].tobytes()
    with pytest.raises(ImageError, match="damaged; allowed: whole jpeg, png"):
        decode_compressed("jpeg", data[:40])


@pytest.mark.parametrize("data", [b"", b"GIF89a" + bytes(20)])
def test_refuses_what_is_not_a_picture(data: bytes) -> None:
    with pytest.raises(ImageError, match=r"format 'gif'.*allowed: jpeg, png"):
        decode_compressed("gif", data)
