"""Files and folders as a user names them."""

from pathlib import Path


def path_of(text: str) -> Path:
    """Return the file or folder that a text names, ``~`` for the home folder."""
    return Path(text).expanduser()


def path_or_none(text: str) -> Path | None:
    """Return the file or folder that a text names; None if it is empty."""
    return path_of(text) if text else None
