"""The parts of a session of one exerciser, its status, and how it is saved."""

from pathlib import Path

from apsa_perception.assessment.after_recording import AfterRecording
from apsa_perception.assessment.calibration import Calibrator
from apsa_perception.assessment.exercise_recognition import ExerciseRecognition
from apsa_perception.assessment.hand_signal import HandSignal
from apsa_perception.assessment.personal_ranges import PersonalRanges
from apsa_perception.assessment.plan_follower import PlanFollower
from apsa_perception.assessment.posture_tracker import PostureTracker
from apsa_perception.assessment.quality import QualityModel
from apsa_perception.assessment.readiness import ReadinessWatch
from apsa_perception.assessment.reference_recorder import ReferenceRecorder
from apsa_perception.assessment.saved_session import SavedSession
from apsa_perception.assessment.session import Session
from apsa_perception.assessment.set_ratings import SetRatings
from apsa_perception.assessment.settings import AssessmentSettings
from apsa_perception.assessment.subject_chooser import SubjectChooser
from apsa_perception.assessment.tracked_exercise import TrackedExercise
from apsa_perception.assessment.tracker import Tracker
from apsa_perception.exercises.auto import AUTO, AUTO_EXERCISE
from apsa_perception.exercises.definition import ExerciseDefinition
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import Missing
from apsa_perception.model.results import ErrorSet, HoldResult, RepetitionResult, SessionStatus
from apsa_perception.model.sentences import Sentence
from apsa_perception.programmes.definition import PlannedSet, as_planned, single_set
from apsa_perception.programmes.library import ProgrammeLibrary
from apsa_perception.recognition.model import RecognitionModel


