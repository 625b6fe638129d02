"""Notes of the page about the session: in every language, from the event."""

from dataclasses import replace

import pytest

from apsa_feedback.coaching.session_cues import note_of_change
from apsa_feedback.coaching.session_notes import note_of
from apsa_feedback.outputs.screen.content import ScreenContent
from apsa_perception.model.codes import ExerciseSide, SessionEvent
from support.feedback_cases import book, session

ENGLISH = "an English sentence for the log"
SHOWN_OTHERWISE = {
    SessionEvent.EXERCISE_CHOSEN,
    SessionEvent.STARTED,
    SessionEvent.RESUMED,
    SessionEvent.PAUSED,
    SessionEvent.CLOSED,
    SessionEvent.REPETITION,
    SessionEvent.SET_ENDED,
    SessionEvent.SET_STARTED,
    SessionEvent.PROGRAMME_DONE,
    SessionEvent.HOLD,
    SessionEvent.SET_RATED,
    SessionEvent.PAIN_LIMIT,
}


@pytest.mark.parametrize("event", [each for each in SessionEvent if each])
def test_each_event_has_a_note_in_each_language_or_is_shown_otherwise(event: SessionEvent) -> None:
    status = replace(session(), event=event, message=ENGLISH)
    notes = {note_of(status, book(locale)) for locale in ("en", "de", "es", "zh")}
    assert ENGLISH not in notes
    assert notes == {""} if event in SHOWN_OTHERWISE else len(notes) == 4 and "" not in notes


def test_the_note_names_the_side_that_was_meant_and_follows_the_language() -> None:
    content = ScreenContent(book())
    content.on_event(session())
    moved = replace(
        session(1.0),
        event=SessionEvent.OTHER_SIDE,
        exercise_side=ExerciseSide.LEFT,
        message=ENGLISH,
    )
    assert note_of_change(session(), moved) == ENGLISH
    content.on_event(moved)
    assert content.state()["note"].startswith("Your right side moved")
    content.use_book(book("de"))
    assert content.state()["note"].startswith("Ihre rechte Seite")
    content.on_event(replace(moved, event=SessionEvent.REPETITION, message=""))
    assert content.state()["note"] == ""


def test_a_request_that_was_refused_keeps_its_sentence() -> None:
    assert note_of(replace(session(), message=ENGLISH), book("de")) == ENGLISH
