"""Lines and summary for the terminal."""

import io
import math
from dataclasses import replace

import pytest

from apsa_feedback.stream.events import Event
from apsa_feedback.stream.formatting import printable
from apsa_feedback.terminal.event_lines import EventLines, wants_colour
from apsa_feedback.terminal.phrases import measure_name
from apsa_feedback.terminal.summary import SessionSummary
from apsa_perception.biomechanics.measures import MEASURES
from apsa_perception.exercises.definition import RepetitionQuantity
from apsa_perception.exercises.tempo import BACK, HOLD, OUT
from apsa_perception.model.codes import (
    ErrorCode,
    Grade,
    Missing,
    NotJudgedReason,
    SessionState,
    Side,
)
from apsa_perception.model.results import MeasureResult
from support.feedback_cases import (
    book,
    cues,
    error,
    frames,
    live,
    ns,
    repetition,
    session,
    with_boundaries,
)
from support.runs import EXERCISES

EVENTS: list[Event] = [
    session(),
    live(0.0),
    *frames(3.0, 3.5, error()),
    *repetition(4.0, 1, error(), error(ErrorCode.ASYMMETRY), grade=Grade.FAIR),
    *frames(4.0, 7.0),
    *repetition(7.0, 2),
    *frames(7.0, 9.0),
    *repetition(10.0, 3, grade=Grade.NOT_JUDGED, reason=NotJudgedReason.JOINTS_HIDDEN),
]


def lines(events: list[Event], colour: bool = False) -> list[str]:
    writer = EventLines(book().words, colour)
    return [line for event in events for line in writer.lines(event)]


@pytest.mark.faults
def test_escape_codes_of_messages_do_not_reach_the_terminal() -> None:
    evil = "\x1b]0;owned\x07\x1b[2J\r\n\x9b2J\u202e\ud800"
    turned = replace(session(1.0), title=evil, message=evil)
    judged = repetition(4.0, 1, replace(error(), source_name=evil, measure=evil))
    judged = tuple(replace(e, reason=evil) if hasattr(e, "reason") else e for e in judged)
    summary = SessionSummary(book().words)
    for event in with_boundaries([session(), turned, live(1.0), *judged]):
        summary.add(event)
    shown = [*lines([session(), turned, *judged]), *summary.text().split("\n")]
    assert any("\\x1b[2J" in line for line in shown)
    assert not {one for line in shown for one in line if ord(one) < 32 or ord(one) == 0x9B}
    assert "\u202e" not in "".join(shown)
    "".join(shown).encode()
    assert printable("Kniebeuge, 深蹲 é\xa0“ok”") == "Kniebeuge, 深蹲 é\xa0“ok”"


def test_each_event_gives_one_line_and_a_lasting_error_no_more() -> None:
    written = lines(EVENTS)
    kinds = [line.split()[1] for line in written]
    assert kinds == [
        "session", "error", "repetition", "quality", "error", "repetition", "quality",
        "repetition", "quality",
    ]  # fmt: skip
    assert written[1].endswith("Knees inwards, moderate: knee inwards 15° (error above 10°)")
    assert "Sides uneven" in written[4]
    assert written[3].endswith("90 fair  (judged by the rules of the exercise)")
    assert "not judged: The legs are outside the picture." in written[-1]


def test_an_error_names_the_side_of_its_limit_on_which_it_is() -> None:
    narrow = replace(error(), value=0.62, limit=0.75, unit="1")
    hasty = replace(error(ErrorCode.RETURN_TOO_FAST), source_name="tempo:tempo_back", unit="s")
    below, asked = (lines([session(), *frames(3.0, 3.1, one)])[1] for one in (narrow, hasty))
    assert below.endswith("0.62 (error below 0.75)")
    assert asked.endswith("15.00 s (the tempo asks for 10.00 s)")


def test_the_terminal_says_what_the_page_says_and_no_identifiers() -> None:
    words = book().words
    named = [*MEASURES, *(each.value for each in RepetitionQuantity), OUT, HOLD, BACK]
    names = {name: measure_name(name, words) for name in named if name != "peak"}
    assert all(name in words.values() for name in names.values())
    assert [names[name] for name in ("knee_separation_ratio", "side_difference", "sway")] == [
        "Knee separation", "Left/right difference", "Sway",
    ]  # fmt: skip
    errors = [error(code, side=Side.LEFT) for code in ErrorCode]
    network = replace(error(ErrorCode.UNSPECIFIED), measure="", source_name="apsa")
    done = [replace(each, side=Side.RIGHT) if hasattr(each, "side") else each
            for each in repetition(4.0, 1, *errors)]  # fmt: skip
    missing = [replace(session(0.5 + 0.1 * each, SessionState.PREPARING), missing=each)
               for each in Missing]  # fmt: skip
    states = [session(1.5 + 0.1 * each, each) for each in SessionState]
    events = [session(), *missing, *states, live(2.0, network), *frames(3.0, 3.5, *errors), *done]
    shown = [*lines(events), *summary(events).splitlines()]
    assert not [line for line in shown if "_" in line]
    for end in (
        "Form, moderate (found by the network)",
        "1  right side, 2.0 s, knee flexion 92° (target 90°)",
    ):
        assert any(line.endswith(end) for line in shown)


def test_lines_are_aligned_and_give_the_time_since_the_start() -> None:
    written = lines(EVENTS)
    assert written[1].startswith("  0:03.0  error       ")
    assert all(line[8:10] == "  " and line[20:22] == "  " for line in written)


def test_bags_with_wall_clock_stamps_also_start_at_0() -> None:
    epoch = 1.7e9
    (greeting,) = cues([session()])
    written = lines([session(), greeting, live(epoch), *frames(epoch + 3.0, epoch + 3.5, error())])  # type: ignore[list-item]
    assert [line[:8] for line in written] == ["  0:00.0", "  0:00.0", "  0:03.0"]


def test_a_message_beyond_the_state_gets_a_line() -> None:
    told = replace(session(), message="the session runs")
    mirrored = replace(told, message="the left side moved, and the exercise is for the right")
    calibrating = replace(told, state=SessionState.CALIBRATING, message="stand still")
    failed = replace(told, message="calibration failed: a joint moved")
    written = lines([told, mirrored, mirrored, calibrating, failed])
    assert [line[22:] for line in written] == [
        "Squat: running", mirrored.message, "Squat: stand still", "stand still",
        "Squat: running", failed.message,
    ]  # fmt: skip


def test_colour_only_when_asked_for() -> None:
    assert not any("\x1b" in line for line in lines(EVENTS))
    assert all("\x1b" in line for line in lines(EVENTS, colour=True))


