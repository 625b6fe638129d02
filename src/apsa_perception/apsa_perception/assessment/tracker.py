"""What follows an exerciser frame by frame, whether repetitions are counted or a hold is timed."""

# ruff: noqa: B027 (a tracker overrides only what concerns it)

from abc import ABC, abstractmethod

from apsa_perception.assessment.live_state import LiveState
from apsa_perception.assessment.personal_ranges import PersonalRanges
from apsa_perception.assessment.settings import AssessmentSettings
from apsa_perception.biomechanics.posture import BodyReference, Posture
from apsa_perception.exercises.definition import ExerciseDefinition
from apsa_perception.model.codes import Phase
from apsa_perception.model.results import ErrorSet, HoldResult, MeasureResult
from apsa_perception.model.skeleton import Skeleton

HoldResults = tuple[HoldResult | ErrorSet, ...]
"""A hold that has ended, and its errors; none where repetitions are counted."""


class Tracker(ABC):
    """Tracks one exerciser in one exercise. Unless overridden, nothing depends on the event."""

    @property
    @abstractmethod
    def phase(self) -> Phase:
        """Phase at the last frame; PEAK while a position is held."""

    @property
    def is_past_halfway(self) -> bool:
        """Whether a repetition in progress has made at least half of the way out."""
        return False

    @property
    def held_s(self) -> float | None:
        """Seconds of the hold in progress, 0 without one; None: repetitions are counted."""
        return None

    @abstractmethod
    def reset(self) -> HoldResults:
        """Forget the person; return the results of the hold that ends with it."""

    @abstractmethod
    def interrupt(self) -> HoldResults:
        """Drop the repetition, or end the hold, in progress; the person stays known."""

    def after_gap(self) -> None:
        """Take note that the person was out of view and is back."""

    def absent(self, stamp_ns: int) -> HoldResults:
        """Process a frame without the person; return the results of the hold that it ends."""
        return ()

    def use_ranges(self, ranges: PersonalRanges) -> None:
        """Judge by the person's own ranges from now on."""

    @abstractmethod
    def use_limits(self, exercise: ExerciseDefinition) -> None:
        """Judge by other limits of the exercise, from the next repetition or hold on."""

    def use_settings(self, settings: AssessmentSettings) -> None:
        """Require as much evidence as other settings say from now on."""

    @abstractmethod
    def measure(self, posture: Posture) -> tuple[MeasureResult, ...]:
        """Take the measures of the exercise without tracking it."""

    @abstractmethod
    def update(
        self,
        skeleton: Skeleton,
        posture: Posture,
        reference: BodyReference | None,
        index: int,
    ) -> LiveState:
        """Process a frame of the exerciser.

        Args:
            skeleton: the exerciser.
            posture: the exerciser's posture.
            reference: the person's own upright posture; None if not calibrated.
            index: number of the repetition that this frame finishes, or of the hold in progress.
        """
