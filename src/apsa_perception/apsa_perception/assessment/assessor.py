"""The whole assessment: skeletons in, results out, one call per frame."""

from collections.abc import Sequence
from functools import partial

from apsa_perception.assessment.exercise_recognition import ExerciseRecognition
from apsa_perception.assessment.hand_signal import may_signal
from apsa_perception.assessment.live_state import MOVING, LiveState, frame_results, hold_results
from apsa_perception.assessment.personal_ranges import PersonalRanges
from apsa_perception.assessment.session_id import NO_SESSION
from apsa_perception.assessment.session_requests import SessionRequests
from apsa_perception.biomechanics.posture import Posture
from apsa_perception.exercises.auto import AUTO_EXERCISE
from apsa_perception.model.codes import (
    PAUSED_BY_HAND,
    STARTED_BY_HAND,
    ErrorScope,
    Grade,
    Missing,
    Phase,
    RequestError,
    SessionEvent,
    SessionState,
)
from apsa_perception.model.results import AssessmentResult, ErrorSet, SessionStatus
from apsa_perception.model.skeleton import Skeleton
from apsa_perception.model.time import to_nanoseconds
from apsa_perception.recognition.watch import Recognised


class Assessor(SessionRequests):
    """Assesses one exerciser during a session.

    Time is that of the stamps only, so that the same frames give the same results.
    """

    def update(self, stamp_ns: int, skeletons: Sequence[Skeleton]) -> list[AssessmentResult]:
        """Process a frame, also when nobody is in view.

        Args:
            stamp_ns: stamp of the image; later than that of the last call.
            skeletons: all people found in it.

        Returns:
            In this order: ``HoldResult`` and ``ErrorSet`` of a hold that a request or its set
            ended; ``SessionStatus`` if it changed and somebody watches; ``HoldResult``, and
            ``ErrorSet`` of an ended hold; ``RepetitionResult``, ``QualityResult`` and ``ErrorSet``
            of a finished repetition; the frame's ``ErrorSet``.

        Raises:
            ValueError: the stamp is not later than the last one; the state is unchanged.
        """
        if stamp_ns <= self._stamp_ns:
            raise ValueError(
                f"the stamp {stamp_ns} ns is not later than the last one, {self._stamp_ns} ns"
            )
        self._stamp_ns = stamp_ns
        skeleton = self._exerciser(stamp_ns, skeletons)
        posture = self._posture(stamp_ns, skeleton)
        if self._settings.hand_signal and self.plan.waits:
            self._obey_hand(stamp_ns, posture)
        self.plan.update(stamp_ns, self._missing(stamp_ns, skeletons, skeleton, posture))
        self._session.count_frame(stamp_ns, skeletons)
        interrupted = self.take_interrupted()
        # Before the assessment: a repetition that is recognised as another exercise is not judged.
        found = self._recognised(skeleton, posture)
        results = self._assess(stamp_ns, skeleton, posture)
        if found is not None:
            self._obey_recognition(found)
        watched = self._after is None  # else nobody asks for a reference
        if watched and posture is not None and self._session.is_under_way:
            coached = self._session.state is SessionState.RUNNING
            news = self._recorder.add(stamp_ns, posture, coached=coached)
            if news is not None:
                self._session.report(*news)
        if self._session.state is SessionState.CALIBRATING:
            self._calibrator.add(stamp_ns, skeleton, posture)
        if watched and self._status_at(self._published.stamp_ns) != self._published:
            self._published = self._status_at(stamp_ns)
            results.insert(0, self._published)
        return [*interrupted, *results]

    def _exerciser(self, stamp_ns: int, skeletons: Sequence[Skeleton]) -> Skeleton | None:
        """The exerciser; before the first repetition, whoever does the exercise in their place."""
        chosen = self._subject.choose(stamp_ns, skeletons)
        undecided = self._session.state is SessionState.RUNNING and not self._session.done
        if chosen is None or self._subject.selected_id or not undecided:
            return chosen
        bystanders = self._tracked.bystanders
        if bystanders is None or self._tracker is None:
            return chosen
        moves = self._tracker.phase in MOVING
        instead = bystanders.update(skeletons, chosen.body_id, moves)
        if instead is None:
            return chosen
        self._subject.keep(instead.body_id)
        self._session.report(
            SessionEvent.PERSON_SELECTED,
            f"person {instead.body_id} does the exercise and is coached from now on",
        )
        return instead

    def _assess(
        self, stamp_ns: int, skeleton: Skeleton | None, posture: Posture | None
    ) -> list[AssessmentResult]:
        live = partial(
            ErrorSet,
            stamp_ns=stamp_ns,
            body_id=skeleton.body_id if skeleton else 0,
            exercise=self._session.exercise.name if self._session.exercise else "",
            scope=ErrorScope.LIVE,
            repetition=self._session.done,
            phase=Phase.UNKNOWN,
            **(self._session.identity.fields if self._session.is_under_way else NO_SESSION),
        )
        if self._tracker is None:
            return [live()]
        if skeleton is None or posture is None:
            return [*hold_results(self._tracker.absent(stamp_ns), self._session), live()]
        if self._session.state is not SessionState.RUNNING:
            return [live(measures=self._tracker.measure(posture))]
        reference = self._postures.reference
        state = self._tracker.update(skeleton, posture, reference, self._session.done + 1)
        if self._recognition is not None:
            state = self._unless_another(state, self._recognition)
        if state.verdict is not None:
            self.plan.add(state.verdict.repetition, state.verdict.quality)
            self._recorder.note_repetition(state.verdict.repetition.start_ns)
            if state.verdict.quality.grade is not Grade.NOT_JUDGED:
                self._judged.append(state.verdict.repetition)
        return frame_results(state, self._session, live)

    def _unless_another(self, state: LiveState, recognition: ExerciseRecognition) -> LiveState:
        """Return what was found in a frame, without judgement while another exercise is done."""
        if state.verdict is not None:
            recognition.note_counted(state.verdict.repetition.end_ns)
        if not recognition.instead:
            return state
        return state.of_another_exercise(self._session.sentence_of_another(recognition.instead))

    def _recognised(self, skeleton: Skeleton | None, posture: Posture | None) -> Recognised | None:
        """Return the exercise that this frame reveals, if the session runs."""
        running = self._session.state is SessionState.RUNNING
        if self._recognition is None or not running or skeleton is None or posture is None:
            return None
        if self._session.exercise is AUTO_EXERCISE:  # no tracker watches the picture yet
            turned = self._recognition.turned_picture(skeleton.stamp_ns, posture)
            self._session.note_sideways(turned)
            if turned:
                self._recognition.interrupt()
                return None
        return self._recognition.update(skeleton, posture)

    def _obey_recognition(self, found: Recognised) -> None:
        """Choose the exercise that is recognised, or report that it is not the one asked for."""
        asked, tracker = self._session.exercise, self._tracker
        if self._recognition is None or asked is None:
            return
        if asked is AUTO_EXERCISE:
            self._choose(found.exercise)
            self._session.note_recognised()
        elif self._recognition.is_another(found, (tracker and tracker.held_s) or 0.0):
            self._session.note_another(self._exercises.get(found.exercise).title)

    def _posture(self, stamp_ns: int, skeleton: Skeleton | None) -> Posture | None:
        """The exerciser's posture; resets after a change of person or a gap."""
        if skeleton is None:
            return None
        if skeleton.body_id != self._body_id:
            self._forget_person()
            self._body_id = skeleton.body_id
        elif self._tracker is not None and (
            stamp_ns - self._body_seen_ns > to_nanoseconds(self._settings.max_gap_s)
        ):
            self._tracker.after_gap()
        self._body_seen_ns = stamp_ns
        return self._postures.posture(skeleton)

    def _obey_hand(self, stamp_ns: int, posture: Posture | None) -> None:
        """Start, pause or continue when the person raises one hand."""
        state, published = self._session.state, self._published
        exercise, tracker = self._session.exercise, self._tracker
        exercising = state is SessionState.RUNNING
        if exercising and exercise and tracker and not may_signal(exercise, tracker.phase):
            posture = None
        if not self._hand_signal.update(stamp_ns, posture):
            return
        try:
            if state in PAUSED_BY_HAND:
                self.pause()
            elif state in STARTED_BY_HAND:
                self.start()
        except RequestError as error:
            self._session.report(SessionEvent.NONE, str(error))
        self._published = published  # the frame publishes the change

    def _missing(
        self,
        stamp_ns: int,
        skeletons: Sequence[Skeleton],
        skeleton: Skeleton | None,
        posture: Posture | None,
    ) -> Missing:
        """What the person lacks to be ready; nothing where nobody asks."""
        if not self.plan.watches:
            return Missing.NOTHING
        exercise = None if self._session.calibrates else self._session.exercise
        if self._subject.selected_id:  # others do not matter then
            skeletons = [skeleton] if skeleton else []
        return self._readiness.update(stamp_ns, skeletons, skeleton, posture, exercise)

    def check_person_can_change(self) -> None:
        """Refuse another person during a session, whose results are the present one's.

        Raises:
            RequestError: the session is under way.
        """
        self._session.require_ended("choose another person")

    def change_person(self, ranges: PersonalRanges) -> SessionStatus:
        """Judge another person, by their ranges; what is known of the one before is forgotten."""
        self._forget_person()
        self._reset()
        self._ratings.change_person()
        self._session.identity.change_person()
        self._tracked.use_ranges(ranges)
        return self.take_status()

    def _forget_person(self) -> None:
        self._postures.forget_person()
        self._session.forget_person()
        if self._recognition is not None:
            self._recognition.reset()
        if self._body_id and (lost := self._reset()):
            self._session.report(SessionEvent.RECORDING_FAILED, lost)
        if self._tracker is not None:
            self._interrupted += hold_results(self._tracker.reset(), self._session)
