"""Recorded motion through the assessment, as if it happened now."""

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
from apsa_training.sequences import MotionSequence

Frames = list[tuple[int, list[Skeleton]]]

PERIOD_NS = 40_000_000
_NO_PIXELS = np.full((JOINT_COUNT, 2), np.nan)


@dataclass
class Run:
    """What the assessment said of some frames, by kind."""

    repetitions: list[RepetitionResult] = field(default_factory=list)
    verdicts: list[ErrorSet] = field(default_factory=list)
    live: list[ErrorSet] = field(default_factory=list)

    @property
    def codes(self) -> list[set[ErrorCode]]:
        """Errors of each repetition."""
        return [{ErrorCode(error.code) for error in one.errors} for one in self.verdicts]

    def add(self, results: Sequence[AssessmentResult]) -> None:
        """Take the results of a frame in."""
        for one in results:
            if isinstance(one, RepetitionResult):
                self.repetitions.append(one)
            elif isinstance(one, ErrorSet):
                (self.live if one.scope is ErrorScope.LIVE else self.verdicts).append(one)


def one_after_the_other(sequences: Sequence[MotionSequence]) -> Frames:
    """Frames of recordings of single repetitions, as if done in a row by one person."""
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
    """Judge the frames by the rules of the exercise."""
    assessor = Assessor(library, AssessmentSettings(), None, ranges)
    assessor.start(exercise)
    run = Run()
    for stamp_ns, people in frames:
        run.add(assessor.update(stamp_ns, people))
    return run


def by_subject(sequences: Sequence[MotionSequence]) -> dict[tuple[str, str], list[MotionSequence]]:
    """The sequences of each subject and exercise, in their order."""
    ordered = sorted(sequences, key=lambda one: (one.subject, one.exercise))
    groups = groupby(ordered, key=lambda one: (one.subject, one.exercise))
    return {key: list(group) for key, group in groups}
