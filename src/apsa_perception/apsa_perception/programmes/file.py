"""One programme file: reading, with the line of every mistake."""

from pathlib import Path

from apsa_perception.exercises.definition import ExerciseDefinition
from apsa_perception.exercises.file import is_name
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.exercises.tempo import Tempo
from apsa_perception.model.codes import ExerciseSide
from apsa_perception.model.yaml_reader import Reader, read_yaml
from apsa_perception.programmes.definition import LONGEST_S, PlannedSet, Programme
from apsa_perception.programmes.one_side import SIDES, sided_title
from apsa_perception.repetition.primary_motion import PrimaryMotion

_MOST_SETS = 100
_TARGET_SHARES = (0.1, 2.0)
"""Allowed way from the limit of rest to another target, as shares of that of the exercise."""


def load_programme(path: Path, exercises: ExerciseLibrary) -> Programme:
    """Load one programme file.

    Args:
        path: the file.
        exercises: the exercises that a programme can have.

    Raises:
        ValueError: the file has a mistake; the message gives file, line, key and what is expected.
    """
    if not is_name(path.stem):
        raise ValueError(
            f"{path.name} is not allowed as the name of a programme file; expected a small letter, "
            "then small letters, digits and underscores, such as knee_week_1.yaml"
        )
    reader = read_yaml(path)
    name = reader.text("name")
    if name != path.stem:
        raise reader.refuse("name", f"the name of the file, {path.stem!r}")
    title, description = reader.text("title"), reader.text("description")
    rest_s = reader.number("rest", 0.0, LONGEST_S, 0.0)
    pain_limit = reader.integer("pain_limit", 0, 10) if reader.has("pain_limit") else None
    entries = reader.inner_list("exercises")
    if not entries:
        raise reader.mistake("the key 'exercises' needs a list of at least one", "exercises")
    reader.finish()
    sets: list[PlannedSet] = []
    for number, entry in enumerate(entries, 1):
        sets += _sets(entry, number, rest_s, exercises)
        if len(sets) > _MOST_SETS:
            raise entry.needs(f"fewer sets: a programme has at most {_MOST_SETS}")
    return Programme(name, title, description, tuple(sets), pain_limit)


def _sets(
    entry: Reader, number: int, rest_s: float, exercises: ExerciseLibrary
) -> list[PlannedSet]:
    """The sets of one exercise in their order: each set is done for every side in turn."""
    name = entry.text("exercise")
    chosen = _for_each_side(entry, name, exercises)
    first, _ = chosen[0]
    if first.hold is not None:
        _refuse_for_hold(entry, name)
    set_count = entry.integer("sets", 1, 20, 1)
    if not (entry.has("repetitions") or entry.has("seconds")):
        raise entry.needs("'repetitions' or 'seconds'")
    repetitions = entry.integer("repetitions", 1, 1000) if entry.has("repetitions") else 0
    seconds = entry.number("seconds", 1.0, LONGEST_S) if entry.has("seconds") else 0.0
    rest_s = entry.number("rest", 0.0, LONGEST_S, rest_s)
    tempo = entry.text("tempo") if entry.has("tempo") else ""
    if tempo:
        try:
            Tempo.parse(tempo)
        except ValueError:
            raise entry.refuse("tempo", "seconds out, hold and back, such as 3-1-2") from None
    target = _target(entry, first.primary) if entry.has("target") else None
    poor_in_a_row, speed_loss = 0, 0.0
    if entry.has("stop_at"):
        stop_at = entry.inner("stop_at")
        poor_in_a_row = (
            stop_at.integer("poor_in_a_row", 1, 20) if stop_at.has("poor_in_a_row") else 0
        )
        speed_loss = stop_at.number("speed_loss", 0.05, 0.9) if stop_at.has("speed_loss") else 0.0
        stop_at.finish()
    warm_up = entry.flag("warm_up", False)
    count_unfinished = entry.flag("count_unfinished", False)
    if count_unfinished and not seconds:
        raise entry.needs("'seconds' with 'count_unfinished'")
    entry.finish()
    return [
        PlannedSet(
            exercise=exercise.name,
            title=sided_title(exercise.title, side),
            exercise_number=number,
            set_number=set_number,
            set_count=set_count,
            repetitions=repetitions,
            seconds=seconds,
            rest_s=rest_s,
            tempo=tempo,
            target=target,
            poor_in_a_row=poor_in_a_row,
            speed_loss=speed_loss,
            warm_up=warm_up,
            count_unfinished=count_unfinished,
            side=side,
        )
        for set_number in range(1, set_count + 1)
        for exercise, side in chosen
    ]


def _refuse_for_hold(entry: Reader, name: str) -> None:
    """Refuse what only an exercise with repetitions has."""
    for key in ("repetitions", "tempo", "target", "stop_at", "count_unfinished"):
        if entry.has(key):
            raise entry.mistake(
                f"{entry.key_path(key)} needs an exercise with repetitions, and {name!r} is a "
                "hold; expected 'seconds', the time in the position",
                key,
            )


def _target(entry: Reader, motion: PrimaryMotion) -> float:
    usual = motion.target - motion.rest_limit
    nearest, farthest = (motion.rest_limit + share * usual for share in _TARGET_SHARES)
    return entry.number("target", min(nearest, farthest), max(nearest, farthest))


def _for_each_side(
    entry: Reader, name: str, exercises: ExerciseLibrary
) -> list[tuple[ExerciseDefinition, str]]:
    """The exercise and the side to ask of it, once for each side in the order of the file.

    An exercise with a file for each side has no side to ask for.
    """
    if not entry.has("sides"):
        return [(_known(entry, name, exercises), "")]
    sides = entry.choices("sides", {side: side for side in SIDES})
    names = [f"{name}_{side}" for side in sides]
    if all(exercises.has(each) for each in names):
        return [(exercises.get(each), "") for each in names]
    exercise = _known(entry, name, exercises)
    if exercise.side is ExerciseSide.EITHER:
        return [(exercise, side) for side in sides]
    pairs = [each.removesuffix("_left") for each in exercises.names if each.endswith("_left")]
    either = [each.name for each in exercises if each.side is ExerciseSide.EITHER]
    raise entry.mistake(
        f"{entry.key_path('sides')} needs an exercise that one side can do, and {name!r} is for "
        f"{exercise.side.name.lower()}; expected one of {', '.join(sorted({*pairs, *either}))}",
        "sides",
    )


def _known(entry: Reader, name: str, exercises: ExerciseLibrary) -> ExerciseDefinition:
    if not exercises.has(name):
        raise entry.unknown("exercise", exercises.names, "docs/exercises.md")
    return exercises.get(name)
