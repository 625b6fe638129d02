"""What a goal of the action asks for, and what it is refused for."""

import pytest

from apsa_perception.model.codes import RequestError, RequestErrorCode
from apsa_perception.programmes.goal import ExerciseGoal, programme_of
from apsa_perception.programmes.library import ProgrammeLibrary
from support.paths import ROOT
from support.runs import EXERCISES

PROGRAMMES = ProgrammeLibrary.load(EXERCISES, ROOT / "config" / "programmes", None)
Code = RequestErrorCode


@pytest.mark.parametrize(
    ("goal", "planned"),
    [
        (ExerciseGoal("squat", repetitions=5), ("squat", 5, 0.0)),
        (ExerciseGoal("squat", seconds=30.0), ("squat", 0, 30.0)),
        (ExerciseGoal("deadlift"), ("hip_hinge", 8, 0.0)),
        (ExerciseGoal(), ("lunge", 8, 0.0)),
        (ExerciseGoal("wall_sit"), ("wall_sit", 0, 0.0)),
    ],
    ids=["repetitions", "seconds", "alias", "chosen", "hold"],
)
def test_an_exercise_is_a_programme_of_one_set(
    goal: ExerciseGoal, planned: tuple[str, int, float]
) -> None:
    programme = programme_of(goal, EXERCISES, PROGRAMMES, "lunge", 8)
    (only,) = programme.sets
    assert (only.exercise, only.repetitions, only.seconds) == planned
    assert (programme.name, only.exercise_number, only.set_number) == ("", 0, 0)


def test_a_programme_is_that_of_its_file() -> None:
    programme = programme_of(ExerciseGoal(programme="knee"), EXERCISES, PROGRAMMES, "", 8)
    assert programme == PROGRAMMES.get("knee")


@pytest.mark.parametrize(
    ("goal", "code", "sentence"),
    [
        (ExerciseGoal("yoga"), Code.UNKNOWN_EXERCISE, "yoga"),
        (ExerciseGoal(programme="yoga"), Code.UNKNOWN_PROGRAMME, "yoga"),
        (ExerciseGoal(), Code.NO_EXERCISE, "expected the name of one"),
        (ExerciseGoal("squat", "knee"), Code.OUT_OF_RANGE, "expected one of them"),
        (ExerciseGoal(programme="knee", repetitions=3), Code.OUT_OF_RANGE, "expected 0 with"),
        (ExerciseGoal("squat", seconds=float("nan")), Code.OUT_OF_RANGE, "expected 0 to 3600"),
        (ExerciseGoal("squat", seconds=-1.0), Code.OUT_OF_RANGE, "expected 0 to 3600"),
        (ExerciseGoal("wall_sit", repetitions=3), Code.OUT_OF_RANGE, "expected seconds"),
    ],
)
def test_what_cannot_be_done_is_refused(
    goal: ExerciseGoal, code: RequestErrorCode, sentence: str
) -> None:
    with pytest.raises(RequestError, match=sentence) as refused:
        programme_of(goal, EXERCISES, PROGRAMMES, "", 0)
    assert refused.value.code is code
