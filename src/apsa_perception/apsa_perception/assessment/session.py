"""The session: its exercise, its counts and its status as it is published."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from apsa_perception.assessment.hold_counts import HoldCounts
from apsa_perception.assessment.session_id import SessionIdentity
from apsa_perception.assessment.session_states import SessionStates
from apsa_perception.exercises.definition import ExerciseDefinition
from apsa_perception.model.codes import (
    ExerciseKind,
    ExerciseSide,
    Grade,
    RequestError,
    RequestErrorCode,
    SessionEvent,
    SessionState,
)
from apsa_perception.model.results import ErrorSet, HoldResult, SessionStatus
from apsa_perception.model.sentences import Sentence
from apsa_perception.model.skeleton import Skeleton


class Session(SessionStates):
    """A session with its exercise and its counts; independent of skeletons.

    A session has one exercise: choosing another one while it is under way starts a new session.

    Args:
        target_repetitions: as the attribute.
        number: sessions before, since the node was started.

    Attributes:
        target_repetitions: repetitions asked for; 0 is no limit.
        identity: which session it is.
    """

    def __init__(self, target_repetitions: int, number: int = 0) -> None:
        super().__init__()
        self.target_repetitions = target_repetitions
        self.identity = SessionIdentity(number)
        self._started_ns = 0
        self._repetitions = 0
        self._judged = 0
        self._good = 0
        self._holds = HoldCounts()

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
        self.leave_rest()
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

    def begin_set(self, message: str) -> None:
        """Run a set of the chosen exercise; after the end of a session it is a new session."""
        if not self.is_under_way:
            self.identity.number += 1
        super().begin_set(message)

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

    def status(self, stamp_ns: int, planned: Mapping[str, Any] | None = None) -> SessionStatus:
        """Return the session as it is published; ``planned``: fields that its programme sets."""
        exercise = self._exercise
        fields = {
            "target_repetitions": self.target_repetitions,
            "message": self._message,
            **(planned or {}),
        }
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
        status = replace(status, message=self._message)  # the picture will be looked at again
        if self.calibrates:
            status = replace(
                status,
                state=self._after_calibration,
                event=SessionEvent.CALIBRATION_FAILED,
                message="the calibration was interrupted; please calibrate again",
            )
        return status, self.identity.number

    def _reset_counts(self) -> None:
        self._sideways = False
        self._not_returned = 0
        self.identity.session_id = ""
        self._started_ns = 0
        self._repetitions = 0
        self._judged = 0
        self._good = 0
        self._holds = HoldCounts()
