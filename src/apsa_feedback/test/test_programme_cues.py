"""What the coach says around the sets of a programme, and before a start."""

from dataclasses import replace
from pathlib import Path

import pytest

from apsa_feedback.coaching.session_cues import FAREWELLS
from apsa_feedback.outputs.screen.content import ScreenContent
from apsa_feedback.stream.events import Event
from apsa_feedback.terminal.event_lines import EventLines
from apsa_perception.model.codes import Missing, SessionEvent, SessionState, SetEnd
from apsa_perception.model.results import SessionStatus
from apsa_perception.model.sentences import Sentence
from apsa_perception.programmes.library import ProgrammeLibrary
from apsa_perception.programmes.one_side import sided_title
from support.feedback_cases import START, book, cues, frames, keys, live, ns, session
from support.runs import EXERCISES

RESTING = replace(
    session(10.0, SessionState.RESTING, repetitions=8),
    event=SessionEvent.SET_ENDED,
    set_end=SetEnd.COUNT,
    programme="knee",
    exercise_count=2,
    set_count=1,
    next_exercise="lunge",
    next_title="Lunge",
)


def rest(seconds: int, **changes: object) -> list[Event]:
    """A rest from second 10 on, one status for each second left, and the next set."""
    events: list[Event] = []
    for passed in range(seconds):
        stamp = 10.0 + passed
        status = replace(RESTING, stamp_ns=ns(stamp), seconds_left=seconds - passed, **changes)  # type: ignore[arg-type]
        events += [status, live(stamp)]
    following = replace(
        session(10.0 + seconds, session_id="s2"), exercise="lunge", event=SessionEvent.SET_STARTED
    )
    return [*events, following, live(10.0 + seconds)]


def test_a_rest_is_announced_counted_down_and_ended() -> None:
    said = cues([*START, *rest(30)])
    assert [(cue.text, cue.stamp_ns / 1e9) for cue in said[1:]] == [
        ("Set complete: 8 repetitions, 8 good. Rest for 30 seconds.", 10.0),
        ("Next: lunges.", 25.0),
        ("3", 37.0),
        ("2 …", 38.0),
        ("1", 39.0),
        ("Go!", 40.0),
    ]


def test_a_short_rest_names_the_next_exercise_too() -> None:
    texts = [cue.text for cue in cues([*START, *rest(12)])]
    assert texts[2:] == ["Next: lunges.", "3", "2 …", "1", "Go!"]


@pytest.mark.parametrize(
    ("end", "text"),
    [
        (SetEnd.FORM, "your form is slipping"),
        (SetEnd.FATIGUE, "you're slowing down"),
        (SetEnd.SKIPPED, "Rest for 12 seconds."),
    ],
)
def test_the_reason_for_the_end_of_a_set_is_said(end: SetEnd, text: str) -> None:
    assert text in cues([*START, *rest(12, set_end=end)])[1].text


def done(**changes: object) -> SessionStatus:
    closed = session(12.4, SessionState.CLOSED, repetitions=5)
    return replace(closed, event=SessionEvent.PROGRAMME_DONE, programme="knee", **changes)  # type: ignore[arg-type]


def test_a_programme_ends_with_praise_and_a_test_with_its_result() -> None:
    programme = done(exercise_count=2, set_count=1)
    test = done(exercise_count=1, set_count=1)
    assert cues([*START, programme])[-1].text == "That was the last set. Well done!"
    assert cues([*START, test])[-1].text == "Done: 5 repetitions in 12.4 seconds."
    assert {cues([*START, each])[-1].key for each in (programme, test)} <= FAREWELLS


def preparing(second: float, missing: Missing, seconds_left: int = 0) -> SessionStatus:
    return replace(
        session(second, SessionState.PREPARING),
        event=SessionEvent.STARTED,
        missing=missing,
        seconds_left=seconds_left,
    )


def test_what_is_missing_is_said_and_said_again_until_it_is_there() -> None:
    events = [preparing(0.0, Missing.NOTHING), live(0.0)]
    events += [preparing(1.0, Missing.WHOLE_BODY), *frames(1.0, 30.0)]
    events += [preparing(30.0, Missing.NOTHING, 3), preparing(31.0, Missing.NOTHING, 2)]
    events += [replace(session(33.0), event=SessionEvent.SET_STARTED), live(33.0)]
    said = keys(events, hint_repeat_s=20.0)
    hint = "step_back"
    assert said == ["session_started", hint, hint, "countdown", "countdown", "set_started"]


_HINTS = {
    Missing.PERSON: "nobody_there",
    Missing.ONE_PERSON: "one_person",
    Missing.UPRIGHT_CAMERA: "camera_sideways",
    Missing.WHOLE_BODY: "step_back",
    Missing.CLOSENESS: "come_closer",
    Missing.LIGHT: "not_visible",
    Missing.SIDE_VIEW: "turn_sideways",
    Missing.FRONT_VIEW: "face_camera",
    Missing.STILLNESS: "stand_still",
}


