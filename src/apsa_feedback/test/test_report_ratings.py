"""Pain, effort and note in the report, whenever they arrive; sessions that were only tried."""

import csv
import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from apsa_feedback.outputs.base import OutputContext
from apsa_feedback.outputs.report.output import ReportOutput
from apsa_feedback.outputs.report.settings import ReportSettings
from apsa_feedback.outputs.report.stored_record import read_report
from apsa_feedback.stream.events import Event
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import RatingState, SessionState, SetEnd
from apsa_perception.model.results import SessionStatus, SetRating
from apsa_perception.programmes.library import ProgrammeLibrary
from support.feedback_cases import CUE_FOLDER, book, live, repetition, session, with_boundaries
from support.report_cases import knees, whole_session

RATING = SetRating("s1", RatingState.ANSWERED, 4, 5.5, "=a little stiff")
EXERCISES = ExerciseLibrary.load(CUE_FOLDER.parent / "exercises")
PROGRAMMES = ProgrammeLibrary(EXERCISES, CUE_FOLDER.parent / "programmes")


def rated(seconds: float, state: SessionState = SessionState.CLOSED) -> SessionStatus:
    """The session with an answer."""
    return replace(session(seconds, state), rating=RATING)


def play(
    folder: Path, events: Iterable[Event], person: str = "p07", *, crash: bool = False
) -> None:
    """Show events to a report of a new process, or give them back to it, then close it."""
    settings = ReportSettings(dir=str(folder), person=person)
    report = ReportOutput.open(OutputContext(book(), settings, print, programmes=PROGRAMMES))
    shown = with_boundaries(list(events))
    if crash:
        report.restore(shown)  # type: ignore[arg-type]
    else:
        for event in shown:
            report.show_event(event)  # type: ignore[arg-type]
    report.close()


def content(folder: Path) -> dict[str, Any]:
    """Data of the only report."""
    (path,) = folder.glob("*.json")
    data: dict[str, Any] = json.loads(path.read_text())
    return data


@pytest.mark.parametrize(
    "when", ["in the rest", "after the end", "after a restart", "before a crash"]
)
@pytest.mark.parametrize("person", ["p07", ""])
def test_an_answer_is_in_the_report(tmp_path: Path, when: str, person: str) -> None:
    events = whole_session()
    later = [live(14.0, measures=knees(170, 170)), rated(15.0)]
    if when in ("in the rest", "before a crash"):
        events.insert(-1, rated(12.9, SessionState.RESTING))
    elif when == "after the end":
        events += later
    play(tmp_path, events, person, crash=when == "before a crash")
    if when == "after a restart":
        assert content(tmp_path)["rating"] is None
        play(tmp_path, later, person)
    assert content(tmp_path)["rating"] == {"pain": 4, "effort": 5.5, "note": "=a little stiff"}
    page = next(tmp_path.glob("*.html")).read_text()
    for fact in ("<dt>Pain</dt><dd>4 / 10</dd>", "<dt>Effort</dt><dd>5.5 / 10</dd>", "stiff</p>"):
        assert fact in page
    (table,) = tmp_path.glob("*.csv")
    rows = list(csv.DictReader(table.open()))
    assert [(row["person"], row["date"], row["pain"]) for row in rows] == [
        (person, content(tmp_path)["written"], "4")
    ] * 3
    assert rows[0]["note"] == "'=a little stiff"  # no formula


def test_the_table_has_the_turning_point_of_each_side(tmp_path: Path) -> None:
    play(tmp_path, whole_session())
    (table,) = tmp_path.glob("*.csv")
    first = next(csv.DictReader(table.open()))
    assert (float(first["left"]), float(first["right"])) == (pytest.approx(90), pytest.approx(94))


def test_a_session_that_was_only_tried_leaves_a_report_once_it_is_rated(tmp_path: Path) -> None:
    two = [session(), *repetition(4.0, 1), *repetition(8.0, 2), session(9.0, SessionState.CLOSED)]
    play(tmp_path, two)
    assert list(tmp_path.iterdir()) == []
    play(tmp_path, [*two, live(10.0), rated(11.0)])
    assert content(tmp_path)["rating"]["pain"] == 4


def test_a_set_that_a_programme_wants_short_has_a_report_and_its_plan(tmp_path: Path) -> None:
    planned = replace(
        session(target=1),
        programme="knee",
        programme_run_id="run",
        exercise_number=2,
        exercise_count=5,
        set_number=1,
        set_count=2,
    )
    ended = replace(planned, stamp_ns=9 * 10**9, state=SessionState.RESTING, set_end=SetEnd.COUNT)
    play(tmp_path, [planned, *repetition(4.0, 1), ended])
    plan = content(tmp_path)["plan"]
    assert (plan["programme"], plan["title"], plan["run"]) == ("knee", "Knee", "run")
    assert plan["sets"] == len(PROGRAMMES.get("knee").sets)
    assert (plan["repetitions"], plan["ended"]) == (1, True)
    assert " · Knee · Set 1</p>" in next(tmp_path.glob("*.html")).read_text()


def test_a_report_is_read_as_it_was_written(tmp_path: Path) -> None:
    play(tmp_path, [*whole_session(), live(14.0), rated(15.0)])
    (path,) = tmp_path.glob("*.json")
    stored = read_report(path)
    assert stored is not None
    again = json.dumps(stored.record.as_json(stored.written.isoformat()))
    assert json.loads(again) == content(tmp_path)
    path.write_text(path.read_text().replace('"repetitions": [', '"repetitions": [3, '))
    assert read_report(path) is None


def test_an_answer_after_another_person_was_chosen_is_about_the_one_before(tmp_path: Path) -> None:
    settings = ReportSettings(dir=str(tmp_path), person="p07")
    report = ReportOutput.open(OutputContext(book(), settings, print))
    frame = live(14.0, measures=knees(170, 170))
    for event in with_boundaries([*whole_session(), frame]):
        report.show_event(event)  # type: ignore[arg-type]
    report.use_person("p08")
    for event in with_boundaries([rated(15.0), *whole_session("s2")]):
        report.show_event(event)  # type: ignore[arg-type]
    report.close()
    pains = {
        path.name[:3]: json.loads(path.read_text())["rating"] for path in tmp_path.glob("*.json")
    }
    assert pains == {"p07": {"pain": 4, "effort": 5.5, "note": "=a little stiff"}, "p08": None}


def test_how_a_set_ended_is_in_the_report_also_when_it_is_written_again(tmp_path: Path) -> None:
    *events, closed = whole_session()
    assert isinstance(closed, SessionStatus)
    play(tmp_path, [*events, replace(closed, speed_loss=0.24, score_change=-0.21)])
    (path,) = tmp_path.glob("*.html")
    for _ in range(2):
        text = path.read_text()
        for words in ("Slower at the end</dt><dd>24%", "Score change</dt><dd>\u221221", "fatigue"):
            assert words in text
        play(tmp_path, [rated(30.0)])
    (table,) = tmp_path.glob("*.csv")
    assert {(row["speed_loss"], row["score_change"]) for row in csv.DictReader(table.open())} == {
        ("0.24", "-0.21")
    }
    plain = tmp_path / "plain"
    play(plain, [*events, closed])
    (path,) = plain.glob("*.html")
    assert "Slower" not in path.read_text()
    assert "fatigue" not in path.read_text()
    slower = tmp_path / "slower"
    play(slower, [*events, replace(closed, speed_loss=0.24)])
    (path,) = slower.glob("*.html")
    assert "fatigue" in path.read_text()
    assert "first two" not in path.read_text()  # the score's change was not measured
    (table,) = slower.glob("*.csv")
    assert {row["score_change"] for row in csv.DictReader(table.open())} == {""}
