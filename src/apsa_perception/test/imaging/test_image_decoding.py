"""Decoding of ROS images: every encoding, padding, and what is refused."""

import struct
import time
import zlib
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


def test_a_bayer_image_of_16_bits_honours_the_byte_order() -> None:
    big = np.full((HEIGHT, WIDTH), 0x1234, ">u2").tobytes()
    step = 2 * WIDTH
    for is_bigendian, value in ((True, 0x12), (False, 0x34)):
        rgb = decode_image("bayer_grbg16", WIDTH, HEIGHT, step, big, is_bigendian)
        assert (rgb == value).all()


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
        (("nv12", 4, 4, 4, bytes(23)), "has 23 bytes; expected 24 for 4x4 nv12 with step 4"),
        (("nv21", 4, 3, 4, bytes(24)), "3 pixels high; expected an even height"),
        (
            ("mono8", 5000, 5000, 5000, b""),
            "size is 5000x5000, 25.0 megapixels; expected at most 16 (parameter max_megapixels)",
        ),
    ],
)
def test_refuses_in_one_sentence(
    arguments: tuple[str, int, int, int, bytes], sentence: str
) -> None:
    with pytest.raises(ImageError) as caught:
        decode_image(*arguments)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_limit_of_the_size_is_a_parameter() -> None:
    data = bytes(2000 * 1000)
    assert decode_image("mono8", 2000, 1000, 2000, data, max_megapixels=2.0).shape[1] == 2000
    with pytest.raises(ImageError, match=r"2000x1000, 2\.0 megapixels; expected at most 1\.9 "):
        decode_image("mono8", 2000, 1000, 2000, data, max_megapixels=1.9)


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


def chunk(kind: bytes, content: bytes) -> bytes:
    """A chunk of a PNG."""
    checksum = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + checksum


TEXT = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(7_900_000)))
"""A text that libpng unpacks to 8 MB."""


def png(width: int, height: int, more: bytes = b"") -> bytes:
    """A PNG of some bytes whose header states a size, and more chunks."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    content = chunk(b"IDAT", zlib.compress(bytes(height * (3 * width + 1) if height < 9 else 99)))
    return b"\x89PNG\r\n\x1a\n" + header + more + content + chunk(b"IEND", b"")


def jpeg(width: int, height: int, progressive: bool = False) -> bytes:
    """A small JPEG whose header states another size."""
    options = [cv2.IMWRITE_JPEG_PROGRESSIVE, int(progressive)]
    data = cv2.imencode(".jpg", np.zeros((8, 8, 3), np.uint8), options)[1].tobytes()
    start = data.index(b"\xff\xc2" if progressive else b"\xff\xc0")
    return data[: start + 5] + struct.pack(">HH", height, width) + data[start + 9 :]


@pytest.mark.faults
@pytest.mark.parametrize(
    "data",
    [
        png(16000, 16000),
        png(2**31 - 1, 2**31 - 1),
        jpeg(16000, 16000),
        jpeg(65500, 65500),
        jpeg(16000, 16000, progressive=True),
        # What libjpeg skips before the frame header is skipped here too.
        b"\xff\xd8\xff\xfe\0\6\xff\xc0\0\1" + jpeg(16000, 16000)[2:],
        b"\xff\xd8\xff\xff\xff\xfe\0\2rest\xff\0\xff\xd0" + jpeg(16000, 16000)[2:],
    ],
)
def test_a_small_file_that_unpacks_to_gigabytes_is_refused_from_its_header(data: bytes) -> None:
    began = time.perf_counter()
    with pytest.raises(ImageError, match=r"the image size is .*; expected") as caught:
        decode_compressed("jpeg", data)
    assert time.perf_counter() - began < 0.1
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (png(8, 8)[:20], "it has no PNG header"),
        (png(8, 8).replace(b"IHDR", b"tEXt"), "it has no PNG header"),
        (png(8, 8)[:-12], "its last PNG chunk is missing"),
        (png(8, 8, chunk(b"IEND", b"") + b"\x7f\0\0\0teSt"), "it has no PNG image data"),
        (png(8, 8, chunk(b"IHDR", bytes(13))), "or two headers"),
        (png(8, 8, b"\x7f\0\0\0teSt"), "a PNG chunk of 2130706432 bytes is incomplete"),
        (png(8, 8, 200 * TEXT), "it has 200 compressed texts; expected at most 4"),
        (b"\xff\xd8\xff\xda" + jpeg(8, 8)[2:], "marker 0xda comes before the frame header"),
        (b"\xff\xd8\xff\xd8" + jpeg(8, 8)[2:], "marker 0xd8 comes before the frame header"),
        (b"\xff\xd8\xff\xff", "it has no JPEG frame header"),
        (b"\xff\xd8\xff\xc0\0\x11\x08\0", "its JPEG frame header is incomplete"),
        (jpeg(8, 8) + b"\xff\xda" * 100, "it has 101 scans; expected at most 100"),
        (png(0, 8), "size is 0x8; expected sides of 1"),
    ],
)
def test_a_file_that_would_keep_the_decoder_busy_is_refused(data: bytes, reason: str) -> None:
    began = time.perf_counter()
    with pytest.raises(ImageError, match=reason):
        decode_compressed("jpeg", data)
    assert time.perf_counter() - began < 0.1


def test_a_png_with_a_text_is_decoded() -> None:
    assert decode_compressed("png", png(8, 8, chunk(b"tEXt", b"Comment\0hello") + TEXT)).any() == 0


def test_the_size_in_the_header_is_that_of_the_picture(picture: RgbImage) -> None:
    for suffix, options in (
        (".png", []),
        (".jpg", [cv2.IMWRITE_JPEG_PROGRESSIVE, 1]),
        (".jpg", [cv2.IMWRITE_JPEG_RST_INTERVAL, 2]),
    ):
        data = cv2.imencode(suffix, picture[:, :40], options)[1].tobytes()
        limit = 40 * HEIGHT / 1e6
        assert decode_compressed("", data, limit).shape == (HEIGHT, 40, 3)
        with pytest.raises(ImageError, match=f"size is 40x{HEIGHT}"):
            decode_compressed("", data, 0.99 * limit)


@pytest.mark.parametrize("data", [b"", b"GIF89a" + bytes(20)])
def test_refuses_what_is_not_a_picture(data: bytes) -> None:
    with pytest.raises(ImageError, match=r"format 'gif'; expected jpeg or png"):
        decode_compressed("gif", data)
