"""Video files and cameras as a stream of stamped RGB pictures."""

import math
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import cv2
import numpy as np

from apsa_perception.imaging.images import RgbImage
from apsa_perception.model.time import to_seconds
from apsa_perception.sources.errors import SourceError

# Without these, OpenCV and FFmpeg write additional messages about damaged files to stderr.
_ERRORS_ONLY = 2
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")

EXPECTED = "a video file such as squat.mp4 or a camera such as /dev/video0 or 0"

FALLBACK_FPS = 30.0
"""Frame rate of a file that gives none, or one outside ``FPS_RANGE``."""

FPS_RANGE = (1.0, 240.0)

_ROUNDED_NS = 1_100_000
_MISSING_S, _MISSING_SHARE = 1.0, 0.1

_CAMERA = re.compile(r"(?:/dev/video)?(\d{1,3})")


class VideoReader:
    """Iterates over ``(stamp_ns, rgb)`` of a file or a camera; also a context manager.

    A file can be iterated repeatedly. Its stamps are presentation times, because phones and
    browsers drop frames; the first is one period after 0, so that no stamp is 0 and runs agree.
    Frames are rotated according to the file's metadata. Stamps of a camera are the wall clock on
    arrival.

    Attributes:
        name: path or device, as given.
        is_camera: whether it is a camera.
        fps: nominal frame rate in Hz.
        size: width and height in pixels.
    """

    def __init__(self, source: str | Path | int) -> None:
        """Open the source and read its first pictures.

        Raises:
            SourceError: there is no such file or camera, it is not a video, or has fewer than two
                frames.
        """
        self.name = str(source)
        device = _CAMERA.fullmatch(self.name)
        self.is_camera = device is not None
        self._capture = _open_camera(self.name, int(device[1])) if device else _open_file(self.name)
        fps = self._capture.get(cv2.CAP_PROP_FPS)
        self.fps = fps if FPS_RANGE[0] <= fps <= FPS_RANGE[1] else FALLBACK_FPS
        first = self._read()
        if first is None:
            self.close()
            raise SourceError(f"{self.name} has no readable frame; expected {EXPECTED}")
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
        self._capture = _open_file(self.name)
        last_ns = 0
        clock = _FileClock(self.fps)
        while (picture := self._read()) is not None:
            last_ns = clock.stamp(self._capture.get(cv2.CAP_PROP_POS_MSEC))
            yield last_ns, picture
        self._check_length(to_seconds(last_ns))

    def _check_length(self, seen_s: float) -> None:
        fps = self._capture.get(cv2.CAP_PROP_FPS)
        duration_s = self._capture.get(cv2.CAP_PROP_FRAME_COUNT) / fps if fps > 0.0 else 0.0
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

    def _read(self) -> RgbImage | None:
        got, bgr = self._capture.read()
        if not got:
            return None
        return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), dtype=np.uint8)


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


def _open_file(name: str) -> cv2.VideoCapture:
    path = Path(name)
    if not path.exists():
        raise SourceError(f"{name} not found; expected {EXPECTED}")
    if not path.is_file():
        raise SourceError(f"{name} is not a file; expected {EXPECTED}")
    if not os.access(path, os.R_OK):
        raise SourceError(f"{name} is not readable for this user; expected {EXPECTED}")
    log_level = cv2.setLogLevel(_ERRORS_ONLY)
    capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
    cv2.setLogLevel(log_level)
    if not capture.isOpened():
        raise SourceError(f"{name} is not a video that can be decoded; expected {EXPECTED}")
    capture.set(cv2.CAP_PROP_ORIENTATION_AUTO, 1)
    return capture


def _open_camera(name: str, index: int) -> cv2.VideoCapture:
    device = Path(f"/dev/video{index}")
    if not device.exists():
        present = ", ".join(sorted(map(str, Path("/dev").glob("video*")))) or "none"
        raise SourceError(f"camera {name} not found; cameras present: {present}")
    capture = cv2.VideoCapture(index, cv2.CAP_V4L2)
    if not capture.isOpened():
        raise SourceError(f"camera {name} cannot be opened; is another program using it?")
    capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)  # deliver the newest picture, not the oldest
    return capture