def test_colour_is_for_terminals_without_no_color(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert wants_colour(Terminal())
    assert not wants_colour(io.StringIO())
    monkeypatch.setenv("NO_COLOR", "1")
    assert not wants_colour(Terminal())


def summary(events: list[Event]) -> str:
    collected = SessionSummary(book().words)
    for event in [*with_boundaries(events), *cues(events)]:
        collected.add(event)
    return collected.text()


def test_the_summary_has_counts_quality_errors_reasons_and_cues() -> None:
    text = summary(EVENTS)
    assert "Repetitions   3, 2.0 s each" in text
    assert "90 on average (1 good, 1 fair)" in text
    assert " 1 x Knees inwards, in 1 of 3 repetitions" in text
    assert " 1 x repetition: The legs are outside the picture." in text
    assert " 1 x Push your knees outwards." in text


def lunge(*events: Event) -> list[Event]:
    """The same events of another exercise."""
    return [replace(event, exercise="lunge") for event in events]  # type: ignore[call-arg]


def test_each_session_has_its_own_summary_in_order() -> None:
    chosen = replace(session(8.0, session_id=""), exercise="lunge", title="Lunge")
    late = repetition(7.9, 2)[2]  # comes over its topic when the next session has begun
    squats = [*repetition(4.0, 1, error()), live(4.1), *repetition(7.9, 2)[:2]]
    lunges = [replace(chosen, session_id="s2", stamp_ns=ns(8.1)), *lunge(*repetition(11.0, 1))]
    again = [session(20.0, session_id="s3"), *repetition(23.0, 1), live(23.1)]
    text = summary([session(), live(0.1), *squats, chosen, late, *lunges, *again])
    first, second, third = text.split("Session summary: ")[1:]
    assert first.startswith("Squat\n\n  Repetitions   2, ")
    assert "Knees inwards, in 1 of 2 repetitions" in first
    assert second.startswith("Lunge\n\n  Repetitions   1, ")
    assert "Knees inwards" not in second
    assert third.startswith("Squat\n\n  Repetitions   1, ")


def test_an_exercise_that_was_only_chosen_has_no_summary() -> None:
    ended = session(8.0, SessionState.CLOSED)
    chosen = replace(session(9.0, SessionState.CLOSED, ""), exercise="lunge", title="Lunge")
    done = [session(), *repetition(4.0, 1), live(4.1), ended]
    text = summary([*done, chosen, *lunge(live(10.0))])
    assert text.count("Session summary") == 1
    assert "Session summary: Squat\n\n  Repetitions   1, " in text


def test_the_summary_leaves_out_the_recognition_and_cues_that_count() -> None:
    auto = replace(session(), exercise="auto", title="Recognise the exercise")
    found = replace(session(5.0, session_id="s2"), programme="p", set_number=1, set_count=2)
    events = [auto, live(0.1), found, live(5.1), *repetition(9.0, 1)]
    counted = cues([session(), *repetition(4.0, 1), live(4.1)], count_every=1)
    assert [each.key for each in counted] == ["session_started", "count"]
    collected = SessionSummary(book().words)
    for event in [*with_boundaries(events), *counted]:
        collected.add(event)
    text = collected.text()
    assert text.startswith("Session summary: Squat, set 1 of 2\n\n  Repetitions   1, ")
    assert text.count("Session summary") == 1
    assert text.endswith("  Cues          1 x Let's start with squats.")


def test_the_summary_of_nothing_claims_nothing() -> None:
    text = summary([])
    assert "Repetitions   none" in text
    assert "Quality       not judged" in text


def test_the_summary_misses_only_measures_that_the_exercise_asks_for() -> None:
    hidden = [
        MeasureResult(n, math.nan, "m", reason=f"{n} hidden") for n in ("sway", "side_difference")
    ]
    for asked, expected in (
        (EXERCISES.get("squat").asked_measures, {"side_difference"}),
        (None, {"sway", "side_difference"}),
    ):
        collected = SessionSummary(book().words, lambda exercise, asked=asked: asked)
        for event in (session(), *repetition(4.0, 1, measures=tuple(hidden)), live(4.1)):
            collected.add(event)
        text = collected.text()
        assert {one.name for one in hidden if one.reason in text} == expected


def test_what_is_equally_frequent_is_listed_in_the_same_order_in_each_replay() -> None:
    names = ["sway", "side_difference", "smoothness", "range", "knee_valgus", "depth"]
    hidden = [
        MeasureResult(name, math.nan, "m", side, "hidden")
        for name in names
        for side in (Side.LEFT, Side.RIGHT)
    ]
    text = summary([session(), live(0.1), *repetition(4.0, 1, measures=tuple(hidden))])
    rows = [f"1 x {measure_name(name, book().words)}: hidden" for name in names]
    assert [line[16:] for line in text.splitlines() if line.endswith(": hidden")] == rows


def test_the_summary_tells_how_a_set_ended() -> None:
    ended = replace(session(8.0, SessionState.CLOSED), speed_loss=0.24, score_change=-0.21)
    text = summary([session(), *repetition(4.0, 1), live(4.1), ended])
    assert "  At the end    24% slower than the fastest, score -21 against the beginning\n" in text
    assert "At the end" not in summary([session(), *repetition(4.0, 1), live(4.1)])


def test_the_summary_fits_a_screen() -> None:
    events: list[Event] = [session()]
    for index, code in enumerate(list(ErrorCode) * 3, 1):
        events += repetition(10.0 * index, index, error(code))
    assert len(summary(events).splitlines()) <= 40
