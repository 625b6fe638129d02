"""Versions of files that are read again when they change."""

from pathlib import Path

Version = tuple[int, ...]
"""What differs between two versions of a file."""


def version_of(path: Path) -> Version:
    """Return the version of a file: its times, size and number.

    Raises:
        OSError: there is no such file, or it cannot be seen.
    """
    status = path.stat()
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino
