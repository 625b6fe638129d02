"""What a therapist may change of a session: its names, and how a page asks for it."""

import json
from collections.abc import Mapping
from typing import Any

TARGETS: Mapping[str, type] = {
    "target_repetitions": int,
    "pain_limit": int,
    "wait_until_ready": bool,
    "hand_signal": bool,
    "ask_ratings": bool,
}
"""Parameters that a therapist may change, with the types of their values."""

_LARGEST = 2**31


def targets_of(text: str) -> dict[str, Any]:
    """Return the targets in a JSON object, such as ``{"target_repetitions": 8}``.

    Raises:
        ValueError: it is something else; one sentence.
    """
    try:
        found: dict[str, Any] = dict(json.loads(text).items())
        for name, value in found.items():
            if not -_LARGEST < value < _LARGEST or type(value) is not TARGETS[name]:
                raise ValueError(name)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise ValueError(
            f"the target is {text[:80]!r}; expected a JSON object with any of {', '.join(TARGETS)}"
        ) from None
    return found
