"""Assessment of recorded frames: the loop from frames to results."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from apsa_perception.assessment.assessor import Assessor
from apsa_perception.assessment.personal_ranges import PersonalRanges
from apsa_perception.assessment.quality import QualityModel
from apsa_perception.assessment.settings import AssessmentSettings
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import ErrorCode, ErrorScope, HoldState
from apsa_perception.model.results import (
    AssessmentResult,
    ErrorSet,
    HoldResult,
    QualityResult,
    RepetitionResult,
    SessionStatus,
)
from apsa_perception.model.skeleton import Skeleton
from apsa_perception.recognition.model import RecognitionModel

Frame = tuple[int, Sequence[Skeleton]]
"""Stamp in nanoseconds and the people in view."""


@dataclass
class Run:
    """Results of some frames, in order and by kind."""

    results: list[AssessmentResult] = field(default_factory=list)

    def add(self, results: Iterable[AssessmentResult]) -> None:
        """Add the results of a frame."""
        self.results.extend(results)

    @property
    def repetitions(self) -> list[RepetitionResult]:
        """All repetitions."""
        return [one for one in self.results if isinstance(one, RepetitionResult)]

    @property
    def holds(self) -> list[HoldResult]:
        """All results of holds."""
        return [one for one in self.results if isinstance(one, HoldResult)]

    @property
    def ended_holds(self) -> list[HoldResult]:
        """All holds that have ended."""
        return [one for one in self.holds if one.state is HoldState.ENDED]

    @property
    def qualities(self) -> list[QualityResult]:
        """Quality of each repetition."""
        return [one for one in self.results if isinstance(one, QualityResult)]

    @property
    def statuses(self) -> list[SessionStatus]:
        """All changes of the session."""
        return [one for one in self.results if isinstance(one, SessionStatus)]

    @property
    def live(self) -> list[ErrorSet]:
        """Errors and measures of each frame."""
        return self._sets(ErrorScope.LIVE)

    @property
    def verdicts(self) -> list[ErrorSet]:
        """Errors and measures of each repetition."""
        return self._sets(ErrorScope.REPETITION)

    @property
    def live_codes(self) -> set[ErrorCode]:
        """Codes of all errors of frames."""
        return {error.code for one in self.live for error in one.errors}

    @property
    def codes(self) -> list[set[ErrorCode]]:
        """Codes of the errors of each repetition."""
        return [{error.code for error in one.errors} for one in self.verdicts]

    def _sets(self, scope: ErrorScope) -> list[ErrorSet]:
        return [one for one in self.results if isinstance(one, ErrorSet) and one.scope is scope]


def play(assessor: Assessor, frames: Iterable[Frame]) -> Iterator[AssessmentResult]:
    """Pass frames to an assessor and yield its results as they arise."""
    for stamp_ns, skeletons in frames:
        yield from assessor.update(stamp_ns, skeletons)


def stream(
    frames: Iterable[Frame],
    exercise: str,
    library: ExerciseLibrary,
    settings: AssessmentSettings | None = None,
    model: QualityModel | None = None,
    ranges: PersonalRanges | None = None,
    recognition: RecognitionModel | None = None,
) -> Iterator[AssessmentResult]:
    """Run a session over frames and yield its results as they arise.

    Args:
        frames: stamp in nanoseconds and people of each frame; stamps increase.
        exercise: name of the exercise; ``auto``: recognise it.
        library: the exercises.
        settings: settings of the assessment; None: the defaults.
        model: the network; None: judge by rules only.
        ranges: the exerciser's own assessed ranges, if any.
        recognition: recognises exercises; None: nothing is recognised.

    Raises:
        ValueError: there is no such exercise, or a stamp does not increase.
    """
    assessor = Assessor(
        library,
        settings or AssessmentSettings(),
        model,
        ranges=ranges,
        recognition=recognition,
    )
    assessor.start(exercise)
    return play(assessor, frames)


def assess(
    frames: Iterable[Frame],
    exercise: str,
    library: ExerciseLibrary,
    settings: AssessmentSettings | None = None,
    model: QualityModel | None = None,
    ranges: PersonalRanges | None = None,
    recognition: RecognitionModel | None = None,
) -> Run:
    """Run a session over frames and return all results; arguments as of ``stream``."""
    return Run(list(stream(frames, exercise, library, settings, model, ranges, recognition)))


def assessed_ranges(
    frames: Iterable[Frame],
    exercise: str,
    library: ExerciseLibrary,
    known: PersonalRanges,
    settings: AssessmentSettings | None = None,
) -> PersonalRanges:
    """Return the person's ranges with that shown in the frames; arguments as of ``stream``.

    Raises:
        ValueError: the frames hold too few repetitions, or as of ``stream``.
    """
    assessor = Assessor(library, settings or AssessmentSettings(), None)
    assessor.start(exercise)
    for _ in play(assessor, frames):
        pass
    return assessor.assessed_ranges(known)
