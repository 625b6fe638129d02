"""Videos whose resolution changes on the way, in each container and codec that is read."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from apsa_perception.sources.errors import SourceError
from apsa_perception.sources.picture_size import h265_size, mjpeg_size, mpeg4_size, mpeg_size
from apsa_perception.sources.resolution import pictures
from apsa_perception.sources.video import VideoReader
from support.containers import (
    avc_configuration,
    packets_of,
    with_lengths,
    write_mkv,
    write_mp4,
)
from support.paths import ROOT

pytestmark = pytest.mark.faults
FRAMES = 6
SIZES = [(320, 240), (160, 120), (240, 320), (640, 480)]


def encoded(codec: str, suffix: str, folder: Path) -> list[bytes]:
    """Pictures of each size, red above and blue below."""
    found: list[bytes] = []
    for size in SIZES:
        part = folder / f"part.{suffix}"
        writer = cv2.VideoWriter(str(part), cv2.VideoWriter.fourcc(*codec), 25.0, size)
        bgr = np.zeros((size[1], size[0], 3), np.uint8)
        bgr[: size[1] // 2, :, 2] = 255
        bgr[size[1] // 2 :, :, 0] = 255
        for _ in range(FRAMES):
            writer.write(bgr)
        writer.release()
        found += packets_of(part)
    return found


def write(path: Path, kind: str, packets: list[bytes], box: bytes = b"") -> Path:
    """An mkv or mp4 file that states the first size."""
    if path.suffix == ".mkv":
        return write_mkv(path, kind, SIZES[0], packets)
    return write_mp4(path, kind, SIZES[0], packets, box)


def assert_whole(path: Path, least: int) -> None:
    """No picture is torn, and all have the size of the first one."""
    with VideoReader(path) as video:
        pictures = [rgb for _, rgb in video]
    assert len(pictures) >= least
    for rgb in pictures:
        assert rgb.shape == (240, 320, 3)
        middle = rgb[:, 80:240].astype(int)
        assert np.abs(middle[:110] - (255, 0, 0)).mean() < 10
        assert np.abs(middle[130:] - (0, 0, 255)).mean() < 10


@pytest.mark.parametrize(
    ("codec", "source", "suffix", "kind"),
    [
        ("VP90", "webm", "mkv", "V_VP9"),
        ("MJPG", "avi", "mkv", "V_MJPEG"),
        ("MJPG", "avi", "mp4", "jpeg"),
        ("XVID", "avi", "mkv", "V_MPEG4/ISO/ASP"),
        ("mpg2", "avi", "mkv", "V_MPEG2"),
        ("PIM1", "avi", "mkv", "V_MPEG1"),
    ],
)
def test_pictures_are_whole_after_a_change_in_each_codec(
    codec: str, source: str, suffix: str, kind: str, tmp_path: Path
) -> None:
    packets = encoded(codec, source, tmp_path)
    held_back = 3 if "MPEG" in kind else 0  # pictures that the decoder of MPEG-1 and 2 reorders
    path = write(tmp_path / f"clip.{suffix}", kind, packets)
    assert_whole(path, FRAMES * len(SIZES) - held_back)


def test_pictures_of_mpeg4_are_whole_when_the_first_size_is_in_the_header(tmp_path: Path) -> None:
    packets = encoded("XVID", "avi", tmp_path)
    plain = tmp_path / "plain.mp4"
    writer = cv2.VideoWriter(str(plain), cv2.VideoWriter.fourcc(*"mp4v"), 25.0, SIZES[0])
    bgr = np.zeros((240, 320, 3), np.uint8)
    bgr[:120, :, 2] = 255
    bgr[120:, :, 0] = 255
    for _ in range(FRAMES):
        writer.write(bgr)
    writer.release()
    data = plain.read_bytes()
    at = data.index(b"esds") - 4
    box = data[at : at + int.from_bytes(data[at : at + 4], "big")]
    bare = packets_of(plain)
    assert mpeg4_size(bare[0]) is None
    path = write(tmp_path / "clip.mp4", "mp4v", bare + packets[FRAMES:], box)
    assert_whole(path, FRAMES * len(SIZES))


@pytest.mark.parametrize(("suffix", "kind"), [("mkv", ""), ("mp4", "avc1"), ("mp4", "avc3")])
def test_pictures_of_h264_are_whole_in_each_container(
    suffix: str, kind: str, clip: Callable[[str], Path], tmp_path: Path
) -> None:
    large, small = clip("squat_front.mp4"), clip("squat_pulses_two_people.mp4")
    first, second = packets_of(large, FRAMES), packets_of(small, FRAMES)
    packets = [with_lengths(each) for each in first + second]
    configuration = avc_configuration(first[0])
    path = tmp_path / f"clip.{suffix}"
    if suffix == "mkv":
        write_mkv(path, "V_MPEG4/ISO/AVC", (960, 540), packets, configuration)
    else:
        box = (8 + len(configuration)).to_bytes(4, "big") + b"avcC" + configuration
        write_mp4(path, kind, (960, 540), packets, box)
    with VideoReader(path) as video:
        pictures = [rgb for _, rgb in video]
    with VideoReader(small) as video:
        _, expected = next(iter(video))
    assert len(pictures) == 2 * FRAMES
    found = cv2.resize(pictures[FRAMES], (640, 360), interpolation=cv2.INTER_AREA)
    assert np.abs(found.astype(float) - expected).mean() < 3.0


@pytest.mark.parametrize("suffix", ["hevc", "mkv"])
def test_pictures_of_hevc_are_whole(suffix: str) -> None:
    """Of two sizes, each with red on the left and blue on the right."""
    path = ROOT / "tests" / "data" / f"hevc_of_two_sizes.{suffix}"
    assert [each.shape[:2] for each in pictures(path)] == [(120, 160)] * 4 + [(180, 240)] * 4
    with VideoReader(path) as video:
        shown = [rgb.astype(int) for _, rgb in video]
    assert len(shown) == 8
    for rgb in shown:
        assert rgb.shape == (120, 160, 3)
        assert np.abs(rgb[:, :75] - (200, 40, 40)).mean() < 5
        assert np.abs(rgb[:, 85:] - (40, 40, 200)).mean() < 5


def test_av1_that_is_not_decoded_is_told_with_a_way_out() -> None:
    path = ROOT / "tests" / "data" / "av1.mkv"
    if cv2.VideoCapture(str(path), cv2.CAP_FFMPEG).read()[0]:
        pytest.skip("OpenCV decodes AV1 here")
    with pytest.raises(SourceError, match=r"is encoded with AV1, .* libx264 converted.mp4$"):
        VideoReader(path)


def test_damaged_headers_have_no_size_or_one_that_can_be() -> None:
    for tail in (b"", b"\x00" * 40, b"\xff" * 40, bytes(range(40))):
        sizes = [
            mpeg4_size(b"\x00\x00\x01\x20" + tail),
            mpeg_size(b"\x00\x00\x01\xb3" + tail),
            mjpeg_size(b"\xff\xd8" + tail),
            h265_size(b"\x00\x00\x01\x42\x01" + tail),
        ]
        assert all(size is None or min(size) > 0 for size in sizes), sizes
        assert tail or sizes == [None] * 4
    assert mjpeg_size(b"\xff\xd8\xff\xe0\x00\x00" * 9) is None
    assert mpeg4_size(b"") is None
