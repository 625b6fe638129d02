"""Every result names its session and set, so that nothing is joined by the order of arrival."""

import uuid
from dataclasses import replace

from apsa_perception.assessment.assessor import Assessor
from apsa_perception.assessment.offline import Run
from apsa_perception.assessment.settings import AssessmentSettings
from apsa_perception.model.codes import HoldState
from apsa_perception.model.results import SessionStatus
from apsa_perception.programmes.definition import PlannedSet, Programme
from support.figures import PERIOD_NS, Frames, figure, repeat, squat
from support.poses import STANDING, WALL_SIT, through
from support.runs import EXERCISES, assess, assessor

SQUATS = PlannedSet("squat", "Squat", 1, 1, 2, repetitions=2, rest_s=1.0)
PROGRAMME = Programme("mine", "Mine", "", (SQUATS, replace(SQUATS, set_number=2, rest_s=0.0)))


def squats(count: int, start_ns: int = PERIOD_NS) -> Frames:
    return repeat(lambda stamp, way: [squat(stamp, way)], count, start_ns=start_ns)


def play(one: Assessor, frames: Frames) -> Run:
    run = Run()
    for stamp, skeletons in frames:
        run.add(one.update(stamp, skeletons))
    return run


def test_each_result_of_a_programme_names_its_session_its_set_and_the_run() -> None:
    one = assessor()
    one.start_programme(PROGRAMME)
    run = play(one, squats(5))
    first, second = dict.fromkeys(status.session_id for status in run.statuses)
    keys = [(r.session_id, r.exercise_number, r.set_number, r.index) for r in run.repetitions]
    assert keys == [(first, 1, 1, 1), (first, 1, 1, 2), (second, 1, 2, 1), (second, 1, 2, 2)]
    for judged in (run.qualities, run.verdicts):
        found = [(r.session_id, r.exercise_number, r.set_number, r.repetition) for r in judged]
        assert found == keys
    assert {status.programme_run_id for status in run.statuses} == {first}


def test_a_set_that_is_repeated_is_another_session() -> None:
    one = assessor()
    one.start_programme(PROGRAMME)
    frames = squats(2)
    before = play(one, frames[:-10])
    one.repeat_set()
    after = play(one, squats(2, frames[-10][0]))
    ids = {(each.session_id, each.index) for run in (before, after) for each in run.repetitions}
    assert len(ids) == len(before.repetitions) + len(after.repetitions) > 2
    assert {each.set_number for each in after.repetitions} == {1}


def test_a_replay_has_the_same_ids_and_another_recording_or_exercise_has_others() -> None:
    def session(frames: Frames, exercise: str = "squat") -> str:
        (found,) = {each.session_id for each in assess(frames, exercise).live}
        return found

    frames = squats(1)
    other = [(stamp, [replace(people[0], positions=1.01 * people[0].positions)])
             for stamp, people in frames]  # fmt: skip
    found = session(frames)
    assert uuid.UUID(found).version == 5
    assert session(frames) == found
    assert len({found, session(other), session(frames, "lunge")}) == 3


def test_after_a_clock_that_was_set_back_the_ids_are_new() -> None:
    first, again = assessor(), Assessor(EXERCISES, AssessmentSettings(), None, sessions=1)
    ids = set()
    for one in (first, again):
        one.start("squat")
        ids |= {each.session_id for each in play(one, squats(1)).live}
    assert len(ids) == 2


def test_frames_outside_of_a_session_have_none() -> None:
    one = assessor()
    one.set_exercise("squat")
    one.update(1, [figure(1)])
    one.start()
    one.update(2, [figure(2)])
    one.stop()
    live = play(one, [(3, [figure(3)])]).live
    assert [each.session_id for each in live] == [""]
    assert one.status.session_id


def test_a_hold_that_another_exercise_ends_belongs_to_its_own_session() -> None:
    one = assessor()
    one.start("wall_sit")
    frames = through((0.0, STANDING), (2.0, STANDING), (3.0, WALL_SIT), (9.0, WALL_SIT))
    run = play(one, frames)
    one.set_exercise("squat")
    ended, *_ = one.take_interrupted()
    status, *_ = one.update(frames[-1][0] + PERIOD_NS, frames[-1][1])
    assert ended.state is HoldState.ENDED  # type: ignore[union-attr]
    assert ended.session_id == run.holds[0].session_id != ""
    assert isinstance(status, SessionStatus)
    assert status.session_id not in ("", ended.session_id)


def test_a_session_that_is_continued_keeps_its_id_set_and_run() -> None:
    one, other = assessor(), assessor()
    one.start_programme(PROGRAMME)
    frames = squats(4)
    play(one, frames[:-40])
    other.resume(one.saved())
    assert other.status.programme_run_id == one.status.programme_run_id != ""
    (before,), (after,) = (play(each, frames[-40:-39]).live for each in (one, other))
    assert (after.session_id, after.set_number) == (before.session_id, before.set_number)
    assert after.set_number == 2
