"""The state machine of a programme: what ends a set and a rest."""

import math
from dataclasses import replace

import pytest

from apsa_perception.model.codes import Grade, JudgedBy, SetEnd, Side
from apsa_perception.model.results import QualityResult, RepetitionResult
from apsa_perception.programmes.definition import PlannedSet, Programme
from apsa_perception.programmes.run import ProgrammeRun, Stage

SECOND_NS = 1_000_000_000
SQUATS = PlannedSet("squat", "Squat", repetitions=3, rest_s=10.0)


def programme(*sets: PlannedSet) -> Programme:
    return Programme("mine", "Mine", "", sets)


def repetition(duration_s: float) -> RepetitionResult:
    end_ns = round(duration_s * SECOND_NS)
    return RepetitionResult(
        end_ns, 1, "squat", 1, Side.BOTH, 0, end_ns // 2, end_ns, "knee_angle", "deg",
        170.0, 80.0, 90.0, 0.9,
    )  # fmt: skip


def quality(grade: Grade = Grade.GOOD, score: float = math.nan) -> QualityResult:
    return QualityResult(
        0, 1, "squat", 1, 0, 0, JudgedBy.RULES, "rules", "1", score=score, grade=grade
    )


def test_a_count_ends_the_set_and_time_ends_the_rest() -> None:
    run = ProgrammeRun(programme(SQUATS, replace(SQUATS, set_number=2)))
    for _ in range(3):
        assert run.set_end() is SetEnd.NONE
        run.add(repetition(2.0), quality(Grade.GOOD))
    assert run.set_end() is SetEnd.COUNT
    run.end_set()
    assert (run.stage, run.seconds_left) == (Stage.REST, 10)
    for stamp in range(10):
        run.pass_time(stamp * SECOND_NS, counts=True)
        assert not run.rest_is_over()
    assert run.seconds_left == 1
    run.pass_time(10 * SECOND_NS, counts=True)
    assert run.rest_is_over()
    run.begin_next()
    assert (run.current.set_number, run.progress.repetitions) == (2, 0)
    run.end_set()
    assert run.stage is Stage.DONE


def test_time_that_does_not_count_ends_nothing() -> None:
    run = ProgrammeRun(programme(PlannedSet("squat", "Squat", seconds=5.0)))
    for stamp in (0, 2, 4):
        run.pass_time(stamp * SECOND_NS, counts=True)
    run.pass_time(60 * SECOND_NS, counts=False)
    assert (run.set_end(), run.seconds_left) == (SetEnd.NONE, 1)
    run.pass_time(61 * SECOND_NS, counts=True)
    assert run.set_end() is SetEnd.TIME


def test_poor_repetitions_in_a_row_end_the_set() -> None:
    run = ProgrammeRun(programme(PlannedSet("squat", "Squat", repetitions=20, poor_in_a_row=2)))
    for grade in (Grade.POOR, Grade.GOOD, Grade.POOR, Grade.NOT_JUDGED, Grade.POOR):
        run.add(repetition(2.0), quality(grade))
        assert run.set_end() is SetEnd.NONE
    run.add(repetition(2.0), quality(Grade.POOR))
    assert run.set_end() is SetEnd.FORM


@pytest.mark.parametrize(("last_s", "end"), [(2.4, SetEnd.NONE), (3.2, SetEnd.FATIGUE)])
def test_two_repetitions_slower_than_the_fastest_end_the_set(last_s: float, end: SetEnd) -> None:
    run = ProgrammeRun(programme(PlannedSet("squat", "Squat", repetitions=20, speed_loss=0.3)))
    for duration_s in (2.2, 2.0, 3.2, last_s):
        assert run.set_end() is SetEnd.NONE
        run.add(repetition(duration_s), quality(Grade.GOOD))
    assert run.set_end() is end


def test_a_set_tells_how_much_slower_and_worse_it_ends() -> None:
    run = ProgrammeRun(programme(PlannedSet("squat", "Squat", repetitions=20)))
    for duration_s, score in ((2.5, 0.9), (2.0, 0.8), (2.0, math.nan), (2.5, 0.6)):
        assert (run.progress.speed_loss, run.progress.score_change) == (0.0, 0.0)
        run.add(repetition(duration_s), quality(score=score))
    assert run.progress.speed_loss == pytest.approx(1.0 - (1.0 + 0.8) / 2.0)
    assert run.progress.score_change == 0.0
    run.add(repetition(4.0), quality(score=0.4))
    assert run.progress.speed_loss == pytest.approx(1.0 - (0.8 + 0.5) / 2.0)
    assert run.progress.score_change == pytest.approx(0.5 - 0.85)
