"""Bags of a recording that crashed: storage files without metadata, mcap files without an end."""

import io
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

from rosbags.interfaces import Connection
from rosbags.rosbag2 import Reader
from rosbags.rosbag2.storage_mcap import McapReader

_MAGIC = b"\x89MCAP0\r\n"
_RECORD_HEAD = 9
"""Bytes of operation code and length before each record."""
_DATA_END, _FOOTER = 0x0F, 0x02
_END = bytes([_FOOTER]) + (20).to_bytes(8, "little") + bytes(20) + _MAGIC
"""Footer without a summary, so that a reader scans the file."""


def complete_length(file: Path) -> int:
    """Return the bytes of an mcap file up to the end of its last complete record of data."""
    size, position = file.stat().st_size, len(_MAGIC)
    with file.open("rb") as stream:
        while position + _RECORD_HEAD <= size:
            stream.seek(position)
            head = stream.read(_RECORD_HEAD)
            end = position + _RECORD_HEAD + int.from_bytes(head[1:], "little")
            if head[0] in (0, _FOOTER, _DATA_END) or end > size:
                break
            position = end
    return min(position, size)


class _Completed(io.RawIOBase):
    """The beginning of a file, followed by a footer."""

    def __init__(self, file: Path, length: int) -> None:
        self._file = file.open("rb")
        self._length, self._position = length, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = (0, self._position, self._length + len(_END))[whence]
        self._position = max(0, base + offset)
        return self._position

    def tell(self) -> int:
        return self._position

    def readinto(self, buffer: Any) -> int:
        if self._position < self._length:
            self._file.seek(self._position)
            data = self._file.read(min(len(buffer), self._length - self._position))
        else:
            data = _END[self._position - self._length :][: len(buffer)]
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()


class _CompletedPath:
    """What the mcap reader needs of a path."""

    def __init__(self, file: Path, length: int) -> None:
        self._file, self._length = file, length

    def open(self, mode: str) -> io.BufferedReader:
        """Open the file with a footer after its last complete record."""
        return io.BufferedReader(_Completed(self._file, self._length))


class _CutOffFile:
    """Reader of an mcap file whose end is missing."""

    def __init__(self, file: Path) -> None:
        self.length = complete_length(file)
        path: Any = _CompletedPath(file, self.length)
        self._reader = McapReader(path)

    @property
    def connections(self) -> list[Connection]:
        return self._reader.connections

    def messages(self, connections: Collection[Connection]) -> Iterator[tuple[Any, int, bytes]]:
        return self._reader.messages_scan(connections)

    def __enter__(self) -> Self:
        self._reader.open()
        return self

    def __exit__(self, *_: object) -> None:
        self._reader.close()


class FilesReader:
    """Reads storage files one after the other, without the metadata of their bag.

    Args:
        files: mcap and sqlite3 files in the order of recording.

    Attributes:
        problems: what is missing, one sentence each.
    """

    def __init__(self, files: Sequence[Path]) -> None:
        self._files = files
        self._readers: list[Reader | _CutOffFile] = []
        self._stack = ExitStack()
        self.problems: list[str] = []

    @property
    def connections(self) -> list[Connection]:
        """The topics of all files; one that is in several files is there several times."""
        return [each for reader in self._readers for each in reader.connections]

    def messages(self, connections: Collection[Connection]) -> Iterator[tuple[Any, int, bytes]]:
        """Yield connection, time of recording in nanoseconds and data of each message."""
        for reader in self._readers:
            wanted = [each for each in connections if each in reader.connections]
            if wanted:
                yield from reader.messages(wanted)

    def __enter__(self) -> Self:
        with self._stack:
            self._readers = [self._open(file) for file in self._files if not self._is_empty(file)]
            self._stack = self._stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _is_empty(self, file: Path) -> bool:
        """Whether a file holds nothing beside others: the recording ended as it was created."""
        empty = len(self._files) > 1 and not file.stat().st_size
        if empty:
            self.problems.append(f"{file.name} is empty, because the recording was interrupted")
        return empty

    def _open(self, file: Path) -> Reader | _CutOffFile:
        log = file.with_name(f"{file.name}-wal")
        if log.is_file() and log.stat().st_size:
            self.problems.append(f"what is still in {log.name} is not read")
        try:
            return self._stack.enter_context(Reader(file))
        except Exception:
            if file.suffix != ".mcap":
                raise
        cut_off = self._stack.enter_context(_CutOffFile(file))
        lost = file.stat().st_size - cut_off.length
        self.problems.append(
            f"{file.name} has no end, because the recording was interrupted: "
            f"the last {lost} bytes are not read"
        )
        return cut_off
