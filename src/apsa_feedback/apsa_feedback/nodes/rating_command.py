"""The command with which a viewer answers the questions about a set."""

import json
from typing import Any

from apsa_msgs.srv import RateSet

_UNKNOWN = RateSet.Request.UNKNOWN
_INT8 = (-128, 127)


def rating_request(text: str) -> RateSet.Request:
    """Return the request of an answer in JSON.

    Args:
        text: an object with any of ``session_id``, ``pain``, ``effort`` and ``note``; without an
            answer the questions are skipped.

    Raises:
        ValueError: it is something else; one sentence.
    """
    try:
        answer: Any = json.loads(text)
        str(answer.get("note")).encode()  # a lone surrogate fits in no message
        request = RateSet.Request(
            session_id=str(answer.get("session_id") or ""),
            pain=_number(answer, "pain", int),
            effort=_number(answer, "effort", float),
            note=str(answer.get("note") or ""),
        )
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        raise ValueError(
            f"the rating is {text[:80]!r}; expected a JSON object such as "
            '{"pain": 2, "effort": 4.5, "note": "a little stiff"}'
        ) from None
    return request


def _number(answer: dict[str, Any], name: str, kind: type) -> Any:
    """An answer as a number; one that is left out is unknown."""
    value = answer.get(name)
    if value is None:
        return kind(_UNKNOWN)
    if isinstance(value, bool) or not isinstance(value, int | float) or kind(value) != value:
        raise ValueError(name)
    if not _INT8[0] <= value <= _INT8[1]:  # the service refuses what is outside the scale
        raise ValueError(name)
    return kind(value)
