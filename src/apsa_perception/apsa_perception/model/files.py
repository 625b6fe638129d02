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


def write_private(path: Path, text: str) -> None:
    """Write or replace a file in an existing folder: afterwards it has the old or the new content.

    Raises:
        OSError: it cannot be written; the old file is unchanged.
    """
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        with os.fdopen(os.open(partial, flags, _FILE_MODE), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise
