"""A programme of squats and arm raises, a figure that does it, and what its session publishes."""

from dataclasses import replace

from apsa_perception.assessment.assessor import Assessor
from apsa_perception.assessment.offline import Run
from apsa_perception.model.codes import SessionState
from apsa_perception.programmes.definition import PlannedSet, Programme
from support.figures import PERIOD_NS, Frames, repeat, squat
from support.runs import assessor

RUNNING, RESTING, CLOSED = SessionState.RUNNING, SessionState.RESTING, SessionState.CLOSED
SQUATS = PlannedSet("squat", "Squat", 1, 1, 2, repetitions=2, rest_s=3.0)
ARMS = PlannedSet("arm_raise", "Arm raise", 2, 1, 1, repetitions=1)
PROGRAMME = Programme("mine", "Mine", "", (SQUATS, replace(SQUATS, set_number=2), ARMS))


def started() -> Assessor:
    one = assessor()
    one.start_programme(PROGRAMME)
    return one


def squats(count: int, after: Frames | None = None, **looks: object) -> Frames:
    start = after[-1][0] + PERIOD_NS if after else PERIOD_NS
    return repeat(lambda stamp, way: [squat(stamp, way, **looks)], count, start_ns=start)


def play(one: Assessor, frames: Frames) -> Run:
    run = Run()
    for stamp, skeletons in frames:
        run.add(one.update(stamp, skeletons))
    return run


def changes(run: Run) -> list[tuple[SessionState, int, int, int]]:
    """State, exercise, set and count, whenever one of the first three changes."""
    found: list[tuple[SessionState, int, int, int]] = []
    for status in run.statuses:
        now = (status.state, status.exercise_number, status.set_number, status.repetitions)
        if not found or found[-1][:3] != now[:3]:
            found.append(now)
    return found
