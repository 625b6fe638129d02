"""Finds where one session ends and the next begins."""

from dataclasses import dataclass
from typing import TypeVar

from apsa_perception.model.results import SessionStatus

T = TypeVar("T")


@dataclass(frozen=True)
class NewSession:
    """Another session begins: what follows does not belong to the session before."""

    stamp_ns: int


class SessionTracker:
    """Puts a ``NewSession`` before the first status of each session but the very first.

    A session has one exercise. It gets its id with its first frame; until then the id is empty.
    """

    def __init__(self) -> None:
        self._status: SessionStatus | None = None

    def mark(self, event: T) -> tuple[T | NewSession, ...]:
        """Return the event, preceded by a ``NewSession`` if another session begins with it."""
        if not isinstance(event, SessionStatus):
            return (event,)
        before, self._status = self._status, event
        if before is None or not _differ(before, event):
            return (event,)
        return NewSession(event.stamp_ns), event


def _differ(before: SessionStatus, now: SessionStatus) -> bool:
    return before.exercise != now.exercise or before.session_id not in ("", now.session_id)
