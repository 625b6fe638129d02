"""What a run has done so far: one file for each recording, so that the next run goes on from it."""

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from apsa_perception.recordings.discovery import Recording
from apsa_perception.recordings.schema import FAILURES, Row, Rows

FORMAT = 3
_FOLDER = "parts"


def fingerprint(recording: Recording, choices: str) -> str:
    """Return a text that changes when a recording, or what it is judged with, does.

    Files are compared by size and time of change: reading terabytes again would take hours.

    Args:
        recording: a file or a folder.
        choices: everything else that the results depend on, as text.
    """
    digest = hashlib.sha256(f"{FORMAT}\n{choices}\n".encode())
    path = recording.path
    files = sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]
    for file in files:
        try:
            state = file.stat()
            line = f"{file.relative_to(path)} {state.st_size} {state.st_mtime_ns}\n"
        except OSError:  # judging it will report why it cannot be read
            line = f"{file.relative_to(path)} unreadable\n"
        digest.update(os.fsencode(line))
    return digest.hexdigest()


class PartFiles:
    """The folder with the results of each recording, as lines of JSON.

    The first line has the fingerprint and the number of bytes that follow; each other one a row and
    its table.

    Args:
        out: folder of the results.
    """

    def __init__(self, out: Path) -> None:
        self._folder = out / _FOLDER
        self._folder.mkdir(parents=True, exist_ok=True)

    def is_done(self, recording: Recording, mark: str) -> bool:
        """Whether a recording with this fingerprint was judged; one that failed was not."""
        try:
            with self._path(recording).open("rb") as file:
                return _head(file) == (mark, True)
        except OSError:
            return False

    def write(self, recording: Recording, mark: str, rows: Rows) -> None:
        """Keep the rows of a recording; a process that is killed leaves the earlier ones.

        Raises:
            OSError: they cannot be written.
        """
        path = self._path(recording)
        lines = (json.dumps([name, row], allow_nan=False) for name in rows for row in rows[name])
        body = "".join(f"{line}\n" for line in lines).encode()
        head = {
            "fingerprint": mark,
            "judged": not rows.get(FAILURES),
            "recording": recording.name,
            "bytes": len(body),
        }
        partial = path.with_suffix(".partial")
        partial.write_bytes(json.dumps(head).encode() + b"\n" + body)
        partial.replace(path)

    def rows(self, recording: Recording, mark: str) -> Iterator[tuple[str, Row]]:
        """Yield the table and the rows of a recording; nothing of one that was not reached.

        Rows of an earlier state of the recording, with another fingerprint, do not count.
        """
        try:
            file = self._path(recording).open("rb")
        except FileNotFoundError:
            return
        with file:
            if _head(file)[0] != mark:
                return
            for line in file:
                table, row = json.loads(line)
                yield table, row

    def _path(self, recording: Recording) -> Path:
        name = hashlib.sha256(os.fsencode(recording.path)).hexdigest()[:32]
        return self._folder / f"{name}.jsonl"


def _head(file: BinaryIO) -> tuple[str, bool]:
    """Fingerprint of the file, and whether the recording was judged; empty if it is damaged."""
    try:
        head = json.loads(file.readline())
        if head["bytes"] != os.fstat(file.fileno()).st_size - file.tell():
            return "", False  # cut off by a power failure
        return str(head["fingerprint"]), bool(head["judged"])
    except (ValueError, KeyError, TypeError):
        return "", False
