"""The events of a session, and the buffer that brings them into one order.

Topics are delivered independently, so the messages of one frame arrive in any order. What the
coach says must not depend on that: results are held until everything of their stamp is in, then
released stamp by stamp, in a fixed order within the stamp.
"""

from dataclasses import dataclass

from apsa_feedback.stream.session_tracker import NewSession, SessionTracker
from apsa_perception.model.codes import ErrorScope
from apsa_perception.model.results import (
    ErrorSet,
    HoldResult,
    QualityResult,
    RepetitionResult,
    SessionStatus,
)
from apsa_perception.model.skeleton import Skeleton
from apsa_perception.model.time import to_nanoseconds


@dataclass(frozen=True)
class SkeletonFrame:
    """All people detected in one image; empty if nobody was."""

    stamp_ns: int
    skeletons: tuple[Skeleton, ...]
    image_size: tuple[int, int] = (0, 0)


_NEVER = -1
"""Before the first stamp."""

Result = SessionStatus | RepetitionResult | QualityResult | HoldResult | ErrorSet
"""What the assessment publishes."""

OutputEvent = NewSession | Result
"""What outputs receive: the results, and the boundaries between sessions."""

Received = Result | SkeletonFrame
"""What the feedback node receives."""

Event = OutputEvent | SkeletonFrame


@dataclass(frozen=True)
class EventGroup:
    """All events of one stamp in their fixed order."""

    stamp_ns: int
    events: tuple[Event, ...]


def is_live(event: Event) -> bool:
    """Return whether the event is the error set of a frame, the last result of its stamp."""
    return isinstance(event, ErrorSet) and event.scope is ErrorScope.LIVE


class ReorderBuffer:
    """Holds results until a newer frame has been assessed, then releases them stamp by stamp.

    A stamp is complete once the live errors of a newer frame have arrived. Live errors that jump
    back by more than ``restart_s`` mean that the source restarted: everything held is released and
    the order starts again. Any other result that arrives after its stamp was released is dropped
    and counted, except the session, which joins the next stamp: its state must not be lost.

    Args:
        restart_s: backward jump in seconds that counts as a restart.
        max_stamps: maximum number of stamps held; beyond it the oldest are released first, which
            happens only while the assessment publishes nothing.
    """

    def __init__(self, restart_s: float = 1.0, max_stamps: int = 300) -> None:
        self._restart_ns = to_nanoseconds(restart_s)
        self._max_stamps = max_stamps
        self._held: dict[int, list[Received]] = {}
        self._late_sessions: list[SessionStatus] = []
        self._released_ns = _NEVER
        self._newest_live_ns = _NEVER
        self._sessions = SessionTracker()
        self.dropped = 0

    def add(self, event: Received) -> list[EventGroup]:
        """Take one result; return the stamps that are complete now, oldest first."""
        groups: list[EventGroup] = []
        if self._restarted(event):
            groups = self.flush()
            self._released_ns = self._newest_live_ns = _NEVER
        if event.stamp_ns <= self._released_ns:
            if isinstance(event, SessionStatus):
                self._late_sessions.append(event)
            else:
                self.dropped += 1
            return groups
        self._held.setdefault(event.stamp_ns, []).append(event)
        if is_live(event):
            self._newest_live_ns = max(event.stamp_ns, self._newest_live_ns)
        complete = [s for s in self._held if s < self._newest_live_ns]
        surplus = sorted(self._held)[: max(0, len(self._held) - self._max_stamps)]
        return groups + self._release(sorted({*complete, *surplus}))

    def flush(self) -> list[EventGroup]:
        """Release everything held; for the end of the input."""
        return self._release(sorted(self._held))

    def flush_idle(self) -> list[EventGroup]:
        """Release what no later frame will complete: assessed stamps and the session.

        Frames newer than the last live errors stay held: their assessment is still under way.
        """
        ready = [
            stamp
            for stamp, events in self._held.items()
            if stamp <= self._newest_live_ns
            or all(isinstance(event, SessionStatus) for event in events)
        ]
        if not ready and self._late_sessions:
            ready = [max(self._released_ns, 0)]
        return self._release(sorted(ready))

    def _release(self, stamps: list[int]) -> list[EventGroup]:
        groups = []
        for stamp in stamps:
            held = self._held.pop(stamp, [])
            if any(not isinstance(event, SessionStatus) for event in held):
                self._released_ns = max(stamp, self._released_ns)
            events = sorted([*self._late_sessions, *held], key=_rank)
            self._late_sessions = []
            marked = (each for event in events for each in self._sessions.mark(event))
            groups.append(EventGroup(stamp, tuple(marked)))
        return groups

    def _restarted(self, event: Received) -> bool:
        return is_live(event) and event.stamp_ns < self._newest_live_ns - self._restart_ns


def _rank(event: Received) -> tuple[int, int, int]:
    """Order within a stamp: cause before effect, then by person and repetition."""
    match event:
        case SessionStatus():
            return 0, 0, 0
        case SkeletonFrame():
            return 1, 0, 0
        case RepetitionResult() | HoldResult():
            return 2, event.body_id, event.index
        case QualityResult():
            return 3, event.body_id, event.repetition
        case ErrorSet():
            return (5 if is_live(event) else 4), event.body_id, event.repetition
