"""How a user names a camera device."""

import re

_NAME = re.compile(r"(?:/dev/video)?(\d{1,3})")


def camera_index(text: str) -> int | None:
    """Return the number of the camera that a text names, as ``/dev/video0`` or ``0``; else None."""
    found = _NAME.fullmatch(text)
    return int(found[1]) if found else None