@pytest.mark.parametrize("missing", [each for each in Missing if each is not Missing.NOTHING])
def test_there_is_a_hint_for_everything_that_can_be_missing(missing: Missing) -> None:
    events = [preparing(0.0, Missing.NOTHING), preparing(5.0, missing), live(5.0, body_id=0)]
    assert keys(events)[1:] == [_HINTS[missing]]


def test_a_picture_upside_down_is_named_so_before_the_start() -> None:
    sentence = Sentence.UPSIDE_DOWN.text()
    turned = replace(preparing(5.0, Missing.UPRIGHT_CAMERA), message=sentence)
    events = [preparing(0.0, Missing.NOTHING), turned, live(5.0, body_id=0)]
    assert keys(events)[1:] == ["camera_upside_down"]
    lines = EventLines(book().words)
    (line,) = [line for each in events for line in lines.lines(each) if "waiting" in line]
    assert line.endswith("waiting: turn the camera: the picture is upside down")
    content = ScreenContent(book())
    shown = []
    for status in (turned, preparing(6.0, Missing.UPRIGHT_CAMERA)):
        content.on_event(status)
        shown.append(content.state()["missing"])
    assert shown == ["upside_down", "upright_camera"]
    words = {book(locale).words["missing_upside_down"] for locale in ("en", "de", "es", "zh")}
    assert len(words) == 4


@pytest.mark.parametrize(
    ("exercise", "said"), [("squat", ["Go!"]), ("lunge", ["Let's start with lunges."])]
)
def test_a_set_without_a_rest_is_announced(exercise: str, said: list[str]) -> None:
    following = replace(
        session(10.0, session_id="s2"), exercise=exercise, event=SessionEvent.SET_STARTED
    )
    assert [cue.text for cue in cues([*START, following, live(10.0)])][1:] == said


def one_side(second: float, side: str, session_id: str) -> SessionStatus:
    """The beginning of a set for one side of an exercise of either side."""
    return replace(
        session(second, session_id=session_id),
        exercise="heel_slide",
        title=sided_title("Heel slide", side),
        event=SessionEvent.SET_STARTED,
    )


@pytest.mark.parametrize(
    ("locale", "start", "sides"),
    [
        ("en", "Let's start with heel slides", ("right side", "left side")),
        ("de", "Los geht es: Fersenrutschen", ("rechte Seite", "linke Seite")),
    ],
)
def test_a_set_for_one_side_names_the_side(locale: str, start: str, sides: tuple[str, str]) -> None:
    sets = [one_side(10.0, "right", "s2"), live(10.0), one_side(20.0, "left", "s3"), live(20.0)]
    said = [cue.text for cue in cues([*START, *sets], book(locale))]
    assert said[1:] == [f"{start}, {side}." for side in sides]


def test_a_rest_names_the_side_that_is_next_and_go_is_enough_then() -> None:
    title = sided_title("Heel slide", "left")
    events = rest(12, next_exercise="heel_slide", next_title=title)
    events[-2] = one_side(22.0, "left", "s2")
    texts = [cue.text for cue in cues([*START, *events])]
    assert texts[2:] == ["Next: heel slides, left side.", "3", "2 …", "1", "Go!"]


MINE = """
name: mine
title: Mine
description: Slowly at first.
exercises:
  - {exercise: lunge, sets: 2, repetitions: 8, warm_up: true, rest: 12}
  - {exercise: squat, repetitions: 8}
"""


def lunges(second: float, set_number: int, **changes: object) -> SessionStatus:
    """A set of the warm-up with lunges."""
    status = session(second, session_id=f"s{set_number}")
    place = {"programme": "mine", "exercise_number": 1, "set_number": set_number}
    return replace(status, exercise="lunge", **place, **changes)  # type: ignore[arg-type]


def test_each_warm_up_is_announced_once_also_if_the_coach_waits(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(MINE)
    programmes = ProgrammeLibrary(EXERCISES, tmp_path)
    waits = {"state": SessionState.PREPARING, "event": SessionEvent.STARTED}
    rests = {"state": SessionState.RESTING, "event": SessionEvent.SET_ENDED, "seconds_left": 5}
    work = replace(lunges(40.0, 1), exercise="squat", exercise_number=2, session_id="s3")
    statuses = (
        lunges(0.0, 1, **waits),
        lunges(10.0, 1, event=SessionEvent.SET_STARTED),
        lunges(20.0, 1, **rests, next_exercise="lunge"),
        lunges(30.0, 2, event=SessionEvent.SET_STARTED),
        replace(work, event=SessionEvent.SET_STARTED),
    )
    events = [event for each in statuses for event in (each, live(each.stamp_ns / 1e9))]
    said = cues(events, programmes=programmes)
    assert [cue.text for cue in said if cue.stamp_ns != ns(20.0)] == [
        "Let's warm up with lunges.",
        "Go!",
        "Let's warm up with lunges.",
        "Let's start with squats.",
    ]


def test_a_timed_set_names_its_last_ten_seconds() -> None:
    timed = [replace(session(float(s)), seconds_left=30 - s) for s in range(30)]
    assert keys([event for each in timed for event in (each, live(each.stamp_ns / 1e9))]) == [
        "session_started",
        "time_left",
    ]
