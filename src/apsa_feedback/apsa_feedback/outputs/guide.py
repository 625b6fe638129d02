"""How an exercise is done, for page and report: a figure, a description and the camera."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from apsa_feedback.coaching.cue_book import CueBook
from apsa_feedback.coaching.cue_keys import REFUSED
from apsa_feedback.coaching.translation import translated
from apsa_perception.biomechanics.view import View
from apsa_perception.exercises.auto import AUTO, AUTO_EXERCISE
from apsa_perception.exercises.definition import ExerciseDefinition, RepetitionQuantity
from apsa_perception.exercises.figure import Figure
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.exercises.region import AUTO_GROUP, OWN, region_of
from apsa_perception.model.codes import ExerciseSide, RequestErrorCode
from apsa_perception.model.skeleton import FloatArray

_KEY_POSES = 9
_CALM = 2.0
"""Times the duration below which a repetition is too fast: half of a moderate tempo is fast."""
_SECONDS = 3.0
_VIEWS = (View.FRONTAL, View.OBLIQUE, View.SIDE)


class Guides:
    """How the exercises of a library are done.

    Args:
        exercises: the library; None: no exercise is known.
    """

    def __init__(self, exercises: ExerciseLibrary | None) -> None:
        self._exercises = exercises

    def of(self, name: str, book: CueBook) -> Mapping[str, Any] | None:
        """Return how an exercise is done, as ``guide`` does; None for an unknown one."""
        exercise = self._exercises.known(name) if self._exercises else None
        exercise = AUTO_EXERCISE if name == AUTO else exercise
        return None if exercise is None else guide(exercise, book)

    def pictures(self, book: CueBook) -> list[dict[str, Any]]:
        """Return what is needed to choose among all exercises, the one to recognise first.

        Each has name, title, group and words to search, and as ``bodies`` its start and its
        turning point; none without a figure. A file of the user that cannot be used has
        ``reason`` and ``detail``: what is wrong in general, and where.
        """
        if self._exercises is None:
            return []
        groups, mistakes = self.groups(), self._exercises.mistakes
        return [
            {
                "name": each.name,
                "title": book.title(each.name, each.title),
                "group": groups.get(each.name, AUTO_GROUP),
                "words": _searched(each, book),
                **_still(each.figure),
            }
            for each in (AUTO_EXERCISE, *self._exercises)
            if each.name not in mistakes
        ] + [_unusable(name, detail, book) for name, detail in mistakes.items()]

    def groups(self) -> dict[str, str]:
        """Return the group of each exercise by its name, but of the one to recognise."""
        exercises = self._exercises
        own = exercises.own_names if exercises else ()
        return {each.name: OWN if each.name in own else region_of(each) for each in exercises or ()}


def guide(exercise: ExerciseDefinition, book: CueBook) -> Mapping[str, Any]:
    """Return title, description, camera side and the figure's cycles; no cycles without a figure.

    A cycle is a list of key poses from the start to the turning point, each of them 20 places
    ``[x, y]`` in centimetres, y down. An exercise for either side has one for each side.
    """
    return {
        "title": book.title(exercise.name, exercise.title),
        "description": _description(exercise, book),
        "camera": [book.words[f"camera_{view.value}"] for view in _VIEWS if view in exercise.views],
        "hold": exercise.hold is not None,
        "seconds": _seconds(exercise),
        **(_drawn(exercise, exercise.figure) if exercise.figure else {"cycles": [], "props": []}),
    }


def _drawn(exercise: ExerciseDefinition, figure: Figure[Any]) -> dict[str, Any]:
    figures = [figure]
    alternates = exercise.side is ExerciseSide.EITHER and figure != figure.mirrored()
    if alternates:
        figures.append(figure.mirrored())
    bodies = [each.bodies(_KEY_POSES) for each in figures]
    return {
        "turned": figure.turned_deg,
        "cycles": [_centimetres(figure.seen(each)) for each in bodies],
        "props": [_centimetres(figure.seen(line)) for line in figure.prop_lines(bodies[0])],
    }


def mistake(name: str, detail: str, code: RequestErrorCode, book: CueBook) -> dict[str, str]:
    """Return what is wrong with a file of the user: in general, and where, in English."""
    return {"name": name, "reason": book.words[REFUSED + code.name.lower()], "detail": detail}


def _unusable(name: str, detail: str, book: CueBook) -> dict[str, Any]:
    """An exercise whose file has a mistake: shown, so that its author finds out."""
    shown = mistake(name, detail, RequestErrorCode.EXERCISE_FILE, book)
    words = f"{shown['reason']} {detail}"
    return {**shown, "title": name, "group": OWN, "words": words, **_still(None)}


def _searched(exercise: ExerciseDefinition, book: CueBook) -> str:
    """What a search finds an exercise by, beside its title and group."""
    names = [name.replace("_", " ") for name in (exercise.name, *exercise.other_names)]
    return " ".join((*names, _description(exercise, book)))


def _description(exercise: ExerciseDefinition, book: CueBook) -> str:
    """How it is done; that of a recorded exercise is translated unless somebody has edited it."""
    return book.description(exercise.name, translated(exercise.description, book).text)


def _still(figure: Figure[Any] | None) -> dict[str, Any]:
    """Start and turning point of a figure, and its prop."""
    if figure is None:
        return {"bodies": [], "props": [], "turned": 0}
    bodies = figure.bodies(2)
    return {
        "bodies": _centimetres(figure.seen(bodies)),
        "props": [_centimetres(figure.seen(line)) for line in figure.prop_lines(bodies)],
        "turned": figure.turned_deg,
    }


def _centimetres(places: FloatArray) -> Any:
    return np.rint(100.0 * places).astype(int).tolist()


def _seconds(exercise: ExerciseDefinition) -> float:
    """Seconds of a calm repetition."""
    for rule in exercise.repetition_rules:
        if rule.quantity is RepetitionQuantity.DURATION and rule.limits.sign < 0:
            return max(1.0, _CALM * rule.limits.first)
    return _SECONDS
