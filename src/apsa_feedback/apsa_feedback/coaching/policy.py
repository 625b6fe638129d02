"""Chooses what the coach says: one cue at a time, never the same sentence twice in a row.

The choice depends only on results and their stamps, so a replay gives the same cues.
"""

from collections.abc import Sequence

from apsa_feedback.coaching.corrections import CorrectionTracker
from apsa_feedback.coaching.cue import CueResult
from apsa_feedback.coaching.cue_book import CueBook
from apsa_feedback.coaching.cue_keys import CueKey
from apsa_feedback.coaching.cue_queue import CueQueue
from apsa_feedback.coaching.hold_cues import HoldCues
from apsa_feedback.coaching.planned_sets import PlannedSets
from apsa_feedback.coaching.programme_cues import (
    Announcement,
    announcement,
    hint_of_missing,
    start_of_set,
    values_of,
)
from apsa_feedback.coaching.session_cues import (
    cue_of_change,
    hint_of_event,
    reaches_pain_limit,
)
from apsa_feedback.coaching.settings import CueSettings
from apsa_feedback.coaching.translation import another_exercise
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
)
from apsa_perception.model.results import (
    ErrorSet,
    HoldResult,
    QualityResult,
    RepetitionResult,
    SessionStatus,
)
from apsa_perception.programmes.library import ProgrammeLibrary
from apsa_perception.programmes.one_side import side_of_title

_RESULTS = (RepetitionResult, QualityResult, HoldResult, ErrorSet)

OTHERS_IN_A_ROW = 2
"""Repetitions that resemble another exercise until the person is told."""


