"""Bags written and read back in every form they come in."""

import shutil
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from rosbags.typesys import Stores, get_types_from_msg, get_typestore

from apsa_perception.sources.bag import (
    IMAGE_TYPES,
    SKELETON_TYPES,
    Bag,
    BagMessage,
    BagTopic,
    is_bag,
    open_bag,
)
from apsa_perception.sources.errors import SourceError
from support.bag_writer import BagWriter, Storage, read_definitions
from support.paths import ROOT

DEFINITIONS = read_definitions(ROOT / "src" / "apsa_msgs" / "msg")
(IMAGE, COMPRESSED), (SKELETONS,) = IMAGE_TYPES, SKELETON_TYPES


def image_cdr(stamp_ns: int) -> bytes:
    store = get_typestore(Stores.ROS2_JAZZY)
    types = store.types
    header = types["std_msgs/msg/Header"](
        types["builtin_interfaces/msg/Time"](*divmod(stamp_ns, 10**9)), "camera_optical_frame"
    )
    data = np.full(12, stamp_ns % 251, np.uint8)
    return bytes(store.serialize_cdr(types[IMAGE](header, 2, 2, "rgb8", 0, 6, data), IMAGE))


MESSAGES = [
    BagMessage(topic, IMAGE, 10**9 + 10**7 * i, image_cdr(10**9 + 10**7 * i))
    for i, topic in enumerate(["/camera/image_raw", "/other"] * 10)
]


def write(path: Path, messages: list[BagMessage] = MESSAGES, storage: Storage = "mcap") -> Path:
    with BagWriter(path, DEFINITIONS, storage) as writer:
        for message in messages:
            writer.write(message.topic, message.type, message.stamp_ns, message.data)
    return path


@pytest.fixture(params=["mcap folder", "mcap file", "sqlite3 folder", "db3 file"])
def bag(request: pytest.FixtureRequest, tmp_path: Path) -> Bag:
    folder = write(tmp_path / "bag", storage="mcap" if "mcap" in request.param else "sqlite3")
    path = next(folder.glob("*.mcap" if "mcap" in request.param else "*.db3"))
    return open_bag(folder if "folder" in request.param else path)


def test_messages_come_back_as_they_went_in_and_again(bag: Bag) -> None:
    assert set(bag.topics) == {
        BagTopic("/camera/image_raw", IMAGE, 10),
        BagTopic("/other", IMAGE, 10),
    }
    assert list(bag.messages()) == MESSAGES
    assert list(bag.messages()) == MESSAGES
    only = [message for message in MESSAGES if message.topic == "/other"]
    assert list(bag.messages(["/other"])) == only
    assert list(bag.messages(["/nothing"])) == []


def test_skeletons_are_written_with_the_definition_they_can_be_read_by(tmp_path: Path) -> None:
    store = get_typestore(Stores.ROS2_JAZZY)
    for name, text in DEFINITIONS.items():
        store.register(get_types_from_msg(text, name))
    types = store.types
    header = types["std_msgs/msg/Header"](types["builtin_interfaces/msg/Time"](1, 5), "camera")
    data = bytes(store.serialize_cdr(types[SKELETONS](header, 640, 480, []), SKELETONS))
    folder = write(tmp_path / "bag", [BagMessage("/apsa/skeletons", SKELETONS, 7, data)])
    (message,) = open_bag(folder).messages()
    back = store.deserialize_cdr(message.data, message.type)
    assert (back.header.stamp.nanosec, back.image_width, message.stamp_ns) == (5, 640, 7)


@pytest.mark.parametrize(
    ("topics", "preferred", "chosen"),
    [
        ({"/a": IMAGE}, "", "/a"),
        ({"/a/compressed": COMPRESSED, "/a": IMAGE, "/s": SKELETONS}, "", "/a"),
        ({"/s": SKELETONS, "/a/compressed": COMPRESSED}, "", "/a/compressed"),
        ({"/s": SKELETONS, "/chatter": "std_msgs/msg/String"}, "", "/s"),
        ({"/a": IMAGE, "/b": IMAGE}, "/b", "/b"),
        ({"/a": IMAGE, "/s": SKELETONS}, "/s", "/s"),
    ],
)
def test_the_topic_to_use_is_found(topics: dict[str, str], preferred: str, chosen: str) -> None:
    bag = Bag(Path("bag"), tuple(BagTopic(name, kind, 3) for name, kind in topics.items()))
    assert bag.find_topic((*IMAGE_TYPES, *SKELETON_TYPES), preferred).name == chosen


