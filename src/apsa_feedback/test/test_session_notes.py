"""Notes of the page about the session: in every language, from the event."""

from dataclasses import replace

import pytest

from apsa_feedback.coaching.session_cues import note_of_change
from apsa_feedback.coaching.session_notes import note_of
from apsa_feedback.outputs.screen.content import ScreenContent
from apsa_perception.model.codes import ExerciseSide, Missing, SessionEvent, SessionState
from apsa_perception.model.sentences import Sentence
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


def test_what_is_said_of_a_picture_upside_down_is_no_note_of_the_event() -> None:
    asked = replace(
        session(state=SessionState.PREPARING),
        event=SessionEvent.CALIBRATION_STARTED,
        message="stand upright",
        missing=Missing.PERSON,
    )
    turned = replace(asked, missing=Missing.UPRIGHT_CAMERA, message=Sentence.UPSIDE_DOWN.text())
    assert note_of_change(None, asked) == "stand upright"
    assert note_of_change(asked, turned) == ""
    assert note_of_change(turned, asked) == ""


@pytest.mark.parametrize("locale", ["en", "de", "es", "zh"])
def test_a_raised_hand_is_offered_while_the_session_waits_for_a_start(locale: str) -> None:
    content = ScreenContent(book(locale))
    hint = book(locale).words["hand_signal"]
    for on in (False, True):
        content.hand_signal = on
        shown = set()
        for state in SessionState:
            content.on_event(session(state=state))
            if content.state()["note"]:
                assert content.state()["note"] == hint
                shown.add(state)
        waits = {SessionState.IDLE, SessionState.PAUSED, SessionState.CLOSED}
        assert shown == (waits if on else set())


def test_a_note_of_the_session_goes_before_the_hint() -> None:
    content = ScreenContent(book())
    content.hand_signal = True
    content.on_event(session(state=SessionState.IDLE))
    paused = session(1.0, SessionState.IDLE)
    content.on_event(replace(paused, event=SessionEvent.PERSON_SELECTED, message=ENGLISH))
    assert content.state()["note"] == book().words["note_person_automatic"]


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
