"""Names of sessions: the same in every replay of a recording, and in no other recording."""

import uuid
from collections.abc import Sequence
from hashlib import sha256

from apsa_perception.model.skeleton import Skeleton

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
