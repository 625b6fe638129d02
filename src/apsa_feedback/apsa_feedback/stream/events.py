"""Brings results that arrive over several topics back into one order.

Topics are delivered independently, so the messages of one frame arrive in any order. What the
coach says must not depend on that: results are held until everything of their stamp is in, then
handed on stamp by stamp, in a fixed order within the stamp.
"""

from dataclasses import dataclass

from apsa_perception.model.codes import ErrorScope
from apsa_perception.model.results import ErrorSet, QualityResult, RepetitionResult, SessionStatus
from apsa_perception.model.skeleton import Skeleton


@dataclass(frozen=True)
class SkeletonFrame:
    """Everybody found in one image; empty when nobody was."""

    stamp_ns: int
    skeletons: tuple[Skeleton, ...]
    image_size: tuple[int, int] = (0, 0)


_NEVER = -1
"""Before the first stamp."""

Event = SessionStatus | RepetitionResult | QualityResult | ErrorSet | SkeletonFrame


@dataclass(frozen=True)
class EventGroup:
    """All results of one stamp in their fixed order."""

    stamp_ns: int
    events: tuple[Event, ...]


def is_live(event: Event) -> bool:
    """Whether the event is the error set of a frame, the last result made for its stamp."""
    return isinstance(event, ErrorSet) and event.scope is ErrorScope.LIVE


def ends_session(before: SessionStatus | None, now: SessionStatus) -> bool:
    """Whether a state belongs to another session than the one before it.

    A session has one exercise. It gets its id with its first frame; until then the id is empty.
    """
    if before is None:
        return False
    return before.exercise != now.exercise or before.session_id not in ("", now.session_id)


class ReorderBuffer:
    """Holds results until a newer frame has been judged, then releases them stamp by stamp.

    A stamp is complete once the live errors of a newer frame are here. Live errors that jump back
    by more than ``restart_s`` are a source that started again: what is held is released and the
    order starts anew. Anything else that comes after its stamp was released is dropped and
    counted, except the session, which joins the next stamp: its state must not be lost.

    Args:
        restart_s: seconds of a backward jump that count as a new start.
        max_stamps: stamps held at most; the oldest go first when the assessment is silent.
    """

    def __init__(self, restart_s: float = 1.0, max_stamps: int = 300) -> None:
        self._restart_ns = round(restart_s * 1e9)
        self._max_stamps = max_stamps
        self._held: dict[int, list[Event]] = {}
        self._late_sessions: list[Event] = []
        self._released_ns = _NEVER
        self._newest_live_ns = _NEVER
        self.dropped = 0

    def add(self, event: Event) -> list[EventGroup]:
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
        """Release everything held, at the end of the input."""
        return self._release(sorted(self._held))

    def flush_idle(self) -> list[EventGroup]:
        """Release what waits in vain while no frames come: judged stamps and the session.

        Frames newer than the last live errors stay: their assessment is still under way.
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
            events = [*self._late_sessions, *held]
            self._late_sessions = []
            groups.append(EventGroup(stamp, tuple(sorted(events, key=_rank))))
        return groups

    def _restarted(self, event: Event) -> bool:
        return is_live(event) and event.stamp_ns < self._newest_live_ns - self._restart_ns


def _rank(event: Event) -> tuple[int, int, int]:
    """Order within a stamp: cause before effect, then by person and repetition."""
    match event:
        case SessionStatus():
            return 0, 0, 0
        case SkeletonFrame():
            return 1, 0, 0
        case RepetitionResult():
            return 2, event.body_id, event.index
        case QualityResult():
            return 3, event.body_id, event.repetition
        case ErrorSet():
            return (5 if is_live(event) else 4), event.body_id, event.repetition
