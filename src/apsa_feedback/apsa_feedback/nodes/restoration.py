"""The session of a feedback node that crashed, from its journal."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apsa_msgs.msg import Cue, ExerciseErrorArray, ExerciseQuality, Hold, Repetition, Session

from apsa_feedback.coaching.cue import CueResult
from apsa_feedback.nodes.cue_conversion import cue_from_msg
from apsa_feedback.stream.events import OutputEvent, ReorderBuffer, SkeletonFrame
from apsa_feedback.stream.session_tracker import NewSession
from apsa_perception.model.codes import SessionState
from apsa_perception.model.results import SessionStatus
from apsa_perception.ros.hold_conversion import hold_from_msg
from apsa_perception.ros.result_conversion import (
    errors_from_msg,
    quality_from_msg,
    repetition_from_msg,
)
from apsa_perception.ros.session_conversion import session_from_msg

JOURNALED: Mapping[str, type] = {
    "session": Session,
    "repetitions": Repetition,
    "quality": ExerciseQuality,
    "holds": Hold,
    "errors": ExerciseErrorArray,
    "cue": Cue,
}
_CONVERTERS: Mapping[str, Callable[[Any], Any]] = {
    "session": session_from_msg,
    "repetitions": repetition_from_msg,
    "quality": quality_from_msg,
    "holds": hold_from_msg,
    "errors": errors_from_msg,
}


@dataclass(frozen=True)
class PastSession:
    """The last session of a journal.

    Attributes:
        status: its last status; None: there was no session.
        cues: what was said in it.
        shown: results and cues in the order in which outputs got them; empty once it has ended.
    """

    status: SessionStatus | None
    cues: tuple[CueResult, ...]
    shown: tuple[OutputEvent | CueResult, ...]


def restore_session(past: Sequence[tuple[str, Any]], buffer: ReorderBuffer) -> PastSession:
    """Return the last session of a journal.

    Args:
        past: topic and message of each entry.
        buffer: an unused buffer, which continues after the entries.
    """
    cues = [cue_from_msg(message) for topic, message in past if topic == "cue"]
    groups = []
    for topic, message in past:
        if topic != "cue":
            groups += buffer.add(_CONVERTERS[topic](message))
    groups += buffer.flush()
    events = [
        each for group in groups for each in group.events if not isinstance(each, SkeletonFrame)
    ]
    begins = max((i for i, each in enumerate(events) if isinstance(each, NewSession)), default=0)
    events = events[begins:]
    if events:
        cues = [cue for cue in cues if cue.stamp_ns >= events[0].stamp_ns]
    status = next((each for each in reversed(events) if isinstance(each, SessionStatus)), None)
    closed = status is not None and status.state is SessionState.CLOSED
    # The sort is stable: a cue follows the results of its stamp.
    shown = sorted([*events, *cues], key=lambda each: each.stamp_ns)
    return PastSession(status, tuple(cues), () if closed else tuple(shown))
