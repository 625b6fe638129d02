"""Rosbag2 bags as a stream of serialized messages, with or without a ROS install."""

import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shlex import quote
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from apsa_perception.sources.errors import SourceError

if TYPE_CHECKING:
    from rosbags.rosbag2 import Reader

    from apsa_perception.sources.recovery import FilesReader

EXPECTED = "a rosbag2 folder with metadata.yaml (mcap or sqlite3), an .mcap file or a .db3 file"

METADATA = "metadata.yaml"
BAG_SUFFIXES = (".mcap", ".db3")

_STARTS = {".mcap": b"\x89MCAP", ".db3": b"SQLite format 3\0"}
_ROS1_START = b"#ROSBAG V"

IMAGE_TYPES = ("sensor_msgs/msg/Image", "sensor_msgs/msg/CompressedImage")
CAMERA_INFO_TYPE = "sensor_msgs/msg/CameraInfo"
SKELETON_TYPES = ("apsa_msgs/msg/SkeletonArray",)
SKELETON_LAYOUT = "RIHS01_1627fa4f1620c68ed5ce778025f614d34afc199451d5817330cb1f5a17dd0bb4"
"""Type hash of apsa_msgs/SkeletonArray, which has been the same since version 0.1.0."""


@dataclass(frozen=True)
class BagTopic:
    """A topic in a bag.

    Attributes:
        name: topic name.
        type: message type, such as ``sensor_msgs/msg/Image``.
        count: how many messages it has.
        layout: type hash of its message definition; empty: not recorded, as by ROS before Iron.
    """

    name: str
    type: str
    count: int
    layout: str = field(default="", compare=False)


class BagMessage(NamedTuple):
    """One message: its time of recording and CDR bytes."""

    topic: str
    type: str
    stamp_ns: int
    data: bytes


class Bag:
    """A readable bag; its files are open only while messages are read.

    Attributes:
        path: folder or file.
        topics: its topics.
        problems: what is missing of it, one sentence each; the rest can be read.
    """

    def __init__(
        self, path: Path, topics: tuple[BagTopic, ...], problems: tuple[str, ...] = ()
    ) -> None:
        self.path = path
        self.topics = topics
        self.problems = problems

    def messages(self, topics: Collection[str] = ()) -> Iterator[BagMessage]:
        """Yield the messages from the start in the order of recording.

        Args:
            topics: names of the topics to read; empty: all.

        Raises:
            SourceError: the bag is damaged.
        """
        with _reading(self.path) as (reader, _):
            wanted = [c for c in reader.connections if not topics or c.topic in topics]
            stream = reader.messages(wanted) if wanted else ()
            for connection, stamp_ns, data in stream:
                yield BagMessage(connection.topic, connection.msgtype, stamp_ns, bytes(data))

    def find_topic(self, types: Sequence[str], preferred: str = "") -> BagTopic:
        """Return the topic to use.

        Args:
            types: accepted message types, best first.
            preferred: name of the topic; empty: the only one of the best type.

        Raises:
            SourceError: there is none, or more than one.
        """
        fitting = [topic for topic in self.topics if topic.type in types and topic.count]
        if preferred:
            fitting = [topic for topic in fitting if topic.name == preferred]
        if not fitting:
            wanted = f"messages of {' or '.join(types)}" + (f" on {preferred}" if preferred else "")
            have = ", ".join(f"{topic.name} ({topic.type})" for topic in self.topics) or "nothing"
            missing = "".join(f"; {problem}" for problem in self.problems)
            raise SourceError(f"bag {self.path} has no {wanted}; it has {have}{missing}")
        best = min((topic.type for topic in fitting), key=types.index)
        candidates = [topic for topic in fitting if topic.type == best]
        if len(candidates) > 1:
            names = ", ".join(topic.name for topic in candidates)
            raise SourceError(
                f"bag {self.path} has several topics of {best}; choose with image_topic: {names}"
            )
        return candidates[0]


def is_bag(path: str | Path) -> bool:
    """Whether the path is a bag rather than a video: a folder or a bag file, also of ROS 1."""
    path = Path(path)
    if path.is_dir() or path.suffix.lower() in BAG_SUFFIXES:
        return True
    return _start(path).startswith(_ROS1_START)


