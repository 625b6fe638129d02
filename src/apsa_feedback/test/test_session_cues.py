"""What the coach says when the session changes."""

from dataclasses import replace

import pytest

from apsa_perception.model.codes import (
    Grade,
    NotJudgedReason,
    SessionEvent,
    SessionState,
)
from apsa_perception.model.sentences import Sentence
from support.feedback_cases import (
    START,
    cues,
    error,
    keys,
    live,
    ns,
    repetition,
    session,
)


def test_the_session_is_accompanied_without_waiting_for_the_gap() -> None:
    events = [
        session(0.0, SessionState.IDLE),
        session(1.0, SessionState.CALIBRATING),
        session(1.5, SessionState.RUNNING),
        session(2.0, SessionState.PAUSED),
        session(2.5, SessionState.RUNNING),
        session(3.0, SessionState.CLOSED, repetitions=3),
    ]
    said = cues(events)
    assert [cue.key for cue in said] == [
        "calibrating",
        "calibration_failed",
        "session_paused",
        "session_resumed",
        "session_ended",
    ]
    assert "3" in said[-1].text


def test_a_calibration_that_fails_after_a_successful_one_is_reported_as_a_failure() -> None:
    held = replace(session(1.0), calibrated=True, event=SessionEvent.CALIBRATED)
    failed = replace(session(3.0), calibrated=True, event=SessionEvent.CALIBRATION_FAILED)
    measuring = replace(
        session(0.5, SessionState.CALIBRATING), event=SessionEvent.CALIBRATION_STARTED
    )
    events = [session(), measuring, held, replace(measuring, stamp_ns=2 * 10**9), failed]
    assert keys(events)[1:] == ["calibrating", "calibrated", "calibrating", "calibration_failed"]


def test_choosing_an_exercise_after_the_end_gives_no_farewell() -> None:
    closed = session(5.0, SessionState.CLOSED)
    chosen = replace(closed, stamp_ns=6 * 10**9, exercise="lunge", session_id="")
    assert keys([*START, closed, chosen]) == ["session_started", "session_ended_empty"]


@pytest.mark.parametrize("with_events", [False, True])
def test_bags_without_events_give_the_same_session_cues(with_events: bool) -> None:
    changes = [
        (SessionState.RUNNING, SessionEvent.STARTED, "session_started"),
        (SessionState.CALIBRATING, SessionEvent.CALIBRATION_STARTED, "calibrating"),
        (SessionState.RUNNING, SessionEvent.CALIBRATION_FAILED, "calibration_failed"),
        (SessionState.PAUSED, SessionEvent.PAUSED, "session_paused"),
        (SessionState.RUNNING, SessionEvent.RESUMED, "session_resumed"),
        (SessionState.CLOSED, SessionEvent.CLOSED, "session_ended_empty"),
    ]
    events = [
        replace(session(5.0 * i, state), event=event if with_events else SessionEvent.NONE)
        for i, (state, event, _) in enumerate(changes)
    ]
    assert keys(events) == [key for *_, key in changes]


def test_a_session_without_a_repetition_ends_without_figures() -> None:
    assert keys([*START, session(5.0, SessionState.CLOSED)]) == [
        "session_started",
        "session_ended_empty",
    ]


def test_repetitions_that_were_not_judged_are_not_reported_as_bad() -> None:
    unjudged = replace(session(5.0, target=4, repetitions=4), repetitions_judged=0)
    unjudged = replace(unjudged, repetitions_good=0)
    hidden = repetition(5.0, 4, grade=Grade.NOT_JUDGED, reason=NotJudgedReason.TOO_SHORT)
    resting = replace(unjudged, stamp_ns=ns(5.1), state=SessionState.RESTING, seconds_left=9)
    closed = replace(unjudged, stamp_ns=ns(9.0), state=SessionState.CLOSED)
    said = cues([session(target=4), live(0.0), unjudged, *hidden, live(5.0), resting, closed])
    assert [cue.text for cue in said[1:]] == [
        "Set complete: 4 repetitions. I couldn't judge any of them. Rest for 9 seconds.",
        "Done: 4 repetitions. I couldn't judge any of them.",
    ]


def test_cue_numbers_restart_in_each_session() -> None:
    events = [*START, live(3.0, error()), session(5.0, session_id="s2"), live(5.0, error())]
    assert [cue.id for cue in cues(events)] == [1, 2, 1]


def test_a_session_that_gets_its_id_with_the_first_frame_is_the_same_one() -> None:
    events = [session(0.0, session_id=""), session(0.1), live(0.1), live(3.0, error())]
    assert [(cue.key, cue.id) for cue in cues(events)] == [
        ("session_started", 1),
        ("knee_valgus", 2),
    ]


def test_the_first_cue_waits_for_the_frame_that_names_its_session() -> None:
    started = replace(session(session_id=""), event=SessionEvent.STARTED)
    first = replace(started, session_id="s1", stamp_ns=ns(1.7e9), set_number=2, exercise_number=1)
    assert cues([started]) == []
    (said,) = cues([started, first, live(1.7e9)])
    assert (said.key, said.stamp_ns) == ("session_started", ns(1.7e9))
    assert (said.session_id, said.exercise_number, said.set_number) == ("s1", 1, 2)


def test_the_first_cue_waits_across_a_clock_that_is_set_back() -> None:
    closed = session(5.0, SessionState.CLOSED)
    again = replace(session(9.0, session_id=""), event=SessionEvent.STARTED)
    named = replace(again, session_id="s2", stamp_ns=ns(1.0))
    said = cues([*START, closed, again, named, live(1.0)])
    assert [(cue.key, cue.session_id, cue.stamp_ns) for cue in said] == [
        ("session_started", "s1", ns(0.0)),
        ("session_ended_empty", "s1", ns(5.0)),
        ("session_started", "s2", ns(1.0)),
    ]


def test_a_session_that_ends_before_its_first_frame_has_its_farewell() -> None:
    started = session(session_id="")
    closed = replace(started, state=SessionState.CLOSED, event=SessionEvent.CLOSED)
    assert [cue.key for cue in cues([started, closed])] == ["session_ended_empty"]


def test_auto_is_introduced_and_the_recognised_exercise_is_named() -> None:
    started = replace(session(), exercise="auto", event=SessionEvent.STARTED)
    recognised = replace(
        session(9.0), exercise="squat", event=SessionEvent.EXERCISE_RECOGNISED, session_id="next"
    )
    said = cues([started, live(0.1), recognised, live(9.1)])
    assert [cue.key for cue in said] == ["auto_started", "exercise_recognised"]
    assert "squats" in said[1].text


def test_another_exercise_than_asked_for_is_said() -> None:
    other = replace(session(9.0), event=SessionEvent.ANOTHER_EXERCISE, message="looks like Lunge")
    said = cues([*START, other, live(9.1)])
    assert said[-1].key == "another_exercise"
    assert "squats" in said[-1].text


def test_another_exercise_that_was_recognised_is_named_by_the_voice() -> None:
    sentence = Sentence.ANOTHER_EXERCISE.text(found="Side tap left", asked="Squat")
    other = replace(session(9.0), event=SessionEvent.ANOTHER_EXERCISE, message=sentence)
    said = cues([*START, other, live(9.1)])
    assert said[-1].key == "looks_like"
    assert said[-1].text == "This looks like side taps on the left. You chose squats."
