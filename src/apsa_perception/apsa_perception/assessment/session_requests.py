"""Requests to a session: start and end it, choose exercise, programme and person."""

from dataclasses import replace
from pathlib import Path

from apsa_perception.assessment.after_recording import AfterRecording
from apsa_perception.assessment.bystander_watch import BystanderWatch
from apsa_perception.assessment.calibration import Calibrator
from apsa_perception.assessment.exercise_recognition import ExerciseRecognition
from apsa_perception.assessment.exercise_tracker import ExerciseTracker
from apsa_perception.assessment.hand_signal import HandSignal
from apsa_perception.assessment.hold_tracker import HoldTracker
from apsa_perception.assessment.personal_limits import PersonalLimits
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
from apsa_perception.assessment.subject_chooser import Selection, SubjectChooser
from apsa_perception.exercises.auto import AUTO, AUTO_EXERCISE
from apsa_perception.exercises.definition import ExerciseDefinition
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import SessionEvent, SessionState
from apsa_perception.model.results import (
    ErrorSet,
    HoldResult,
    RepetitionResult,
    SessionStatus,
    SetRating,
)
from apsa_perception.programmes.definition import (
    PlannedSet,
    Programme,
    as_planned,
    single_set,
    target_of,
)
from apsa_perception.programmes.library import ProgrammeLibrary
from apsa_perception.recognition.model import RecognitionModel

DEFAULT_CALIBRATION_S = 2.0


