"""A session that follows a programme: sets, rests and requests."""

from dataclasses import replace
from pathlib import Path

import pytest

from apsa_perception.assessment.assessor import Assessor
from apsa_perception.assessment.personal_ranges import PersonalRanges
from apsa_perception.assessment.settings import AssessmentSettings
from apsa_perception.model.codes import (
    HoldState,
    RequestError,
    SessionEvent,
    SessionState,
    SetEnd,
)
from apsa_perception.model.results import HoldResult, SessionStatus
from apsa_perception.programmes.definition import PlannedSet, Programme, with_target
from apsa_perception.programmes.library import ProgrammeLibrary
from support.figures import PERIOD_NS, SECOND_NS, figure, repeat
from support.poses import STANDING, WALL_SIT, through
from support.programme_cases import (
    ARMS,
    CLOSED,
    PROGRAMME,
    RESTING,
    RUNNING,
    SQUATS,
    changes,
    play,
    squats,
    started,
)
from support.runs import EXERCISES, assessor


def test_sets_and_rests_follow_one_another_to_the_end() -> None:
    one = assessor()
    one.start_programme(PROGRAMME)
    frames = squats(5)
    arms = repeat(
        lambda stamp, way: [figure(stamp, arms_deg=(10 + 80 * way, 10 + 80 * way))], 2,
        start_ns=frames[-1][0] + PERIOD_NS,
    )  # fmt: skip
    run = play(one, [*frames, *arms])
    assert changes(run) == [
        (RUNNING, 1, 1, 0),
        (RESTING, 1, 1, 2),
        (RUNNING, 1, 2, 0),
        (RESTING, 1, 2, 2),
        (RUNNING, 2, 1, 0),
        (CLOSED, 2, 1, 1),
    ]
    rest = [status for status in run.statuses if status.state is RESTING][:4]
    assert [status.seconds_left for status in rest] == [3, 2, 1, 3]
    assert (rest[0].event, rest[0].set_end) == (SessionEvent.SET_ENDED, SetEnd.COUNT)
    assert (rest[0].next_exercise, rest[-1].next_title) == ("squat", "Arm raise")
    last = run.statuses[-1]
    assert (last.event, last.next_exercise) == (SessionEvent.PROGRAMME_DONE, "")
    assert [each.index for each in run.repetitions] == [1, 2, 1, 2, 1]
    assert len({status.session_id for status in run.statuses}) == 3
    assert repr(run.results) == repr(play(started(), [*frames, *arms]).results)


def test_a_target_alone_is_a_programme_of_one_set() -> None:
    one = assessor(AssessmentSettings(target_repetitions=2))
    one.start("squat")
    run = play(one, squats(4))
    assert len(run.repetitions) == 2
    last = run.statuses[-1]
    assert (last.state, last.event, last.programme) == (CLOSED, SessionEvent.CLOSED, "")
    assert last.message == "the set is complete: 2 repetitions"
    assert one.start().repetitions == 0


def test_time_ends_a_set_and_a_repetition_past_halfway_counts_where_asked() -> None:
    for unfinished, count in ((False, 1), (True, 2)):
        timed = PlannedSet("squat", "Squat", seconds=5.2, count_unfinished=unfinished)
        one = assessor()
        one.start_programme(Programme("mine", "Mine", "", (timed,)))
        run = play(one, squats(3))
        last = run.statuses[-1]
        assert (last.state, last.repetitions, last.set_end) == (CLOSED, count, SetEnd.TIME)
        assert last.repetitions_judged == 1
        assert [s.seconds_left for s in run.statuses][:3] == [6, 5, 4]


@pytest.mark.faults
@pytest.mark.parametrize("waits", [False, True])
def test_while_the_camera_is_away_no_time_of_a_set_passes_and_its_count_stays(waits: bool) -> None:
    timed = PlannedSet("squat", "Squat", seconds=30.0)
    one = assessor(AssessmentSettings(wait_until_ready=waits))
    one.start_programme(Programme("mine", "Mine", "", (timed,)))
    if waits:
        one.start()  # begin at once
    play(one, first := squats(2))
    before = one.status
    assert (before.state, before.repetitions) == (RUNNING, 2)

    away_ns = first[-1][0] + 600 * SECOND_NS
    standing = repeat(lambda stamp, way: [figure(stamp)], 2, start_ns=away_ns)
    back = play(one, standing)
    if waits:
        first_status = back.statuses[0]
        assert first_status.state is SessionState.PREPARING
        assert first_status.event is SessionEvent.RESUMED
        assert SessionEvent.SET_STARTED in [status.event for status in back.statuses]
    run = play(one, squats(1, standing))
    last = run.statuses[-1]
    assert (last.state, last.repetitions, last.session_id) == (RUNNING, 3, before.session_id)
    assert 0 < last.seconds_left < before.seconds_left


