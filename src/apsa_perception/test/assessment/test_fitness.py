"""Fitness exercises on constructed postures: counted right, and one error of each reported."""

from dataclasses import replace

import pytest

from apsa_perception.model.codes import NotJudgedReason, Side
from support.fitness import FITNESS
from support.runs import EXERCISES, assess

COUNT = 4


@pytest.mark.parametrize("name", FITNESS)
def test_good_repetitions_are_counted_without_an_error(name: str) -> None:
    done = FITNESS[name]
    run = assess(done.frames(COUNT), name)
    assert [repetition.index for repetition in run.repetitions] == list(range(1, COUNT + 1))
    assert run.codes == [set()] * COUNT
    assert {one.not_judged_reason for one in run.qualities} == {NotJudgedReason.NONE}
    if done.alternating:
        sides = [repetition.side for repetition in run.repetitions]
        assert sides == [Side.LEFT, Side.RIGHT] * (COUNT // 2)


@pytest.mark.parametrize("name", FITNESS)
def test_what_is_done_wrong_is_reported(name: str) -> None:
    done = FITNESS[name]
    run = assess(done.frames(2, wrong=True), name)
    assert len(run.repetitions) == 2
    assert all(done.error in codes for codes in run.codes)


@pytest.mark.parametrize("turn_deg", [-50.0, 45.0])
def test_leg_raises_to_the_side_are_counted_from_an_angle(turn_deg: float) -> None:
    done = replace(FITNESS["standing_hip_abduction"], turn_deg=turn_deg)
    run = assess(done.frames(COUNT), "standing_hip_abduction")
    assert len(run.repetitions) == COUNT
    assert {one.not_judged_reason for one in run.qualities} == {NotJudgedReason.NONE}


def test_every_fitness_exercise_is_known() -> None:
    assert set(FITNESS) <= set(EXERCISES.names)