class SessionRequests:
    """What may be asked of a session of one exerciser.

    A request that is not allowed raises ``RequestError`` and changes nothing.

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
        self._model = quality_model
        self._after = after
        self._ranges = ranges or PersonalRanges()
        self._session = Session(settings.target_repetitions, sessions)
        self._recorder = ReferenceRecorder(exercises, own_exercises)
        self._judged: list[RepetitionResult] = []
        self._subject = SubjectChooser(settings.keep_body_s)
        self._postures = PostureTracker(settings)
        self._tracker: ExerciseTracker | HoldTracker | None = None
        self._asked: ExerciseDefinition | None = None
        """The exercise with the limits of its file."""
        self._bystanders: BystanderWatch | None = None
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
            self._begin_set,
            self._interrupt,
            self._recorder.reset,
            lambda: self._tracker,
            self._ratings.end_set,
            settings.wait_until_ready,
        )
        self._stamp_ns = -1
        self._body_id = self._body_seen_ns = 0
        self._published = self._status_at(0)

    def start(self, exercise: str = "") -> SessionStatus:
        """Start a session or resume a paused one; a running one continues.

        One that waits for the person waits no longer.

        Args:
            exercise: its name; empty: the one chosen before.

        Raises:
            RequestError: no exercise is chosen, or there is none of that name.
        """
        exercise = self._named(exercise).name if exercise else ""  # it may be an alias
        chosen = self._session.exercise.name if self._session.exercise else ""
        under_way = self._session.is_under_way
        goes_on = under_way and exercise in ("", chosen)
        waits = self._session.state is SessionState.PREPARING and not self._session.calibrates
        if goes_on and waits:
            self.plan.start_now()
            return self.status
        if self.plan.programme and not exercise:
            if not under_way:
                known = self._programmes
                self.plan.restart(known.get(self.plan.programme) if known else None)
        elif (wanted := exercise or chosen) and not goes_on:
            self._choose(wanted)  # also the same one: its file may have been edited
        self._start()
        return self.status

    def set_programme(self, programme: Programme) -> SessionStatus:
        """Choose a programme, which begins with its first set; a session under way ends.

        Raises:
            RequestError: the file of its first exercise has a mistake.
        """
        if self._session.is_under_way:
            self.stop()
        self.plan.follow(programme)
        self._begin_set(programme.sets[0])
        return self.status

    def start_programme(self, programme: Programme) -> SessionStatus:
        """Start a programme; raises as ``set_programme``."""
        note = self._recorder.reset()
        self.set_programme(programme)
        self._start()
        self._session.add_note(note)
        return self.status

    def skip_set(self) -> SessionStatus:
        """End the present set or rest of the programme.

        Raises:
            RequestError: no programme is under way.
        """
        self.plan.skip()
        return self.status

    def repeat_set(self) -> SessionStatus:
        """Begin the present set of the programme again; raises as ``skip_set``."""
        self.plan.repeat()
        return self.status

    def pause(self) -> SessionStatus:
        """Pause the running session: a repetition in progress is dropped, a hold ends."""
        self._session.pause()
        self._interrupt()
        return self.status

    def stop(self) -> SessionStatus:
        """End the session and a hold in progress; its counts stay readable until the next start."""
        self._session.stop()
        self._calibrator.cancel()
        self._interrupt()
        self._ratings.end_set()
        self._session.add_note(self._recorder.reset())
        return self.status

    def rate_set(self, answer: SetRating) -> SessionStatus:
        """Take pain and effort of the last set; pain at its limit pauses a session under way.

        Raises:
            RequestError: a value is not allowed, or the set is not the last one that ended.
        """
        own = self.plan.run.programme.pain_limit if self.plan.run else None
        limit = self._settings.pain_limit if own is None else own
        self._ratings.rate(answer, limit)
        return self.status

    def set_exercise(self, name: str) -> SessionStatus:
        """Choose the exercise; counting restarts at 0.

        Raises:
            RequestError: there is none of that name, or its file has a mistake.
        """
        self._choose(name)
        return self.status

    def calibrate(self, duration_s: float = DEFAULT_CALIBRATION_S) -> SessionStatus:
        """Measure the person's own upright posture while they stand still.

        Raises:
            RequestError: the duration is out of range, or a calibration is in progress.
        """
        self._calibrator.begin(duration_s, self._settings)
        self.plan.prepare()
        self._interrupt()
        return self.status

    def record_reference(self, name: str, title: str, repetitions: int) -> SessionStatus:
        """Make an exercise from what the person does; the first thing shown is rest.

        Args:
            name: name of the new exercise and its file.
            title: title for people; empty: derived from the name.
            repetitions: how many of the next repetitions to record, which a later message of the
                session confirms; 0: use those of the last half minute of the running session.

        Raises:
            RequestError: the session is not under way, or the recorder refuses.
        """
        self._session.require_under_way("record")
        if repetitions:
            news = self._recorder.record_next(name, title, repetitions)
        else:
            news = self._recorder.record_past(name, title)
        self._session.report(*news)
        return self.status

    def select_person(self, selection: Selection) -> SessionStatus:
        """Take a person as the exerciser until another selection; or choose them automatically.

        Raises:
            RequestError: nobody in view is meant.
        """
        self._session.note_selection(self._subject.select(selection))
        return self.status

    def assessed_ranges(self, known: PersonalRanges) -> PersonalRanges:
        """Return the person's ranges with that of the judged repetitions of this session.

        Args:
            known: the person's ranges of other exercises.

        Raises:
            RequestError: too few repetitions.
        """
        return known.with_assessment(self._judged)

    def use_ranges(self, ranges: PersonalRanges) -> SessionStatus:
        """Judge by ranges that include that of this session from now on."""
        self._take_ranges(ranges)
        self._session.report(
            SessionEvent.RANGE_ADOPTED, "the range of this session is now your personal range"
        )
        return self.status

    def use_limits(self, limits: PersonalLimits) -> SessionStatus:
        """Judge by limits that were set for the person, from the next repetition or hold on."""
        self._take_ranges(replace(self._ranges, own=limits))
        return self.status

    def note_ranges_deleted(self) -> SessionStatus:
        """Report that the personal ranges were deleted."""
        self._session.report(SessionEvent.RANGES_DELETED, "the personal ranges are deleted")
        return self.status

    def use_settings(self, settings: AssessmentSettings) -> None:
        """Use other settings from the next frame on."""
        self._settings = settings
        self._subject.keep_s = settings.keep_body_s
        self._postures.use_settings(settings)
        self.plan.waits = settings.wait_until_ready
        self._ratings.asks = settings.ask_ratings
        changed = settings.target_repetitions != self._session.target_repetitions
        self._session.target_repetitions = settings.target_repetitions
        if self._session.exercise is not None and changed:  # a goal has a target of its own
            self.plan.use_target(target_of(self._session.exercise, settings.target_repetitions))
        if self._tracker is not None:
            self._tracker.use_settings(settings)

    @property
    def status(self) -> SessionStatus:
        """The present state of the session; the caller publishes it."""
        self._published = self._status_at(max(self._stamp_ns, 0))
        return self._published

    @property
    def sessions(self) -> int:
        """Number of sessions since the node was started, this one included."""
        return self._session.identity.number

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
        status, number = self._session.saved(self._status_at(max(self._stamp_ns, 0)))
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

    def _status_at(self, stamp_ns: int) -> SessionStatus:
        return self._session.status(
            stamp_ns, {**self.plan.fields(), "rating": self._ratings.current}
        )

    def _start(self) -> None:
        """Start or resume the session; the person must be ready first, if anybody waits."""
        before = self._session.state
        self._session.start()
        if before is not self._session.state is SessionState.RUNNING:
            self.plan.prepare()

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
        self._bystanders = None
        self._asked = exercise
        judged = self._ranges.own.applied(exercise)
        if exercise is AUTO_EXERCISE:
            self._tracker = None
        elif judged.hold is not None:
            self._tracker = HoldTracker(judged, judged.hold)
        else:
            self._bystanders = BystanderWatch(judged, self._settings)
            self._tracker = ExerciseTracker(
                judged, self._settings, self._model, self._ranges, self._after
            )
        self._session.set_exercise(exercise, exercise_number, set_number)
        if self._recognition is not None:
            self._recognition.ask_for(exercise)
        return self._reset()

    def _take_ranges(self, ranges: PersonalRanges) -> None:
        """Judge by what is the person's own from now on, by limits from the next repetition on."""
        self._ranges = ranges
        if self._tracker is not None and self._asked is not None:
            self._tracker.use_ranges(ranges)
            self._tracker.use_limits(ranges.own.applied(self._asked))

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
