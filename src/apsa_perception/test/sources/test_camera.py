"""A camera is opened again after it was missing, busy or unplugged."""

from collections.abc import Callable
from pathlib import Path

import pytest

from apsa_perception.sources import video
from apsa_perception.sources.camera import RETRY_S, Camera
from apsa_perception.sources.errors import SourceError
from apsa_perception.sources.video import VideoReader
from support.fake_camera import DEVICE, FakeCamera

pytestmark = pytest.mark.faults


def test_a_camera_that_comes_late_and_is_unplugged_goes_on_and_is_reported_once(
    clip: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    device = FakeCamera(clip("squat_front.mp4"), monkeypatch)
    waits: list[float] = []
    reports: list[str] = []

    def wait(seconds: float) -> bool:
        waits.append(seconds)
        device.plugged_in = len(waits) in (4, 8)
        return len(waits) == 12

    stamps: list[int] = []
    for stamp_ns, rgb in Camera(DEVICE, wait, reports.append):
        stamps.append(stamp_ns)
        assert rgb.any()
        device.plugged_in = len(stamps) % 5 != 0

    assert len(stamps) == 10
    assert stamps == sorted(set(stamps))
    assert set(waits) == {RETRY_S}
    assert device.opened == len(waits)
    missing = f"camera {DEVICE} not found; cameras present: "
    stopped = f"camera {DEVICE} has stopped delivering; is it unplugged?"
    shown = [missing if each.startswith(missing) else each for each in reports]
    assert shown == [missing, "", stopped, missing, "", stopped, missing]


def test_a_busy_camera_is_named_without_a_warning_of_opencv_at_each_try(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "video987").touch()  # it is there, but OpenCV cannot open it
    monkeypatch.setattr(video, "DEVICES", tmp_path)
    with pytest.raises(SourceError, match=f"camera {DEVICE} cannot be opened; is another program"):
        VideoReader(DEVICE)
    assert capfd.readouterr().err == ""


def test_a_camera_that_opens_and_delivers_nothing_is_named(
    clip: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    device = FakeCamera(clip("squat_front.mp4"), monkeypatch)
    device.plugged_in = True
    busy = device._open(DEVICE, 987)
    device.plugged_in = False
    monkeypatch.setattr(video, "_open_camera", lambda name, index: busy)
    with pytest.raises(SourceError, match=f"camera {DEVICE} delivers no picture; is another"):
        VideoReader(DEVICE)
