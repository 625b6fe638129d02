"""Holds from and to apsa_msgs."""

from apsa_msgs.msg import Hold

from apsa_perception.model.codes import HoldState, Side
from apsa_perception.model.results import HoldResult
from apsa_perception.ros.conversion import header, to_ns, to_time


def hold_to_msg(result: HoldResult, frame_id: str) -> Hold:
    """Return a hold as a message."""
    return Hold(
        header=header(result.stamp_ns, frame_id),
        body_id=result.body_id,
        exercise=result.exercise,
        index=result.index,
        side=int(result.side),
        state=int(result.state),
        start=to_time(result.start_ns),
        end=to_time(result.end_ns),
        held=result.held_s,
        missed=result.missed_s,
        best=result.best_s,
        total=result.total_s,
        target=result.target_s,
        measure=result.measure,
        unit=result.unit,
        value=result.value,
        confidence=result.confidence,
        session_id=result.session_id,
        exercise_number=result.exercise_number,
        set_number=result.set_number,
    )


def hold_from_msg(message: Hold) -> HoldResult:
    """Return a hold message as a result."""
    return HoldResult(
        stamp_ns=to_ns(message.header.stamp),
        body_id=message.body_id,
        exercise=message.exercise,
        index=message.index,
        side=Side(message.side),
        state=HoldState(message.state),
        start_ns=to_ns(message.start),
        end_ns=to_ns(message.end),
        held_s=message.held,
        missed_s=message.missed,
        best_s=message.best,
        total_s=message.total,
        target_s=message.target,
        measure=message.measure,
        unit=message.unit,
        value=message.value,
        confidence=message.confidence,
        session_id=message.session_id,
        exercise_number=message.exercise_number,
        set_number=message.set_number,
    )
