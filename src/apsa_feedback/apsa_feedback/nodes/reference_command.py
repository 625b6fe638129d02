"""The command with which a therapist records a new exercise."""

import json
from typing import Any

from apsa_msgs.srv import RecordReference

_UINT32 = 2**32


def reference_request(text: str) -> RecordReference.Request:
    """Return the request of a recording in JSON.

    Args:
        text: an object with ``name``, and any of ``title`` and ``repetitions``, 0: those of the
            last half minute.

    Raises:
        ValueError: it is something else; one sentence.
    """
    try:
        asked: Any = json.loads(text)
        repetitions = asked.get("repetitions") or 0
        if type(repetitions) is not int or not 0 <= repetitions < _UINT32:
            raise ValueError("repetitions")
        request = RecordReference.Request(
            name=str(asked["name"]),
            title=str(asked.get("title") or ""),
            repetitions=repetitions,
        )
        (request.name + request.title).encode()  # a lone surrogate fits in no message
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise ValueError(
            f"the recording is {text[:80]!r}; expected a JSON object such as "
            '{"name": "my_squat", "title": "My squat", "repetitions": 5}'
        ) from None
    return request
