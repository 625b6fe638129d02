"""Run recorded motion through the rule-based assessment."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

import numpy as np

from apsa_perception.assessment.assessor import Assessor
from apsa_perception.assessment.personal_ranges import PersonalRanges
from apsa_perception.assessment.settings import AssessmentSettings
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import ErrorCode, ErrorScope
from apsa_perception.model.joints import JOINT_COUNT
from apsa_perception.model.results import AssessmentResult, ErrorSet, RepetitionResult
from apsa_perception.model.skeleton import Skeleton
from apsa_training.data.sequences import MotionSequence

Frames = list[tuple[int, list[Skeleton]]]

PERIOD_NS = 40_000_000
_NO_PIXELS = np.full((JOINT_COUNT, 2), np.nan)


@dataclass
class Run:
    """Results of the assessment by kind.

    Attributes:
        repetitions: counted repetitions.
        verdicts: errors of each repetition, in the same order.
        live: errors and measures of each frame.
    """

    repetitions: list[RepetitionResult] = field(default_factory=list)
    verdicts: list[ErrorSet] = field(default_factory=list)
    live: list[ErrorSet] = field(default_factory=list)

    @property
    def codes(self) -> list[set[ErrorCode]]:
        """Errors of each repetition."""
        return [{ErrorCode(error.code) for error in one.errors} for one in self.verdicts]

    def add(self, results: Sequence[AssessmentResult]) -> None:
        """Add the results of a frame."""
        for one in results:
            if isinstance(one, RepetitionResult):
                self.repetitions.append(one)
            elif isinstance(one, ErrorSet):
                (self.live if one.scope is ErrorScope.LIVE else self.verdicts).append(one)


def concatenated(sequences: Sequence[MotionSequence]) -> Frames:
    """Concatenate recordings of single repetitions, as if one person did them in a row."""
    frames: Frames = []
    start_ns = PERIOD_NS
    for one in sequences:
        for i, since_s in enumerate(one.stamps_s):
            stamp = start_ns + int(since_s * 1e9)
            body = Skeleton(
                stamp, 1, one.positions[i], _NO_PIXELS, one.confidence[i], one.observed[i]
            )
            frames.append((stamp, [body]))
        start_ns = frames[-1][0] + PERIOD_NS
    return frames


def assess(
    frames: Frames,
    exercise: str,
    library: ExerciseLibrary,
    ranges: PersonalRanges | None = None,
) -> Run:
    """Assess the frames by the rules of the exercise, without the network."""
    assessor = Assessor(library, AssessmentSettings(), None, ranges)
    assessor.start(exercise)
    run = Run()
    for stamp_ns, people in frames:
        run.add(assessor.update(stamp_ns, people))
    return run


def by_subject(sequences: Sequence[MotionSequence]) -> dict[tuple[str, str], list[MotionSequence]]:
    """Group the sequences by subject and exercise; the order within a group is kept."""
    ordered = sorted(sequences, key=lambda one: (one.subject, one.exercise))
    groups = groupby(ordered, key=lambda one: (one.subject, one.exercise))
    return {key: list(group) for key, group in groups}
