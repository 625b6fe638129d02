"""Holds in cues, terminal, page, report and expected results."""

import csv
import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from apsa_feedback.coaching.cue import CueResult
from apsa_feedback.expected.comparison import Tolerance, compare
from apsa_feedback.expected.files import read_expected, write_expected
from apsa_feedback.expected.outcome import Held, Outcome, outcome_of
from apsa_feedback.outputs.base import OutputContext
from apsa_feedback.outputs.report.output import ReportOutput
from apsa_feedback.outputs.report.settings import ReportSettings
from apsa_feedback.outputs.screen.content import ScreenContent
from apsa_feedback.terminal.event_lines import EventLines
from apsa_feedback.terminal.summary import SessionSummary
from apsa_perception.model.codes import HoldState, Phase, SessionState
from support.feedback_cases import book, cues, keys, with_boundaries
from support.hold_cases import frame, hold, hold_session, state_of_hold, two_holds


def test_the_coach_says_begin_half_rest_and_end_of_a_hold() -> None:
    said = cues(two_holds(), min_gap_s=0.0)
    assert [(cue.key, int(cue.stamp_ns / 1e9)) for cue in said] == [
        ("session_started", 0),
        ("hold_began", 2),
        ("hold_ended", 14),  # 12 s; the half would have come at 15
        ("hold_began", 20),
        ("hold_half", 35),
        ("hold_left", 40),
        ("hold_left", 45),
        ("hold_reached", 50),
        ("session_ended_holds", 60),
    ]
    assert said[-1].text.endswith("2 holds, the longest 31 seconds.")
    assert next(cue for cue in said if cue.key == "hold_ended").text.count("12 seconds") == 1


def test_without_a_target_tens_are_counted() -> None:
    events = [hold_session(target=0.0), *hold(1.0, 24, target=0.0)]
    assert [key for key in keys(events) if key == "hold_count"] == ["hold_count"] * 2


def test_who_does_not_take_the_position_is_asked_to() -> None:
    waiting = [frame(second / 2, Phase.REST) for second in range(16)]
    unseen = [frame(second / 2, Phase.UNKNOWN) for second in range(16)]
    assert "take_position" in keys([hold_session(), *waiting])
    assert "take_position" not in keys([hold_session(), *unseen])
    empty = [hold_session(), *waiting, hold_session(9.0, SessionState.CLOSED)]
    assert keys(empty)[-1] == "session_ended_no_hold"


def test_the_terminal_has_a_line_at_begin_and_end_and_a_summary() -> None:
    lines, summary = EventLines(book().words), SessionSummary(book().words)
    written = []
    for event in with_boundaries(two_holds()):
        written += lines.lines(event)
        summary.add(event)
    held = [line.split("  ", 1)[1] for line in written if "hold" in line.split()[1]]
    assert len(held) == 4
    assert "begins, target 30 s" in held[0]
    assert "31.2 s, knee angle 92° (best 31.2 s, total 43.4 s)" in held[3]
    text = summary.text()
    assert "Holds         2, best 31.2 s, 43.4 s in total" in text
    assert "Not deep enough, in 2 of 2 holds" in text
    assert "Repetitions" not in text
    assert "Quality" not in text


def test_the_page_shows_the_time_and_no_quality() -> None:
    content = ScreenContent(book())
    content.on_event(hold_session())  # type: ignore[arg-type]
    assert content.state()["hold"] == {
        "limits": None, "seconds": 0, "active": False, "target": 30, "best": 0, "total": 0,
        "held": [],
    }  # fmt: skip
    content.on_event(state_of_hold(9.0, HoldState.HELD, 7.04, before=12.2))
    assert content.state()["hold"] == {
        "limits": None, "seconds": 7, "active": True, "target": 30, "best": 12, "total": 19,
        "held": [{"index": 1, "seconds": 7}],
    }  # fmt: skip
    content.on_event(hold_session(10.0, SessionState.PAUSED))
    assert content.state()["hold"]["active"] is False
    assert content.state()["qualities"] == []


def test_the_report_lists_the_holds(tmp_path: Path) -> None:
    log: list[str] = []
    settings = ReportSettings(dir=str(tmp_path), person="p07")
    for _ in range(2):
        report = ReportOutput.open(OutputContext(book(), settings, log.append))
        for event in with_boundaries(two_holds()):
            report.show_event(event)  # type: ignore[arg-type]
        report.close()
    html, table, data = (
        sorted(tmp_path.glob(f"p07_wall_sit_*.{kind}"))[-1] for kind in ("html", "csv", "json")
    )
    content = json.loads(data.read_text())
    assert content["summary"]["best_hold_s"] == 31.2
    assert [each["held_s"] for each in content["holds"]] == [12.2, 31.2]
    assert content["holds"][1]["errors"][0]["name"] == "insufficient_depth"
    rows = list(csv.DictReader(table.read_text().splitlines()))
    assert [(row["held_s"], row["errors"]) for row in rows] == [
        ("12.2", "insufficient_depth"),
        ("31.2", "insufficient_depth"),
    ]
    page = html.read_text()
    for part in ("Time held", "31.2 s", "Best", "Earlier sessions", "Not deep enough"):
        assert part in page
    assert "Quality" not in page


def test_expected_results_compare_holds(tmp_path: Path) -> None:
    def row(topic: str, at_s: float, **message: object) -> dict[str, object]:
        return {"topic": f"/apsa/{topic}", "stamp": at_s, "message": {"body_id": 1, **message}}

    def stamp(seconds: float) -> dict[str, int]:
        return {"sec": int(seconds), "nanosec": round(seconds % 1 * 1e9)}

    rows = [row("errors", 100.0, scope=0, errors=[])]
    for held in (0.5, 1.0, 12.2):
        moment = {"start": stamp(102.0), "end": stamp(102.0 + held), "held": held}
        rows.append(row("holds", 102.0 + held, exercise="plank", index=1, side=0, **moment))
    rows.append(row("errors", 114.5, scope=2, repetition=1, errors=[]))
    outcome = outcome_of(rows)
    assert outcome.holds == (Held(1, 1, 1, "plank", "both", 2.0, 14.2, 12.2),)
    write_expected(tmp_path / "expected.json", outcome, Tolerance())
    expected, tolerance = read_expected(tmp_path / "expected.json")
    assert expected == outcome
    shorter = Outcome(holds=(replace(outcome.holds[0], held_s=11.0),))
    differing = [each for each in compare(expected, shorter, tolerance) if each.differences]
    assert [(each.name, each.differences) for each in differing] == [
        ("session 1, hold 1 of person 1", ("held is 11 s, expected 12.2 s ± 0.1",))
    ]
    older = json.loads((tmp_path / "expected.json").read_text())
    del older["holds"]
    (tmp_path / "older.json").write_text(json.dumps(older))
    assert read_expected(tmp_path / "older.json")[0].holds == ()


@pytest.mark.parametrize("locale", ["en", "de", "es", "zh"])
def test_a_single_second_is_spoken_in_every_language(locale: str) -> None:
    said: list[CueResult] = cues(
        [hold_session(), state_of_hold(2.0, HoldState.BEGAN, 0.5), frame(2.0, Phase.PEAK),
         state_of_hold(9.0, HoldState.ENDED, 1.2), frame(9.0, Phase.REST)],
        book(locale),
    )  # fmt: skip
    assert said[-1].key == "hold_ended"
    assert "{" not in said[-1].text
    assert asdict(said[-1])["locale"] == locale
