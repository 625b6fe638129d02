"""Video files as a stream of stamped pictures, and what is said when there is none."""

import struct
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import pytest

from apsa_perception.sources.errors import SourceError
from apsa_perception.sources.picture_size import h264_size
from apsa_perception.sources.video import FALLBACK_FPS, VideoReader
from support.containers import packets_of, write_mkv

WIDTH, HEIGHT, FRAMES = 64, 48, 12


def write_video(path: Path, fps: float, codec: str = "mp4v") -> Path:
    """A video that is red above and blue below."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*codec), fps, (WIDTH, HEIGHT))
    bgr = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    bgr[: HEIGHT // 2, :, 2] = 255
    bgr[HEIGHT // 2 :, :, 0] = 255
    for _ in range(FRAMES):
        writer.write(bgr)
    writer.release()
    return path


def test_stamps_follow_from_the_frame_rate_and_pictures_are_rgb(tmp_path: Path) -> None:
    with VideoReader(write_video(tmp_path / "clip.mp4", 25.0)) as video:
        assert not video.is_camera
        assert video.size == (WIDTH, HEIGHT)
        stamps, pictures = zip(*video, strict=True)
    assert stamps == tuple(40_000_000 * i for i in range(1, FRAMES + 1))
    top, bottom = pictures[-1][:16].mean(axis=(0, 1)), pictures[-1][-16:].mean(axis=(0, 1))
    np.testing.assert_allclose(top, (255, 0, 0), atol=12)
    np.testing.assert_allclose(bottom, (0, 0, 255), atol=12)


def test_the_number_of_decoding_threads_changes_nothing(tmp_path: Path) -> None:
    path = write_video(tmp_path / "clip.mp4", 25.0)
    with VideoReader(path) as many, VideoReader(path, decoding_threads=1) as one:
        for (stamp_ns, picture), (other_ns, other) in zip(many, one, strict=True):
            assert stamp_ns == other_ns
            np.testing.assert_array_equal(picture, other)


def halves(size: tuple[int, int]) -> np.ndarray:
    """A BGR picture that is red above and blue below."""
    bgr = np.zeros((size[1], size[0], 3), np.uint8)
    bgr[: size[1] // 2, :, 2] = 255
    bgr[size[1] // 2 :, :, 0] = 255
    return bgr


def write_changing(path: Path, codec: str, sizes: list[tuple[int, int]]) -> Path:
    """An IVF file with ``FRAMES`` pictures of each size."""
    packets: list[bytes] = []
    for index, size in enumerate(sizes):
        part = path.with_name(f"part{index}.webm")
        writer = cv2.VideoWriter(str(part), cv2.VideoWriter.fourcc(*codec), 25.0, size)
        for _ in range(FRAMES):
            writer.write(halves(size))
        writer.release()
        raw = cv2.VideoCapture(str(part), cv2.CAP_FFMPEG, [cv2.CAP_PROP_FORMAT, -1])
        while (read := raw.read())[0]:
            packets.append(read[1].tobytes())
    head = struct.pack(
        "<4sHH4sHHIIII", b"DKIF", 0, 32, codec.encode(), *sizes[0], 25, 1, len(packets), 0
    )
    frames = [struct.pack("<IQ", len(one), index) + one for index, one in enumerate(packets)]
    path.write_bytes(head + b"".join(frames))
    return path


@pytest.mark.faults
@pytest.mark.parametrize("codec", ["VP80", "VP90"])
def test_pictures_are_whole_and_of_one_size_after_a_change_of_resolution(
    codec: str, tmp_path: Path
) -> None:
    sizes = [(320, 240), (160, 120), (240, 320), (640, 480)]
    with VideoReader(write_changing(tmp_path / "clip.ivf", codec, sizes)) as video:
        assert video.size == (320, 240)
        stamped = list(video)
        again = list(video)
    assert [stamp for stamp, _ in stamped] == [stamp for stamp, _ in again]
    assert len(stamped) == len(again) == FRAMES * len(sizes)
    for _, rgb in stamped:
        assert rgb.shape == (240, 320, 3)
        middle = rgb[:, 80:240]  # a picture in portrait has black borders
        np.testing.assert_allclose(middle[:110], np.full((110, 160, 3), (255, 0, 0)), atol=24)
        np.testing.assert_allclose(middle[130:], np.full((110, 160, 3), (0, 0, 255)), atol=24)


def encoded(path: Path, count: int) -> list[bytes]:
    """The first encoded pictures of a clip, with start codes."""
    raw = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG, [cv2.CAP_PROP_FORMAT, -1])
    return [raw.read()[1].tobytes() for _ in range(count)]


@pytest.mark.faults
def test_pictures_are_whole_after_a_change_of_resolution_in_h264(
    clip: Callable[[str], Path], tmp_path: Path
) -> None:
    large, small = clip("squat_front.mp4"), clip("squat_pulses_two_people.mp4")
    joined = tmp_path / "clip.h264"
    joined.write_bytes(b"".join(encoded(large, FRAMES) + encoded(small, FRAMES)))
    with VideoReader(joined) as video:
        pictures = [rgb for _, rgb in video]
    assert len(pictures) == 2 * FRAMES
    with VideoReader(small) as video:
        _, expected = next(iter(video))
    found = cv2.resize(pictures[FRAMES], (640, 360), interpolation=cv2.INTER_AREA)
    assert np.abs(found.astype(float) - expected).mean() < 3.0


@pytest.mark.parametrize(
    ("name", "size"),
    [("squat_front.mp4", (960, 540)), ("frames_left_out.mkv", (64, 48))],
)
def test_the_size_in_h264_is_that_of_the_pictures(
    name: str, size: tuple[int, int], clip: Callable[[str], Path]
) -> None:
    assert h264_size(encoded(clip(name), 1)[0]) == size
    assert h264_size(encoded(clip(name), 2)[1]) is None


def test_damaged_sizes_in_h264_end() -> None:
    for tail in (b"\x00" * 64, b"\xff" * 64, bytes(range(64))):
        h264_size(b"\x00\x00\x01\x67" + tail)


@pytest.mark.faults
def test_pixels_that_are_not_square_are_shown_as_the_file_states(tmp_path: Path) -> None:
    path = write_video(tmp_path / "clip.mp4", 25.0)
    data = bytearray(path.read_bytes())
    at = data.index(b"moov")
    grown = []
    for box in (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd", b"mp4v"):
        at = data.index(box, at) - 4
        grown.append(at)
    end = at + int.from_bytes(data[at : at + 4], "big")
    for each in grown:
        size = int.from_bytes(data[each : each + 4], "big") + 16
        data[each : each + 4] = size.to_bytes(4, "big")
    path.write_bytes(data[:end] + struct.pack(">I4sII", 16, b"pasp", 16, 9) + data[end:])
    with VideoReader(path) as video:
        assert video.size == (round(WIDTH * 16 / 9), HEIGHT)
        assert {rgb.shape for _, rgb in video} == {(HEIGHT, round(WIDTH * 16 / 9), 3)}


def test_frames_that_were_left_out_leave_the_clock_right(clip: Callable[[str], Path]) -> None:
    with VideoReader(clip("frames_left_out.mkv")) as video:
        stamps_s = [stamp_ns * 1e-9 for stamp_ns, _ in video]
    even = [0.04 * i for i in range(1, 26)]
    assert stamps_s == pytest.approx(even + [1.08 + 0.08 * i for i in range(12)], abs=0.002)


@pytest.mark.parametrize("container", ["mp4", "mkv"])  # the second rounds to milliseconds
def test_an_even_rate_has_even_stamps_whatever_the_container_rounds(
    container: str, tmp_path: Path
) -> None:
    with VideoReader(write_video(tmp_path / f"clip.{container}", 30000 / 1001)) as video:
        stamps = [stamp_ns for stamp_ns, _ in video]
    assert video.fps == pytest.approx(29.97, abs=0.001)
    assert stamps == [int(i * 1e9 / video.fps) for i in range(1, FRAMES + 1)]


@pytest.mark.faults
def test_a_part_of_a_longer_recording_may_begin_late(tmp_path: Path) -> None:
    packets = packets_of(write_video(tmp_path / "clip.webm", 25.0, "VP80"))
    part = write_mkv(tmp_path / "part.mkv", "V_VP8", (WIDTH, HEIGHT), packets, start_ms=100_000)
    with VideoReader(part) as video:
        stamps = [stamp_ns for stamp_ns, _ in video]
    assert stamps == [40_000_000 * i for i in range(1, FRAMES + 1)]


@pytest.mark.faults
def test_a_clip_that_was_not_copied_whole_says_so_at_its_end(
    clip: Callable[[str], Path], tmp_path: Path
) -> None:
    whole = clip("squat_front.mp4").read_bytes()
    part = tmp_path / "part.mp4"
    part.write_bytes(whole[: len(whole) // 2])
    seen = []
    with (
        VideoReader(part) as video,
        pytest.raises(SourceError, match=r"part\.mp4 has no pictures after \d\.\d of 10\.0 s"),
    ):
        seen.extend(video)
    assert len(seen) > 25


def test_a_single_picture_is_no_video(tmp_path: Path) -> None:
    path = tmp_path / "still.jpg"
    cv2.imwrite(str(path), np.full((HEIGHT, WIDTH, 3), 90, np.uint8))
    with pytest.raises(SourceError, match=r"still\.jpg is a single picture; expected a video"):
        VideoReader(path)


def test_every_pass_over_a_clip_is_the_same(clip: Callable[[str], Path]) -> None:
    video = VideoReader(str(clip("wall_pushup_upper_body.mp4")))
    first, second = list(islice(video, 20)), list(islice(video, 20))
    assert video.fps == pytest.approx(29.97, abs=0.01)
    for (stamp, rgb), (same_stamp, same_rgb) in zip(first, second, strict=True):
        assert stamp == same_stamp
        np.testing.assert_array_equal(rgb, same_rgb)


@pytest.mark.parametrize("fps", [0.5, 500.0])
def test_a_frame_rate_that_cannot_be_is_replaced(fps: float, tmp_path: Path) -> None:
    with VideoReader(write_video(tmp_path / "clip.mp4", fps)) as video:
        assert video.fps == FALLBACK_FPS
        assert next(iter(video))[0] == 33_333_333


def test_a_clip_filmed_upright_is_turned_upright(tmp_path: Path) -> None:
    path = write_video(tmp_path / "clip.mp4", 25.0)
    data = bytearray(path.read_bytes())
    # ISO 14496-12: the track header's matrix a, b, u, c, d, v, x, y, w in 16.16 (u, v, w in 2.30)
    # fixed point lies 44 bytes into a version 0 box; this one turns by 90 degrees clockwise.
    matrix = data.index(b"tkhd") + 4 + 40
    quarter_turn = (0, 1 << 16, 0, -(1 << 16), 0, 0, HEIGHT << 16, 0, 1 << 30)
    data[matrix : matrix + 36] = b"".join(v.to_bytes(4, "big", signed=True) for v in quarter_turn)
    path.write_bytes(data)
    with VideoReader(path) as video:
        assert video.size == (HEIGHT, WIDTH)
        _, rgb = next(iter(video))
    np.testing.assert_allclose(rgb[:, -16:].mean(axis=(0, 1)), (255, 0, 0), atol=12)


@pytest.mark.faults
def test_a_clip_cut_off_before_its_index_is_refused(tmp_path: Path) -> None:
    path = write_video(tmp_path / "clip.mp4", 25.0)
    path.write_bytes(path.read_bytes()[:-400])
    with pytest.raises(SourceError, match=r"clip\.mp4 is not a video that can be decoded"):
        VideoReader(path)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda path: None, "not found; expected a video file such as"),
        (lambda path: path.mkdir(), "is not a file; expected"),
        (lambda path: path.write_bytes(b""), "is not a video that can be decoded; expected"),
        (lambda path: path.write_text("hello " * 99), "is not a video that can be decoded"),
    ],
)
@pytest.mark.faults
def test_what_is_no_video_is_refused_in_one_sentence(
    make: Callable[[Path], object],
    sentence: str,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "clip.mp4"
    make(path)
    with pytest.raises(SourceError) as caught:
        VideoReader(path)
    assert str(path) in str(caught.value)
    assert sentence in str(caught.value)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("source", ["/dev/video987", "987", 987])
@pytest.mark.faults
def test_a_missing_camera_is_named_with_those_present(source: str | int) -> None:
    present = ", ".join(sorted(map(str, Path("/dev").glob("video*")))) or "none"
    with pytest.raises(SourceError, match=f"camera {source} not found; cameras present: {present}"):
        VideoReader(source)
