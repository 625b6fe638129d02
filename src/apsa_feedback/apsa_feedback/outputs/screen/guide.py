"""How an exercise is done, as the page shows it: a moving figure, a description and the camera."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from apsa_feedback.coaching.cue_book import CueBook
from apsa_perception.biomechanics.view import View
from apsa_perception.exercises.definition import ExerciseDefinition, RepetitionQuantity
from apsa_perception.exercises.figure import Figure
from apsa_perception.model.codes import ExerciseSide
from apsa_perception.model.skeleton import FloatArray

_KEY_POSES = 9
_CALM = 2.0
"""Times the duration below which a repetition is too fast: half of a moderate tempo is fast."""
_SECONDS = 3.0
_VIEWS = (View.FRONTAL, View.OBLIQUE, View.SIDE)


def guide(exercise: ExerciseDefinition, figure: Figure | None, book: CueBook) -> Mapping[str, Any]:
    """Return title, description, camera side and the figure's cycles; no cycles without a figure.

    A cycle is a list of key poses from the start to the turning point, each of them 20 places
    ``[x, y]`` in centimetres, y down. An exercise for either side has one for each side.
    """
    return {
        "title": book.title(exercise.name, exercise.title),
        "description": book.description(exercise.name, exercise.description),
        "camera": [book.words[f"camera_{view.value}"] for view in _VIEWS if view in exercise.views],
        "hold": exercise.hold is not None,
        "seconds": _seconds(exercise),
        **(_drawn(exercise, figure) if figure else {"cycles": [], "props": []}),
    }


def _drawn(exercise: ExerciseDefinition, figure: Figure) -> dict[str, Any]:
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


def _centimetres(places: FloatArray) -> Any:
    return np.rint(100.0 * places).astype(int).tolist()


def _seconds(exercise: ExerciseDefinition) -> float:
    """Seconds of a calm repetition."""
    for rule in exercise.repetition_rules:
        if rule.quantity is RepetitionQuantity.DURATION and rule.limits.sign < 0:
            return max(1.0, _CALM * rule.limits.first)
    return _SECONDS
