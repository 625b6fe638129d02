"""What the page notes about the session beyond its state, in the language of the viewers.

The notes follow from the event of the session: its message is English, for terminal and logs.
"""

from collections.abc import Iterable, Mapping

from apsa_feedback.coaching.camera_cues import turned_key
from apsa_feedback.coaching.cue_book import CueBook
from apsa_feedback.coaching.cue_keys import CueKey
from apsa_feedback.coaching.programme_cues import values_of
from apsa_feedback.coaching.return_cues import return_key
from apsa_feedback.coaching.translation import another_exercise, translated
from apsa_perception.exercises.definition import ExerciseDefinition
from apsa_perception.model.codes import STARTED_BY_HAND, ExerciseSide, SessionEvent
from apsa_perception.model.results import SessionStatus

_AS_SAID: Mapping[SessionEvent, CueKey] = {
    SessionEvent.CALIBRATION_STARTED: CueKey.CALIBRATING,
    SessionEvent.CALIBRATED: CueKey.CALIBRATED,
    SessionEvent.CALIBRATION_FAILED: CueKey.CALIBRATION_FAILED,
}
_NOTED = frozenset(
    {
        SessionEvent.PERSON_CHANGED,
        SessionEvent.RANGE_ADOPTED,
        SessionEvent.RECORDING_STARTED,
        SessionEvent.RECORDED,
        SessionEvent.RECORDING_FAILED,
        SessionEvent.RANGES_DELETED,
    }
)


def hand_hint(status: SessionStatus | None, book: CueBook) -> str:
    """Return how to start by a raised hand; empty while the session does not wait for a start."""
    waits = status is not None and status.state in STARTED_BY_HAND
    return book.words["hand_signal"] if waits else ""


def note_of(
    status: SessionStatus,
    book: CueBook,
    exercise: ExerciseDefinition | None = None,
    exercises: Iterable[ExerciseDefinition] | None = None,
) -> str:
    """Return the note for the last event of the session; empty if the page shows it otherwise.

    A status without an event has only its message: a request that was refused, or an older bag.

    Args:
        status: the session.
        book: the language.
        exercise: that of the session; None: it is not known.
        exercises: all exercises; None: they are not known.
    """
    event = status.event
    if event is SessionEvent.NONE:
        return translated(status.message, book).text
    if event is SessionEvent.NOT_RETURNED:
        return book.texts(return_key(exercise))[0]
    if event is SessionEvent.CAMERA_SIDEWAYS:
        return book.texts(turned_key(status.message))[0]
    if event in _AS_SAID:
        return book.texts(_AS_SAID[event])[0]
    if event is SessionEvent.EXERCISE_RECOGNISED:
        return book.texts(CueKey.EXERCISE_RECOGNISED, values_of(status, book))[0]
    if event is SessionEvent.ANOTHER_EXERCISE:
        chosen = book.spoken(status.exercise, status.title)
        key, values = another_exercise(status.message, chosen, book, exercises)
        return book.texts(key, values)[0]
    if event is SessionEvent.OTHER_SIDE:
        meant = "left" if status.exercise_side is ExerciseSide.LEFT else "right"
        return book.words[f"note_other_side_{meant}"]
    if event is SessionEvent.PERSON_SELECTED:
        chosen = "selected" if status.selected_body_id else "automatic"
        return book.words[f"note_person_{chosen}"]
    return book.words[f"note_{event.name.lower()}"] if event in _NOTED else ""
