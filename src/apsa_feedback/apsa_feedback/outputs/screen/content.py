"""Content of the screen as JSON values: the state of the session and one frame."""

import math
import statistics
from array import array
from collections import deque
from collections.abc import Mapping
from typing import Any

import numpy as np

from apsa_feedback.coaching.cue import CueResult
from apsa_feedback.coaching.cue_book import CueBook
from apsa_feedback.coaching.session_cues import note_of_change
from apsa_feedback.stream.events import OutputEvent
from apsa_feedback.stream.formatting import points
from apsa_feedback.stream.session_tracker import NewSession
from apsa_feedback.stream.views import View
from apsa_perception.exercises.definition import ExerciseDefinition
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import Grade, SessionState
from apsa_perception.model.joints import PARENTS
from apsa_perception.model.results import ErrorSet, QualityResult, RepetitionResult, SessionStatus
from apsa_perception.model.skeleton import FloatArray, Skeleton

_SHOWN_REPETITIONS = 6
_PICTURELESS_SIZE = (640, 480)
_PICTURELESS_PX_PER_M = 200.0


def hello(
    book: CueBook,
    mirror: bool,
    exercises: ExerciseLibrary | None = None,
    languages: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return what a page needs once: language, words, choices, and the bones to draw."""
    titles = {each.name: book.title(each.name, each.title) for each in exercises or ()}
    return {
        "locale": book.locale,
        "exercises": titles,
        "languages": dict(languages or {}),
        "words": dict(book.words),
        "bones": [[int(joint), int(parent)] for joint, parent in PARENTS.items()],
        "mirror": mirror,
    }


class ScreenContent:
    """Follows the session and returns what the page shows of it.

    Args:
        book: titles of the exercises.
        exercises: definitions of the exercises; None if they are unknown.
    """

    def __init__(self, book: CueBook, exercises: ExerciseLibrary | None = None) -> None:
        self._book = book
        self._exercises = exercises
        self._session: SessionStatus | None = None
        self._exercise: ExerciseDefinition | None = None
        self._repetition: RepetitionResult | None = None
        self._shown: deque[QualityResult] = deque(maxlen=_SHOWN_REPETITIONS)
        self._scores = array("d")
        self._unjudged = 0
        self._cue: CueResult | None = None
        self._note = ""

    def use_book(self, book: CueBook) -> None:
        """Take the titles of another language, and drop the cue of the previous one."""
        self._book = book
        self._cue = None

    def on_cue(self, cue: CueResult) -> None:
        """Take the cue to show."""
        self._cue = cue

    def on_event(self, event: OutputEvent) -> None:
        """Take an event of the session."""
        match event:
            case NewSession():
                self._repetition = None
                self._shown.clear()
                self._scores = array("d")
                self._unjudged = 0
                self._cue = None
            case SessionStatus():
                self._on_session(event)
            case RepetitionResult():
                self._repetition = event
            case QualityResult():
                self._on_quality(event)
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
            "note": self._note,
            "count": done,
            "target": session.target_repetitions if session else 0,
            "selected": session.selected_body_id if session else 0,
            "aim": self._aim(),
            "qualities": [_quality(each) for each in self._shown],
            "average": points(statistics.fmean(scores)) if scores else None,
            "unjudged": self._unjudged,
            "cue": _cue(self._cue),
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
                "rest": _number(last.rest_value),
                "target": _number(last.target_value),
            }
        if self._exercise is None:
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
            self._note = note_of_change(before, status)
        self._exercise = self._exercises.known(status.exercise) if self._exercises else None


def frame(view: View, book: CueBook) -> dict[str, Any]:
    """Return the header of a frame message."""
    errors = view.live.errors if view.live else ()
    width, height = view.image_size if min(view.image_size) > 0 else _PICTURELESS_SIZE
    return {
        "stamp": view.stamp_ns,
        "size": [width, height],
        "ids": [skeleton.body_id for skeleton in view.skeletons],
        "exerciser": view.live.body_id if view.live else 0,
        "people": [_joints(skeleton, width, height) for skeleton in view.skeletons],
        "phase": view.live.phase.name.lower() if view.live else "unknown",
        "errors": [
            {
                "word": book.words[error.name],
                "joints": [int(joint) for joint in error.joints],
                "severity": int(error.severity),
                "side": error.side.name.lower(),
            }
            for error in errors
        ],
        "measures": [
            {
                "name": measure.name,
                "side": measure.side.name.lower(),
                "value": _number(measure.value) if measure.judged else None,
                "unit": measure.unit,
                "reason": measure.reason,
            }
            for measure in (view.live.measures if view.live else ())
        ],
    }


def _joints(skeleton: Skeleton, width: int, height: int) -> list[list[float]]:
    """Pixel x, pixel y and observed (1 or 0) of each joint."""
    pixels = skeleton.pixels
    if not np.isfinite(pixels).all():
        pixels = _flat(skeleton.positions, width, height)
    return [
        [round(float(x), 1), round(float(y), 1), int(seen)]
        for (x, y), seen in zip(pixels, skeleton.observed, strict=True)
    ]


def _flat(positions: FloatArray, width: int, height: int) -> FloatArray:
    """Pixels of a skeleton without a picture: orthographic view, pelvis in the centre."""
    flat: FloatArray = positions[:, :2] * _PICTURELESS_PX_PER_M
    return flat + np.array([width / 2.0, height / 2.0])


def _quality(quality: QualityResult) -> dict[str, Any]:
    judged = quality.grade is not Grade.NOT_JUDGED
    return {
        "index": quality.repetition,
        "score": points(quality.score) if judged else None,
        "grade": quality.grade.name.lower(),
        "reason": quality.reason,
    }


def _cue(cue: CueResult | None) -> Mapping[str, Any] | None:
    if cue is None:
        return None
    return {"id": cue.id, "stamp": cue.stamp_ns, "text": cue.text,
            "priority": cue.priority.name.lower()}  # fmt: skip


def _number(value: float) -> float | None:
    return round(value, 3) if math.isfinite(value) else None
