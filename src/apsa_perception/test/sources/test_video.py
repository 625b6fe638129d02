"""Video files as a stream of stamped pictures, and what is said when there is none."""

from collections.abc import Callable
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import pytest

from apsa_perception.sources.errors import SourceError
from apsa_perception.sources.video import FALLBACK_FPS, VideoReader

WIDTH, HEIGHT, FRAMES = 64, 48, 12


def write_video(path: Path, fps: float) -> Path:
    """A video that is red above and blue below."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), fps, (WIDTH, HEIGHT))
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
def test_a_missing_camera_is_named_with_those_present(source: str | int) -> None:
    present = ", ".join(sorted(map(str, Path("/dev").glob("video*")))) or "none"
    with pytest.raises(SourceError, match=f"camera {source} not found; cameras present: {present}"):
        VideoReader(source)
