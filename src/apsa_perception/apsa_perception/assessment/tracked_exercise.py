"""The exercise that is followed: its tracker, and by which limits it is judged."""

from apsa_perception.assessment.after_recording import AfterRecording
from apsa_perception.assessment.bystander_watch import BystanderWatch
from apsa_perception.assessment.exercise_tracker import ExerciseTracker
from apsa_perception.assessment.hold_tracker import HoldTracker
from apsa_perception.assessment.personal_ranges import PersonalRanges
from apsa_perception.assessment.quality import QualityModel
from apsa_perception.assessment.settings import AssessmentSettings
from apsa_perception.assessment.tracker import Tracker
from apsa_perception.exercises.auto import AUTO_EXERCISE
from apsa_perception.exercises.definition import ExerciseDefinition


class TrackedExercise:
    """Tracks one exercise at a time, judged by what is the person's own.

    Args:
        quality_model: the network, or None to judge by rules only.
        ranges: the exerciser's own assessed ranges and limits.
        after: takes what can wait until the end of a recording; None: nothing waits.

    Attributes:
        tracker: the tracker of the exercise; None: it is to be recognised, or none is chosen.
        bystanders: watches who does it instead of the exerciser; None: nobody can.
        ranges: as the argument.
    """

    def __init__(
        self,
        quality_model: QualityModel | None,
        ranges: PersonalRanges,
        after: AfterRecording | None,
    ) -> None:
        self.tracker: Tracker | None = None
        self.bystanders: BystanderWatch | None = None
        self.ranges = ranges
        self._model = quality_model
        self._after = after
        self._asked: ExerciseDefinition | None = None
        """The exercise with the limits of its file."""

    def track(self, exercise: ExerciseDefinition, settings: AssessmentSettings) -> None:
        """Track an exercise from its start."""
        self.bystanders = None
        self._asked = exercise
        judged = self.ranges.own.applied(exercise)
        if exercise is AUTO_EXERCISE:
            self.tracker = None
        elif judged.hold is not None:
            self.tracker = HoldTracker(judged, judged.hold)
        else:
            self.bystanders = BystanderWatch(judged, settings)
            self.tracker = ExerciseTracker(judged, settings, self._model, self.ranges, self._after)

    def use_ranges(self, ranges: PersonalRanges) -> None:
        """Judge by what is the person's own from now on, by limits from the next repetition on."""
        self.ranges = ranges
        if self.tracker is not None and self._asked is not None:
            self.tracker.use_ranges(ranges)
            self.tracker.use_limits(ranges.own.applied(self._asked))

    def use_settings(self, settings: AssessmentSettings) -> None:
        """Use other settings from the next frame on."""
        if self.tracker is not None:
            self.tracker.use_settings(settings)