class CuePolicy:
    """Turns the results of each stamp into at most one cue.

    Args:
        settings: how often to speak.
        book: the texts.
        exercises: definitions, for hints in the words of an exercise; None: they are not known.
        programmes: the programmes, to announce warm-ups; None: they are not known.
    """

    def __init__(
        self,
        settings: CueSettings,
        book: CueBook,
        exercises: ExerciseLibrary | None = None,
        programmes: ProgrammeLibrary | None = None,
    ) -> None:
        self._exercises = exercises
        self._planned = PlannedSets(programmes)
        self._queue = CueQueue(settings, book)
        self._visibility = VisibilityWatch(settings.hint_after_s)
        self._corrections = CorrectionTracker(settings.praise_after)
        self._holds = HoldCues()
        self._session: SessionStatus | None = None
        self._named = ("", "")
        """Exercise that was announced last."""
        self._reset()

    def use_book(self, book: CueBook) -> None:
        """Speak another language from the next cue on."""
        self._queue.book = book

    def use_settings(self, settings: CueSettings) -> None:
        """Use other settings from the next results on."""
        self._queue.settings = settings
        self._visibility.hint_after_s = settings.hint_after_s
        self._corrections.clean_repetitions = settings.praise_after

    def restore(self, session: SessionStatus | None, cues: Sequence[CueResult]) -> None:
        """Continue a session after a crash: nothing that was said is said again."""
        self._session = session
        if session is not None:
            self._visibility.exercise_side = session.exercise_side
        for cue in cues:
            self._queue.remember(cue)

    def step(self, group: EventGroup) -> CueResult | None:
        """Take all results of one stamp; return the cue they lead to, if any."""
        if group.stamp_ns < self._queue.now:
            self._reset(keep_waiting=self._awaits_frame)
        self._queue.now = group.stamp_ns
        quality: dict[int, QualityResult] = {}
        repetitions: dict[int, RepetitionResult] = {}
        for event in group.events:
            if self._is_left(event):
                continue
            match event:
                case NewSession():
                    self._reset()
                    self._queue.number_anew()
                case SessionStatus():
                    self._on_session(event)
                case SkeletonFrame():
                    self._visibility.add_frame(event)
                case RepetitionResult():
                    repetitions[event.index] = event
                    self._on_repetition(event)
                case HoldResult() if self._running:
                    for key, values in self._holds.add(event):
                        self._queue.offer(key, CuePriority.ENCOURAGEMENT, 1, values=values)
                case QualityResult():
                    quality[event.repetition] = event
                    self._on_quality(event)
                case ErrorSet() if event.scope is ErrorScope.LIVE:
                    self._on_live(event)
                case ErrorSet() if event.scope is ErrorScope.REPETITION:
                    self._on_repetition_errors(
                        event, repetitions.get(event.repetition), quality.get(event.repetition)
                    )
        return self._cue()

    def _reset(self, *, keep_waiting: bool = False) -> None:
        """Forget the person and the times of earlier cues, but not the sentence said last."""
        self._queue.forget(keep_waiting=keep_waiting)
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
            self._queue.keep_waiting()
        self._visibility.exercise_side = status.exercise_side
        if before and reaches_pain_limit(before, status):
            self._queue.clear()
            self._queue.offer(CueKey.PAIN_LIMIT, CuePriority.SAFETY, answers_person=True)
            return
        if before and not _is_change(before, status):
            self._announce(announcement(before, status, self._queue.book))
            if (status.event, status.message) != (before.event, before.message):
                known = self._exercises.known(status.exercise) if self._exercises else None
                hint = hint_of_event(status.event, status.message, known)
                if hint is CueKey.ANOTHER_EXERCISE:
                    self._offer_another(status.message)
                else:
                    self._queue.offer_hint(hint, values_of(status, self._queue.book))
            return
        self._queue.clear()
        key = cue_of_change(before, status)
        if key is None:
            return
        named = (
            key is CueKey.SESSION_STARTED or _asked(status.exercise, status.title) == self._named
        )
        key = start_of_set(key, before, named, self._planned.is_warm_up(status))
        if key in (CueKey.SESSION_STARTED, CueKey.WARM_UP_STARTED):
            self._named = _asked(status.exercise, status.title)
        values = values_of(status, self._queue.book)
        self._queue.offer(key, CuePriority.INFO, values=values, answers_person=True)

    def _announce(self, due: Announcement | None) -> None:
        if due is not None:
            if due.key is CueKey.NEXT_EXERCISE and self._session is not None:
                following = self._session
                self._named = _asked(following.next_exercise, following.next_title)
            self._queue.offer(
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
        every = self._queue.settings.count_every
        if target and index == target - 1:
            self._queue.offer(CueKey.LAST_ONE, CuePriority.ENCOURAGEMENT, 2)
        elif every and index % every == 0 and index != target:  # the end of the set names it
            self._queue.offer(CueKey.COUNT, CuePriority.ENCOURAGEMENT, 3, values={"count": index})

    def _on_quality(self, quality: QualityResult) -> None:
        if not self._running:
            return
        self._queue.offer_hint(self._visibility.add_quality(quality))
        another = quality.not_judged_reason is NotJudgedReason.ANOTHER_EXERCISE
        self._others_in_a_row = self._others_in_a_row + 1 if another else 0
        if self._others_in_a_row == OTHERS_IN_A_ROW and self._session is not None:
            self._others_in_a_row = 0
            self._offer_another(quality.reason)
        self._good_in_a_row = self._good_in_a_row + 1 if quality.grade is Grade.GOOD else 0
        if self._good_in_a_row and self._good_in_a_row == self._queue.settings.encourage_after:
            self._good_in_a_row = 0
            self._queue.offer(CueKey.ENCOURAGEMENT, CuePriority.ENCOURAGEMENT, 4)

    def _offer_another(self, sentence: str) -> None:
        """Say that it is another exercise than the chosen one, and which, if the sentence does."""
        if self._session is not None:
            book = self._queue.book
            chosen = book.spoken(self._session.exercise, self._session.title)
            self._queue.offer_hint(*another_exercise(sentence, chosen, book, self._exercises))

    def _on_repetition_errors(
        self,
        errors: ErrorSet,
        repetition: RepetitionResult | None,
        quality: QualityResult | None,
    ) -> None:
        if not self._running:
            return
        for error in errors.errors:
            self._queue.offer_error(error, self._queue.settings.keep_s)
        if repetition is None:
            return
        for code in self._corrections.corrected(repetition, quality, errors):
            values = {"error": self._queue.book.words[code.name.lower()]}
            self._queue.offer(CueKey.PRAISE_CORRECTED, CuePriority.ENCOURAGEMENT, values=values)

    def _on_live(self, errors: ErrorSet) -> None:
        before = self._visibility.body_id
        hint = self._visibility.add_live(errors)
        if errors.body_id and before and errors.body_id != before:
            self._corrections.clear()
            self._good_in_a_row = 0
        if self._session is not None:
            self._queue.offer_hint(hint_of_missing(self._session))
        if not self._running:
            return
        self._queue.offer_hint(hint)
        self._queue.offer_hint(
            self._holds.hint(errors, self._session, self._queue.settings.hint_after_s)
        )
        for error in errors.errors:
            self._queue.offer_error(error, keep_s=0.0)

    def _cue(self) -> CueResult | None:
        if self._awaits_frame:
            return None
        visible = self._visibility
        found = self._queue.take(self._session, visible.body_id, seen=visible.sufficient)
        if found is None:
            return None
        cue, error = found
        if error is not None:
            self._corrections.name(error.code, error.measure, cue.stamp_ns)
        return cue


def _asked(exercise: str, title: str) -> tuple[str, str]:
    """What is asked for: the exercise, and its side if the title names one."""
    _, side = side_of_title(title)
    return exercise, side


def _is_change(before: SessionStatus, now: SessionStatus) -> bool:
    """Whether the session is in another state, another exercise or another set."""
    if (before.state, before.exercise) != (now.state, now.exercise):
        return True
    new_set = bool(before.session_id) and before.session_id != now.session_id
    return new_set and now.event is SessionEvent.SET_STARTED
