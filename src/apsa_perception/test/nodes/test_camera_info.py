"""camera_info of cameras with pixels that are not square, and of other pictures."""

import array
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

pytest.importorskip("rclpy", reason="rclpy is not installed")

from apsa_msgs.msg import SkeletonArray
from rclpy.serialization import serialize_message
from sensor_msgs.msg import CameraInfo, Image

from apsa_perception.bringup.node_settings import PoseNodeSettings
from apsa_perception.commands.frames import frames_of
from apsa_perception.commands.recorded_frames import Dropped, RecordedFrames
from apsa_perception.imaging.images import RgbImage
from apsa_perception.model.skeleton import Skeleton
from apsa_perception.nodes.pose_node import PoseNode
from apsa_perception.pose.backend import open_backend
from apsa_perception.pose.distortion import Distortion
from apsa_perception.pose.estimator import PoseEstimator
from apsa_perception.ros.camera_info import CameraInfoCache
from apsa_perception.ros.conversion import header
from apsa_perception.ros.qos import IMAGES, RESULTS
from apsa_perception.sources.video import VideoReader
from support.bag_writer import BagWriter
from support.bench import Bench

WIDE = [500.0, 0.0, 320.0, 0.0, 400.0, 135.0, 0.0, 0.0, 1.0]
"""Matrix of ``frames``."""

Frames = list[tuple[int, RgbImage]]


@pytest.fixture(scope="module")
def frames(clip: Callable[[str], Path]) -> Frames:
    """A squat through pixels that are not square: everybody is a quarter too wide."""
    with VideoReader(clip("squat_front.mp4")) as video:
        return [(stamp + 1, cv2.resize(rgb, (600, 270))) for stamp, rgb in islice(video, 20)]


def image(stamp_ns: int, rgb: RgbImage) -> Image:
    height, width = rgb.shape[:2]
    message = Image(height=height, width=width, encoding="rgb8", step=3 * width)
    message.header = header(stamp_ns, "camera_optical_frame")
    message.data = array.array("B", rgb.tobytes())
    return message


def bag(folder: Path, frames: Frames, info: CameraInfo, name: str = "image_raw") -> Path:
    with BagWriter(folder, {}) as writer:
        for stamp_ns, rgb in frames:
            kind, data = "sensor_msgs/msg/CameraInfo", serialize_message(info)
            writer.write("/camera/camera_info", kind, stamp_ns, data)
            data = serialize_message(image(stamp_ns, rgb))
            writer.write(f"/camera/{name}", "sensor_msgs/msg/Image", stamp_ns, data)
    return folder


def last_person(seen: list[tuple[int, list[Skeleton]]]) -> Skeleton:
    (person,) = seen[-1][1]
    return person


@pytest.mark.faults
@pytest.mark.slow
def test_the_commands_use_the_camera_info_of_a_bag(tmp_path: Path, frames: Frames) -> None:
    estimator = PoseEstimator(open_backend())
    matrix = np.reshape(WIDE, (3, 3))
    live = last_person([(ns, estimator.process(rgb, ns, matrix)) for ns, rgb in frames])
    estimator.reset()
    blind = last_person([(ns, estimator.process(rgb, ns)) for ns, rgb in frames])
    assert np.abs(live.positions - blind.positions).max() > 0.03, "the matrix matters"
    path = bag(tmp_path / "bag", frames, CameraInfo(width=600, height=270, k=WIDE))
    dropped = Dropped()
    recorded = RecordedFrames(path, "", PoseNodeSettings(), open_backend, dropped)
    for found in (last_person(list(recorded)), last_person(list(frames_of(str(path))))):
        np.testing.assert_allclose(found.positions, live.positions, atol=1e-9)
        np.testing.assert_allclose(found.root, live.root, atol=1e-9)
    assert dropped.notes() == []


