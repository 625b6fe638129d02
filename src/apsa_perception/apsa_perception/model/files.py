"""Files with data of people: written atomically, and readable by their owner only."""

import os
from pathlib import Path

_FILE_MODE, _FOLDER_MODE = 0o600, 0o700


def private_folder(folder: Path) -> None:
    """Create a folder and its parents; existing ones keep their permissions.

    Raises:
        OSError: it cannot be created.
    """
    for each in reversed(folder.parents):
        if not each.exists():
            each.mkdir(mode=_FOLDER_MODE, exist_ok=True)
    folder.mkdir(mode=_FOLDER_MODE, exist_ok=True)


def append_private(path: Path, text: str) -> None:
    """Append to a file in an existing folder in one step, or create it.

    Raises:
        OSError: it cannot be written.
    """
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, _FILE_MODE), "wb") as file:
        file.write(text.encode())


def write_private(path: Path, text: str, *, durable: bool = True) -> None:
    """Write or replace a file in an existing folder: afterwards it has the old or the new content.

    Args:
        path: the file.
        text: its content.
        durable: whether it must survive a power failure, which takes the time of the disk.

    Raises:
        OSError: it cannot be written; the old file is unchanged.
    """
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        with os.fdopen(os.open(partial, flags, _FILE_MODE), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise
