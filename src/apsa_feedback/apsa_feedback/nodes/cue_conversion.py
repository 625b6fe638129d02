"""Cues from and to apsa_msgs."""

from apsa_msgs.msg import Cue

from apsa_feedback.coaching.cue import CueResult
from apsa_perception.model.codes import CuePriority, ErrorCode, Side
from apsa_perception.ros.conversion import header, to_ns


def cue_to_msg(cue: CueResult, frame_id: str) -> Cue:
    """Return a cue as a message; the frame is that of the images it follows from."""
    return Cue(
        header=header(cue.stamp_ns, frame_id),
        id=cue.id,
        priority=int(cue.priority),
        key=cue.key,
        text=cue.text,
        locale=cue.locale,
        error_code=0 if cue.error_code is None else int(cue.error_code),
        side=int(cue.side),
        body_id=cue.body_id,
        outputs=list(cue.outputs),
        session_id=cue.session_id,
        exercise_number=cue.exercise_number,
        set_number=cue.set_number,
    )


def cue_from_msg(message: Cue) -> CueResult:
    """Return a cue message as a result."""
    return CueResult(
        stamp_ns=to_ns(message.header.stamp),
        id=message.id,
        priority=CuePriority(message.priority),
        key=message.key,
        text=message.text,
        locale=message.locale,
        error_code=ErrorCode(message.error_code) if message.error_code else None,
        side=Side(message.side),
        body_id=message.body_id,
        outputs=tuple(message.outputs),
        session_id=message.session_id,
        exercise_number=message.exercise_number,
        set_number=message.set_number,
    )
