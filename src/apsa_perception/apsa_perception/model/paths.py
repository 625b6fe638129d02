"""Paths as entered by a user, and of installed files."""

import errno
from pathlib import Path

from ament_index_python.packages import get_package_share_directory


def path_of(text: str) -> Path:
    """Return the path in a text; ``~`` is the home folder.

    Raises:
        FileNotFoundError: the home folder of a user who is not known, such as ``~nobody/file``.
    """
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise FileNotFoundError(errno.ENOENT, "there is no such home folder", text) from None


def path_or_none(text: str) -> Path | None:
    """Return the path in a text; None if it is empty."""
    return path_of(text) if text else None


def share_dir(package: str) -> Path:
    """Return the folder in which the configuration of a package is installed."""
    return Path(get_package_share_directory(package))
