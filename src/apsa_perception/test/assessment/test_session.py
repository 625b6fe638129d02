"""Starting, pausing, stopping, choosing: states, counts, events and refusals."""

from collections.abc import Callable

import pytest

from apsa_perception.assessment.offline import Run
from apsa_perception.assessment.personal_ranges import PersonalRanges
from apsa_perception.assessment.session_id import session_id
from apsa_perception.assessment.settings import AssessmentSettings
from apsa_perception.model.codes import (
    ExerciseSide,
    Phase,
    RequestError,
    RequestErrorCode,
    SessionEvent,
    SessionState,
)
from apsa_perception.model.results import ErrorSet
from support.figures import PERIOD_NS, figure, repeat, squat
from support.runs import EXERCISES, assess, assessor

SQUATS = repeat(lambda stamp, way: [squat(stamp, way)], 2)


def test_nothing_is_counted_before_the_start() -> None:
    one, run = assessor(), Run()
    one.set_exercise("squat")
    for stamp, skeletons in SQUATS:
        run.add(one.update(stamp, skeletons))
    assert run.repetitions == []
    assert len(run.live) == len(SQUATS)
    assert {found.phase for found in run.live} == {Phase.UNKNOWN}
    assert run.live[0].measures


def test_without_an_exercise_frames_are_answered_with_nothing() -> None:
    (only,) = assessor().update(1, [figure(1)])
    assert (only.exercise, only.body_id) == ("", 1)  # type: ignore[union-attr]


def test_status_tells_the_counts_once_for_each_change() -> None:
    run = assess(SQUATS, "squat")
    assert [status.repetitions for status in run.statuses] == [0, 1, 2]
    first, last = run.statuses[0], run.statuses[-1]
    assert first.started_ns == SQUATS[0][0]
    assert first.state is SessionState.RUNNING
    assert (last.repetitions_judged, last.repetitions_good) == (2, 2)
    assert (last.exercise, last.title) == ("squat", "Squat")
    assert {status.session_id for status in run.statuses} == {session_id("squat", 1, *SQUATS[0])}


def test_pausing_gives_up_the_repetition_and_starting_goes_on_counting() -> None:
    one, run = assessor(), Run()
    one.start("squat")
    frames = repeat(lambda stamp, way: [squat(stamp, way)], 4)
    middle_of_third = int(8.0e9 / PERIOD_NS)
    for i, (stamp, skeletons) in enumerate(frames):
        if i == middle_of_third:
            assert one.pause().state is SessionState.PAUSED
        if i == middle_of_third + 5:
            assert one.start().state is SessionState.RUNNING
        run.add(one.update(stamp, skeletons))
    assert [repetition.index for repetition in run.repetitions] == [1, 2, 3]
    assert len({status.session_id for status in run.statuses}) == 1


@pytest.mark.parametrize("calibrates", [False, True])
def test_another_exercise_instead_of_a_paused_one_is_a_new_session(calibrates: bool) -> None:
    one, run = assessor(), Run()
    one.start("squat")
    for stamp, skeletons in SQUATS[:50]:
        run.add(one.update(stamp, skeletons))
    one.pause()
    if calibrates:
        one.calibrate()
    started = one.start("lunge")
    assert (started.event, started.message) == (SessionEvent.STARTED, "the session is running")
    for stamp, skeletons in SQUATS[50:]:
        run.add(one.update(stamp, skeletons))
    sessions = {(status.exercise, status.session_id) for status in run.statuses}
    assert sorted(exercise for exercise, _ in sessions) == ["lunge", "squat"]


def test_a_stopped_session_keeps_its_counts_until_the_next_start() -> None:
    one = assessor()
    one.start("squat")
    for stamp, skeletons in SQUATS:
        one.update(stamp, skeletons)
    stopped = one.stop()
    assert (stopped.state, stopped.repetitions) == (SessionState.CLOSED, 2)
    again = one.start()
    assert (again.state, again.repetitions) == (SessionState.RUNNING, 0)
    stamp = SQUATS[-1][0] + PERIOD_NS
    (status, _) = one.update(stamp, [])
    assert status.session_id == session_id("squat", 2, stamp, [])  # type: ignore[union-attr]


def test_choosing_another_exercise_begins_a_new_session() -> None:
    one = assessor()
    one.start("squat")
    for stamp, skeletons in SQUATS:
        one.update(stamp, skeletons)
    status = one.set_exercise("arm_raise")
    assert (status.state, status.repetitions, status.exercise) == (
        SessionState.RUNNING,
        0,
        "arm_raise",
    )
    stamp = SQUATS[-1][0] + PERIOD_NS
    told = one.update(stamp, [])[0]
    assert told.session_id == session_id("arm_raise", 2, stamp, [])  # type: ignore[union-attr]


