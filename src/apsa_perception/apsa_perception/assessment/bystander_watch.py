"""Finds who does the exercise beside somebody who was taken for the exerciser and stands still."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from apsa_perception.assessment.posture_tracker import PostureTracker
from apsa_perception.assessment.settings import AssessmentSettings
from apsa_perception.biomechanics.measures import take_measures
from apsa_perception.exercises.definition import ExerciseDefinition
from apsa_perception.model.codes import Side
from apsa_perception.model.skeleton import Skeleton
from apsa_perception.repetition.segmenter import Segmenter

ENOUGH = 2
"""Repetitions of a bystander that make them the exerciser: one may be a demonstration."""


@dataclass
class _Bystander:
    postures: PostureTracker
    segmenter: Segmenter
    starts_ns: list[int] = field(default_factory=list)


class BystanderWatch:
    """Counts the repetitions of everybody but the exerciser.

    Args:
        exercise: what is done; one with repetitions.
        settings: how much evidence is required.
    """

    def __init__(self, exercise: ExerciseDefinition, settings: AssessmentSettings) -> None:
        self._motion = exercise.primary
        self._settings = settings
        self._people: dict[int, _Bystander] = {}
        self._moved_ns = 0

    def update(self, people: Sequence[Skeleton], exerciser_id: int, moves: bool) -> Skeleton | None:
        """Process a frame; return who is to be the exerciser instead, if anybody.

        Args:
            people: everybody in view.
            exerciser_id: who is taken for the exerciser.
            moves: whether they are on the way through a repetition.
        """
        present = {one.body_id for one in people} - {exerciser_id}
        self._people = {number: one for number, one in self._people.items() if number in present}
        for skeleton in people:
            if moves:
                self._moved_ns = skeleton.stamp_ns
            if skeleton.body_id in present and self._repetitions(skeleton) >= ENOUGH:
                return skeleton
        return None

    def _repetitions(self, skeleton: Skeleton) -> int:
        """Repetitions of a bystander since the exerciser moved."""
        one = self._people.setdefault(
            skeleton.body_id,
            _Bystander(
                PostureTracker(self._settings), Segmenter(self._motion, self._settings.max_gap_s)
            ),
        )
        taken = take_measures(one.postures.posture(skeleton), (self._motion.measure,))
        values = {measure.side: measure.value for measure in taken if measure.judged}
        segment = one.segmenter.update(
            skeleton.stamp_ns,
            values.get(Side.LEFT, math.nan),
            values.get(Side.RIGHT, math.nan),
        )
        if segment is not None:
            one.starts_ns.append(segment.start_ns)
        return sum(start > self._moved_ns for start in one.starts_ns)
