"""Chooses what the coach says: one cue at a time, never the same sentence twice in a row.

The choice depends only on results and their stamps, so a replay gives the same cues.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from apsa_feedback.coaching.candidate import Candidate, error_priority
from apsa_feedback.coaching.corrections import CorrectionTracker
from apsa_feedback.coaching.cue import CueResult
from apsa_feedback.coaching.cue_book import CueBook
from apsa_feedback.coaching.cue_keys import TEMPO_ERRORS, CueKey
from apsa_feedback.coaching.hold_cues import HoldCues
from apsa_feedback.coaching.programme_cues import (
    Announcement,
    announcement,
    hint_of_missing,
    values_of,
)
from apsa_feedback.coaching.session_cues import (
    cue_of_change,
    hint_of_event,
    reaches_pain_limit,
)
from apsa_feedback.coaching.settings import CueSettings
from apsa_feedback.coaching.visibility import VisibilityWatch
from apsa_feedback.stream.events import Event, EventGroup, SkeletonFrame
from apsa_feedback.stream.session_tracker import NewSession
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import (
    UNDER_WAY,
    CuePriority,
    ErrorScope,
    Grade,
    NotJudgedReason,
    SessionEvent,
    SessionState,
    Side,
)
from apsa_perception.model.results import (
    ErrorResult,
    ErrorSet,
    HoldResult,
    QualityResult,
    RepetitionResult,
    SessionStatus,
)
from apsa_perception.model.time import to_nanoseconds

_RESULTS = (RepetitionResult, QualityResult, HoldResult, ErrorSet)

OTHERS_IN_A_ROW = 2
"""Repetitions that resemble another exercise until the person is told."""


class CuePolicy:
    """Turns the results of each stamp into at most one cue.

    Args:
        settings: how often to speak.
        book: the texts.
        exercises: definitions, for hints in the words of an exercise; None: they are not known.
    """

    def __init__(
        self, settings: CueSettings, book: CueBook, exercises: ExerciseLibrary | None = None
    ) -> None:
        self._settings = settings
        self._exercises = exercises
        self._book = book
        self._visibility = VisibilityWatch(settings.hint_after_s)
        self._corrections = CorrectionTracker(settings.praise_after)
        self._holds = HoldCues()
        self._session: SessionStatus | None = None
        self._named = ""
        """Exercise that was announced last."""
        self._next_id = 1
        self._now = 0
        self._last: CueResult | None = None
        self._pending: dict[str, Candidate] = {}
        self._reset()

    def use_book(self, book: CueBook) -> None:
        """Speak another language from the next cue on."""
        self._book = book

    def use_settings(self, settings: CueSettings) -> None:
        """Use other settings from the next results on."""
        self._settings = settings
        self._visibility.hint_after_s = settings.hint_after_s
        self._corrections.clean_repetitions = settings.praise_after

    def restore(self, session: SessionStatus | None, cues: Sequence[CueResult]) -> None:
        """Continue a session after a crash: nothing that was said is said again."""
        self._session = session
        if session is not None:
            self._visibility.exercise_side = session.exercise_side
        for cue in cues:
            self._remember(cue)

    def step(self, group: EventGroup) -> CueResult | None:
        """Take all results of one stamp; return the cue they lead to, if any."""
        if group.stamp_ns < self._now:
            waiting = self._pending if self._awaits_frame else {}
            self._reset()
            self._pending = waiting
        self._now = group.stamp_ns
        quality: dict[int, QualityResult] = {}
        repetitions: dict[int, RepetitionResult] = {}
        for event in group.events:
            if self._is_left(event):
                continue
            match event:
                case NewSession():
                    self._reset()
                    self._next_id = 1
                case SessionStatus():
                    self._on_session(event)
                case SkeletonFrame():
                    self._visibility.add_frame(event)
                case RepetitionResult():
                    repetitions[event.index] = event
                    self._on_repetition(event)
                case HoldResult() if self._running:
                    for key, values in self._holds.add(event):
                        self._offer(key, CuePriority.ENCOURAGEMENT, 1, values=values)
                case QualityResult():
                    quality[event.repetition] = event
                    self._on_quality(event)
                case ErrorSet() if event.scope is ErrorScope.LIVE:
                    self._on_live(event)
                case ErrorSet() if event.scope is ErrorScope.REPETITION:
                    self._on_repetition_errors(
                        event, repetitions.get(event.repetition), quality.get(event.repetition)
                    )
        return self._choose()

    def _reset(self) -> None:
        """Forget the person and the times of earlier cues, but not the sentence said last."""
        self._pending = {}
        self._said: dict[str, CueResult] = {}
        self._turns: dict[str, int] = {}
        self._good_in_a_row = self._others_in_a_row = 0
        self._visibility.clear()
        self._corrections.clear()
        self._holds.clear()

    @property
    def _running(self) -> bool:
        return self._session is not None and self._session.state is SessionState.RUNNING

    def _is_left(self, event: Event) -> bool:
        """Whether a result is of an exercise that was left meanwhile: no cue answers it."""
        exercise = event.exercise if isinstance(event, _RESULTS) else ""
        session = self._session
        return bool(session and session.exercise and exercise not in ("", session.exercise))

    @property
    def _awaits_frame(self) -> bool:
        """Whether a session begins with the next frame, to which its first cue then belongs."""
        session = self._session
        return session is not None and session.state in UNDER_WAY and not session.session_id

    def _on_session(self, status: SessionStatus) -> None:
        awaited = self._awaits_frame
        before, self._session = self._session, status
        if awaited and not self._awaits_frame:
            until = self._now + to_nanoseconds(self._settings.keep_s)
            self._pending = {k: replace(c, until_ns=until) for k, c in self._pending.items()}
        self._visibility.exercise_side = status.exercise_side
        if before and reaches_pain_limit(before, status):
            self._pending.clear()
            self._offer(CueKey.PAIN_LIMIT, CuePriority.SAFETY, answers_person=True)
            return
        if before and not _is_change(before, status):
            self._announce(announcement(before, status, self._book))
            if (status.event, status.message) != (before.event, before.message):
                known = self._exercises.known(status.exercise) if self._exercises else None
                hint = hint_of_event(status.event, known)
                self._offer_hint(hint, values_of(status, self._book))
            return
        self._pending.clear()
        key = cue_of_change(before, status)
        if key is None:
            return
        if key is CueKey.SET_STARTED and status.exercise != self._named:
            key = CueKey.SESSION_STARTED  # names it
        if key is CueKey.SESSION_STARTED:
            self._named = status.exercise
        values = values_of(status, self._book)
        self._offer(key, CuePriority.INFO, values=values, answers_person=True)

    def _announce(self, due: Announcement | None) -> None:
        if due is not None:
            if due.key is CueKey.NEXT_EXERCISE and self._session is not None:
                self._named = self._session.next_exercise
            self._offer(
                due.key,
                CuePriority.INFO,
                values=due.values,
                repeat_s=due.repeat_s,
                answers_person=True,
            )

    def _on_repetition(self, repetition: RepetitionResult) -> None:
        if not self._running or self._session is None:
            return
        index, target = repetition.index, self._session.target_repetitions
        every = self._settings.count_every
        if target and index == target - 1:
            self._offer(CueKey.LAST_ONE, CuePriority.ENCOURAGEMENT, 2)
        elif every and index % every == 0 and index != target:  # the end of the set names it
            self._offer(CueKey.COUNT, CuePriority.ENCOURAGEMENT, 3, values={"count": index})

    def _on_quality(self, quality: QualityResult) -> None:
        if not self._running:
            return
        self._offer_hint(self._visibility.add_quality(quality))
        another = quality.not_judged_reason is NotJudgedReason.ANOTHER_EXERCISE
        self._others_in_a_row = self._others_in_a_row + 1 if another else 0
        if self._others_in_a_row == OTHERS_IN_A_ROW and self._session is not None:
            self._others_in_a_row = 0
            chosen = self._book.spoken(self._session.exercise, self._session.title)
            self._offer_hint(CueKey.ANOTHER_EXERCISE, {"exercise": chosen})
        self._good_in_a_row = self._good_in_a_row + 1 if quality.grade is Grade.GOOD else 0
        if self._good_in_a_row and self._good_in_a_row == self._settings.encourage_after:
            self._good_in_a_row = 0
            self._offer(CueKey.ENCOURAGEMENT, CuePriority.ENCOURAGEMENT, 4)

    def _on_repetition_errors(
        self,
        errors: ErrorSet,
        repetition: RepetitionResult | None,
        quality: QualityResult | None,
    ) -> None:
        if not self._running:
            return
        for error in errors.errors:
            self._offer_error(error, self._settings.keep_s)
        if repetition is None:
            return
        for code in self._corrections.corrected(repetition, quality, errors):
            values = {"error": self._book.words[code.name.lower()]}
            self._offer(CueKey.PRAISE_CORRECTED, CuePriority.ENCOURAGEMENT, values=values)

    def _on_live(self, errors: ErrorSet) -> None:
        before = self._visibility.body_id
        hint = self._visibility.add_live(errors)
        if errors.body_id and before and errors.body_id != before:
            self._corrections.clear()
            self._good_in_a_row = 0
        if self._session is not None:
            self._offer_hint(hint_of_missing(self._session.missing))
        if not self._running:
            return
        self._offer_hint(hint)
        self._offer_hint(self._holds.hint(errors, self._session, self._settings.hint_after_s))
        for error in errors.errors:
            self._offer_error(error, keep_s=0.0)

    def _offer_error(self, error: ErrorResult, keep_s: float) -> None:
        waiting = self._pending.get(error.name)
        until = self._now + to_nanoseconds(keep_s)
        self._pending[error.name] = Candidate(
            priority=error_priority(error),
            rank=int(error.code) - 1000 * int(error.severity),
            key=error.name,
            until_ns=max(until, waiting.until_ns) if waiting else until,
            repeat_s=self._settings.error_repeat_s,
            values={"count": round(error.limit)} if error.code in TEMPO_ERRORS else {},
            error=error,
        )

    def _offer_hint(self, key: str | None, values: Mapping[str, object] | None = None) -> None:
        if key is not None:
            repeat_s = self._settings.hint_repeat_s
            self._offer(key, CuePriority.INFO, 1, values=values, repeat_s=repeat_s)

    def _offer(
        self,
        key: str,
        priority: CuePriority,
        rank: int = 0,
        *,
        values: Mapping[str, object] | None = None,
        repeat_s: float = 0.0,
        answers_person: bool = False,
    ) -> None:
        until = self._now + to_nanoseconds(self._settings.keep_s)
        self._pending[key] = Candidate(
            priority, rank, key, until, repeat_s, values or {}, answers_person=answers_person
        )

    def _choose(self) -> CueResult | None:
        if self._awaits_frame:
            return None
        self._pending = {k: c for k, c in self._pending.items() if c.until_ns >= self._now}
        for candidate in sorted(self._pending.values(), key=lambda c: (-c.priority, c.rank)):
            text = self._text(candidate)
            if text and self._may_be_said(candidate):
                return self._say(candidate, text)
        return None

    def _may_be_said(self, candidate: Candidate) -> bool:
        unseen = not (self._visibility.sufficient or candidate.answers_person)
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
        return not self._within(self._last, self._settings.min_gap_s)

    def _within(self, cue: CueResult | None, seconds: float) -> bool:
        # A cue stamped in the future is from before the clock ran back.
        return cue is not None and 0 <= self._now - cue.stamp_ns < seconds * 1e9

    def _text(self, candidate: Candidate) -> str | None:
        """The next text of the candidate that differs from the sentence said last, if any."""
        error = candidate.error
        texts = self._book.texts(
            candidate.key,
            candidate.values,
            side=error.side if error else Side.BOTH,
            severity=error.severity if error else None,
        )
        turn = self._turns.get(candidate.key, 0) % len(texts)
        said_last = self._last.text if self._last else ""
        others = (text for text in texts[turn:] + texts[:turn] if text != said_last)
        return next(others, None)

    def _say(self, candidate: Candidate, text: str) -> CueResult:
        error = candidate.error
        if error is not None:
            self._corrections.name(error.code, error.measure, self._now)
        cue = CueResult(
            stamp_ns=self._now,
            id=self._next_id,
            priority=candidate.priority,
            key=candidate.key,
            text=text,
            locale=self._book.locale,
            error_code=error.code if error else None,
            side=error.side if error else Side.BOTH,
            body_id=self._visibility.body_id,
        )
        if self._session is not None:
            cue = replace(
                cue,
                session_id=self._session.session_id,
                exercise_number=self._session.exercise_number,
                set_number=self._session.set_number,
            )
        self._remember(cue)
        # The other candidates of this moment would be outdated when their turn comes.
        self._pending = {
            key: each
            for key, each in self._pending.items()
            if key != candidate.key and each.priority > CuePriority.ENCOURAGEMENT
        }
        return cue

    def _remember(self, cue: CueResult) -> None:
        self._next_id = cue.id + 1
        self._last = cue
        self._said[cue.key] = cue
        self._turns[cue.key] = self._turns.get(cue.key, 0) + 1


def _is_change(before: SessionStatus, now: SessionStatus) -> bool:
    """Whether the session is in another state, another exercise or another set."""
    if (before.state, before.exercise) != (now.state, now.exercise):
        return True
    new_set = bool(before.session_id) and before.session_id != now.session_id
    return new_set and now.event is SessionEvent.SET_STARTED
