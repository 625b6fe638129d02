"""A cue that may be said, before the policy chooses."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from apsa_perception.model.codes import CuePriority, ErrorCode, Severity
from apsa_perception.model.results import ErrorResult

_UNSAFE_WHEN_SEVERE = frozenset(
    {
        ErrorCode.KNEE_VALGUS,
        ErrorCode.TRUNK_LEAN_FORWARD,
        ErrorCode.TRUNK_LEAN_LATERAL,
        ErrorCode.TOO_FAST,
    }
)


@dataclass(frozen=True)
class Candidate:
    """A cue that may be said until ``until_ns``; ``rank`` orders equal priorities."""

    priority: CuePriority
    rank: int
    key: str
    until_ns: int
    repeat_s: float = 0.0
    values: Mapping[str, object] = field(default_factory=dict)
    error: ErrorResult | None = None
    answers_person: bool = False


def error_priority(error: ErrorResult) -> CuePriority:
    """Return the priority of the cue for an error."""
    severe = error.severity is Severity.SEVERE and error.code in _UNSAFE_WHEN_SEVERE
    return CuePriority.SAFETY if severe else CuePriority.FORM
