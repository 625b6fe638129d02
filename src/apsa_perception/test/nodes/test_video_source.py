"""The node of a camera device outlives the camera."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus
from sensor_msgs.msg import CameraInfo, Image

from apsa_perception.nodes.pose_node import PoseNode
from apsa_perception.nodes.video_source import VideoSource
from apsa_perception.ros.qos import IMAGES
from apsa_perception.sources import camera
from support.bench import Bench
from support.fake_camera import DEVICE, FakeCamera

pytestmark = pytest.mark.faults
SMALL = (160, 120)


def test_a_missing_camera_is_not_answered_with_a_list_of_image_topics(
    bench: Bench, capfd: pytest.CaptureFixture[str]
) -> None:
    pose = bench.start(PoseNode, no_image_timeout=0.5)
    bench.start(VideoSource, source=DEVICE, consumers=["image=pose_node"])
    bench.spin_until(lambda: pose.count_publishers("/apsa/image") == 1)
    capfd.readouterr()
    bench.spin_for(1.5)
    assert "image topics" not in capfd.readouterr().err


def write_small(path: Path) -> Path:
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 25.0, SMALL)
    for _ in range(10):
        writer.write(np.full((SMALL[1], SMALL[0], 3), 90, np.uint8))
    writer.release()
    return path


def test_the_node_waits_for_its_camera_and_goes_on_with_another_one(
    bench: Bench,
    clip: Callable[[str], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(camera, "RETRY_S", 0.05)
    device = FakeCamera(clip("squat_front.mp4"), monkeypatch)
    images: list[Image] = []
    infos: list[CameraInfo] = []
    levels: list[tuple[bytes, str]] = []
    bench.peer.create_subscription(Image, "image", images.append, IMAGES)
    bench.peer.create_subscription(CameraInfo, "camera_info", infos.append, IMAGES)
    bench.peer.create_subscription(
        DiagnosticArray,
        "/diagnostics",
        lambda message: levels.extend((s.level, s.message) for s in message.status),
        10,
    )
    node = bench.start(VideoSource, source=DEVICE, consumers=["image=peer"])
    missing = f"camera {DEVICE} not found"
    bench.spin_until(
        lambda: any(level == DiagnosticStatus.WARN and missing in text for level, text in levels)
    )
    assert device.opened > 3
    assert not images

    device.plugged_in = True
    bench.spin_until(lambda: len(images) > 3 and len(infos) > 3)
    first = (infos[-1].width, infos[-1].height)
    assert first == (images[-1].width, images[-1].height)
    levels.clear()
    bench.spin_until(lambda: bool(levels))
    assert levels[0][0] == DiagnosticStatus.OK

    device.plugged_in = False
    tries = device.opened
    bench.spin_until(lambda: device.opened > tries + 3)
    device.clip = write_small(tmp_path / "small.mp4")
    device.plugged_in = True
    images.clear()
    infos.clear()
    bench.spin_until(lambda: len(images) > 3 and len(infos) > 3)
    second = (infos[-1].width, infos[-1].height)
    assert second == (images[-1].width, images[-1].height)
    assert second == SMALL != first
    assert infos[-1].k[2] == second[0] / 2
    assert not node.done
    assert not node.failure

    node.trigger_deactivate()
    tries = device.opened
    bench.spin_for(0.3)
    assert device.opened == tries
    log = capfd.readouterr().err
    assert log.count(missing) == 2, "once before it came, once after it was unplugged"
    assert log.count(f"camera {DEVICE} has stopped delivering; is it unplugged?") == 1