def test_a_pause_stops_the_clock_of_a_rest() -> None:
    one = started()
    play(one, first := squats(2))
    assert one.pause().state is SessionState.PAUSED
    play(one, pause := squats(2, first))
    assert one.start().state is RESTING
    run = play(one, squats(2, pause))
    assert changes(run)[:2] == [(RESTING, 1, 1, 2), (RUNNING, 1, 2, 0)]


def test_sets_are_skipped_and_repeated() -> None:
    one = started()
    assert one.skip_set().state is RESTING
    assert one.repeat_set().set_number == 1
    play(one, squats(1))
    assert (one.status.state, one.status.repetitions) == (RUNNING, 1)
    assert one.repeat_set().repetitions == 0
    for _ in range(4):
        status = one.skip_set()
    assert (status.state, status.exercise) == (RUNNING, "arm_raise")
    assert one.skip_set().event is SessionEvent.PROGRAMME_DONE
    with pytest.raises(RequestError, match="cannot skip a set: no programme is under way"):
        one.skip_set()
    again = one.start()
    assert (again.state, again.exercise, again.set_number) == (RUNNING, "squat", 1)


@pytest.mark.parametrize("stopped", [False, True])
def test_the_last_set_can_be_repeated_after_the_end_in_the_same_run(stopped: bool) -> None:
    one = assessor()
    one.start_programme(Programme("mine", "Mine", "", (SQUATS,)))
    play(one, first := squats(1 if stopped else 3))
    ended = one.stop() if stopped else one.status
    assert (ended.state, ended.repetitions) == (CLOSED, 1 if stopped else 2)
    again = one.repeat_set()
    assert (again.state, again.set_number, again.repetitions) == (RUNNING, 1, 0)
    assert again.event is SessionEvent.SET_STARTED
    run = play(one, squats(3, first))
    last = run.statuses[-1]
    assert (last.state, last.event, last.repetitions) == (CLOSED, SessionEvent.PROGRAMME_DONE, 2)
    assert last.session_id not in ("", ended.session_id)
    assert last.programme_run_id == ended.programme_run_id == ended.session_id


def test_a_set_repeated_by_another_person_is_no_part_of_the_run_before() -> None:
    one = assessor()
    one.start_programme(Programme("mine", "Mine", "", (SQUATS,)))
    play(one, first := squats(3))
    before = one.status
    one.change_person(PersonalRanges())
    assert one.status.programme_run_id == before.programme_run_id
    one.repeat_set()
    after = play(one, squats(3, first)).statuses[-1]
    assert after.programme_run_id == after.session_id != before.session_id


def test_a_set_that_has_ended_waits_for_the_person_and_a_calibration_when_it_is_repeated() -> None:
    one = assessor(AssessmentSettings(wait_until_ready=True))
    one.start_programme(PROGRAMME)
    one.stop()
    assert one.repeat_set().state is SessionState.PREPARING
    one.stop()
    one.calibrate(1.0)
    with pytest.raises(RequestError, match="a calibration is in progress"):
        one.repeat_set()


def test_a_programme_that_has_not_started_has_no_set_to_repeat() -> None:
    one = assessor()
    one.set_programme(PROGRAMME)
    with pytest.raises(RequestError, match="cannot repeat a set: no programme is under way"):
        one.repeat_set()


def test_choosing_an_exercise_leaves_the_programme_also_in_a_rest() -> None:
    one = started()
    one.skip_set()
    status = one.set_exercise("lunge")
    assert (status.state, status.programme, status.exercise) == (RUNNING, "", "lunge")
    with pytest.raises(RequestError, match="no programme is under way"):
        one.repeat_set()


