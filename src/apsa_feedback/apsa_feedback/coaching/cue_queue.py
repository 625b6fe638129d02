"""Which of the cues that wait is said next: the most important one that may be said now."""

from collections.abc import Mapping
from dataclasses import replace

from apsa_feedback.coaching.candidate import Candidate, error_priority
from apsa_feedback.coaching.cue import CueResult
from apsa_feedback.coaching.cue_book import CueBook
from apsa_feedback.coaching.cue_keys import TEMPO_ERRORS
from apsa_feedback.coaching.settings import CueSettings
from apsa_perception.model.codes import CuePriority, Side
from apsa_perception.model.results import ErrorResult, SessionStatus
from apsa_perception.model.time import to_nanoseconds


class CueQueue:
    """Cues that wait, and what was said; never the same sentence twice in a row.

    Args:
        settings: how often to speak.
        book: the texts.

    Attributes:
        settings: how often to speak, from the next cue on.
        book: the texts, from the next cue on.
        now: stamp in nanoseconds of the results that are dealt with.
    """

    def __init__(self, settings: CueSettings, book: CueBook) -> None:
        self.settings = settings
        self.book = book
        self.now = 0
        self._next_id = 1
        self._last: CueResult | None = None
        self._pending: dict[str, Candidate] = {}
        self.forget()

    def forget(self, *, keep_waiting: bool = False) -> None:
        """Forget the times of earlier cues, but not the sentence said last.

        Args:
            keep_waiting: whether cues that wait are kept.
        """
        if not keep_waiting:
            self.clear()
        self._said: dict[str, CueResult] = {}
        self._turns: dict[str, int] = {}

    def clear(self) -> None:
        """Forget the cues that wait."""
        self._pending = {}

    def number_anew(self) -> None:
        """Number the cues from 1 again."""
        self._next_id = 1

    def keep_waiting(self) -> None:
        """Keep what waits as long as if it were new."""
        until = self.now + to_nanoseconds(self.settings.keep_s)
        self._pending = {k: replace(c, until_ns=until) for k, c in self._pending.items()}

    def remember(self, cue: CueResult) -> None:
        """Take a cue as said."""
        self._next_id = cue.id + 1
        self._last = cue
        self._said[cue.key] = cue
        self._turns[cue.key] = self._turns.get(cue.key, 0) + 1

    def offer(
        self,
        key: str,
        priority: CuePriority,
        rank: int = 0,
        *,
        values: Mapping[str, object] | None = None,
        repeat_s: float = 0.0,
        answers_person: bool = False,
    ) -> None:
        """Let a cue wait.

        Args:
            key: of its texts.
            priority: what it is about.
            rank: orders cues of one priority, the smallest first.
            values: for the texts.
            repeat_s: seconds until it may be said again.
            answers_person: whether the person asked for it, so that it is said at once.
        """
        until = self.now + to_nanoseconds(self.settings.keep_s)
        self._pending[key] = Candidate(
            priority, rank, key, until, repeat_s, values or {}, answers_person=answers_person
        )

    def offer_hint(self, key: str | None, values: Mapping[str, object] | None = None) -> None:
        """Let a hint wait, if there is one."""
        if key is not None:
            repeat_s = self.settings.hint_repeat_s
            self.offer(key, CuePriority.INFO, 1, values=values, repeat_s=repeat_s)

    def offer_error(self, error: ErrorResult, keep_s: float) -> None:
        """Let the cue of an error wait, for some seconds."""
        waiting = self._pending.get(error.name)
        until = self.now + to_nanoseconds(keep_s)
        self._pending[error.name] = Candidate(
            priority=error_priority(error),
            rank=int(error.code) - 1000 * int(error.severity),
            key=error.name,
            until_ns=max(until, waiting.until_ns) if waiting else until,
            repeat_s=self.settings.error_repeat_s,
            values={"count": round(error.limit)} if error.code in TEMPO_ERRORS else {},
            error=error,
        )

    def take(
        self, session: SessionStatus | None, body_id: int, *, seen: bool
    ) -> tuple[CueResult, ErrorResult | None] | None:
        """Return the cue to say now, with its error; None if nothing may be said.

        Args:
            session: the session, for the cue.
            body_id: number of the person, for the cue.
            seen: whether the person is seen well enough for cues about the exercise.
        """
        self._pending = {k: c for k, c in self._pending.items() if c.until_ns >= self.now}
        for candidate in sorted(self._pending.values(), key=lambda c: (-c.priority, c.rank)):
            text = self._text(candidate)
            if text and self._may_be_said(candidate, seen):
                return self._say(candidate, text, session, body_id), candidate.error
        return None

    def _may_be_said(self, candidate: Candidate, seen: bool) -> bool:
        unseen = not (seen or candidate.answers_person)
        if candidate.priority > CuePriority.INFO and unseen:
            return False
        said = self._said.get(candidate.key)
        escalates = said is not None and candidate.priority > said.priority
        if not escalates and self._within(said, candidate.repeat_s):
            return False
        if self._last is None or candidate.answers_person:
            return True
        if candidate.priority >= CuePriority.FORM and candidate.priority > self._last.priority:
            return True
        return not self._within(self._last, self.settings.min_gap_s)

    def _within(self, cue: CueResult | None, seconds: float) -> bool:
        # A cue stamped in the future is from before the clock ran back.
        return cue is not None and 0 <= self.now - cue.stamp_ns < to_nanoseconds(seconds)

    def _text(self, candidate: Candidate) -> str | None:
        """The next text of the candidate that differs from the sentence said last, if any."""
        error = candidate.error
        texts = self.book.texts(
            candidate.key,
            candidate.values,
            side=error.side if error else Side.BOTH,
            severity=error.severity if error else None,
        )
        turn = self._turns.get(candidate.key, 0) % len(texts)
        said_last = self._last.text if self._last else ""
        others = (text for text in texts[turn:] + texts[:turn] if text != said_last)
        return next(others, None)

    def _say(
        self, candidate: Candidate, text: str, session: SessionStatus | None, body_id: int
    ) -> CueResult:
        error = candidate.error
        cue = CueResult(
            stamp_ns=self.now,
            id=self._next_id,
            priority=candidate.priority,
            key=candidate.key,
            text=text,
            locale=self.book.locale,
            error_code=error.code if error else None,
            side=error.side if error else Side.BOTH,
            body_id=body_id,
        )
        if session is not None:
            cue = replace(
                cue,
                session_id=session.session_id,
                exercise_number=session.exercise_number,
                set_number=session.set_number,
            )
        self.remember(cue)
        # The other candidates of this moment would be outdated when their turn comes.
        self._pending = {
            key: each
            for key, each in self._pending.items()
            if key != candidate.key and each.priority > CuePriority.ENCOURAGEMENT
        }
        return cue
