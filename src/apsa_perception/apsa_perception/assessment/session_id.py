"""Names of sessions: the same in every replay of a recording, and in no other recording."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from typing import TypedDict, TypeVar

from apsa_perception.model.results import OfSession
from apsa_perception.model.skeleton import Skeleton

R = TypeVar("R", bound=OfSession)

_SESSIONS = uuid.uuid5(uuid.NAMESPACE_DNS, "sessions.apsa_msgs")


def session_id(exercise: str, number: int, stamp_ns: int, people: Sequence[Skeleton]) -> str:
    """Return a UUID of version 5 (RFC 9562), which is computed from a name and not random.

    The name has the joints of the first frame, because the stamps of video files and of simulated
    clocks begin alike in every run.

    Args:
        exercise: name of the exercise.
        number: which session since the node was started, from 1.
        stamp_ns: stamp of the first frame of the session.
        people: everybody in that frame.
    """
    joints = b"".join(each.positions.astype("<f8").tobytes() for each in people)
    name = f"{exercise} {number} {stamp_ns} {sha256(joints).hexdigest()}"
    return str(uuid.uuid5(_SESSIONS, name))


class Identity(TypedDict):
    """The fields of ``OfSession``."""

    session_id: str
    exercise_number: int
    set_number: int


NO_SESSION: Identity = {"session_id": "", "exercise_number": 0, "set_number": 0}


class SessionIdentity:
    """Which session it is, and where in a programme.

    Attributes:
        number: sessions since the node was started, this one included.
        session_id: its name; empty before its first frame.
        programme_run_id: name of the first session of the programme's run; empty: no programme.
    """

    def __init__(self, number: int) -> None:
        self.number = number
        self.session_id = self.programme_run_id = ""
        self._exercise_number = self._set_number = 0
        self._person_changed = False

    def change_person(self) -> None:
        """Note that the next session is another person's, so that it continues no run."""
        self._person_changed = True

    @property
    def fields(self) -> Identity:
        """What each result of the session carries."""
        return {
            "session_id": self.session_id,
            "exercise_number": self._exercise_number,
            "set_number": self._set_number,
        }

    def own(self, result: R) -> R:
        """Return a result with the id and the set of this session."""
        return replace(result, **self.fields)

    def choose(self, exercise_number: int, set_number: int) -> None:
        """Note the place in a programme; 0: there is none."""
        self._exercise_number, self._set_number = exercise_number, set_number
        if not exercise_number:
            self.programme_run_id = ""

    def name(self, exercise: str, stamp_ns: int, people: Sequence[Skeleton]) -> None:
        """Name the session after its first frame; the later ones change nothing."""
        if self.session_id:
            return
        if self._person_changed:
            self.programme_run_id, self._person_changed = "", False
        self.session_id = session_id(exercise, self.number, stamp_ns, people)
        if self._exercise_number and not self.programme_run_id:
            self.programme_run_id = self.session_id
