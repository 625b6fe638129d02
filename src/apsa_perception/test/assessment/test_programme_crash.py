"""A process that crashes in a programme: another one continues in the same set or rest."""

from dataclasses import replace

import pytest

from apsa_perception.assessment.assessor import Assessor
from apsa_perception.assessment.saved_session import SavedSession
from apsa_perception.model.codes import SessionState, SetEnd
from apsa_perception.programmes.definition import Programme
from support.figures import PERIOD_NS, repeat, squat
from support.programme_cases import (
    ARMS,
    RESTING,
    RUNNING,
    SQUATS,
    changes,
    play,
    squats,
    started,
)
from support.runs import assessor


def resumed(one: Assessor) -> Assessor:
    """An assessor that continues the session in another process, as after a crash."""
    other = assessor()
    other.resume(SavedSession.from_json(one.saved().to_json()))
    return other


@pytest.mark.faults
@pytest.mark.parametrize("count", [1, 2])
def test_a_crash_in_a_set_or_a_rest_continues_where_it_was(count: int) -> None:
    one = started()
    play(one, first := squats(count))
    other = resumed(one)
    assert replace(other.status, stamp_ns=one.status.stamp_ns) == one.status
    run = play(other, squats(4 - count, first))
    assert (RUNNING, 1, 2, 0) in changes(run)


@pytest.mark.faults
def test_a_crash_keeps_the_count_of_a_set_and_a_pause_in_a_rest() -> None:
    one = started()
    play(one, first := squats(1))
    other = resumed(one)
    run = play(other, squats(1, first))
    assert changes(run)[-1] == (RESTING, 1, 1, 2)  # the set has two repetitions, one each
    other.pause()
    third = resumed(other)
    assert third.status.state is SessionState.PAUSED
    assert third.start().state is RESTING


@pytest.mark.faults
def test_poor_repetitions_before_and_after_a_crash_end_the_set() -> None:
    one = assessor()
    limited = replace(SQUATS, repetitions=20, poor_in_a_row=3)
    one.start_programme(Programme("mine", "Mine", "", (limited, ARMS)))
    play(one, first := squats(2, knees_over_ankles=0.3))
    other = resumed(one)
    assert replace(other.status, stamp_ns=one.status.stamp_ns) == one.status
    run = play(other, squats(1, first, knees_over_ankles=0.3))
    assert changes(run)[-1] == (RESTING, 1, 1, 3)
    assert run.statuses[-1].set_end is SetEnd.FORM


@pytest.mark.faults
@pytest.mark.parametrize("before_crash", [1, 2])
def test_repetitions_that_become_slow_over_a_crash_end_the_set(before_crash: int) -> None:
    one = assessor()
    limited = replace(SQUATS, repetitions=20, speed_loss=0.3)
    one.start_programme(Programme("mine", "Mine", "", (limited, ARMS)))
    frames = squats(before_crash)
    play(one, frames)
    one = resumed(one)
    for _ in range(2):
        frames = repeat(
            lambda stamp, way: [squat(stamp, way)],
            1,
            movement_s=4.0,
            start_ns=frames[-1][0] + PERIOD_NS,
        )
        run = play(one, frames)
    assert changes(run)[-1] == (RESTING, 1, 1, before_crash + 2)
    end = run.statuses[-1]
    assert end.set_end is SetEnd.FATIGUE
    rest = resumed(one).status
    assert (rest.speed_loss, rest.set_end) == (end.speed_loss, SetEnd.FATIGUE)
    assert end.speed_loss > 0.3


@pytest.mark.faults
@pytest.mark.parametrize(
    "progress", [None, {}, {"repetitions": 1, "poor_in_a_row": 0, "speeds": 3, "scores": []}]
)
def test_a_saved_set_that_cannot_be_used_is_refused(progress: object) -> None:
    saved = started().saved()
    assert saved.plan is not None
    damaged = replace(saved, plan={**saved.plan, "progress": progress})
    with pytest.raises(ValueError, match="it is not a saved programme"):
        assessor().resume(damaged)


@pytest.mark.faults
def test_a_set_that_an_earlier_version_saved_is_continued_at_its_count() -> None:
    one = started()
    play(one, squats(1))
    saved = one.saved()
    assert saved.plan is not None
    earlier = {name: value for name, value in saved.plan.items() if name != "progress"}
    other = assessor()
    other.resume(replace(saved, plan=earlier))
    assert (other.status.set_number, other.status.repetitions) == (1, 1)
    ended = play(other, squats(1, squats(1))).statuses[-1]
    assert (ended.state, ended.repetitions) == (RESTING, 2)
