"""Pain and effort of a set, which are asked for when it has ended, and the stop rule for pain."""

from collections.abc import Callable
from dataclasses import replace

from apsa_perception.assessment.session import Session
from apsa_perception.model.codes import (
    RatingState,
    RequestError,
    RequestErrorCode,
    SessionEvent,
    SessionState,
)
from apsa_perception.model.results import SetRating
from apsa_perception.model.sentences import Sentence

HIGHEST = 10
"""Upper end of both scales, the numeric rating scale of pain and Borg's CR10 of effort."""

LONGEST_NOTE = 200
"""Characters of a note."""

_ENDED = (SessionState.IDLE, SessionState.CLOSED)
_PAUSABLE = (SessionState.RUNNING, SessionState.RESTING, SessionState.PREPARING)


class SetRatings:
    """Holds the rating of the last set that ended.

    Args:
        session: whose sets are rated.
        pause: pauses it.
        asks: whether the person is asked; an answer is taken in any case.

    Attributes:
        asks: as the argument.
    """

    def __init__(self, session: Session, pause: Callable[[], object], asks: bool) -> None:
        self._pause = pause
        self.asks = asks
        self._rating = SetRating()
        self._person_left = False
        self._session = session

    @property
    def current(self) -> SetRating:
        """The rating of the last set; without a session if the present person has ended none."""
        away = self._person_left and self._session.state not in _ENDED
        return SetRating() if away else self._rating

    @current.setter
    def current(self, rating: SetRating) -> None:
        self._rating, self._person_left = rating, False

    @property
    def person_left(self) -> bool:
        """Whether the present person has ended no set: another one was chosen since the last."""
        return self._person_left

    def resume(self, rating: SetRating, *, person_left: bool) -> None:
        """Continue with the rating of a session that was saved."""
        self._rating, self._person_left = rating, person_left

    def change_person(self) -> None:
        """Ask about the sets so far until the next session, which is another person's."""
        self._person_left = True

    def end_set(self) -> None:
        """Ask about the present set, which has ended; not about one in which nothing was done."""
        session_id = self._session.identity.session_id
        if self._rating.session_id == session_id:
            return
        if not self._session.done:
            self.current = SetRating()
            return
        state = RatingState.ASKED if self.asks else RatingState.NONE
        self.current = SetRating(session_id, state)

    def rate(self, answer: SetRating, pain_limit: int) -> None:
        """Take the person's answer; pain at its limit pauses a session under way.

        Args:
            answer: pain, effort and note; an empty ``session_id`` is the last set.
            pain_limit: pain at and above which exercising should stop; 0: no limit.

        Raises:
            RequestError: a value is not allowed, or the set is not the last one that ended.
        """
        self._check(answer)
        given = answer.pain is not None or answer.effort is not None or bool(answer.note)
        self._rating = replace(
            answer,
            session_id=self.current.session_id,
            state=RatingState.ANSWERED if given else RatingState.SKIPPED,
        )
        if answer.pain is None or not 0 < pain_limit <= answer.pain:
            message = "the set is rated" if given else "the questions about the set are skipped"
            self._session.report(SessionEvent.SET_RATED, message)
            return
        action = "stop exercising"
        if self._session.state in _PAUSABLE and not self._session.calibrates:
            self._pause()
            action = "the session is paused; continue only without this pain"
        self._session.report(
            SessionEvent.PAIN_LIMIT,
            f"pain {answer.pain} of {HIGHEST} reaches the limit of {pain_limit}: {action}",
        )

    def _check(self, answer: SetRating) -> None:
        for name, value in (("pain", answer.pain), ("effort", answer.effort)):
            if value is not None and not 0 <= value <= HIGHEST:  # false for NaN, too
                raise _not_allowed(
                    f"{name} is {value:g}; expected 0 to {HIGHEST}, or -1 for no answer"
                )
        if len(answer.note) > LONGEST_NOTE:
            raise _not_allowed(
                Sentence.NOTE_TOO_LONG.text(count=len(answer.note), most=LONGEST_NOTE)
            )
        if not self.current.session_id:
            raise RequestError(RequestErrorCode.SESSION_STATE, Sentence.NO_SET_ENDED.text())
        if answer.session_id not in ("", self.current.session_id):
            raise RequestError(
                RequestErrorCode.SESSION_STATE,
                Sentence.NOT_THE_LAST_SET.text(
                    name=repr(answer.session_id[:40]), last=repr(self.current.session_id)
                ),
            )


def _not_allowed(sentence: str) -> RequestError:
    return RequestError(RequestErrorCode.OUT_OF_RANGE, sentence)