def test_starting_a_running_session_changes_nothing() -> None:
    one = assessor()
    one.start("squat")
    for stamp, skeletons in SQUATS:
        one.update(stamp, skeletons)
    assert one.start("squat").repetitions == 2


def test_another_name_of_the_exercise_does_not_start_again() -> None:
    (name, alias), *_ = [(each.name, each.aliases[0]) for each in EXERCISES if each.aliases]
    one = assessor()
    one.start(name)
    one.update(PERIOD_NS, [figure(PERIOD_NS)])
    before = one.status
    assert one.start(alias) == before


def test_what_is_not_allowed_is_refused_with_a_code_and_changes_nothing() -> None:
    one = assessor()
    refusals: list[tuple[Callable[[], object], RequestErrorCode, str]] = [
        (one.start, RequestErrorCode.NO_EXERCISE, "no exercise is chosen"),
        (lambda: one.start("swim"), RequestErrorCode.UNKNOWN_EXERCISE, "no exercise 'swim'"),
        (one.pause, RequestErrorCode.SESSION_STATE, "cannot pause: the session is idle"),
        (one.stop, RequestErrorCode.SESSION_STATE, "cannot stop: the session is idle"),
        (
            lambda: one.record_reference("nod", "", 2),
            RequestErrorCode.SESSION_STATE,
            "cannot record: the session is idle, not running or paused",
        ),
    ]
    for request, code, sentence in refusals:
        with pytest.raises(RequestError, match=sentence) as refusal:
            request()
        assert refusal.value.code is code
        assert one.status.event is SessionEvent.NONE
    one.start("squat")
    with pytest.raises(RequestError, match=r"no exercise 'swim'"):
        one.set_exercise("swim")
    assert one.update(1, [])[0].exercise == "squat"


def test_each_request_sets_its_event() -> None:
    one = assessor()
    assert one.status.event is SessionEvent.NONE
    assert one.set_exercise("squat").event is SessionEvent.EXERCISE_CHOSEN
    assert one.start().event is SessionEvent.STARTED
    assert one.pause().event is SessionEvent.PAUSED
    assert one.start().event is SessionEvent.RESUMED
    assert one.start().event is SessionEvent.RESUMED
    assert one.set_exercise("lunge").event is SessionEvent.EXERCISE_CHOSEN
    assert one.stop().event is SessionEvent.CLOSED
    assert one.use_ranges(PersonalRanges()).event is SessionEvent.RANGE_ADOPTED


def test_a_counted_repetition_is_an_event() -> None:
    run = assess(SQUATS, "squat")
    assert [status.event for status in run.statuses] == [
        SessionEvent.STARTED,
        SessionEvent.REPETITION,
        SessionEvent.REPETITION,
    ]


def test_a_movement_of_the_other_side_is_an_event() -> None:
    lifting = repeat(lambda stamp, way: [figure(stamp, arms_deg=(10, 10 + 120 * way))], 2)
    statuses = assess(lifting, "shoulder_abduction_left").statuses
    assert [status.event for status in statuses] == [SessionEvent.STARTED, SessionEvent.OTHER_SIDE]
    assert "your right side moved" in statuses[-1].message


@pytest.mark.parametrize(
    ("exercise", "family", "side"),
    [
        ("elbow_flexion_left", "elbow_flexion", ExerciseSide.LEFT),
        ("elbow_flexion_right", "elbow_flexion", ExerciseSide.RIGHT),
        ("shoulder_abduction", "shoulder_abduction", ExerciseSide.EITHER),
        ("squat", "squat", ExerciseSide.BOTH),
    ],
)
def test_the_session_gives_family_and_side(exercise: str, family: str, side: ExerciseSide) -> None:
    status = assessor().set_exercise(exercise)
    assert (status.exercise_family, status.exercise_side) == (family, side)


def test_settings_can_change_while_the_session_runs() -> None:
    one = assessor()
    one.start("squat")
    one.use_settings(AssessmentSettings(minimum_confidence=1.0, target_repetitions=7))
    assert one.status.target_repetitions == 7
    live = one.update(1, [figure(1)])[-1]
    assert isinstance(live, ErrorSet)
    assert all("not seen" in measure.reason for measure in live.measures)
