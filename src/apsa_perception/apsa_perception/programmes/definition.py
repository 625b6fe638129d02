"""Definition of a programme: the sets in the order in which they are done."""

from dataclasses import dataclass, replace

from apsa_perception.exercises.definition import (
    ExerciseDefinition,
    Limits,
    RepetitionQuantity,
    RepetitionRule,
)
from apsa_perception.exercises.tempo import Tempo
from apsa_perception.programmes.one_side import for_side

LONGEST_S = 3600.0
"""Longest time in seconds of a set or a rest."""


@dataclass(frozen=True)
class PlannedSet:
    """One set. All values are plain, so that a saved session can hold the whole programme.

    Attributes:
        exercise: name of the exercise.
        title: its title for people, with the side that is asked for.
        exercise_number: position of the exercise in the programme, from 1; 0: no programme.
        set_number: which set of the exercise, from 1; 0: no programme.
        set_count: how many sets the exercise has.
        repetitions: repetitions that end the set; 0: no limit.
        seconds: time that ends the set, in a hold that in the position; 0: no limit.
        rest_s: rest after the set; the last set of a programme has none.
        tempo: asked for, such as 3-1-2, in seconds out, hold and back; empty: none.
        target: value of the primary measure at the turning point; None: that of the exercise.
        poor_in_a_row: poor repetitions in a row that end the set; 0: never.
        speed_loss: share by which two repetitions in a row are slower than the fastest one of the
            set that ends it; 0: never.
        warm_up: whether it is a warm-up.
        count_unfinished: whether a repetition over halfway out counts when the time is over.
        side: the only side that counts, left or right; empty: those of the exercise.
    """

    exercise: str
    title: str
    exercise_number: int = 1
    set_number: int = 1
    set_count: int = 1
    repetitions: int = 0
    seconds: float = 0.0
    rest_s: float = 0.0
    tempo: str = ""
    target: float | None = None
    poor_in_a_row: int = 0
    speed_loss: float = 0.0
    warm_up: bool = False
    count_unfinished: bool = False
    side: str = ""


@dataclass(frozen=True)
class Programme:
    """Several sets, one after another.

    Attributes:
        name: unique, lower case with underscores; empty: a session of one exercise.
        title: name for people.
        description: one or two sentences for people.
        sets: at least one.
        pain_limit: pain of 0 to 10 at or above which it pauses, 0: none; None: the parameter's.
    """

    name: str
    title: str
    description: str
    sets: tuple[PlannedSet, ...]
    pain_limit: int | None = None

    @property
    def exercise_count(self) -> int:
        """Number of exercises; one that occurs twice counts twice."""
        return self.sets[-1].exercise_number

    def set_at(self, exercise: str, exercise_number: int, set_number: int) -> PlannedSet | None:
        """Return the set with this exercise and these numbers; None if there is none."""
        place = (exercise, exercise_number, set_number)
        return next(
            (s for s in self.sets if (s.exercise, s.exercise_number, s.set_number) == place), None
        )


def single_set(exercise: ExerciseDefinition, repetitions: int, seconds: float = 0.0) -> Programme:
    """Return a session of one exercise as a programme of one set.

    Args:
        exercise: the exercise.
        repetitions: after which the session ends; 0: no such end, and none of a hold.
        seconds: after which it ends, in a hold those in the position; 0: no such end.
    """
    only = PlannedSet(
        exercise.name,
        exercise.title,
        exercise_number=0,
        set_number=0,
        repetitions=target_of(exercise, repetitions),
        seconds=seconds,
    )
    return Programme("", "", "", (only,))


def target_of(exercise: ExerciseDefinition, repetitions: int) -> int:
    """Return after how many repetitions a session of one exercise ends; 0: never, as of a hold."""
    return repetitions if exercise.hold is None else 0


def as_planned(exercise: ExerciseDefinition, plan: PlannedSet) -> ExerciseDefinition:
    """Return the exercise with side, target and tempo of a set; the time of a hold is the set's."""
    exercise = for_side(exercise, plan.side)
    if exercise.hold is not None and plan.seconds:
        return replace(exercise, hold=replace(exercise.hold, target_s=plan.seconds))
    exercise = with_target(exercise, plan.target)
    return replace(exercise, tempo=Tempo.parse(plan.tempo)) if plan.tempo else exercise


def with_target(exercise: ExerciseDefinition, target: float | None) -> ExerciseDefinition:
    """Return the exercise with another target; limits of its turning point move by as much.

    Args:
        exercise: the exercise.
        target: value of the primary measure at the turning point; None: leave it.
    """
    if target is None:
        return exercise
    change = target - exercise.primary.target
    return replace(
        exercise,
        motion=replace(exercise.primary, target=target),
        repetition_rules=tuple(_moved(rule, change) for rule in exercise.repetition_rules),
    )


def _moved(rule: RepetitionRule, change: float) -> RepetitionRule:
    if rule.quantity is not RepetitionQuantity.PEAK:
        return rule
    steps = tuple((severity, limit + change) for severity, limit in rule.limits.steps)
    return replace(rule, limits=Limits(rule.limits.sign, steps))
