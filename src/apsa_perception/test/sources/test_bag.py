"""Bags written and read back in every form they come in."""

import os
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from rosbags.typesys import Stores, get_types_from_msg, get_typestore

from apsa_perception.sources.bag import (
    BAG_SUFFIXES,
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


def without_storage_identifier(folder: Path) -> Path:
    file = folder / "metadata.yaml"
    file.write_text(re.sub("storage_identifier: .*", "storage_identifier: ''", file.read_text()))
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
        (without_its_file, "is damaged"),
        (with_another_file, "is damaged"),
        (renamed_text, "is damaged"),
        (other_suffix, "is not a bag; expected"),
    ],
)
@pytest.mark.faults
def test_what_is_no_bag_is_refused_in_one_sentence(
    damage: object, sentence: str, tmp_path: Path
) -> None:
    assert callable(damage)
    path = damage(write(tmp_path / "bag"))
    with pytest.raises(SourceError, match=sentence) as caught:
        open_bag(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def with_pipes(folder: Path) -> Path:
    (folder / "metadata.yaml").unlink()
    os.mkfifo(folder / "metadata.yaml")
    os.mkfifo(folder / "bag_1.mcap")
    return folder


@pytest.mark.faults
@pytest.mark.parametrize("storage", ["mcap", "sqlite3"])
@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (without_metadata, "metadata.yaml is missing"),
        (with_pipes, "metadata.yaml is missing"),
        (with_other_metadata, "metadata.yaml cannot be used (Could not load YAML"),
        (without_storage_identifier, "metadata.yaml cannot be used (Storage plugin ''"),
    ],
)
def test_a_bag_without_usable_metadata_is_read(
    damage: object, told: str, storage: Storage, tmp_path: Path
) -> None:
    assert callable(damage)
    bag = open_bag(damage(write(tmp_path / "bag", storage=storage)))
    assert list(bag.messages()) == MESSAGES
    assert {topic.count for topic in bag.topics} == {10}
    (problem,) = bag.problems
    assert problem.startswith(told)


def without_summary(file: Path) -> list[int]:
    """Write the file anew as rosbag2 does: each message in a record, no index; ends of records."""
    data = b"".join(
        [
            b"\x89MCAP0\r\n",
            record(0x01, text("ros2") + text("test")),
            record(0x03, (1).to_bytes(2, "little") + text(IMAGE) + text("ros2msg") + text("")),
        ]
    )
    channels = {"/camera/image_raw": 1, "/other": 2}
    for topic, number in channels.items():
        head = number.to_bytes(2, "little") + (1).to_bytes(2, "little")
        data += record(0x04, head + text(topic) + text("cdr") + text(""))
    ends = []
    for message in MESSAGES:
        times = message.stamp_ns.to_bytes(8, "little") * 2
        head = channels[message.topic].to_bytes(2, "little") + bytes(4) + times
        data += record(0x05, head + message.data)
        ends.append(len(data))
    file.write_bytes(data)
    return ends


def record(code: int, content: bytes) -> bytes:
    """A record of an mcap file."""
    return bytes([code]) + len(content).to_bytes(8, "little") + content


def text(content: str) -> bytes:
    """A text in an mcap file."""
    return len(content).to_bytes(4, "little") + content.encode()


@pytest.mark.faults
@pytest.mark.parametrize("count", [0, 1, 7, 20])
@pytest.mark.parametrize("folder", [True, False])
def test_a_recording_that_crashed_gives_its_complete_messages(
    count: int, folder: bool, tmp_path: Path
) -> None:
    path = write(tmp_path / "bag")
    (file,) = path.glob("*.mcap")
    ends = [0, *without_summary(file)]
    whole = file.read_bytes()
    end = ends[count] or ends[1] - 5
    partly = 0 if count in (0, 20) else 11
    file.write_bytes(whole[: end + partly])
    bag = open_bag(path if folder else file)
    assert list(bag.messages()) == MESSAGES[:count]
    (problem,) = bag.problems
    assert problem.startswith(f"{file.name} has no end")


@pytest.mark.faults
def test_files_without_metadata_are_read_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    folder = tmp_path / "bag"
    folder.mkdir()
    for index, name in ((0, "bag_9"), (1, "bag_10")):
        (file,) = write(tmp_path / name, MESSAGES[10 * index : 10 * index + 10]).glob("*.mcap")
        file.rename(folder / f"{name}.mcap")
    bag = open_bag(folder)
    assert list(bag.messages()) == MESSAGES
    assert list(bag.messages(["/other"])) == MESSAGES[1::2]


@pytest.mark.faults
@pytest.mark.parametrize("storage", ["mcap", "sqlite3"])
def test_a_last_file_that_is_empty_costs_no_other_file(storage: Storage, tmp_path: Path) -> None:
    folder = without_metadata(write(tmp_path / "bag", storage=storage))
    (file,) = (each for each in folder.iterdir() if each.suffix in BAG_SUFFIXES)
    file = file.rename(file.with_stem("bag_0"))
    file.with_stem("bag_1").touch()
    bag = open_bag(folder)
    assert list(bag.messages()) == MESSAGES
    assert bag.problems[1].startswith(f"bag_1{file.suffix} is empty, because")
    file.write_bytes(b"")
    with pytest.raises(SourceError, match=r"it has nothing; .*_0\S+ is empty"):
        open_bag(folder).find_topic([IMAGE])


@pytest.mark.faults
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_recording_cut_off_anywhere_gives_its_beginning(share: float, tmp_path: Path) -> None:
    path = next(write(tmp_path / "bag").glob("*.mcap"))
    data = path.read_bytes()
    path.write_bytes(data[: int(share * len(data))])
    messages = list(open_bag(path).messages())
    assert messages == MESSAGES[: len(messages)]


@pytest.mark.faults
def test_messages_that_sqlite_has_not_merged_are_named(tmp_path: Path) -> None:
    folder = without_metadata(write(tmp_path / "bag", storage="sqlite3"))
    (file,) = folder.glob("*.db3")
    file.with_name(f"{file.name}-wal").write_bytes(b"later")
    assert open_bag(folder).problems[1] == f"what is still in {file.name}-wal is not read"


@pytest.mark.faults
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