class SessionParts:
    """What a session of one exerciser consists of; it follows the exercise that is chosen.

    Args:
        exercises: the exercises that can be chosen.
        settings: settings that are common to all exercises.
        quality_model: the network, or None to judge by rules only.
        ranges: the exerciser's own assessed ranges, if any.
        own_exercises: folder for recorded exercises; None: nothing can be recorded.
        programmes: from which a programme that starts again is read again; None: it is kept.
        sessions: sessions before, since the node was started.
        after: takes what can wait until the end of a recording that nobody watches; None: somebody
            watches.
        recognition: recognises exercises; None: nothing is recognised.

    Attributes:
        plan: the programme of the session.
    """

    def __init__(
        self,
        exercises: ExerciseLibrary,
        settings: AssessmentSettings,
        quality_model: QualityModel | None,
        *,
        ranges: PersonalRanges | None = None,
        own_exercises: Path | None = None,
        programmes: ProgrammeLibrary | None = None,
        sessions: int = 0,
        after: AfterRecording | None = None,
        recognition: RecognitionModel | None = None,
    ) -> None:
        self._exercises = exercises
        self._settings = settings
        self._programmes = programmes
        self._after = after
        self._session = Session(settings.target_repetitions, sessions)
        self._recorder = ReferenceRecorder(exercises, own_exercises)
        self._judged: list[RepetitionResult] = []
        self._subject = SubjectChooser(settings.keep_body_s)
        self._postures = PostureTracker(settings)
        self._tracked = TrackedExercise(quality_model, ranges or PersonalRanges(), after)
        self._interrupted: list[HoldResult | ErrorSet] = []
        self._calibrator = Calibrator(self._session, self._postures)
        self._readiness = ReadinessWatch()
        self._hand_signal = HandSignal()
        self._ratings = SetRatings(self._session, self.pause, settings.ask_ratings)
        self._recognition = (
            ExerciseRecognition(recognition, exercises, settings.max_gap_s) if recognition else None
        )
        self.plan = PlanFollower(
            self._session,
            begin=self._begin_set,
            interrupt=self._interrupt,
            discard=self._recorder.reset,
            tracker=lambda: self._tracker,
            ended=self._ratings.end_set,
            waits=settings.wait_until_ready,
        )
        self._stamp_ns = -1
        self._body_id = self._body_seen_ns = 0
        self._published = self._status_at(0)

    @property
    def status(self) -> SessionStatus:
        """The present state of the session."""
        return self._status_at(max(self._stamp_ns, 0))

    def take_status(self) -> SessionStatus:
        """Return the present state, which the caller publishes, so that the next frame does not."""
        self._published = self.status
        return self._published

    @property
    def sessions(self) -> int:
        """Number of sessions since the node was started, this one included."""
        return self._session.identity.number

    def pause(self) -> SessionStatus:
        """Pause the running session: a repetition in progress is dropped, a hold ends."""
        self._session.pause()
        self._interrupt()
        return self.take_status()

    def interrupt(self) -> list[HoldResult | ErrorSet]:
        """Drop the repetition in progress, end a hold, and return its results."""
        self._interrupt()
        return self.take_interrupted()

    def take_interrupted(self) -> list[HoldResult | ErrorSet]:
        """Return, once, the results of holds that a request has ended; the caller publishes them.

        Without a call the next frame returns them.
        """
        results, self._interrupted = self._interrupted, []
        return results

    @property
    def selected_id(self) -> int:
        """Number of the selected person; 0: chosen automatically."""
        return self._subject.selected_id

    def saved(self) -> SavedSession:
        """Return what ``resume`` needs to continue the session in another process."""
        status, number = self._session.saved(self.status)
        reference = self._postures.reference
        return SavedSession(
            status,
            number,
            self._body_id,
            reference,
            self.plan.saved(),
            self._ratings.person_left,
        )

    def resume(self, saved: SavedSession) -> None:
        """Continue a saved session; a repetition in progress is lost.

        Raises:
            RequestError: there is no such exercise any more.
        """
        if saved.plan is None:
            self._choose(saved.status.exercise)
        else:
            self.plan.resume(saved.plan, saved.status)
        self._session.resume(saved.status, saved.number, resting=self.plan.is_resting)
        self._body_id, self._postures.reference = saved.body_id, saved.reference
        self._subject.selected_id = saved.status.selected_body_id
        self._ratings.resume(saved.status.rating, person_left=saved.person_left)

    @property
    def _tracker(self) -> Tracker | None:
        return self._tracked.tracker

    @property
    def _ranges(self) -> PersonalRanges:
        return self._tracked.ranges

    def _status_at(self, stamp_ns: int) -> SessionStatus:
        planned = {**self.plan.fields(), "rating": self._ratings.current}
        if planned["missing"] is Missing.UPRIGHT_CAMERA and self._readiness.upside_down:
            planned["message"] = Sentence.UPSIDE_DOWN.text()
        return self._session.status(stamp_ns, planned)

    def _choose(self, name: str) -> None:
        """Choose an exercise; a programme is left."""
        exercise = self._named(name)
        self._session.add_note(self._use(exercise))
        self.plan.follow(single_set(exercise, self._session.target_repetitions))

    def _begin_set(self, plan: PlannedSet) -> str:
        """Choose the exercise of a set; an edit of its file with a mistake is left out."""
        exercise = self._exercises.known(plan.exercise) or self._named(plan.exercise)
        return self._use(as_planned(exercise, plan), plan.exercise_number, plan.set_number)

    def _use(
        self, exercise: ExerciseDefinition, exercise_number: int = 0, set_number: int = 0
    ) -> str:
        """Track an exercise, of a programme if it has a number; return a note of a lost recording.

        The arguments are those of ``Session.set_exercise``.
        """
        self._interrupt()
        self._tracked.track(exercise, self._settings)
        self._session.set_exercise(exercise, exercise_number, set_number)
        if self._recognition is not None:
            self._recognition.ask_for(exercise)
        return self._reset()

    def _reset(self) -> str:
        """Forget the repetitions done so far; return a note of a lost recording."""
        self._judged.clear()
        return self._recorder.reset()

    def _named(self, name: str) -> ExerciseDefinition:
        """Return the exercise of a name, or the choice to recognise it."""
        if name == AUTO and self._recognition is not None and not self._exercises.has(AUTO):
            return AUTO_EXERCISE
        return self._exercises.get(name)

    def _interrupt(self) -> None:
        if self._recognition is not None:
            self._recognition.interrupt()
        if self._tracker is not None:
            self._interrupted += self._session.count_holds(self._tracker.interrupt())
