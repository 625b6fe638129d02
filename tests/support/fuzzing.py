"""Random input for what reads from outside: strategies, and what each reader may answer."""

import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

LIMIT_S = 2.0
"""Processor time of one input that counts as a hang; a busy machine makes it no longer."""

INT32 = st.integers(0, 2**32 - 1)
SMALL_TEXT = st.text(max_size=20)


@dataclass(frozen=True)
class Target:
    """A reader and its input.

    Attributes:
        name: of the reader.
        inputs: strategy of the input.
        check: reads an input; raises what is not an allowed answer.
        close: called at the end.
    """

    name: str
    inputs: st.SearchStrategy[Any]
    check: Callable[[Any], None]
    close: Callable[[], None] = lambda: None

    def timed(self, given: Any) -> float:
        """Check an input; return the seconds of processor time that it took.

        Raises:
            AssertionError: it took more than ``LIMIT_S``.
        """
        began = time.process_time()
        self.check(given)
        elapsed_s = time.process_time() - began
        assert elapsed_s < LIMIT_S, f"took {elapsed_s:.1f} s"
        return elapsed_s


EDITS = ("replace", "insert", "delete", "cut", "repeat", "number")
"""Kinds of changes of bytes."""

_EDITS = st.lists(
    st.tuples(
        st.sampled_from(EDITS),
        st.floats(0.0, 1.0, exclude_max=True),
        st.binary(min_size=1, max_size=8),
    ),
    min_size=1,
    max_size=5,
)
_NUMBERS = (0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, 2**63 - 1, 2**64 - 1)


def edited(data: bytes, edits: list[tuple[str, float, bytes]]) -> bytes:
    """Return bytes with edits at places from 0 to 1."""
    for kind, place, new in edits:
        at = int(place * len(data))
        match kind:
            case "replace":
                data = data[:at] + new + data[at + len(new) :]
            case "insert":
                data = data[:at] + new + data[at:]
            case "delete":
                data = data[:at] + data[at + len(new) :]
            case "cut":
                data = data[:at]
            case "repeat":
                data = data[:at] + data[at : at + 16 * len(new)] + data[at:]
            case "number":
                value = struct.pack("<Q", _NUMBERS[new[0] % len(_NUMBERS)])[: 4 + 4 * (new[-1] & 1)]
                data = data[:at] + value + data[at + len(value) :]
    return data


def damaged(*originals: bytes) -> st.SearchStrategy[bytes]:
    """Files with edits, or arbitrary bytes."""
    edits = st.builds(edited, st.sampled_from(originals), _EDITS)
    return st.one_of(edits, edits, edits, st.binary(max_size=200))


_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    SMALL_TEXT,
    st.sampled_from(["knee_angle", "1e400", "0x1F", "1:30", "010", "2020-02-31", "~", "&a *a"]),
)


def mistaken_yaml(*originals: str) -> st.SearchStrategy[str]:
    """YAML files whose lines are changed, exchanged, indented or removed; or arbitrary text."""
    changes = st.lists(
        st.tuples(
            st.sampled_from(["value", "remove", "twice", "indent", "text", "move"]),
            st.floats(0.0, 1.0, exclude_max=True),
            _SCALARS,
        ),
        min_size=1,
        max_size=4,
    )
    files = st.builds(_changed, st.sampled_from(originals), changes)
    return st.one_of(files, files, files, st.text(max_size=100))


def _changed(text: str, changes: list[tuple[str, float, Any]]) -> str:
    lines = text.splitlines()
    for kind, place, scalar in changes:
        if not lines:
            break
        at = int(place * len(lines))
        line = lines[at]
        match kind:
            case "value":
                lines[at] = f"{line.partition(':')[0]}: {scalar}"
            case "remove":
                del lines[at]
            case "twice":
                lines.insert(at, line)
            case "indent":
                lines[at] = "  " + line
            case "text":
                lines[at] = str(scalar)
            case "move":
                lines.append(lines.pop(at))
    return "\n".join(lines) + "\n"