LENS = Distortion("plumb_bob", (-0.3, 0.08, 0.0, 0.0, 0.0))
RECTIFIED = [450.0, 0.0, 310.0, 0.0, 0.0, 450.0, 135.0, 0.0, 0.0, 0.0, 1.0, 0.0]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["image_raw", "image_rect", "image_rect_color"])
def test_raw_and_rectified_images_get_the_camera_that_describes_them(
    tmp_path: Path, frames: Frames, name: str
) -> None:
    info = CameraInfo(width=600, height=270, k=WIDE, p=RECTIFIED)
    info.distortion_model, info.d = LENS.model, LENS.coefficients
    estimator = PoseEstimator(open_backend())
    if name == "image_raw":
        camera = (np.reshape(WIDE, (3, 3)), LENS)
    else:
        camera = (np.reshape(RECTIFIED, (3, 4))[:, :3], None)
    live = last_person([(ns, estimator.process(rgb, ns, *camera)) for ns, rgb in frames])
    path = bag(tmp_path / "bag", frames, info, name)
    recorded = RecordedFrames(path, "", PoseNodeSettings(), open_backend, Dropped())
    for found in (last_person(list(recorded)), last_person(list(frames_of(str(path))))):
        np.testing.assert_allclose(found.positions, live.positions, atol=1e-9)
        np.testing.assert_allclose(found.pixels, live.pixels, rtol=1e-6)


@pytest.mark.faults
@pytest.mark.parametrize(
    ("model", "coefficients", "said"),
    [
        ("plumb_bob", [], []),
        ("plumb_bob", [0.0] * 5, []),
        ("", [0.0] * 3, []),
        ("plumb_bob", [0.1] * 3, ["coefficients 0.1, 0.1, 0.1; expected 4 or 5 finite numbers"]),
        ("plumb_bob", [float("nan")] * 5, ["expected 4 or 5 finite numbers for plumb_bob"]),
        ("plumb_bob", [-28.0, 7.0, 0.1, -0.1, 0.0], ["turn back 35 pixels from the principal"]),
        ("plumb_bob", [-1e5, 0.0, 0.0, 0.0, 0.0], ["these turn back 0 pixels"]),
    ],
)
def test_distortion_that_is_none_or_wrong_is_not_used(
    model: str, coefficients: list[float], said: list[str]
) -> None:
    sentences: list[str] = []
    camera = CameraInfoCache(sentences.append)
    info = CameraInfo(width=600, height=270, k=WIDE, distortion_model=model, d=coefficients)
    camera.update(info)
    assert camera.distortion is None
    assert camera.matrix_for(np.zeros((270, 600, 3), np.uint8)) is not None
    assert len(sentences) == len(said)
    for sentence, part in zip(sentences, said, strict=True):
        assert part in sentence


def test_a_camera_info_counts_until_another_one_arrives() -> None:
    sentences: list[str] = []
    camera = CameraInfoCache(sentences.append)
    picture = np.zeros((270, 600, 3), np.uint8)

    def read(stamp_ns: int, **fields: Any) -> None:
        stamp = header(stamp_ns, "camera")
        camera.read(serialize_message(CameraInfo(header=stamp, width=600, height=270, **fields)))

    other = [2.0 * each for each in WIDE]
    for stamp_ns, matrix in enumerate((WIDE, WIDE, other, WIDE), 1):
        read(stamp_ns, k=[*matrix[:8], 1.0])
        found = camera.matrix_for(picture)
        assert found is not None
        assert found[0, 0] == matrix[0]
    for stamp_ns in (5, 6):
        read(stamp_ns, k=WIDE, distortion_model="plumb_bob", d=[0.1] * 3)
    assert len(sentences) == 2
    read(7)
    assert camera.matrix_for(picture) is None
    camera.read(b"")
    assert len(sentences) == 3


@pytest.mark.faults
@pytest.mark.slow
def test_the_commands_tell_of_camera_info_of_other_pictures(
    tmp_path: Path, frames: Frames, capsys: pytest.CaptureFixture[str]
) -> None:
    path = bag(tmp_path / "bag", frames[:8], CameraInfo(width=640, height=480, k=WIDE))
    dropped = Dropped()
    recorded = RecordedFrames(path, "", PoseNodeSettings(), open_backend, dropped)
    assert last_person(list(recorded)).root is None
    assert last_person(list(frames_of(str(path)))).root is None
    sentence = "8{}, such as: images have 600x270 pixels, but camera_info is for 640x480; expected"
    assert dropped.frames == 0
    assert dropped.notes()[0].startswith(sentence.format(" camera_infos dropped"))
    assert capsys.readouterr().err.startswith("skipped camera_info: " + sentence.format(""))


