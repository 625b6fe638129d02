"""Content of the therapist's view beside that of the page: limits, live states, repetitions."""

from collections import deque
from typing import Any

from apsa_feedback.coaching.cue_book import CueBook
from apsa_feedback.coaching.translation import translated, unjudged_reason
from apsa_feedback.outputs.screen.exercise_limits import limits_of, states_of
from apsa_feedback.outputs.screen.frame_header import error_words, number
from apsa_feedback.stream.events import OutputEvent
from apsa_feedback.stream.formatting import points
from apsa_feedback.stream.session_tracker import NewSession
from apsa_perception.assessment.personal_limits import PersonalLimits
from apsa_perception.exercises import tempo
from apsa_perception.exercises.definition import ExerciseDefinition
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import ErrorScope, Grade, HoldState, SessionEvent, Side
from apsa_perception.model.results import (
    ErrorResult,
    ErrorSet,
    HoldResult,
    QualityResult,
    RepetitionResult,
    SessionStatus,
)
from apsa_perception.model.time import to_nanoseconds

SHOWN = 100
"""Repetitions of the session that are listed; the report has all of them."""

_NEAR_NS = to_nanoseconds(0.15)
"""A frame shows a turning point if it is at most so far away: as in the report."""

_FRAMES = 600
"""Frames in which a turning point is looked up: the longest repetition at 40 frames a second."""

_RECORDING = (
    SessionEvent.RECORDING_STARTED,
    SessionEvent.RECORDED,
    SessionEvent.RECORDING_FAILED,
)


class TherapistContent:
    """Follows the session and returns what only a therapist sees of it.

    Args:
        book: words of the language.
        exercises: definitions of the exercises; None if they are unknown.
    """

    def __init__(self, book: CueBook, exercises: ExerciseLibrary | None = None) -> None:
        self._book = book
        self._exercises = exercises
        self._exercise: ExerciseDefinition | None = None
        self._applied: ExerciseDefinition | None = None
        """The exercise with the limits of the person."""
        self._own = PersonalLimits()
        self._session: SessionStatus | None = None
        self._last: ErrorSet | None = None
        self._rows: dict[int, dict[str, Any]] = {}
        self._sides: deque[tuple[int, dict[Side, float]]] = deque(maxlen=_FRAMES)

    def use_book(self, book: CueBook) -> None:
        """Take the words of another language."""
        self._book = book

    def use_limits(self, limits: PersonalLimits) -> None:
        """Take the limits of the person."""
        self._own = limits
        self._apply_limits()

    def on_event(self, event: OutputEvent) -> None:
        """Take an event of the session."""
        match event:
            case NewSession():
                self._last = None
                self._rows.clear()
                self._sides.clear()
            case SessionStatus():
                self._session = event
                self._exercise = self._exercises.known(event.exercise) if self._exercises else None
                self._apply_limits()
            case RepetitionResult():
                self._row(event.index).update(self._repetition(event))
            case HoldResult():
                if event.state is HoldState.ENDED:
                    self._row(event.index).update(_hold(event))
            case QualityResult():
                self._row(event.repetition)["quality"] = event
            case ErrorSet(scope=ErrorScope.LIVE):
                self._note_sides(event)
            case ErrorSet():
                self._last = event
                self._row(event.repetition)["errors"] = event.errors

    def state(self) -> dict[str, Any]:
        """Return the message of the session: target, limits, repetitions, and news."""
        exercise, session = self._exercise, self._session
        motion = exercise.motion if exercise else None
        news = session.message if session and session.event in _RECORDING else ""
        detail = translated(news, self._book)
        return {
            "target": {"measure": motion.measure, "value": motion.target} if motion else None,
            "limits": limits_of(exercise, self._book, self._last, self._own) if exercise else [],
            "repetitions": [self._shown(row) for _, row in sorted(self._rows.items())],
            "detail": detail.text,
            "detail_locale": detail.locale,
        }

    def frame(self, live: ErrorSet | None) -> dict[str, Any]:
        """Return what is added to the header of a frame, by the order of its measures."""
        if live is None or self._applied is None or live.exercise != self._applied.name:
            return {}
        return {
            "states": states_of(live, self._applied),
            "uncertainties": [number(measure.uncertainty) for measure in live.measures],
        }

    def _shown(self, row: dict[str, Any]) -> dict[str, Any]:
        """A row in the language of now."""
        shown = {**row, "errors": [self._error(error) for error in row["errors"]]}
        quality = shown.pop("quality", None)
        return shown | (_quality(quality, self._book) if quality else {})

    def _apply_limits(self) -> None:
        self._applied = self._own.applied(self._exercise) if self._exercise else None

    def _row(self, index: int) -> dict[str, Any]:
        if index not in self._rows:
            self._rows[index] = {"index": index, "errors": ()}
            while len(self._rows) > SHOWN:
                del self._rows[min(self._rows)]
        return self._rows[index]

    def _repetition(self, repetition: RepetitionResult) -> dict[str, Any]:
        values = {repetition.side: repetition.peak_value}
        if repetition.side is Side.BOTH:
            nearest = min(
                self._sides, key=lambda each: abs(each[0] - repetition.peak_ns), default=None
            )
            if nearest is not None and abs(nearest[0] - repetition.peak_ns) <= _NEAR_NS:
                values.update(nearest[1])
        return {
            "side": repetition.side.name.lower(),
            "unit": repetition.unit,
            "peak": number(repetition.peak_value),
            "left": number(values.get(Side.LEFT, float("nan"))),
            "right": number(values.get(Side.RIGHT, float("nan"))),
            "seconds": number(repetition.duration_s),
        }

    def _note_sides(self, live: ErrorSet) -> None:
        """Note both sides of the primary measure, the first one."""
        name = live.measures[0].name if live.measures else ""
        values: dict[Side, float] = {
            measure.side: measure.value
            for measure in live.measures
            if measure.name == name and measure.judged and measure.side is not Side.BOTH
        }
        if values:
            self._sides.append((live.stamp_ns, values))

    def _error(self, error: ErrorResult) -> dict[str, Any]:
        return {
            **error_words(error, self._book),
            "measure": error.measure,
            "value": number(error.value),
            "limit": number(error.limit),
            "asked": error.source_name.startswith(tempo.SOURCE),
            "unit": error.unit,
        }


def _hold(hold: HoldResult) -> dict[str, Any]:
    return {
        "side": hold.side.name.lower(),
        "unit": hold.unit,
        "peak": number(hold.value),
        "seconds": number(hold.held_s),
    }


def _quality(quality: QualityResult, book: CueBook) -> dict[str, Any]:
    judged = quality.grade is not Grade.NOT_JUDGED
    return {
        "score": points(quality.score) if judged else None,
        "grade": quality.grade.name.lower(),
        "reason": unjudged_reason(quality, book),
    }
