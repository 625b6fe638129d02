"""A camera device for tests: a clip behind the driver, which is plugged in and pulled out."""

import time
from pathlib import Path
from typing import Any

import cv2
import pytest

from apsa_perception.sources import video

DEVICE = "/dev/video987"
"""No machine has it: unplugged, it gives the sentences of a real missing camera."""


class FakeCamera:
    """Takes the place of OpenCV's camera driver; what reads it is real.

    Attributes:
        clip: what the camera sees, from the beginning whenever it is opened, and repeatedly.
        plugged_in: whether it is there.
        opened: how often somebody tried to open it.
    """

    def __init__(self, clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.clip = clip
        self.plugged_in = False
        self.opened = 0
        self._open_real = video._open_camera
        monkeypatch.setattr(video, "_open_camera", self._open)

    def _open(self, name: str, index: int) -> Any:
        self.opened += 1
        return _Capture(self) if self.plugged_in else self._open_real(name, index)


class _Capture:
    """What OpenCV returns for an open device, at the frame rate of the clip."""

    def __init__(self, camera: FakeCamera) -> None:
        self._camera = camera
        self._clip = cv2.VideoCapture(str(camera.clip))
        self._period_s = 1.0 / self._clip.get(cv2.CAP_PROP_FPS)
        self._due = time.monotonic()

    def read(self) -> tuple[bool, Any]:
        self._due = max(self._due + self._period_s, time.monotonic())
        time.sleep(max(0.0, self._due - time.monotonic()))
        if not self._camera.plugged_in:
            return False, None
        got, picture = self._clip.read()
        if not got:
            self._clip.set(cv2.CAP_PROP_POS_FRAMES, 0)
            got, picture = self._clip.read()
        return got, picture

    def get(self, property_id: int) -> float:
        return float(self._clip.get(property_id))

    def release(self) -> None:
        self._clip.release()
