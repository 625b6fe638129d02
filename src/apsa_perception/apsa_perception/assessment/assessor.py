"""The assessment as a whole: skeletons in, results out, one call a frame."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from apsa_perception.assessment.calibration import Calibration
from apsa_perception.assessment.exercise_tracker import ExerciseTracker
from apsa_perception.assessment.personal_ranges import PersonalRanges
from apsa_perception.assessment.posture_tracker import Preparation
from apsa_perception.assessment.quality import QualityModel
from apsa_perception.assessment.reference_recorder import ReferenceRecorder
from apsa_perception.assessment.session import Session
from apsa_perception.assessment.settings import AssessmentSettings
from apsa_perception.assessment.subject_chooser import SubjectChooser
from apsa_perception.biomechanics.posture import Posture
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import ErrorScope, Grade, Phase, SessionState
from apsa_perception.model.results import (
    AssessmentResult,
    ErrorSet,
    RepetitionResult,
    SessionStatus,
)
from apsa_perception.model.skeleton import Skeleton

DEFAULT_CALIBRATION_S = 2.0
_MOVING = (Phase.OUTWARD, Phase.PEAK, Phase.RETURN)


class Assessor:
    """Follows one exerciser through a session.

    All time is that of the stamps, so that the same frames give the same results.

    Args:
        exercises: what can be exercised.
        settings: what holds for every exercise.
        quality_model: the network, or None to judge by the rules alone.
        ranges: the exerciser's own assessed ranges; none, to measure by the exercises alone.
        own_exercises: folder for exercises that are recorded; None where none can be.
    """

    def __init__(
        self,
        exercises: ExerciseLibrary,
        settings: AssessmentSettings,
        quality_model: QualityModel | None,
        ranges: PersonalRanges | None = None,
        own_exercises: Path | None = None,
    ) -> None:
        self._exercises = exercises
        self._settings = settings
        self._model = quality_model
        self._ranges = ranges or PersonalRanges()
        self._session = Session(settings.target_repetitions)
        self._recorder = ReferenceRecorder(exercises, own_exercises)
        self._judged: list[RepetitionResult] = []
        self._subject = SubjectChooser(settings.keep_body_s)
        self._preparation = Preparation(settings)
        self._tracker: ExerciseTracker | None = None
        self._calibration: Calibration | None = None
        self._stamp_ns = -1
        self._body_id = 0
        self._body_seen_ns = 0
        self._told = self._session.status(0)

    def start(self, exercise: str = "") -> SessionStatus:
        """Start a session, or resume a paused one; a running one goes on.

        Args:
            exercise: name; empty for the one chosen now.
        """
        chosen = self._session.exercise.name if self._session.exercise else ""
        wanted = exercise or chosen
        if wanted and (wanted != chosen or not self._session.is_under_way):
            self._choose(wanted)  # also the same one: its file may have been edited
        self._session.start()
        return self._tell()

    def pause(self) -> SessionStatus:
        """Pause the running session; a repetition under way is given up."""
        self._session.pause()
        self._interrupt()
        return self._tell()

    def stop(self) -> SessionStatus:
        """End the session; its counts stay readable until the next start."""
        self._session.stop()
        self._calibration = None
        self._interrupt()
        self._session.tell(self._recorder.forget())
        return self._tell()

    def set_exercise(self, name: str) -> SessionStatus:
        """Choose the exercise; counting starts again from 0."""
        self._choose(name)
        return self._tell()

    def calibrate(self, duration_s: float = DEFAULT_CALIBRATION_S) -> SessionStatus:
        """Take the person's own upright posture as the reference; they stand still meanwhile."""
        calibration = Calibration(duration_s, self._settings)
        self._session.begin_calibration()
        self._calibration = calibration
        self._interrupt()
        return self._tell()

    def record_reference(self, name: str, title: str, repetitions: int) -> SessionStatus:
        """Make an exercise of what the person does; the first thing shown is rest.

        Args:
            name: of the new exercise and its file.
            title: for people; empty: made of the name.
            repetitions: of the next so many, the message of the session tells how it ended; or 0
                for those of the last half minute in which the session ran.

        Raises:
            ValueError: the session is not under way, or the recorder refuses; one sentence.
        """
        self._session.require_under_way("record in")
        if repetitions:
            self._session.tell(self._recorder.record_next(name, title, repetitions))
        else:
            self._session.tell(self._recorder.record_past(name, title))
        return self._tell()

    def assessed_ranges(self, known: PersonalRanges) -> PersonalRanges:
        """The person's ranges with the one that the judged repetitions of this session show.

        Args:
            known: the person's ranges of other exercises.

        Raises:
            ValueError: too few repetitions.
        """
        return known.with_assessment(self._judged)

    def use_ranges(self, ranges: PersonalRanges) -> SessionStatus:
        """Measure from now on by ranges that hold the one of this session."""
        self._ranges = ranges
        if self._tracker is not None:
            self._tracker.use_ranges(ranges)
        self._session.tell("the range of this session is now the person's own")
        return self._tell()

    def use_settings(self, settings: AssessmentSettings) -> None:
        """Use other ``SessionSettings`` from the next frame on; the session continues."""
        self._settings = settings
        self._preparation.use_settings(settings)
        self._session.target_repetitions = settings.target_repetitions

    @property
    def status(self) -> SessionStatus:
        """The session as it is now."""
        return self._tell()

    def update(self, stamp_ns: int, skeletons: Sequence[Skeleton]) -> list[AssessmentResult]:
        """Take a frame in, also when nobody is there.

        Args:
            stamp_ns: stamp of the image; must rise from call to call.
            skeletons: everybody found in it.

        Returns:
            In this order: ``SessionStatus`` if it changed; ``RepetitionResult``,
            ``QualityResult`` and ``ErrorSet`` of a finished repetition; the frame's ``ErrorSet``.

        Raises:
            ValueError: the stamp does not rise; nothing is changed.
        """
        if stamp_ns <= self._stamp_ns:
            raise ValueError(
                f"the stamp {stamp_ns} ns does not rise; allowed is after {self._stamp_ns} ns"
            )
        self._stamp_ns = stamp_ns
        if self._session.state is SessionState.RUNNING:
            self._session.count_frame(stamp_ns)
        skeleton = self._subject.choose(stamp_ns, skeletons)
        posture = self._posture(stamp_ns, skeleton)
        results = self._assess(stamp_ns, skeleton, posture)
        if posture is not None and self._session.is_under_way:
            coached = self._session.state is SessionState.RUNNING
            self._session.tell(self._recorder.add(stamp_ns, posture, coached=coached))
        self._calibrate(stamp_ns, skeleton, posture)
        status = self._session.status(stamp_ns)
        if status != replace(self._told, stamp_ns=stamp_ns):
            self._told = status
            results.insert(0, status)
        return results

    def _assess(
        self, stamp_ns: int, skeleton: Skeleton | None, posture: Posture | None
    ) -> list[AssessmentResult]:
        live = ErrorSet(
            stamp_ns=stamp_ns,
            body_id=0,
            exercise=self._session.exercise.name if self._session.exercise else "",
            scope=ErrorScope.LIVE,
            repetition=self._session.repetitions,
            phase=Phase.UNKNOWN,
        )
        if skeleton is None or posture is None or self._tracker is None:
            return [replace(live, body_id=skeleton.body_id) if skeleton else live]
        if self._session.state is not SessionState.RUNNING:
            measures = self._tracker.measure(posture)
            return [replace(live, body_id=skeleton.body_id, measures=measures)]
        reference = self._preparation.reference
        state = self._tracker.update(skeleton, posture, reference, self._session.repetitions + 1)
        results: list[AssessmentResult] = []
        if state.verdict is not None:
            self._session.count_repetition(state.verdict.quality.grade)
            results += [state.verdict.repetition, state.verdict.quality, state.verdict.errors]
            self._recorder.note_repetition(state.verdict.repetition.start_ns)
            if state.verdict.quality.grade is not Grade.NOT_JUDGED:
                self._judged.append(state.verdict.repetition)
        if state.other_side is not None:
            self._session.note_other_side(state.other_side)
        return [
            *results,
            replace(
                live,
                body_id=skeleton.body_id,
                repetition=self._session.repetitions + (state.phase in _MOVING),
                phase=state.phase,
                errors=state.errors,
                measures=state.measures,
            ),
        ]

    def _posture(self, stamp_ns: int, skeleton: Skeleton | None) -> Posture | None:
        """The exerciser prepared for measuring; forgets the past after a change or a gap."""
        if skeleton is None:
            return None
        if skeleton.body_id != self._body_id:
            self._forget_person()
            self._body_id = skeleton.body_id
        elif stamp_ns - self._body_seen_ns > self._settings.max_gap_s * 1e9:
            self._interrupt()
        self._body_seen_ns = stamp_ns
        return self._preparation.posture(skeleton)

    def _calibrate(self, stamp_ns: int, skeleton: Skeleton | None, posture: Posture | None) -> None:
        if self._calibration is None or not self._calibration.add(stamp_ns, skeleton, posture):
            return
        try:
            self._preparation.reference = self._calibration.finish()
        except ValueError as error:
            calibrated = self._preparation.reference is not None
            self._session.end_calibration(calibrated, str(error))
        else:
            self._session.end_calibration(True, "calibrated to the person's own upright posture")
        self._calibration = None

    def _choose(self, name: str) -> None:
        exercise = self._exercises.get(name)
        self._tracker = ExerciseTracker(exercise, self._settings, self._model, self._ranges)
        self._session.set_exercise(exercise)
        self._begin_anew()

    def _begin_anew(self) -> None:
        """Nothing has been done yet that a range or a reference could be made of."""
        self._judged.clear()
        self._session.tell(self._recorder.forget())

    def _interrupt(self) -> None:
        if self._tracker is not None:
            self._tracker.interrupt()

    def _forget_person(self) -> None:
        self._preparation.forget_person()
        self._session.forget_person()
        if self._body_id:
            self._begin_anew()
        if self._tracker is not None:
            self._tracker.reset()

    def _tell(self) -> SessionStatus:
        self._told = self._session.status(max(self._stamp_ns, 0))
        return self._told