@pytest.mark.parametrize(
    ("topics", "preferred", "sentence"),
    [
        ([], "", r"bag bag has no messages of .*Image.*; it has nothing"),
        ([BagTopic("/a", IMAGE, 0)], "", r"has no messages of .*it has /a \(sensor_msgs"),
        ([BagTopic("/a", IMAGE, 3)], "/b", r"on /b; it has /a"),
        ([BagTopic("/a", "std_msgs/msg/String", 3)], "/a", r"on /a; it has /a \(std_msgs"),
        ([BagTopic("/a", IMAGE, 3), BagTopic("/b", IMAGE, 3)], "", r"with image_topic: /a, /b"),
    ],
)
def test_no_topic_or_several_are_named(
    topics: list[BagTopic], preferred: str, sentence: str
) -> None:
    with pytest.raises(SourceError, match=sentence):
        Bag(Path("bag"), tuple(topics)).find_topic(IMAGE_TYPES, preferred)


def absent(folder: Path) -> Path:
    return folder.with_name("elsewhere")


def without_metadata(folder: Path) -> Path:
    (folder / "metadata.yaml").unlink()
    return folder


def with_other_metadata(folder: Path) -> Path:
    (folder / "metadata.yaml").write_text("rosbag2_bagfile_information: [1, 2")
    return folder


def without_its_file(folder: Path) -> Path:
    next(folder.glob("*.mcap")).unlink()
    return folder


def with_another_file(folder: Path) -> Path:
    next(folder.glob("*.mcap")).write_bytes(b"hello " * 99)
    return folder


def renamed_text(folder: Path) -> Path:
    path = folder / "notes.db3"
    path.write_text("hello " * 99)
    return path


def other_suffix(folder: Path) -> Path:
    return Path(shutil.copy(next(folder.glob("*.mcap")), folder / "bag.zip"))


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (absent, "not found; expected a rosbag2 folder"),
        (without_metadata, "is not a bag; expected"),
        (with_other_metadata, "is damaged"),
        (without_its_file, "is damaged"),
        (with_another_file, "is damaged"),
        (renamed_text, "is damaged"),
        (other_suffix, "is not a bag; expected"),
    ],
)
def test_what_is_no_bag_is_refused_in_one_sentence(
    damage: object, sentence: str, tmp_path: Path
) -> None:
    assert callable(damage)
    path = damage(write(tmp_path / "bag"))
    with pytest.raises(SourceError, match=sentence) as caught:
        open_bag(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_recording_cut_off_gives_its_beginning_or_is_refused(
    share: float, tmp_path: Path
) -> None:
    path = next(write(tmp_path / "bag").glob("*.mcap"))
    data = path.read_bytes()
    path.write_bytes(data[: int(share * len(data))])
    messages = []
    with suppress(SourceError):
        messages = list(open_bag(path).messages())
    assert messages == MESSAGES[: len(messages)]


def test_damage_inside_is_told_while_reading(tmp_path: Path) -> None:
    path = next(write(tmp_path / "bag", storage="sqlite3").glob("*.db3"))
    data = bytearray(path.read_bytes())
    data[8192:] = bytes(len(data) - 8192)
    path.write_bytes(data)
    with pytest.raises(SourceError, match="is damaged"):
        list(open_bag(path).messages())


def test_a_bag_is_never_overwritten(tmp_path: Path) -> None:
    folder = write(tmp_path / "bag")
    with pytest.raises(SourceError, match="allowed: a folder that does not exist yet"):
        BagWriter(folder, {})


def test_a_type_without_definition_is_named(tmp_path: Path) -> None:
    with (
        BagWriter(tmp_path / "bag", {}) as writer,
        pytest.raises(SourceError, match=r"/skeletons has type apsa_msgs/msg/SkeletonArray"),
    ):
        writer.write("/skeletons", SKELETONS, 1, b"")


@pytest.mark.parametrize(
    ("name", "expected"), [("a.mcap", True), ("a.db3", True), ("a.mp4", False), ("/topic", False)]
)
def test_bags_are_told_from_videos_by_their_path(name: str, expected: bool, tmp_path: Path) -> None:
    assert is_bag(name) == expected
    assert is_bag(tmp_path)
