"""Runs the assessment over frames and sorts what it says."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from apsa_perception.assessment.assessor import Assessor
from apsa_perception.assessment.quality import QualityModel
from apsa_perception.assessment.settings import AssessmentSettings
from apsa_perception.model.codes import ErrorCode, ErrorScope
from apsa_perception.model.results import (
    AssessmentResult,
    ErrorSet,
    QualityResult,
    RepetitionResult,
    SessionStatus,
)
from support.figures import Frames, library

EXERCISES = library()


@dataclass
class Run:
    """Everything that was said, by kind."""

    results: list[AssessmentResult] = field(default_factory=list)

    def add(self, results: Iterable[AssessmentResult]) -> None:
        self.results.extend(results)

    @property
    def repetitions(self) -> list[RepetitionResult]:
        return [r for r in self.results if isinstance(r, RepetitionResult)]

    @property
    def qualities(self) -> list[QualityResult]:
        return [r for r in self.results if isinstance(r, QualityResult)]

    @property
    def statuses(self) -> list[SessionStatus]:
        return [r for r in self.results if isinstance(r, SessionStatus)]

    def sets(self, scope: ErrorScope) -> list[ErrorSet]:
        return [r for r in self.results if isinstance(r, ErrorSet) and r.scope is scope]

    @property
    def live(self) -> list[ErrorSet]:
        return self.sets(ErrorScope.LIVE)

    @property
    def live_codes(self) -> set[ErrorCode]:
        return {error.code for one in self.live for error in one.errors}

    @property
    def repetition_codes(self) -> list[set[ErrorCode]]:
        return [{error.code for error in one.errors} for one in self.sets(ErrorScope.REPETITION)]


def assessor(
    settings: AssessmentSettings | None = None, model: QualityModel | None = None
) -> Assessor:
    return Assessor(EXERCISES, settings or AssessmentSettings(), model)


def assess(frames: Frames, exercise: str, model: QualityModel | None = None) -> Run:
    """Start the exercise and take all frames in."""
    one = assessor(model=model)
    one.start(exercise)
    run = Run()
    for stamp_ns, skeletons in frames:
        run.add(one.update(stamp_ns, skeletons))
    return run