def _start(path: Path) -> bytes:
    """The first bytes of a file; none of what is no file or cannot be read."""
    try:
        if path.is_file():
            with path.open("rb") as file:
                return file.read(16)
    except OSError:
        pass
    return b""


def _suffix(path: Path) -> str:
    """The suffix that fits the content of a bag file; that of its name if nothing fits."""
    suffix, start = path.suffix.lower(), _start(path)
    fitting = (each for each, magic in _STARTS.items() if start.startswith(magic))
    return next(fitting, suffix) if suffix in BAG_SUFFIXES else suffix


def open_bag(path: str | Path) -> Bag:
    """Open a bag: an mcap or sqlite3 folder, an .mcap file or a .db3 file.

    Of a recording that was interrupted, what is there is read: folders without metadata.yaml, and
    mcap files without an end.

    Raises:
        SourceError: the path does not exist, is not a bag, or is damaged.
    """
    path = Path(path)
    if not path.exists():
        raise SourceError(f"bag {path} not found; expected {EXPECTED}")
    if _start(path).startswith(_ROS1_START):
        raise SourceError(
            f"{path} is a ROS 1 bag; convert it with rosbags-convert --src {quote(str(path))} "
            f"--dst {quote(str(path.with_suffix('')))} (pip install rosbags), then use the folder"
        )
    is_folder = path.is_dir() and ((path / METADATA).is_file() or _storage_files(path))
    if not is_folder and not (path.is_file() and _suffix(path) in BAG_SUFFIXES):
        raise SourceError(f"{path} is not a bag; expected {EXPECTED}")
    counts: dict[tuple[str, str, str], int] = {}
    with _reading(path) as (reader, problems):
        for connection in reader.connections:
            key = (connection.topic, connection.msgtype, connection.digest)
            counts[key] = counts.get(key, 0) + connection.msgcount
    topics = tuple(
        BagTopic(name, kind, count, layout) for (name, kind, layout), count in counts.items()
    )
    return Bag(path, topics, problems)


@contextmanager
def _reading(path: Path) -> Iterator[tuple["Reader | FilesReader", tuple[str, ...]]]:
    """Open a bag; yield its reader and what is missing.

    Errors of the parsers, such as struct.error, are converted to name the bag.
    """
    try:
        with ExitStack() as stack:
            yield _opened(path, stack)
    except Exception as error:
        raise SourceError(
            f"bag {path} is damaged ({_reason(error)}); expected {EXPECTED}"
        ) from error


def _opened(path: Path, stack: ExitStack) -> tuple["Reader | FilesReader", tuple[str, ...]]:
    # Most processes know bags only by name, and their imports would take a tenth longer.
    from rosbags.rosbag2 import Reader

    from apsa_perception.sources.recovery import FilesReader

    named = _named(path, stack)
    try:
        if path.is_dir() and not (path / METADATA).is_file():
            raise FileNotFoundError(f"{METADATA} is missing")  # a pipe would be waited for
        return stack.enter_context(Reader(named)), ()
    except Exception as error:
        files = _storage_files(named)
        if not files or isinstance(error, PermissionError):
            raise
        reader = stack.enter_context(FilesReader(files))
        problems = reader.problems
        if path.is_dir() and not (path / METADATA).is_file():
            problems = [f"{METADATA} is missing", *problems]
        elif path.is_dir() and not problems:  # else the reader stumbled over the files
            problems = [f"{METADATA} cannot be used ({_reason(error)})"]
        return reader, tuple(problems)


def _named(path: Path, stack: ExitStack) -> Path:
    """The path, or a link to it whose suffix fits the content: the reader goes by the name."""
    if not path.is_file() or path.suffix == (suffix := _suffix(path)):
        return path
    folder = stack.enter_context(TemporaryDirectory(prefix="apsa-"))
    named = Path(folder) / f"{path.stem}{suffix}"
    named.symlink_to(path.resolve())
    return named


def _reason(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__


def _storage_files(path: Path) -> list[Path]:
    """The storage files of a bag in the order of recording."""
    if path.is_file():
        return [path]
    found = [file for file in path.iterdir() if file.suffix in (".mcap", ".db3") and file.is_file()]
    return sorted(found, key=_order)


def _order(file: Path) -> tuple[int, str]:
    """By the number at the end of the name: bag_10 follows bag_9."""
    number = re.search(r"(\d+)$", file.stem)
    return (int(number[1]) if number else 0, file.name)
