"""Waiting at the start: what must be there, the countdown, and runs that do not wait."""

from collections.abc import Callable
from itertools import pairwise

import pytest

from apsa_perception.assessment.assessor import Assessor
from apsa_perception.assessment.offline import Run
from apsa_perception.assessment.saved_session import SavedSession
from apsa_perception.assessment.settings import AssessmentSettings
from apsa_perception.model.codes import Missing, SessionEvent, SessionState
from apsa_perception.model.joints import Joint
from apsa_perception.model.sentences import Sentence
from apsa_perception.model.skeleton import Skeleton
from support.figures import PERIOD_NS, SECOND_NS, Frames, figure, squat
from support.runs import assessor

WAITING = AssessmentSettings(wait_until_ready=True)
FEET = (Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE)


def waiting(exercise: str = "squat") -> Assessor:
    one = assessor(WAITING)
    one.start(exercise)
    return one


def play(
    one: Assessor, make: Callable[[int], list[Skeleton]], seconds: float, start_s: float = 0.0
) -> Run:
    run = Run()
    frames: Frames = [
        (stamp, make(stamp))
        for stamp in range(
            round(start_s * SECOND_NS) + PERIOD_NS,
            round((start_s + seconds) * SECOND_NS),
            PERIOD_NS,
        )
    ]
    for stamp, skeletons in frames:
        run.add(one.update(stamp, skeletons))
    return run


def test_a_person_who_stands_ready_is_counted_down_and_then_coached() -> None:
    one = waiting()
    assert (one.status.state, one.status.event) == (SessionState.PREPARING, SessionEvent.STARTED)
    run = play(one, lambda stamp: [figure(stamp)], 6.0)
    preparing = [s for s in run.statuses if s.state is SessionState.PREPARING]
    assert [s.seconds_left for s in preparing] == [0, 3, 2, 1], "the first names the session"
    assert len({s.session_id for s in run.statuses}) == 1
    last = run.statuses[-1]
    assert (last.state, last.event) == (SessionState.RUNNING, SessionEvent.SET_STARTED)
    assert last.started_ns / SECOND_NS == pytest.approx(3.9, abs=0.2)


def lying_picture(stamp: int) -> list[Skeleton]:
    return [figure(stamp, roll_deg=90.0)]


@pytest.mark.parametrize(
    ("exercise", "make", "missing"),
    [
        ("squat", lambda stamp: [], Missing.PERSON),
        ("squat", lambda s: [figure(s), figure(s, body_id=2, offset_px=200)], Missing.ONE_PERSON),
        ("squat", lying_picture, Missing.UPRIGHT_CAMERA),
        ("squat", lambda s: [figure(s, size=1.9, hidden=FEET)], Missing.WHOLE_BODY),
        ("squat", lambda s: [figure(s, hidden=FEET)], Missing.LIGHT),
        ("squat", lambda s: [figure(s, size=0.35)], Missing.CLOSENESS),
        ("arm_raise", lambda s: [figure(s, turn_deg=90.0)], Missing.FRONT_VIEW),
        ("plank", lambda s: [figure(s)], Missing.SIDE_VIEW),
        ("squat", lambda s: [squat(s, (s / SECOND_NS) % 1.0)], Missing.STILLNESS),
    ],
)
def test_what_is_missing_is_named_until_it_is_there(
    exercise: str, make: Callable[[int], list[Skeleton]], missing: Missing
) -> None:
    run = play(waiting(exercise), make, 6.0)
    assert {status.state for status in run.statuses} == {SessionState.PREPARING}
    assert run.statuses[-1].missing is missing
    assert run.repetitions == []


def test_a_picture_upside_down_is_named_so_until_the_camera_is_turned() -> None:
    one = waiting()
    before = one.status.message
    run = play(one, lambda stamp: [figure(stamp, roll_deg=180.0)], 4.0)
    last = run.statuses[-1]
    assert (last.state, last.missing) == (SessionState.PREPARING, Missing.UPRIGHT_CAMERA)
    assert last.message == Sentence.UPSIDE_DOWN.text()
    assert last.event is SessionEvent.STARTED
    resumed = assessor(WAITING)
    resumed.resume(SavedSession.from_json(one.saved().to_json()))
    assert resumed.status.message == before, "the picture is looked at again"
    run = play(one, lying_picture, 4.0, 4.0)
    assert (run.statuses[-1].missing, run.statuses[-1].message) == (Missing.UPRIGHT_CAMERA, before)
    run = play(one, lambda stamp: [figure(stamp)], 8.0, 8.0)
    messages = [status.message for status in run.statuses]
    assert Sentence.UPSIDE_DOWN.text() not in messages
    assert messages[-1] == "go"


def test_a_small_bystander_does_not_hold_up_the_start() -> None:
    child = {"body_id": 2, "offset_px": 200.0, "size": 0.5}
    run = play(waiting(), lambda s: [figure(s), figure(s, **child)], 6.0)  # type: ignore[arg-type]
    assert run.statuses[-1].state is SessionState.RUNNING


def test_the_countdown_stops_when_the_person_leaves() -> None:
    one = waiting()
    play(one, lambda stamp: [figure(stamp)], 3.0)
    assert one.status.seconds_left in (1, 2)
    gone = play(one, lambda stamp: [], 3.0, 3.0)
    assert (gone.statuses[-1].missing, gone.statuses[-1].seconds_left) == (Missing.PERSON, 0)
    back = play(one, lambda stamp: [figure(stamp)], 6.0, 6.0)
    assert back.statuses[-1].state is SessionState.RUNNING


def test_a_joint_that_flickers_does_not_start_the_countdown_again() -> None:
    one = waiting()
    for cycle in range(5):  # unseen for 0.4 s of every second
        run = play(one, lambda stamp: [figure(stamp)], 0.6, float(cycle))
        if cycle >= 2:
            run = play(one, lambda stamp: [figure(stamp, hidden=FEET)], 0.4, cycle + 0.6)
        else:
            run = play(one, lambda stamp: [figure(stamp)], 0.4, cycle + 0.6)
    assert one.status.state is SessionState.RUNNING
    assert run.statuses == []  # the countdown of second 0.8 ended in time, before this cycle


def test_starting_again_waits_no_longer() -> None:
    one = waiting()
    play(one, lambda stamp: [], 2.0)
    assert one.start().state is SessionState.RUNNING


def test_a_calibration_waits_too_and_a_pause_continues_with_a_countdown() -> None:
    one = waiting()
    one.start()
    play(one, lambda stamp: [figure(stamp)], 2.0)
    one.calibrate(1.0)
    assert one.status.state is SessionState.PREPARING
    run = play(one, lambda stamp: [figure(stamp)], 8.0, 2.0)
    states = [status.state for status in run.statuses]
    assert [a for a, b in pairwise([*states, None]) if a is not b] == [
        SessionState.PREPARING, SessionState.CALIBRATING, SessionState.RUNNING,
    ]  # fmt: skip
    assert run.statuses[-1].calibrated
    one.pause()
    assert one.start().state is SessionState.PREPARING


def test_a_recording_does_not_wait_so_that_no_repetition_is_lost() -> None:
    one = assessor()
    assert one.start("squat").state is SessionState.RUNNING
    assert one.calibrate().state is SessionState.CALIBRATING
