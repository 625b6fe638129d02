"""File of the published results, one JSON object per line, in a deterministic order."""

import contextlib
import json
import os
from itertools import count
from pathlib import Path
from typing import Any, TextIO

HOLD_NS = 2_000_000_000
"""How long lines are held, so that topics that arrive in any order can be sorted by stamp."""


class ResultsFile:
    """Writes ``{"topic", "stamp", "message"}`` lines sorted by stamp, then by order of the topics.

    The file is opened by ``start`` or with the first message, not before: a start that fails
    leaves the results of an earlier run. Those are renamed then, from ``results.jsonl`` to
    ``results.1.jsonl`` or the next free number; nothing is overwritten.

    Args:
        path: file to write.
        topics: names without namespace, in their order within one stamp.
        append: continue the file of this run, which a crash interrupted.

    Raises:
        ValueError: the file cannot be opened for writing.
    """

    def __init__(self, path: Path, topics: tuple[str, ...], *, append: bool = False) -> None:
        try:
            _check_writable(path)
        except OSError as error:
            raise ValueError(
                f"results cannot be written to {path} ({error.strerror}); "
                "expected a file in an existing folder"
            ) from error
        self._path = path
        self._append = append
        self._file: TextIO | None = None
        self._ranks = {topic: rank for rank, topic in enumerate(topics)}
        self._held: list[tuple[int, int, int, str]] = []
        self._count = 0

    def start(self) -> None:
        """Open the file, unless it is open; results of an earlier run are renamed.

        Raises:
            OSError: it cannot be opened.
        """
        if self._file is None:
            if self._append:
                _drop_partial_line(self._path)
            elif self._path.is_file() and self._path.stat().st_size:
                self._path.rename(_free_name(self._path))
            self._file = self._path.open("a", encoding="utf-8")

    def add(self, topic: str, stamp_ns: int, message: dict[str, Any]) -> None:
        """Take a message; write the lines that are older than ``HOLD_NS``.

        Raises:
            OSError: writing failed, for example on a full disk; the file is closed.
        """
        self.start()
        name = topic.rpartition("/")[2]
        line = json.dumps(
            {"topic": topic, "stamp": stamp_ns / 1e9, "message": message}, allow_nan=False
        )
        self._count += 1
        self._held.append((stamp_ns, self._ranks[name], self._count, line))
        if self._held[0][0] < stamp_ns - 2 * HOLD_NS:
            self._write(stamp_ns - HOLD_NS)

    def close(self) -> None:
        """Write the rest and close the file.

        Raises:
            OSError: writing failed; the file is closed nevertheless.
        """
        if self._file is not None and not self._file.closed:
            self._write(None)
            self._file.close()

    def _write(self, before_ns: int | None) -> None:
        assert self._file is not None
        self._held.sort()
        ready = [row for row in self._held if before_ns is None or row[0] < before_ns]
        self._held = self._held[len(ready) :]
        try:
            self._file.writelines(f"{line}\n" for _, _, _, line in ready)
            self._file.flush()
        except OSError:
            with contextlib.suppress(OSError):  # closing writes the rest again
                self._file.close()
            raise


def _check_writable(path: Path) -> None:
    """Raise ``OSError`` if the file cannot be opened for writing; its content is kept."""
    existed = path.exists()
    with path.open("a", encoding="utf-8"):
        pass
    if not existed:
        path.unlink()


def _drop_partial_line(path: Path) -> None:
    """Remove what a crash left of a line."""
    with path.open("a+b") as file:
        file.seek(0)
        file.truncate(file.read().rfind(b"\n") + 1)


def _free_name(path: Path) -> Path:
    """The first free name of the form ``results.1.jsonl``."""
    names = (path.with_name(f"{path.stem}.{number}{path.suffix}") for number in count(1))
    return next(name for name in names if not os.path.lexists(name))
