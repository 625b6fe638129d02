"""A cue: what the coach says."""

from dataclasses import dataclass

from apsa_perception.model.codes import CuePriority, ErrorCode, Side
from apsa_perception.model.results import OfSession


@dataclass(frozen=True)
class CueResult(OfSession):
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