@pytest.mark.faults
def test_a_damaged_camera_info_is_left_out_with_a_sentence(
    tmp_path: Path, frames: Frames, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bag"
    with BagWriter(path, {}) as writer:
        for stamp_ns, rgb in frames[:2]:
            kind = "sensor_msgs/msg/CameraInfo"
            writer.write("/camera/camera_info", kind, stamp_ns, b"\x00\x01\x00\x00\x07")
            data = serialize_message(image(stamp_ns, rgb))
            writer.write("/camera/image_raw", "sensor_msgs/msg/Image", stamp_ns, data)
    dropped = Dropped()
    recorded = RecordedFrames(path, "", PoseNodeSettings(), open_backend, dropped)
    assert len(list(recorded)) == len(list(frames_of(str(path)))) == 2
    sentence = ", such as: a message of 5 bytes is damaged; expected a camera_info"
    assert dropped.notes() == [f"2 camera_infos dropped{sentence}"]
    assert capsys.readouterr().err == f"skipped camera_info: 2{sentence}\n"


@pytest.mark.slow
def test_the_commands_use_the_camera_info_beside_a_topic(
    bench: Bench, tmp_path: Path, frames: Frames
) -> None:
    script = (
        "from apsa_perception.commands.frames import frames_of\n"
        "for _, people in frames_of('/camera/image_raw'):\n"
        "    print([one.root is not None for one in people], flush=True)\n"
    )
    images = bench.peer.create_publisher(Image, "/camera/image_raw", IMAGES)
    infos = bench.peer.create_publisher(CameraInfo, "/camera/camera_info", IMAGES)
    said = tmp_path / "said.txt"
    with said.open("w") as file:
        process = subprocess.Popen([sys.executable, "-c", script], stdout=file)
    give_up = time.monotonic() + 120.0
    count = 0
    try:
        while "[True]" not in said.read_text():
            assert process.poll() is None
            assert time.monotonic() < give_up, said.read_text()
            if images.get_subscription_count() and infos.get_subscription_count():
                count += 1
                infos.publish(CameraInfo(width=600, height=270, k=WIDE))
                images.publish(image(count * 100_000_000, frames[0][1]))
            bench.spin_for(0.1)
    finally:
        process.kill()
        process.wait()


@pytest.mark.faults
def test_the_node_warns_of_camera_info_of_other_pictures(bench: Bench, frames: Frames) -> None:
    node = bench.start(PoseNode)
    skeletons: list[SkeletonArray] = []
    bench.peer.create_subscription(SkeletonArray, "skeletons", skeletons.append, RESULTS)
    images = bench.peer.create_publisher(Image, "image", IMAGES)
    infos = bench.peer.create_publisher(CameraInfo, "camera_info", IMAGES)
    bench.spin_until(
        lambda: images.get_subscription_count() == 1 and infos.get_subscription_count() == 1
    )

    def send(info: CameraInfo, some: Frames) -> SkeletonArray:
        infos.publish(info)
        bench.spin_for(0.3)
        for stamp_ns, rgb in some:
            count = len(skeletons)
            images.publish(image(stamp_ns, rgb))
            bench.spin_until(lambda count=count: len(skeletons) > count)
        return skeletons[-1]

    other = send(CameraInfo(width=640, height=480, k=WIDE), frames[:10])
    assert len(other.skeletons) == 1
    assert not other.skeletons[0].root_valid
    assert node.diagnostics.dropped("camera_info") == 10
    # The same camera at twice the resolution, of which the pictures are half.
    double = CameraInfo(width=1200, height=540, k=[2.0 * value for value in WIDE[:8]] + [1.0])
    assert send(double, frames[10:]).skeletons[0].root_valid
    assert node.diagnostics.dropped("camera_info") == 10
