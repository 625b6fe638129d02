"""The session: its states, its counts, and which request is allowed in which state."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from apsa_perception.assessment.hold_counts import HoldCounts
from apsa_perception.assessment.session_id import SessionIdentity
from apsa_perception.exercises.definition import ExerciseDefinition
from apsa_perception.model.codes import (
    UNDER_WAY,
    ExerciseKind,
    ExerciseSide,
    Grade,
    RequestError,
    RequestErrorCode,
    SessionEvent,
    SessionState,
    Side,
)
from apsa_perception.model.results import ErrorSet, HoldResult, SessionStatus
from apsa_perception.model.sentences import Sentence
from apsa_perception.model.skeleton import Skeleton


class Session:
    """State machine of the session; independent of skeletons.

    A session has one exercise: choosing another one while it is under way starts a new session.

    Args:
        target_repetitions: as the attribute.
        number: sessions before, since the node was started.

    Attributes:
        target_repetitions: repetitions asked for; 0 is no limit.
        identity: which session it is.
    """

    def __init__(self, target_repetitions: int, number: int = 0) -> None:
        self.target_repetitions = target_repetitions
        self.identity = SessionIdentity(number)
        self._exercise: ExerciseDefinition | None = None
        self._state = SessionState.IDLE
        self._after_calibration = SessionState.IDLE
        self._after_preparation = SessionState.RUNNING
        self._after_pause = SessionState.RUNNING
        self._calibrated = False
        self._selected_body_id = 0
        self._event = SessionEvent.NONE
        self._message = ""
        self._sideways = False
        self._not_returned = 0
        self._started_ns = 0
        self._repetitions = 0
        self._judged = 0
        self._good = 0
        self._holds = HoldCounts()

    @property
    def exercise(self) -> ExerciseDefinition | None:
        """The chosen exercise, if any."""
        return self._exercise

    @property
    def state(self) -> SessionState:
        """The current state."""
        return self._state

    @property
    def done(self) -> int:
        """Repetitions finished or holds ended so far; an exercise has one of them."""
        return self._repetitions + self._holds.number

    @property
    def held_s(self) -> float:
        """Seconds of all holds that have ended."""
        return self._holds.total_s

    @property
    def summary(self) -> str:
        """What was done so far, for people."""
        if self._exercise is not None and self._exercise.hold is not None:
            return f"held for {self.held_s:.0f} s"
        return f"{self._repetitions} repetition{'' if self._repetitions == 1 else 's'}"

    @property
    def is_under_way(self) -> bool:
        """Whether a session has started and not ended."""
        return self._resumed_state in UNDER_WAY

    @property
    def calibrates(self) -> bool:
        """Whether a calibration is in progress or prepared."""
        state = self._after_preparation if self._prepares else self._state
        return state is SessionState.CALIBRATING

    def resume(self, status: SessionStatus, number: int, *, resting: bool = False) -> None:
        """Continue a saved session of the chosen exercise; ``resting``: a pause was in a rest."""
        self._after_pause = SessionState.RESTING if resting else SessionState.RUNNING
        self.identity.number = number
        self.identity.session_id = status.session_id
        self.identity.programme_run_id = status.programme_run_id
        self._state = status.state
        self._calibrated = status.calibrated
        self._selected_body_id = status.selected_body_id
        self._started_ns = status.started_ns
        self._after_preparation = SessionState.RUNNING
        self._repetitions = status.repetitions
        self._judged, self._good = status.repetitions_judged, status.repetitions_good
        self._holds = HoldCounts(status.holds, status.held_best_s, status.held_total_s)
        self.report(status.event, status.message)

    def report(self, event: SessionEvent, message: str) -> None:
        """Set the last event and its sentence for people."""
        self._event = event
        self._message = message

    def add_note(self, note: str) -> None:
        """Append a second sentence to the message of the last event, unless it is empty."""
        if note:
            self._message = f"{self._message}; {note}"

    def set_exercise(
        self, exercise: ExerciseDefinition, exercise_number: int = 0, set_number: int = 0
    ) -> None:
        """Choose the exercise; counting restarts at 0.

        Args:
            exercise: the exercise.
            exercise_number: its position in a programme; 0: there is none.
            set_number: which set of it; 0: there is no programme.
        """
        self._exercise = exercise
        self.identity.choose(exercise_number, set_number)
        if self.is_under_way:
            self.identity.number += 1
        self._after_pause = SessionState.RUNNING
        if self._state is SessionState.RESTING:
            self._state = SessionState.RUNNING
        if self._after_calibration is SessionState.RESTING:
            self._after_calibration = SessionState.RUNNING
        self._reset_counts()
        self.report(SessionEvent.EXERCISE_CHOSEN, f"exercise: {exercise.title}")

    def start(self) -> None:
        """Start a session or resume a paused one; a running one continues.

        Raises:
            RequestError: no exercise is chosen.
        """
        if self._exercise is None:
            raise RequestError(RequestErrorCode.NO_EXERCISE, Sentence.NO_EXERCISE.text())
        if not self.is_under_way:
            self.identity.number += 1
            self.identity.programme_run_id = ""
            self._reset_counts()
            self.report(SessionEvent.STARTED, "the session is running")
            self._continue_in(SessionState.RUNNING)
        elif self._resumed_state is SessionState.PAUSED:
            self.report(SessionEvent.RESUMED, "the session continues")
            self._continue_in(self._after_pause)

    def pause(self) -> None:
        """Pause the running session, also during a rest or before the start.

        Raises:
            RequestError: the session is not running.
        """
        starts = (SessionState.PREPARING,) if not self.calibrates else ()
        self._require("pause", (SessionState.RUNNING, SessionState.RESTING, *starts))
        resting = self._state is SessionState.RESTING
        self._after_pause = SessionState.RESTING if resting else SessionState.RUNNING
        self._state = SessionState.PAUSED
        self.report(SessionEvent.PAUSED, "the session is paused")

    def prepare(self) -> None:
        """Wait until the person is ready for the present state, which then returns."""
        self._after_preparation = self._state
        self._state = SessionState.PREPARING
        if self._after_preparation is SessionState.RUNNING:
            self.report(self._event, "waiting until one person stands ready in view")

    def end_preparation(self) -> None:
        """Go on: the person is ready."""
        self._state = self._after_preparation
        if self._state is SessionState.RUNNING:
            self.report(SessionEvent.SET_STARTED, "go")

    def rest(self, message: str) -> None:
        """Rest after a set; its counts stay readable."""
        self._state = SessionState.RESTING
        self.report(SessionEvent.SET_ENDED, message)

    def begin_set(self, message: str) -> None:
        """Run the next set of the chosen exercise."""
        self._state = SessionState.RUNNING
        self.report(SessionEvent.SET_STARTED, message)

    def finish(self, event: SessionEvent, message: str) -> None:
        """End the session: everything asked for is done."""
        self.stop()
        self.report(event, message)

    def stop(self) -> None:
        """End the session; its counts stay readable.

        Raises:
            RequestError: no session is under way.
        """
        if not self.is_under_way:
            self._require("stop", UNDER_WAY)
        self._state = self._after_calibration = SessionState.CLOSED
        self.report(SessionEvent.CLOSED, "the session has ended")

    def require_under_way(self, verb: str) -> None:
        """Refuse a request that needs a running or paused session.

        Raises:
            RequestError: the session is in another state.
        """
        self._require(verb, UNDER_WAY)

    def require_ended(self, verb: str) -> None:
        """Refuse a request that is not possible during a session.

        Raises:
            RequestError: the session is under way.
        """
        self._require(verb, (SessionState.IDLE, SessionState.CLOSED))

    def begin_calibration(self) -> None:
        """Measure the upright posture; afterwards the previous state returns.

        Raises:
            RequestError: a calibration is in progress.
        """
        if self.calibrates:
            raise RequestError(RequestErrorCode.BUSY, Sentence.CALIBRATES_ALREADY.text())
        self._after_calibration = self._resumed_state
        self._state = SessionState.CALIBRATING
        self.report(
            SessionEvent.CALIBRATION_STARTED,
            "stand upright and still, with the whole body in view",
        )

    def end_calibration(self, event: SessionEvent, message: str) -> None:
        """Return to the state before the calibration.

        Args:
            event: ``CALIBRATED``, or ``CALIBRATION_FAILED``, after which an earlier calibration
                still holds.
            message: the result for people.
        """
        self._state = self._after_calibration
        self._calibrated = self._calibrated or event is SessionEvent.CALIBRATED
        self.report(event, message)

    def forget_person(self) -> None:
        """Another person exercises: a calibration no longer holds."""
        if self._calibrated:
            self._calibrated = False
            self.report(
                SessionEvent.PERSON_CHANGED, "another person is exercising; please calibrate again"
            )

    def note_selection(self, body_id: int) -> None:
        """Report who was selected as the exerciser; 0: chosen automatically."""
        self._selected_body_id = body_id
        who = f"person {body_id} is coached" if body_id else "the person is chosen automatically"
        self.report(SessionEvent.PERSON_SELECTED, who)

    def count_frame(self, stamp_ns: int, people: Sequence[Skeleton]) -> None:
        """Note the first frame of the session, which names it, and the first while it runs.

        Args:
            stamp_ns: stamp of a frame.
            people: everybody in it.
        """
        if self._exercise is None or not self.is_under_way:
            return
        self.identity.name(self._exercise.name, stamp_ns, people)
        if not self._started_ns and self._state is SessionState.RUNNING:
            self._started_ns = stamp_ns

    def count_repetition(self, grade: Grade) -> None:
        """Count a finished repetition."""
        self._repetitions += 1
        self._judged += grade is not Grade.NOT_JUDGED
        self._good += grade is Grade.GOOD
        self._not_returned = 0
        self.report(SessionEvent.REPETITION, "")

    def count_holds(self, results: Iterable[HoldResult | ErrorSet]) -> list[HoldResult | ErrorSet]:
        """Count the holds that have ended; return the results with times of the session."""
        completed: list[HoldResult | ErrorSet] = []
        for result in results:
            if isinstance(result, HoldResult):
                before, self._holds = self._holds, self._holds.with_hold(result)
                result = before.completed(result)
            completed.append(self.identity.own(result))
        return completed

    def note_other_side(self, side: Side) -> None:
        """Report that only the other side moved, so that nothing was counted.

        A mirrored picture cannot be recognised as such; an exercise for one side reveals it.
        """
        moved, meant = ("left", "right") if side is Side.LEFT else ("right", "left")
        self.report(
            SessionEvent.OTHER_SIDE,
            f"your {moved} side moved, but this exercise is for the {meant} side; if you did move "
            f"the {meant} side, the camera mirrors its picture: set the parameter mirrored",
        )

    def note_recognised(self) -> None:
        """Report that the exercise was recognised and chosen."""
        title = self._exercise.title if self._exercise else ""
        self.report(
            SessionEvent.EXERCISE_RECOGNISED,
            f"recognised: {title}; repetitions are counted from now on",
        )

    def note_another(self, title: str) -> None:
        """Report that two repetitions were those of another exercise, which has this title."""
        self.report(SessionEvent.ANOTHER_EXERCISE, self.sentence_of_another(title))

    def sentence_of_another(self, title: str) -> str:
        """Return the sentence that this is another exercise, which has this title."""
        asked = self._exercise.title if self._exercise else ""
        return Sentence.ANOTHER_EXERCISE.text(found=title, asked=asked)

    def note_sideways(self, sentence: str) -> None:
        """Report that the picture is turned, once until the sentence is empty again."""
        if sentence and not self._sideways:
            self.report(SessionEvent.CAMERA_SIDEWAYS, sentence)
        self._sideways = bool(sentence)

    def note_not_returned(self) -> None:
        """Report that a movement was not counted because it did not reach rest.

        The sentence says how many since the last repetition, so that each of them is published.
        """
        self._not_returned += 1
        count = self._not_returned
        some = "a repetition was" if count == 1 else f"{count} repetitions were"
        self.report(
            SessionEvent.NOT_RETURNED,
            f"{some} not counted: go all the way back to the starting position",
        )

    def status(self, stamp_ns: int, course: Mapping[str, Any] | None = None) -> SessionStatus:
        """Return the session as it is published; ``course``: fields that its programme sets."""
        exercise = self._exercise
        fields = {"target_repetitions": self.target_repetitions, **(course or {})}
        return SessionStatus(
            stamp_ns=stamp_ns,
            session_id=self.identity.session_id,
            state=self._state,
            exercise=exercise.name if exercise else "",
            title=exercise.title if exercise else "",
            started_ns=self._started_ns,
            repetitions=self._repetitions,
            repetitions_judged=self._judged,
            repetitions_good=self._good,
            calibrated=self._calibrated,
            selected_body_id=self._selected_body_id,
            message=self._message,
            event=self._event,
            exercise_family=exercise.family if exercise else "",
            exercise_side=exercise.side if exercise else ExerciseSide.BOTH,
            exercise_kind=exercise.kind if exercise else ExerciseKind.REPETITIONS,
            holds=self._holds.number,
            held_best_s=self._holds.best_s,
            held_total_s=self._holds.total_s,
            target_hold_s=exercise.hold.target_s if exercise and exercise.hold else 0.0,
            programme_run_id=self.identity.programme_run_id,
            **fields,
        )

    def saved(self, status: SessionStatus) -> tuple[SessionStatus, int]:
        """Return the status and the number with which to resume; a calibration has failed then."""
        if self.calibrates:
            status = replace(
                status,
                state=self._after_calibration,
                event=SessionEvent.CALIBRATION_FAILED,
                message="the calibration was interrupted; please calibrate again",
            )
        return status, self.identity.number

    @property
    def _resumed_state(self) -> SessionState:
        """The state, or the one that follows a calibration or a preparation."""
        if self.calibrates:
            return self._after_calibration
        return self._after_preparation if self._prepares else self._state

    @property
    def _prepares(self) -> bool:
        return self._state is SessionState.PREPARING

    def _continue_in(self, state: SessionState) -> None:
        """Enter a state, now or after the calibration in progress."""
        if self.calibrates:
            self._after_calibration = state
        else:
            self._state = state

    def _reset_counts(self) -> None:
        self._sideways = False
        self._not_returned = 0
        self.identity.session_id = ""
        self._started_ns = 0
        self._repetitions = 0
        self._judged = 0
        self._good = 0
        self._holds = HoldCounts()

    def _require(self, verb: str, allowed: tuple[SessionState, ...]) -> None:
        if self._state not in allowed:
            names = " or ".join(state.name.lower() for state in allowed)
            raise RequestError(
                RequestErrorCode.SESSION_STATE,
                Sentence.IN_OTHER_STATE.text(
                    verb=verb, state=self._state.name.lower(), states=names
                ),
            )
