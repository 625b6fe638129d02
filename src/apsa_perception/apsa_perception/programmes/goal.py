"""A goal of the action RunExercise: an exercise or a programme, and when it is done."""

from dataclasses import dataclass

from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import RequestError, RequestErrorCode
from apsa_perception.programmes.definition import LONGEST_S, Programme, single_set
from apsa_perception.programmes.library import ProgrammeLibrary


@dataclass(frozen=True)
class ExerciseGoal:
    """What is asked for (goal of apsa_msgs/RunExercise).

    Attributes:
        exercise: name of the exercise; empty: the one chosen now.
        programme: name of a programme instead.
        repetitions: after which it is done; 0: no such end.
        seconds: after which it is done, of a hold in the position; 0: no such end.
        body_id: the exerciser; 0: as selected now.
    """

    exercise: str = ""
    programme: str = ""
    repetitions: int = 0
    seconds: float = 0.0
    body_id: int = 0


def programme_of(
    goal: ExerciseGoal,
    exercises: ExerciseLibrary,
    programmes: ProgrammeLibrary,
    chosen: str,
    usual_repetitions: int,
) -> Programme:
    """Return what a goal asks for as a programme; that of one exercise has one set.

    Args:
        goal: the goal.
        exercises: the exercises that it can name.
        programmes: the programmes that it can name.
        chosen: name of the exercise for a goal without one; empty: none.
        usual_repetitions: repetitions for a goal without an end; 0: no limit.

    Raises:
        RequestError: there is no such exercise or programme, its file has a mistake, or the values
            are not allowed.
    """
    if not 0.0 <= goal.seconds <= LONGEST_S:
        raise _not_allowed(f"seconds is {goal.seconds:g}; expected 0 to {LONGEST_S:g}")
    if goal.programme:
        if goal.exercise:
            raise _not_allowed(
                f"exercise is {goal.exercise!r} and programme is {goal.programme!r}; "
                "expected one of them"
            )
        if goal.repetitions or goal.seconds:
            raise _not_allowed(
                f"repetitions is {goal.repetitions} and seconds is {goal.seconds:g}; "
                "expected 0 with a programme, whose sets have their own"
            )
        return programmes.get(goal.programme)
    name = goal.exercise or chosen
    if not name:
        raise RequestError(
            RequestErrorCode.NO_EXERCISE, "no exercise is chosen; expected the name of one"
        )
    exercise = exercises.get(name)
    if exercise.hold is not None and goal.repetitions:
        raise _not_allowed(
            f"repetitions is {goal.repetitions}, and {exercise.name!r} is a hold; "
            "expected seconds, the time in the position"
        )
    limited = goal.repetitions or goal.seconds
    return single_set(exercise, goal.repetitions if limited else usual_repetitions, goal.seconds)


def _not_allowed(sentence: str) -> RequestError:
    return RequestError(RequestErrorCode.OUT_OF_RANGE, sentence)
