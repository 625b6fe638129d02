"""Decoding of ROS images: every encoding, padding, and what is refused."""

from array import array

import cv2
import numpy as np
import pytest

from apsa_perception.imaging.images import (
    ENCODINGS,
    ImageError,
    RgbImage,
    decode_compressed,
    decode_image,
)
from support.pictures import (
    HEIGHT,
    WIDTH,
    allowed_difference,
    encode,
    expected,
    largest_difference,
    smooth_picture,
)


@pytest.fixture(scope="module")
def picture() -> RgbImage:
    """A smooth colour picture."""
    return smooth_picture()


@pytest.mark.parametrize("padding", [0, 5])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_decodes_every_encoding_with_and_without_padding(
    encoding: str, padding: int, picture: RgbImage
) -> None:
    rows = np.pad(encode(encoding, picture), ((0, 0), (0, padding)), constant_values=99)
    data = array("B", rows.tobytes())
    rgb = decode_image(encoding, WIDTH, HEIGHT, rows.shape[1], data)
    assert rgb.shape == picture.shape
    assert rgb.dtype == np.uint8
    assert largest_difference(rgb, expected(encoding, picture)) <= allowed_difference(encoding)


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
        (
            ("32FC1", 4, 4, 16, bytes(64)),
            "encoding '32FC1'; expected one of rgb8, bgr8",
        ),
        (("rgb8", 4, 4, 11, bytes(64)), "step is 11; expected at least 12 for 4 rgb8 pixels"),
        (("rgb8", 4, 4, 12, bytes(47)), "has 47 bytes; expected 48 for 4x4 rgb8 with step 12"),
        (("rgb8", 0, 4, 12, bytes(48)), "size is 0x4; expected sides"),
        (("mono8", 4, 2**31, 4, bytes(48)), "size is 4x2147483648; expected"),
        (("yuyv", 3, 4, 6, bytes(24)), "3 pixels wide; expected an even width"),
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
@pytest.mark.faults
def test_refuses_damaged_compressed(suffix: str, picture: RgbImage) -> None:
    data = cv2.imencode(suffix, picture)[1].tobytes()
    with pytest.raises(ImageError, match="damaged; expected a complete jpeg or png"):
        decode_compressed("jpeg", data[:40])


@pytest.mark.parametrize("data", [b"", b"GIF89a" + bytes(20)])
def test_refuses_what_is_not_a_picture(data: bytes) -> None:
    with pytest.raises(ImageError, match=r"format 'gif'; expected jpeg or png"):
        decode_compressed("gif", data)


@pytest.mark.faults
def test_a_small_file_cannot_ask_for_all_memory(picture: RgbImage) -> None:
    png = bytearray(cv2.imencode(".png", picture)[1].tobytes())
    png[16:24] = (30_000).to_bytes(4, "big") * 2
    jpeg = bytearray(cv2.imencode(".jpg", picture)[1].tobytes())
    frame = jpeg.index(b"\xff\xc0")
    jpeg[frame + 5 : frame + 9] = (30_000).to_bytes(2, "big") * 2
    shifted = bytes(jpeg[:frame]) + b"skipped\xff\xff" + bytes(jpeg[frame:])
    for data in (bytes(png), bytes(jpeg), shifted):
        with pytest.raises(ImageError, match="30000x30000 pixels; expected at most"):
            decode_compressed("any", data)
    png = bytearray(cv2.imencode(".png", picture)[1].tobytes())
    png[33:37] = (2**31 - 1).to_bytes(4, "big")  # the length of the chunk after the header
    with pytest.raises(ImageError, match="is damaged"):
        decode_compressed("png", bytes(png))
