"""The states of a session, and which request is allowed in which state."""

from apsa_perception.assessment.session_events import SessionEvents
from apsa_perception.model.codes import (
    UNDER_WAY,
    RequestError,
    RequestErrorCode,
    SessionEvent,
    SessionState,
)
from apsa_perception.model.sentences import Sentence


class SessionStates(SessionEvents):
    """State machine of a session; each transition is an event."""

    def __init__(self) -> None:
        super().__init__()
        self._state = SessionState.IDLE
        self._after_calibration = SessionState.IDLE
        self._after_preparation = SessionState.RUNNING
        self._after_pause = SessionState.RUNNING
        self._calibrated = False

    @property
    def state(self) -> SessionState:
        """The current state."""
        return self._state

    @property
    def is_under_way(self) -> bool:
        """Whether a session has started and not ended."""
        return self._resumed_state in UNDER_WAY

    @property
    def has_ended(self) -> bool:
        """Whether a session has ended and no other one has started."""
        return self._resumed_state is SessionState.CLOSED

    @property
    def is_paused(self) -> bool:
        """Whether the session is paused, perhaps while a calibration is made."""
        return self._resumed_state is SessionState.PAUSED

    @property
    def calibrates(self) -> bool:
        """Whether a calibration is in progress or prepared."""
        state = self._after_preparation if self._prepares else self._state
        return state is SessionState.CALIBRATING

    def leave_rest(self) -> None:
        """Run, now or later, instead of resting: another exercise begins."""
        self._after_pause = SessionState.RUNNING
        if self._state is SessionState.RESTING:
            self._state = SessionState.RUNNING
        if self._after_calibration is SessionState.RESTING:
            self._after_calibration = SessionState.RUNNING

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
        """Run a set of the chosen exercise: the next one, or one again after the end."""
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

    def _require(self, verb: str, allowed: tuple[SessionState, ...]) -> None:
        if self._state not in allowed:
            names = " or ".join(state.name.lower() for state in allowed)
            raise RequestError(
                RequestErrorCode.SESSION_STATE,
                Sentence.IN_OTHER_STATE.text(
                    verb=verb, state=self._state.name.lower(), states=names
                ),
            )
