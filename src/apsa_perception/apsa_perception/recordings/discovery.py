"""Which recordings a folder, a glob or a path names."""

import glob
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from apsa_perception.sources.bag import BAG_SUFFIXES, METADATA
from apsa_perception.sources.errors import SourceError

VIDEO_SUFFIXES = (
    ".avi", ".m4v", ".mjpeg", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".ogv", ".webm", ".wmv",
)  # fmt: skip
_ROS1_SUFFIX = ".bag"
_SUFFIXES = (*VIDEO_SUFFIXES, *BAG_SUFFIXES, _ROS1_SUFFIX)

EXPECTED = "a folder with bags and videos, a glob in quotes such as 'clips/*.mp4', or one recording"


class Recording(NamedTuple):
    """A bag or a video.

    Attributes:
        name: path below the folder in which it was looked for, for people and for tables.
        path: absolute path of its file or folder.
    """

    name: str
    path: Path


@dataclass(frozen=True)
class Task:
    """A recording and what it is judged with.

    Attributes:
        recording: the recording.
        exercise: name of its exercise; empty: it has none.
        inputs: text that changes with everything that the results depend on besides the file.
    """

    recording: Recording
    exercise: str
    inputs: str


def find_recordings(text: str) -> tuple[Path, list[Recording]]:
    """Return the folder that names are relative to, and the recordings, sorted by name.

    In a folder, subfolders included, every bag folder is one recording, and so is every file with
    the suffix of a bag or a video. A glob names the recordings themselves, whatever their suffix,
    or folders of them.

    Args:
        text: as entered by the user.

    Raises:
        SourceError: there is none; one sentence.
    """
    path = Path(text).expanduser()
    if not text:
        raise SourceError(f"RECORDINGS is empty; expected {EXPECTED}")
    if glob.has_magic(text) and not path.exists():
        base = _fixed_part(path)
        found = list(base.glob(str(path.relative_to(base))))
    elif path.is_dir() and not _is_bag_folder(path):
        base, found = path, [path]
    elif path.exists():
        base, found = path.parent, [path]
    else:
        raise SourceError(f"{text} not found; expected {EXPECTED}")
    base = base.absolute()
    paths = {each.absolute() for one in found for each in _recordings_in(one)}
    if not paths:
        raise SourceError(f"{text} holds no bag and no video; expected {EXPECTED}")
    return base, sorted((Recording(name_of(each, base), each) for each in paths), key=_natural)


def name_of(path: Path, base: Path) -> str:
    """Return the name of a recording: its path below a folder, else its whole path."""
    shown = path.relative_to(base) if path.is_relative_to(base) else path
    # A file name of any bytes is allowed on Linux, but not in a table of Unicode text.
    return shown.as_posix().encode(errors="backslashreplace").decode()


def _natural(recording: Recording) -> tuple[list[tuple[int, str]], str]:
    """Sort key by which clip_10 follows clip_9."""
    parts = re.split(r"([0-9]+)", recording.name)
    return [(int(each) if each.isdecimal() else -1, each) for each in parts], recording.name


def _fixed_part(pattern: Path) -> Path:
    """The folder before the first wildcard of a pattern."""
    fixed = Path(pattern.anchor)
    for part in pattern.relative_to(pattern.anchor).parts[:-1]:
        if glob.has_magic(part):
            break
        fixed /= part
    return fixed


def _recordings_in(path: Path) -> Iterator[Path]:
    """Recordings of a path that a user named: itself, or what is in the folder."""
    if not path.is_dir() or _is_bag_folder(path):
        yield path
        return
    entered: set[str] = set()
    for folder, folders, files in os.walk(path, followlinks=True):
        real = os.path.realpath(folder)
        if real in entered:  # a link to a folder above
            folders.clear()
            continue
        entered.add(real)
        here = Path(folder)
        if _is_bag_folder(here):
            folders.clear()
            yield here
            continue
        folders[:] = [each for each in folders if not each.startswith(".")]
        for name in files:
            suffix = Path(name).suffix.lower()
            if suffix in _SUFFIXES and not name.startswith(".") and (here / name).is_file():
                yield here / name


def _is_bag_folder(folder: Path) -> bool:
    """Whether a folder is one bag: it has metadata, or only its name on its storage files.

    An interrupted recording has no metadata; its files are named as rosbag2 does, ``bag_0.mcap``.
    """
    if not folder.is_dir():
        return False
    if (folder / METADATA).is_file():
        return True
    storage = [each.stem for each in folder.iterdir() if each.suffix.lower() in BAG_SUFFIXES]
    return bool(storage) and all(
        stem.rpartition("_")[0] == folder.name and stem.rpartition("_")[2].isdecimal()
        for stem in storage
    )
