"""Chooses the movement that a robot shows: the corrected repetition, or a reference."""

import math
from pathlib import Path

from apsa_feedback.outputs.robot import reference
from apsa_feedback.outputs.robot.corrected_repetition import Correction, corrected
from apsa_feedback.outputs.robot.movement import Movement, MovementTrack
from apsa_feedback.outputs.robot.prescribed_movement import prescribed_movement
from apsa_feedback.stream.events import OutputEvent
from apsa_feedback.stream.session_tracker import NewSession
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import ErrorScope
from apsa_perception.model.results import ErrorSet, RepetitionResult
from apsa_perception.model.skeleton import Skeleton

_MIN_RANGE = math.radians(10.0)
"""A movement with smaller ranges is not worth showing."""


class MovementChooser:
    """Follows the session and chooses the movement to show.

    That is the last repetition without its errors, if it had one that this robot can show.
    Otherwise it is the reference: the recorded one if there is one, or what the definition of the
    exercise prescribes.

    Args:
        followed: angles of the person that the robot's joints follow.
        exercises: definitions of the exercises.
        references: folder of recorded references; None: none.
    """

    def __init__(
        self, followed: frozenset[str], exercises: ExerciseLibrary, references: Path | None
    ) -> None:
        self._followed = followed
        self._exercises = exercises
        self._references = references
        self._track = MovementTrack()
        self._body_id = 0
        self._repetition: RepetitionResult | None = None
        self._correction: Correction | None = None

    def add_posture(self, stamp_ns: int, skeleton: Skeleton) -> None:
        """Take a posture of the person."""
        if skeleton.body_id != self._body_id:
            self._track, self._body_id = MovementTrack(), skeleton.body_id
        self._track.add(stamp_ns, skeleton)

    def show_event(self, event: OutputEvent) -> None:
        """Take an event; a repetition comes before its errors."""
        match event:
            case NewSession():
                self._repetition = self._correction = None
            case RepetitionResult():
                self._repetition = event
            case ErrorSet() if event.scope is ErrorScope.REPETITION:
                self._correction = self._correct(event)

    def choose(self, exercise: str) -> tuple[Movement, str]:
        """Return the movement to show, and its description.

        Raises:
            ValueError: the exercise cannot be shown by this robot; one sentence.
        """
        correction = self._correction
        if correction is not None and self._repetition is not None:
            names = ", ".join(code.name.lower() for code in correction.errors)
            return correction.movement, (
                f"repetition {self._repetition.index} of '{exercise}' without {names}"
            )
        recorded = reference.load(self._references, exercise) if self._references else None
        if recorded is not None and self._can_show(recorded):
            return recorded, f"the recorded reference of '{exercise}'"
        if exercise not in self._exercises.names:
            raise ValueError(f"the exercise '{exercise}' is unknown")
        prescribed = prescribed_movement(self._exercises.get(exercise))
        if prescribed is None or not self._can_show(prescribed):
            raise ValueError(f"the exercise '{exercise}' moves no joint that this robot follows")
        return prescribed, f"'{exercise}' as defined"

    def _correct(self, errors: ErrorSet) -> Correction | None:
        last = self._repetition
        if last is None or errors.repetition != last.index:
            return None
        own = self._track.between(last.start_ns, last.end_ns)
        correction = corrected(own, last, errors.errors) if own else None
        if correction is None or not correction.angles & self._followed:
            return None
        return correction

    def _can_show(self, movement: Movement) -> bool:
        return any(movement.range_of(name) > _MIN_RANGE for name in self._followed)
