"""What a name means as a source, and what is said when it means nothing."""

import os
import shutil
from pathlib import Path

import pytest

from apsa_perception.sources.errors import SourceError
from apsa_perception.sources.select import SourceKind, is_rectified, select_recording, select_source
from support.bag_writer import BagWriter, Storage

pytestmark = pytest.mark.faults


@pytest.mark.parametrize("name", ["squat.bag", "squat.BAG", "squat.mp4", "squat"])
def test_a_bag_of_ros_1_is_named_with_the_way_to_convert_it(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"#ROSBAG V2.0\nE\0\0\0")
    with pytest.raises(SourceError, match="is a ROS 1 bag; convert it with") as caught:
        select_source(str(path))
    target = path.with_suffix("") if path.suffix else path
    assert f"rosbags-convert --src {path} --dst {target}" in str(caught.value)


@pytest.mark.parametrize(
    ("storage", "name"),
    [("mcap", "X.MCAP"), ("sqlite3", "X.DB3"), ("mcap", "wrong.db3")],
)
def test_a_bag_is_known_by_its_content(tmp_path: Path, storage: Storage, name: str) -> None:
    image = "sensor_msgs/msg/Image"
    with BagWriter(tmp_path / "bag", {}, storage) as bag:
        bag.write("/camera/image_raw", image, 10**9, bytes(64))
    (file,) = (each for each in (tmp_path / "bag").iterdir() if each.suffix != ".yaml")
    shutil.copy(file, tmp_path / name)
    assert select_source(str(tmp_path / name)).kind is SourceKind.BAG


def test_a_video_may_have_a_capital_suffix(tmp_path: Path) -> None:
    (tmp_path / "X.MP4").write_bytes(b"video")
    assert select_source(str(tmp_path / "X.MP4")).kind is SourceKind.FILE


def test_a_tilde_is_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "clip.mp4").touch()
    assert select_source("~/clip.mp4").path == str(tmp_path / "clip.mp4")
    with pytest.raises(SourceError, match=r"~nobody_known/clip\.mp4 not found"):
        select_source("~nobody_known/clip.mp4")


@pytest.mark.parametrize("name", ["nothere", "deep/nothere", "nothere.mp4", "NOTHERE.MCAP"])
def test_a_path_that_does_not_exist_is_no_topic(tmp_path: Path, name: str) -> None:
    folder = Path("/tmp") if tmp_path.is_relative_to("/tmp") else tmp_path
    with pytest.raises(SourceError, match="not found"):
        select_source(str(folder / name))


def test_what_is_no_file_is_no_topic(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/null")):
        with pytest.raises(SourceError, match="is not a file or a folder"):
            select_source(str(path))


@pytest.mark.parametrize("name", ["/dev/video987", "987"])
def test_a_camera_need_not_be_there_yet(name: str) -> None:
    source = select_source(name)
    assert (source.kind, source.path) == (SourceKind.DEVICE, "/dev/video987")


@pytest.mark.parametrize("name", ["/dev/video", "/dev/video98765", "98765"])
def test_what_no_camera_is_called_is_refused(name: str) -> None:
    with pytest.raises(SourceError, match=f"{name} not found"):
        select_source(name)


@pytest.mark.parametrize("name", ["/camera/image_raw", "/image", "/front_left/color/image_raw"])
def test_other_absolute_names_are_topics(name: str) -> None:
    assert select_source(name).kind is SourceKind.TOPIC


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "bag is ''"),
        ("/camera/image_raw", "/camera/image_raw is a topic, not a recording"),
        ("/dev/video0", "/dev/video0 is a device, not a recording"),
    ],
)
def test_a_replay_needs_a_recording(name: str, words: str) -> None:
    with pytest.raises(SourceError, match=f"{words}.*expected a bag folder"):
        select_recording(name)


@pytest.mark.parametrize(
    ("topic", "rectified"),
    [
        ("/camera/image_rect", True),
        ("/camera/image_rect_color/compressed", True),
        ("/camera/image_rectified", True),
        ("/camera/image_unrectified", False),
        ("/camera/image_color_corrected", False),
        ("/camera_rect/image_raw", False),
    ],
)
def test_rectified_images_are_known_by_the_name_of_their_topic(topic: str, rectified: bool) -> None:
    assert is_rectified(topic) == rectified
