"""Video files and cameras as a stream of stamped RGB pictures."""

import math
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self, cast

import cv2
import numpy as np

from apsa_perception.imaging.images import RgbImage
from apsa_perception.model.time import to_seconds
from apsa_perception.sources.camera_name import camera_index
from apsa_perception.sources.errors import SourceError
from apsa_perception.sources.resolution import changes_size, pictures

# Without these, OpenCV and FFmpeg write additional messages about damaged files to stderr.
_ERRORS_ONLY = 2
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")

EXPECTED = "a video file such as squat.mp4 or a camera such as /dev/video0 or 0"

FALLBACK_FPS = 30.0
"""Frame rate of a file that gives none, or one outside ``FPS_RANGE``."""

FPS_RANGE = (1.0, 240.0)

MAX_PIXEL_ASPECT = 4.0
"""Largest ratio of the sides of a pixel; larger ones come from a damaged header."""

_NO_FRAME = f"has no readable frame; expected {EXPECTED}"
_NO_PICTURE = "delivers no picture; is another program using it?"
_AV1 = cv2.VideoWriter.fourcc(*"AV01")
_NO_AV1 = (
    "is encoded with AV1, which OpenCV does not decode here; convert it, for example with "
    "ffmpeg -i FILE -c:v libx264 converted.mp4"
)
_ROUNDED_NS = 1_100_000
_MISSING_S, _MISSING_SHARE = 1.0, 0.1

DEVICES = Path("/dev")


class VideoReader:
    """Iterates over ``(stamp_ns, rgb)`` of a file or a camera; also a context manager.

    A file can be iterated repeatedly. Its stamps are presentation times, because phones and
    browsers drop frames; the first is one period after 0, so that no stamp is 0 and runs agree.
    Frames are as displayed: rotated according to the file's metadata, with square pixels, and all
    of the size of the first one. Stamps of a camera are the wall clock on arrival.

    Args:
        source: path or device.
        decoding_threads: how many threads decode a file; 0: as many as there are cores.

    Attributes:
        name: path or device, as given.
        is_camera: whether it is a camera.
        fps: nominal frame rate in Hz.
        size: width and height in pixels.
    """

    def __init__(self, source: str | Path | int, decoding_threads: int = 0) -> None:
        """Open the source and read its first pictures.

        Raises:
            SourceError: there is no such file or camera, it is not a video, or has fewer than two
                frames.
        """
        self.name = str(source)
        self._decoding_threads = decoding_threads
        camera = camera_index(self.name)
        self.is_camera = camera is not None
        self._capture = self._open_file() if camera is None else _open_camera(self.name, camera)
        self._sized: Iterator[RgbImage] | None = None
        self._changes_size = not self.is_camera and changes_size(Path(self.name))
        self.size = (0, 0)
        fps = self._capture.get(cv2.CAP_PROP_FPS)
        self.fps = fps if FPS_RANGE[0] <= fps <= FPS_RANGE[1] else FALLBACK_FPS
        with _errors_only():
            first = self._read()
        if first is None:
            if self.is_camera:
                self.close()
                raise SourceError(f"camera {self.name} {_NO_PICTURE}")
            is_av1 = int(self._capture.get(cv2.CAP_PROP_FOURCC)) == _AV1
            self.close()
            raise SourceError(f"{self.name} {_NO_AV1 if is_av1 else _NO_FRAME}")
        self.size = (first.shape[1], first.shape[0])
        if not self.is_camera and self._read() is None:
            self.close()
            raise SourceError(f"{self.name} is a single picture; expected {EXPECTED}")

    def __iter__(self) -> Iterator[tuple[int, RgbImage]]:
        """Yield ``(stamp_ns, rgb)``; a file starts from its beginning.

        Raises:
            SourceError: a camera has stopped, or a file ends long before its duration.
        """
        if self.is_camera:
            while (picture := self._read()) is not None:
                yield time.time_ns(), picture
            raise SourceError(f"camera {self.name} has stopped delivering; is it unplugged?")
        self._capture.release()
        self._capture = self._open_file()
        self._sized = pictures(Path(self.name)) if self._changes_size else None
        last_ns = 0
        clock = _FileClock(self.fps)
        while (picture := self._read()) is not None:
            last_ns = clock.stamp(self._capture.get(cv2.CAP_PROP_POS_MSEC))
            yield last_ns, picture
        self._check_length(to_seconds(last_ns))

    def _check_length(self, seen_s: float) -> None:
        fps = self._capture.get(cv2.CAP_PROP_FPS)
        if fps <= 0.0:
            return
        duration_s = self._capture.get(cv2.CAP_PROP_FRAME_COUNT) / fps
        # Unlike the stamps, it counts from 0, where a part of a longer recording does not begin.
        seen_s = max(seen_s, self._capture.get(cv2.CAP_PROP_PTS) / fps)
        if duration_s - seen_s > max(_MISSING_S, _MISSING_SHARE * duration_s):
            raise SourceError(
                f"{self.name} has no pictures after {seen_s:.1f} of {duration_s:.1f} s; is it "
                "damaged or incompletely copied?"
            )

    def close(self) -> None:
        """Release the file or the camera."""
        self._capture.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _open_file(self) -> cv2.VideoCapture:
        return _open_file(self.name, self._decoding_threads)

    def _read(self) -> RgbImage | None:
        got, bgr = self._capture.read()
        if not got:
            return None
        if self._sized is not None:
            bgr = next(self._sized, None)
            if bgr is None:
                return None
        rgb = np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), dtype=np.uint8)
        rgb = _with_square_pixels(rgb, self._capture)
        return _fitted(rgb, self.size) if any(self.size) else rgb


