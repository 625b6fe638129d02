"""Starting, pausing, stopping, choosing: what is allowed and what is said."""

import pytest

from apsa_perception.model.codes import Phase, SessionState
from support.figures import PERIOD_NS, figure, repeat, squat
from support.runs import Run, assess, assessor

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
    assert {status.session_id for status in run.statuses} == {f"squat-{PERIOD_NS}-1"}


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


def test_a_stopped_session_keeps_its_counts_until_the_next_start() -> None:
    one = assessor()
    one.start("squat")
    for stamp, skeletons in SQUATS:
        one.update(stamp, skeletons)
    stopped = one.stop()
    assert (stopped.state, stopped.repetitions) == (SessionState.CLOSED, 2)
    again = one.start()
    assert (again.state, again.repetitions) == (SessionState.RUNNING, 0)
    (status, _) = one.update(SQUATS[-1][0] + PERIOD_NS, [])
    assert status.session_id == f"squat-{SQUATS[-1][0] + PERIOD_NS}-2"  # type: ignore[union-attr]


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
    assert told.session_id == f"arm_raise-{stamp}-2"  # type: ignore[union-attr]


def test_starting_a_running_session_changes_nothing() -> None:
    one = assessor()
    one.start("squat")
    for stamp, skeletons in SQUATS:
        one.update(stamp, skeletons)
    assert one.start("squat").repetitions == 2


def test_what_is_not_allowed_is_refused_in_a_sentence_and_changes_nothing() -> None:
    one = assessor()
    with pytest.raises(ValueError, match="no exercise is chosen"):
        one.start()
    with pytest.raises(ValueError, match=r"no exercise 'swim'; allowed are arm_lift"):
        one.start("swim")
    with pytest.raises(ValueError, match=r"session is idle; allowed is to pause a running one"):
        one.pause()
    with pytest.raises(ValueError, match=r"session is idle; allowed is to stop a running or pau"):
        one.stop()
    one.start("squat")
    with pytest.raises(ValueError, match=r"no exercise 'swim'"):
        one.set_exercise("swim")
    assert one.update(1, [])[0].exercise == "squat"