def test_an_edit_of_the_file_takes_effect_at_the_next_start(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    head = "name: mine\ntitle: Mine\ndescription: A test.\nexercises:\n"
    file.write_text(f"{head}  - {{exercise: squat, repetitions: 2}}\n")
    programmes = ProgrammeLibrary(EXERCISES, tmp_path)
    one = Assessor(EXERCISES, AssessmentSettings(), None, programmes=programmes)
    one.start_programme(programmes.get("mine"))
    file.write_text(f"{head}  - {{exercise: lunge, repetitions: 3}}\n")
    play(one, squats(3))
    assert (one.status.state, one.status.repetitions) == (CLOSED, 2)
    again = one.start()
    assert (again.exercise, again.target_repetitions) == ("lunge", 3)
    one.stop()
    file.write_text(f"{head}  - {{exercise: lunge}}\n")
    with pytest.raises(RequestError, match=r"mine.yaml:5: exercises\[0\] needs 'repetitions'"):
        one.start()


def test_another_target_moves_the_limits_of_the_depth() -> None:
    exercise = EXERCISES.get("squat")
    shallow = with_target(exercise, 110.0)
    assert shallow.primary.target == 110.0
    before = [
        rule.limits.first for rule in exercise.repetition_rules if rule.quantity.value == "peak"
    ]
    after = [
        rule.limits.first for rule in shallow.repetition_rules if rule.quantity.value == "peak"
    ]
    assert after == [limit + 110.0 - exercise.primary.target for limit in before]
    assert before


def test_the_time_of_a_set_of_holds_is_that_in_the_position() -> None:
    sit = PlannedSet("wall_sit", "Wall sit", 1, 1, 1, seconds=5.0, rest_s=3.0)
    one = assessor()
    one.start_programme(Programme("mine", "Mine", "", (sit, replace(ARMS, exercise_number=2))))
    down_twice = through(
        (0.0, STANDING),
        (4.0, STANDING),
        (5.0, WALL_SIT),
        (7.0, WALL_SIT),
        (8.0, STANDING),
        (11.0, STANDING),
        (12.0, WALL_SIT),
        (20.0, WALL_SIT),
    )
    run = play(one, down_twice)
    ended = next(status for status in run.statuses if status.event is SessionEvent.SET_ENDED)
    assert ended.set_end is SetEnd.TIME
    assert ended.held_total_s == pytest.approx(5.0, abs=0.05)
    assert ended.holds == 2
    assert ended.message == "the time is over: held for 5 s"
    assert 13.0 < ended.stamp_ns / SECOND_NS < 15.0
    assert {hold.target_s for hold in run.holds} == {5.0}


def test_sets_of_holds_without_rest_end_before_the_next_begins() -> None:
    sit = PlannedSet("wall_sit", "Wall sit", 1, 1, 2, seconds=3.0)
    one = assessor()
    one.start_programme(Programme("mine", "Mine", "", (sit, replace(sit, set_number=2))))
    run = play(one, through((0.0, STANDING), (2.0, STANDING), (3.0, WALL_SIT), (12.0, WALL_SIT)))
    marks = [
        each.state if isinstance(each, HoldResult) else each.event
        for each in run.results
        if (isinstance(each, HoldResult) and each.state is HoldState.ENDED)
        or (isinstance(each, SessionStatus) and each.event is SessionEvent.SET_STARTED)
    ]
    assert marks[:2] == [HoldState.ENDED, SessionEvent.SET_STARTED]
    assert [hold.held_s for hold in run.ended_holds] == pytest.approx([3.0, 3.0], abs=0.1)
    assert run.statuses[-1].event is SessionEvent.PROGRAMME_DONE


def test_skipping_while_the_coach_waits_waits_for_the_next_set_too() -> None:
    one = assessor(AssessmentSettings(wait_until_ready=True))
    one.start_programme(PROGRAMME)
    assert one.status.state is SessionState.PREPARING
    assert one.skip_set().state is RESTING
    assert (one.skip_set().state, one.status.set_number) == (SessionState.PREPARING, 2)


def test_choosing_an_exercise_during_a_calibration_in_a_rest_leaves_the_rest() -> None:
    one = started()
    frames = squats(2)
    play(one, frames)
    assert one.status.state is RESTING
    one.calibrate(1.0)
    one.set_exercise("lunge")
    run = play(
        one, repeat(lambda stamp, way: [figure(stamp)], 2, start_ns=frames[-1][0] + PERIOD_NS)
    )
    assert run.statuses[-1].state is RUNNING
    assert run.statuses[-1].exercise == "lunge"
