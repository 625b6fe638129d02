"""A session for the report: frames, three repetitions, one with an error."""

from apsa_feedback.stream.events import Event
from apsa_perception.model.codes import Grade, NotJudgedReason, SessionState, Severity, Side
from apsa_perception.model.results import MeasureResult
from support.feedback_cases import error, live, repetition, session


def knees(left: float, right: float) -> tuple[MeasureResult, ...]:
    """The primary measure of both sides."""
    return (
        MeasureResult("knee_angle", left, "deg", Side.LEFT),
        MeasureResult("knee_angle", right, "deg", Side.RIGHT),
    )


def frames(seconds: float) -> list[Event]:
    """A frame each tenth of a second, the knees bending every four seconds."""
    steps = [i / 10 for i in range(1, round(seconds * 10))]
    bent = [170 - 80 * max(0.0, 1 - abs((at % 4) - 3)) for at in steps]
    return [live(at, measures=knees(v, v + 4)) for at, v in zip(steps, bent, strict=True)]  # type: ignore[list-item]


def three_repetitions() -> list[Event]:
    """A good one, a not judged one, and one with an error."""
    difference = (MeasureResult("side_difference", 6.0, "deg"),)
    hidden = NotJudgedReason.JOINTS_HIDDEN
    caved = error(severity=Severity.SEVERE)
    return [
        *repetition(4.0, 1, measures=difference),
        *repetition(8.0, 2, grade=Grade.NOT_JUDGED, reason=hidden, measures=()),
        *repetition(12.0, 3, caved, grade=Grade.FAIR, measures=difference),
    ]


def whole_session(session_id: str = "s1") -> list[Event]:
    """A session from its start to its end."""
    events = sorted([*frames(13.0), *three_repetitions()], key=lambda event: event.stamp_ns)
    start = session(session_id=session_id)
    return [start, *events, session(13.0, SessionState.CLOSED, session_id)]
