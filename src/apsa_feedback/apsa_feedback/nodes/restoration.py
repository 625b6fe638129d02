"""The session of a feedback node that crashed, from its journal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apsa_msgs.msg import Cue

from apsa_feedback.coaching.cue import CueResult
from apsa_feedback.nodes.cue_conversion import cue_from_msg
from apsa_feedback.nodes.result_topics import RESULT_TOPICS
from apsa_feedback.stream.events import OutputEvent, ReorderBuffer, SkeletonFrame
from apsa_feedback.stream.session_tracker import NewSession
from apsa_perception.model.codes import SessionState
from apsa_perception.model.results import SessionStatus

JOURNALED: Mapping[str, type] = {
    **{topic: kind for topic, (kind, _) in RESULT_TOPICS.items()},
    "cue": Cue,
}
"""Types of the messages that a journal keeps, by topic."""


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
            _, convert = RESULT_TOPICS[topic]
            groups += buffer.add(convert(message))
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
