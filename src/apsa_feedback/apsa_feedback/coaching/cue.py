"""A cue: what the coach says."""

from dataclasses import dataclass

from apsa_perception.model.codes import CuePriority, ErrorCode, Side


@dataclass(frozen=True)
class CueResult:
    """One cue (apsa_msgs/Cue)."""

    stamp_ns: int
    id: int
    priority: CuePriority
    key: str
    text: str
    locale: str
    error_code: ErrorCode | None = None
    side: Side = Side.BOTH
    body_id: int = 0
    outputs: tuple[str, ...] = ()
