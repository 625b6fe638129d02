"""The session: its states, its counts, what may follow what."""

from apsa_perception.exercises.definition import ExerciseDefinition
from apsa_perception.model.codes import Grade, SessionState, Side
from apsa_perception.model.results import SessionStatus

_UNDER_WAY = (SessionState.RUNNING, SessionState.PAUSED)


class Session:
    """State machine of the session; knows nothing of skeletons.

    A session has one exercise: choosing another one while it is under way begins a new one.

    Args:
        target_repetitions: repetitions asked for; 0 is no limit.
    """

    def __init__(self, target_repetitions: int) -> None:
        self.target_repetitions = target_repetitions
        self._exercise: ExerciseDefinition | None = None
        self._state = SessionState.IDLE
        self._after_calibration = SessionState.IDLE
        self._number = 0
        self._calibrated = False
        self._message = ""
        self._session_id = ""
        self._started_ns = 0
        self._repetitions = 0
        self._judged = 0
        self._good = 0

    @property
    def exercise(self) -> ExerciseDefinition | None:
        """The exercise chosen, if any."""
        return self._exercise

    @property
    def state(self) -> SessionState:
        """The present state."""
        return self._state

    @property
    def repetitions(self) -> int:
        """Repetitions finished so far."""
        return self._repetitions

    def set_exercise(self, exercise: ExerciseDefinition) -> None:
        """Choose the exercise; counting starts again from 0."""
        self._exercise = exercise
        if self._resumes in _UNDER_WAY:
            self._number += 1
        self._begin()
        self._message = f"the exercise is {exercise.title}"

    def start(self) -> None:
        """Begin a session, or resume a paused one; a running one goes on."""
        if self._exercise is None:
            raise ValueError("no exercise is chosen; allowed is to start with the name of one")
        if self._resumes not in _UNDER_WAY:
            self._number += 1
            self._begin()
            self._message = "the session runs"
        elif self._resumes is SessionState.PAUSED:
            self._message = "the session goes on"
        if self._state is SessionState.CALIBRATING:
            self._after_calibration = SessionState.RUNNING
        else:
            self._state = SessionState.RUNNING

    def pause(self) -> None:
        """Pause the running session."""
        self._require("pause", (SessionState.RUNNING,))
        self._state = SessionState.PAUSED
        self._message = "the session is paused"

    def stop(self) -> None:
        """End the session; its counts stay readable."""
        if self._resumes not in _UNDER_WAY:
            self._require("stop", _UNDER_WAY)
        self._state = self._after_calibration = SessionState.CLOSED
        self._message = "the session has ended"

    @property
    def is_under_way(self) -> bool:
        """Whether a session has begun and not ended."""
        return self._resumes in _UNDER_WAY

    def require_under_way(self, verb: str) -> None:
        """Refuse what only a session under way allows."""
        self._require(verb, _UNDER_WAY)

    def tell(self, message: str) -> None:
        """Say something about the session, unless it is empty."""
        self._message = message or self._message

    def begin_calibration(self) -> None:
        """Measure the upright posture; afterwards the state is the one before."""
        if self._state is SessionState.CALIBRATING:
            raise ValueError("a calibration is under way; allowed is to wait for its end")
        self._after_calibration = self._state
        self._state = SessionState.CALIBRATING
        self._message = "stand upright and still, with the whole body in view"

    def end_calibration(self, calibrated: bool, message: str) -> None:
        """Go back to the state before."""
        self._state = self._after_calibration
        self._calibrated = calibrated
        self._message = message

    def forget_person(self) -> None:
        """Another person exercises: a calibration no longer holds."""
        if self._calibrated:
            self._calibrated = False
            self._message = "another person exercises; calibrate again"

    def count_frame(self, stamp_ns: int) -> None:
        """Note the first frame of the running session."""
        if not self._started_ns and self._exercise is not None:
            self._started_ns = stamp_ns
            self._session_id = f"{self._exercise.name}-{stamp_ns}-{self._number}"

    def count_repetition(self, grade: Grade) -> None:
        """Count a finished repetition."""
        self._repetitions += 1
        self._judged += grade is not Grade.NOT_JUDGED
        self._good += grade is Grade.GOOD
        self._message = ""

    def note_other_side(self, side: Side) -> None:
        """Only the other side has moved: nothing was counted, and the person should know why.

        A picture cannot tell that it is mirrored; an exercise for the other side can raise it.
        """
        moved, meant = ("left", "right") if side is Side.LEFT else ("right", "left")
        self._message = (
            f"the {moved} side moved, and the exercise is for the {meant}; if it was your {meant} "
            "side, the camera mirrors its picture: set the parameter mirrored"
        )

    def status(self, stamp_ns: int) -> SessionStatus:
        """The session as it is told."""
        return SessionStatus(
            stamp_ns=stamp_ns,
            session_id=self._session_id,
            state=self._state,
            exercise=self._exercise.name if self._exercise else "",
            title=self._exercise.title if self._exercise else "",
            started_ns=self._started_ns,
            repetitions=self._repetitions,
            repetitions_judged=self._judged,
            repetitions_good=self._good,
            target_repetitions=self.target_repetitions,
            calibrated=self._calibrated,
            message=self._message,
        )

    @property
    def _resumes(self) -> SessionState:
        """The state that counts: during a calibration the one that follows it."""
        if self._state is SessionState.CALIBRATING:
            return self._after_calibration
        return self._state

    def _begin(self) -> None:
        self._session_id = ""
        self._started_ns = 0
        self._repetitions = 0
        self._judged = 0
        self._good = 0

    def _require(self, verb: str, allowed: tuple[SessionState, ...]) -> None:
        if self._state not in allowed:
            names = " or ".join(state.name.lower() for state in allowed)
            raise ValueError(
                f"the session is {self._state.name.lower()}; allowed is to {verb} a {names} one"
            )
