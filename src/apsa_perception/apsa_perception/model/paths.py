"""Paths as entered by a user."""

from pathlib import Path


def path_of(text: str) -> Path:
    """Return the path in a text; ``~`` is the home folder."""
    return Path(text).expanduser()


def path_or_none(text: str) -> Path | None:
    """Return the path in a text; None if it is empty."""
    return path_of(text) if text else None
