"""The state of the session as JSON values for the page."""

import statistics
from array import array
from collections import deque
from collections.abc import Mapping
from typing import Any

from apsa_feedback.coaching.cue import CueResult
from apsa_feedback.coaching.cue_book import CueBook
from apsa_feedback.coaching.planned_sets import PlannedSets
from apsa_feedback.coaching.programme_runs import ProgrammeRuns
from apsa_feedback.coaching.session_cues import note_of_change
from apsa_feedback.coaching.session_notes import hand_hint, note_of
from apsa_feedback.outputs.screen.course_content import course, programme_results, tempo_measured
from apsa_feedback.outputs.screen.frame_header import error_words, number
from apsa_feedback.outputs.screen.quality_details import quality_details
from apsa_feedback.stream.events import OutputEvent
from apsa_feedback.stream.formatting import points
from apsa_feedback.stream.session_tracker import NewSession
from apsa_feedback.stream.set_course import course_of_set
from apsa_feedback.stream.tempo import Phases, phases_of
from apsa_perception.exercises.definition import ExerciseDefinition
from apsa_perception.exercises.hold import Hold
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import (
    ErrorScope,
    ExerciseKind,
    ExerciseSide,
    Grade,
    HoldState,
    RatingState,
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

_SHOWN_REPETITIONS = 6


class ScreenContent:
    """Follows the session and returns what the page shows of it.

    Args:
        book: titles of the exercises.
        exercises: definitions of the exercises; None if they are unknown.
        programmes: the programmes; None if they are unknown.

    Attributes:
        hand_signal: whether a raised hand starts and pauses the session.
    """

    def __init__(
        self,
        book: CueBook,
        exercises: ExerciseLibrary | None = None,
        programmes: ProgrammeLibrary | None = None,
    ) -> None:
        self._book = book
        self._exercises = exercises
        self._planned = PlannedSets(programmes)
        self._runs = ProgrammeRuns(only_current=True)
        self._session: SessionStatus | None = None
        self._exercise: ExerciseDefinition | None = None
        self._repetition: RepetitionResult | None = None
        self._shown: deque[QualityResult] = deque(maxlen=_SHOWN_REPETITIONS)
        self._scores = array("d")
        self._unjudged = 0
        self._holds: dict[int, HoldResult] = {}
        self._phases: list[Phases] = []
        self._cue: CueResult | None = None
        self._errors: ErrorSet | None = None
        self._errors_of: dict[int, ErrorSet] = {}
        self._noted: SessionStatus | None = None
        self._note = ""
        self.hand_signal = False

    def use_book(self, book: CueBook) -> None:
        """Take the titles of another language, and drop the cue of the previous one."""
        self._book = book
        self._cue = None
        self._renew_note()

    def on_cue(self, cue: CueResult) -> None:
        """Take the cue to show."""
        self._cue = cue

    def on_event(self, event: OutputEvent) -> None:
        """Take an event of the session; results of an exercise that was left are ignored."""
        self._runs.add(event)
        session = self._session
        if isinstance(event, RepetitionResult | QualityResult | HoldResult | ErrorSet) and (
            session and session.exercise and event.exercise != session.exercise
        ):
            return
        match event:
            case NewSession():
                self._repetition = None
                self._shown.clear()
                self._scores = array("d")
                self._unjudged = 0
                self._holds.clear()
                self._phases.clear()
                self._cue = None
                self._errors = None
                self._errors_of.clear()
            case SessionStatus():
                self._on_session(event)
            case RepetitionResult():
                self._repetition = event
            case HoldResult():
                self._holds[event.index] = event
            case QualityResult():
                self._on_quality(event)
            case ErrorSet(scope=ErrorScope.REPETITION):
                self._errors = event
                self._errors_of[event.repetition] = event
                self._errors_of.pop(event.repetition - _SHOWN_REPETITIONS, None)
                if (phases := phases_of(event)) is not None:
                    self._phases.append(phases)
            case ErrorSet():
                pass

    def state(self) -> dict[str, Any]:
        """Return the state message."""
        session, repetition, scores = self._session, self._repetition, self._scores
        done = max(session.repetitions if session else 0, repetition.index if repetition else 0)
        return {
            "session": (session.state if session else SessionState.IDLE).name.lower(),
            "exercise": self._title(),
            "exercise_name": session.exercise if session else "",
            "note": self._note or (hand_hint(session, self._book) if self.hand_signal else ""),
            "count": done,
            "target": session.target_repetitions if session else 0,
            **course(session, self._planned, self._book),
            "results": programme_results(session, self._runs, self._planned, self._book),
            "selected": session.selected_body_id if session else 0,
            "sides": (session.exercise_side if session else ExerciseSide.BOTH).name.lower(),
            "aim": self._aim(),
            "qualities": [
                quality_details(each, self._errors_of.get(each.repetition), self._book)
                for each in self._shown
            ],
            "average": points(statistics.fmean(scores)) if scores else None,
            "unjudged": self._unjudged,
            "hold": self._hold(),
            "repetition_errors": _repetition_errors(self._errors, self._book),
            "cue": _cue(self._cue),
            "rating": _rating(session),
            "set_course": _set_course(session, self._book),
            "tempo_measured": tempo_measured(session, self._phases, self._book),
        }

    def _hold(self) -> Mapping[str, Any] | None:
        """The times of a hold in whole seconds; None if repetitions are counted."""
        session, last = self._session, next(reversed(self._holds.values()), None)
        if session is None or session.exercise_kind is not ExerciseKind.HOLD:
            return None
        active = last is not None and last.state is not HoldState.ENDED
        exercise = self._exercise
        return {
            "limits": _limits(exercise.hold) if exercise and exercise.hold else None,
            "seconds": int(last.held_s) if last else 0,
            "active": active and session.state is SessionState.RUNNING,
            "target": int(session.target_hold_s),
            "best": int(max(session.held_best_s, last.best_s if last else 0.0)),
            "total": int(max(session.held_total_s, last.total_s if last else 0.0)),
            "held": [
                {"index": each.index, "seconds": int(each.held_s)}
                for each in list(self._holds.values())[-_SHOWN_REPETITIONS:]
            ],
        }

    def _on_quality(self, quality: QualityResult) -> None:
        self._shown.append(quality)
        if quality.grade is Grade.NOT_JUDGED:
            self._unjudged += 1
        else:
            self._scores.append(quality.score)

    def _title(self) -> str:
        if self._session is None:
            return ""
        return self._book.title(self._session.exercise, self._session.title)

    def _aim(self) -> Mapping[str, Any] | None:
        """Rest and target of the primary measure, from the last repetition or the exercise."""
        if self._repetition is not None:
            last = self._repetition
            return {
                "measure": last.measure,
                "rest": number(last.rest_value),
                "target": number(last.target_value),
            }
        if self._exercise is None or self._exercise.hold is not None:
            return None
        primary = self._exercise.primary
        return {
            "measure": primary.measure,
            "rest": primary.rest_limit,
            "target": primary.target,
        }

    def _on_session(self, status: SessionStatus) -> None:
        before, self._session = self._session, status
        if before is None or status.message != before.message:
            self._noted = status if note_of_change(before, status) else None
        self._exercise = self._exercises.known(status.exercise) if self._exercises else None
        self._renew_note()

    def _renew_note(self) -> None:
        noted = self._noted
        known = (self._book, self._exercise, self._exercises)
        self._note = note_of(noted, *known) if noted else ""


def _rating(session: SessionStatus | None) -> dict[str, Any] | None:
    """The set about which the person is asked now; None: about none.

    ``aside``: the next set is under way, so that the question must leave room for the coaching.
    """
    if session is None or session.rating.state is not RatingState.ASKED:
        return None
    aside = session.state not in (SessionState.RESTING, SessionState.CLOSED)
    return {"session_id": session.rating.session_id, "aside": aside}


def _set_course(session: SessionStatus | None, book: CueBook) -> dict[str, str] | None:
    """How the set that has ended compares with its beginning; None while it goes on."""
    if session is None or session.state not in (SessionState.RESTING, SessionState.CLOSED):
        return None
    course, words = course_of_set(session), book.words
    shown = " · ".join(f"{words[key]} {value}" for key, value in course.lines(words))
    return {"text": shown, "meaning": course.meaning(words)} if shown else None


def _limits(hold: Hold) -> Mapping[str, Any]:
    """What the first measure of a position must keep to."""
    low, high = hold.position[0].bounds
    return {"measure": hold.measure, "low": low, "high": high}


def _repetition_errors(errors: ErrorSet | None, book: CueBook) -> dict[str, Any] | None:
    if errors is None:
        return None
    return {
        "repetition": errors.repetition,
        "errors": [error_words(error, book) for error in errors.errors],
    }


def _cue(cue: CueResult | None) -> Mapping[str, Any] | None:
    if cue is None:
        return None
    return {
        "id": cue.id,
        "stamp": cue.stamp_ns,
        "text": cue.text,
        "priority": cue.priority.name.lower(),
    }