def _with_square_pixels(rgb: RgbImage, capture: cv2.VideoCapture) -> RgbImage:
    """The picture with the proportions in which it is displayed; made larger, never smaller."""
    height, width = rgb.shape[:2]
    wide, high = (capture.get(each) for each in (cv2.CAP_PROP_SAR_NUM, cv2.CAP_PROP_SAR_DEN))
    ratio = wide / high if wide > 0.0 and high > 0.0 else 1.0
    if not 1.0 / MAX_PIXEL_ASPECT <= ratio <= MAX_PIXEL_ASPECT:
        return rgb
    if capture.get(cv2.CAP_PROP_ORIENTATION_META) % 180 == 90:  # the file states it unrotated
        ratio = 1.0 / ratio
    if ratio >= 1.0:
        return _resized(rgb, round(width * ratio), height)
    return _resized(rgb, width, round(height / ratio))


def _fitted(rgb: RgbImage, size: tuple[int, int]) -> RgbImage:
    """The picture in a size, with black borders where its proportions are others."""
    height, width = rgb.shape[:2]
    if (width, height) == size:
        return rgb
    scale = min(size[0] / width, size[1] / height)
    part = _resized(rgb, max(1, round(width * scale)), max(1, round(height * scale)))
    left, top = (size[0] - part.shape[1]) // 2, (size[1] - part.shape[0]) // 2
    whole = np.zeros((size[1], size[0], 3), np.uint8)
    whole[top : top + part.shape[0], left : left + part.shape[1]] = part
    return whole


def _resized(rgb: RgbImage, width: int, height: int) -> RgbImage:
    if rgb.shape[:2] == (height, width):
        return rgb
    return np.asarray(cv2.resize(rgb, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


class _FileClock:
    """Computes the stamps of a file's frames in order."""

    def __init__(self, fps: float) -> None:
        self._fps = fps
        self._first_ms: float | None = None
        self._index = 0
        self._last_ns = 0

    def stamp(self, shown_ms: float) -> int:
        """Return the stamp of the next frame, given its presentation time in the file."""
        self._index += 1
        if self._first_ms is None:
            self._first_ms = shown_ms
        even_ns = math.floor(self._index * 1e9 / self._fps)
        shown_ns = (shown_ms - self._first_ms) * 1e6 + 1e9 / self._fps
        # Containers round times, some to milliseconds; a constant frame rate is restored.
        stamp_ns = even_ns if abs(shown_ns - even_ns) < _ROUNDED_NS else int(shown_ns)
        if stamp_ns <= self._last_ns:  # a container without times
            stamp_ns = self._last_ns + int(1e9 / self._fps)
        self._last_ns = stamp_ns
        return stamp_ns


def _open_file(name: str, threads: int) -> cv2.VideoCapture:
    path = Path(name)
    if not path.exists():
        raise SourceError(f"{name} not found; expected {EXPECTED}")
    if not path.is_file():
        raise SourceError(f"{name} is not a file; expected {EXPECTED}")
    if not os.access(path, os.R_OK):
        raise SourceError(f"{name} is not readable for this user; expected {EXPECTED}")
    options = [cv2.CAP_PROP_N_THREADS, threads] if threads else []
    with _errors_only():
        capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG, options)
    if not capture.isOpened():
        raise SourceError(f"{name} is not a video that can be decoded; expected {EXPECTED}")
    capture.set(cv2.CAP_PROP_ORIENTATION_AUTO, 1)
    return capture


@contextmanager
def _errors_only() -> Iterator[None]:
    """Keep OpenCV's warnings from stderr: the error of this module says the same."""
    # The function moved between 4.11 and 4.13.
    found = cv2 if hasattr(cv2, "setLogLevel") else cv2.utils.logging
    set_log_level = cast(Callable[[int], int], found.setLogLevel)
    before = set_log_level(_ERRORS_ONLY)
    try:
        yield
    finally:
        set_log_level(before)


def _open_camera(name: str, index: int) -> cv2.VideoCapture:
    device = DEVICES / f"video{index}"
    if not device.exists():
        present = ", ".join(sorted(map(str, DEVICES.glob("video*")))) or "none"
        raise SourceError(f"camera {name} not found; cameras present: {present}")
    with _errors_only():
        capture = cv2.VideoCapture(index, cv2.CAP_V4L2)
    if not capture.isOpened():
        raise SourceError(f"camera {name} cannot be opened; is another program using it?")
    capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)  # deliver the newest picture, not the oldest
    return capture
