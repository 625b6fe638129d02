"""The report: correct numbers, no personal data but the pseudonym, always written."""

import csv
import json
import re
import resource
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from apsa_feedback.coaching.cue import CueResult
from apsa_feedback.outputs.base import OutputContext
from apsa_feedback.outputs.report import files
from apsa_feedback.outputs.report.output import ReportOutput
from apsa_feedback.outputs.report.session_record import SessionRecord
from apsa_feedback.outputs.report.settings import ReportSettings
from apsa_feedback.outputs.screen.content import ScreenContent
from apsa_feedback.stream.events import Event
from apsa_feedback.terminal.summary import SessionSummary
from apsa_perception.assessment.personal_ranges import PersonalRanges
from apsa_perception.model.codes import (
    CuePriority,
    ErrorScope,
    Phase,
    SessionState,
    Side,
)
from apsa_perception.model.results import ErrorSet, MeasureResult, QualityResult, RepetitionResult
from support.feedback_cases import book, live, ns, repetition, session, with_boundaries
from support.report_cases import frames, knees, whole_session

NAN = float("nan")


def play(folder: Path, events: Sequence[Event], log: list[str], **changes: Any) -> None:
    """Show events to a report in the order of their stamps, then close it."""
    settings = ReportSettings(
        **{"dir": str(folder), "person": "p07", "min_repetitions": 0, **changes}
    )
    report = ReportOutput.open(OutputContext(book(), settings, log.append))
    for event in with_boundaries(events):
        report.show_event(event)  # type: ignore[arg-type]
    report.close()


@pytest.mark.faults
def test_a_full_disk_costs_the_page_before_the_data_and_is_told(tmp_path: Path) -> None:
    play(tmp_path / "whole", whole_session(), [])
    size = {path.suffix: path.stat().st_size for path in (tmp_path / "whole").iterdir()}
    assert size[".json"] < size[".html"]
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    for room, kept in ((size[".html"] - 1, {".json", ".csv"}), (100, set())):
        lost: list[str] = []
        folder = tmp_path / str(room)
        settings = ReportSettings(dir=str(folder), person="p07")
        report = ReportOutput.open(OutputContext(book(), settings, print, lost=lost.append))
        for event in with_boundaries(whole_session()):
            report.show_event(event)  # type: ignore[arg-type]
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
        try:
            report.close()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert {path.suffix for path in folder.iterdir()} == kept
        (why,) = lost
        assert why.startswith("report: writing failed: OSError")


def test_an_exercise_of_any_name_is_reported_inside_the_folder(tmp_path: Path) -> None:
    log: list[str] = []
    folder = tmp_path / "reports"
    named = [
        replace(each, exercise="../../squat*\n") if hasattr(each, "exercise") else each
        for each in whole_session()
    ]
    for _ in range(2):
        play(folder, named, log)
    found = {path.suffix for path in folder.iterdir()}
    assert found == {".html", ".csv", ".json"}
    assert all(path.name.startswith("p07_unnamed_") for path in folder.iterdir())
    assert {path.name for path in tmp_path.iterdir()} == {"reports"}


def test_a_session_becomes_a_page_a_table_and_data(tmp_path: Path) -> None:
    log: list[str] = []
    play(tmp_path / "reports", whole_session(), log)
    html, table, data = (
        next((tmp_path / "reports").glob(f"p07_squat_*.{kind}")) for kind in ("html", "csv", "json")
    )
    assert log == [f"report: {html}"]
    content = json.loads(data.read_text())
    assert content["person"] == "p07"
    assert content["summary"] == {
        "repetitions": 3,
        "judged": 2,
        "good": 1,
        "mean_score": 0.9,
        "mean_range": 82.0,
        "mean_side_difference": 6.0,
        "best_hold_s": None,
        "total_hold_s": None,
    }
    assert [point[1] for point in content["curve"]["left"]][:2] == [170.0, 170.0]
    assert min(value for _, value in content["curve"]["right"]) == pytest.approx(94.0)
    assert [e["name"] for e in content["repetitions"][2]["errors"]] == ["knee_valgus"]
    rows = list(csv.DictReader(table.open()))
    assert [row["grade"] for row in rows] == ["good", "not_judged", "fair"]
    assert rows[1]["score"] == ""
    page = html.read_text()
    for text in (
        "Person p07",
        "Not judged",
        book().words["unjudged_joints_hidden"],
        "A Knees inwards",
    ):
        assert text in page


def test_the_page_needs_nothing_from_elsewhere_and_is_well_formed(tmp_path: Path) -> None:
    play(tmp_path, whole_session(), [])
    page = next(tmp_path.glob("*.html")).read_text()
    assert not re.search(r"(?i)https?:|//|<script|<img|url\((?!#)|@import", page)
    body = page[page.index("<body>") : page.index("</html>")]
    drawn = list(ElementTree.fromstring(body).iter("svg"))
    assert len(drawn) == 4  # curve, quality, range, symmetry
    assert "nan" not in body.lower().replace("finance", "")


def test_text_from_outside_is_escaped(tmp_path: Path) -> None:
    record = SessionRecord("p07", "squat", "<b>Squat & co</b>")
    record.add_live(live(0.0, measures=knees(170, 170)))
    record.add_cue(CueResult(0, 1, CuePriority.INFO, "count", "<script>1</script>", "en"))
    files.write(tmp_path, record, book(), datetime.now().astimezone())
    page = next(tmp_path.glob("*.html")).read_text()
    assert "<script" not in page
    assert "&lt;b&gt;Squat &amp; co" in page


def test_what_was_not_judged_is_a_gap_and_not_a_number(tmp_path: Path) -> None:
    hidden = (MeasureResult("knee_angle", NAN, "deg", Side.LEFT, "the ankle is not seen"),)
    events = [session(), live(0.0, measures=hidden), live(1.0, measures=knees(90, 90))]
    play(tmp_path, events, [])
    content = json.loads(next(tmp_path.glob("*.json")).read_text())
    assert content["curve"]["left"] == [[0.0, None], [1.0, 90.0]]
    assert "No complete repetition" in next(tmp_path.glob("*.html")).read_text()


def test_the_trend_takes_sessions_of_the_same_person_and_exercise_only(tmp_path: Path) -> None:
    day = datetime.fromisoformat("2026-03-01T10:00:00+00:00")
    for index, (person, exercise) in enumerate(
        [("p07", "squat"), ("p08", "squat"), ("p07", "lunge"), ("p07", "squat"), ("", "squat")]
    ):
        record = SessionRecord(person, exercise, exercise)
        for event in whole_session()[1:4]:
            record.add_live(event)  # type: ignore[arg-type]
        files.write(tmp_path, record, book(), day + timedelta(days=index))
    (tmp_path / "p07_squat_broken.json").write_text("{")
    (tmp_path / "p07_squat_other.json").write_text('{"person": "p07", "summary": 3}')
    found = files.earlier(tmp_path, "p07", "squat")
    assert [past.written[:10] for past in found] == ["2026-03-01", "2026-03-04"]
    assert files.earlier(tmp_path, "", "squat") == []
    play(tmp_path, whole_session(), [])
    play(tmp_path, whole_session(), [])  # within the same second, beside the other
    last = max(tmp_path.glob("*.html"), key=lambda path: path.stat().st_mtime_ns).read_text()
    assert book().words["report_one_day"] in last.partition("Earlier sessions")[2]
    assert len(files.earlier(tmp_path, "p07", "squat")) == 4


def test_the_sets_of_a_day_are_one_point_of_the_trend(tmp_path: Path) -> None:
    day = datetime.fromisoformat("2026-03-01T10:00:00+00:00")
    for after in (timedelta(), timedelta(minutes=4), timedelta(minutes=8), timedelta(days=3)):
        record = SessionRecord("p07", "squat", "Squat")
        for event in whole_session()[1:]:
            match event:
                case RepetitionResult():
                    record.add_repetition(event)
                case QualityResult():
                    record.add_quality(event)
        path = files.write(tmp_path, record, book(), day + after)
        trend = path.read_text().partition("Earlier sessions")[2]
        points = len(re.findall("<circle", trend))
        if after < timedelta(days=1):
            assert points == 0
            assert (book().words["report_one_day"] in trend) == bool(after)
    assert points == 2 * 2 * 2  # quality and range, on two days, for screen and phone


def test_results_of_the_last_moment_belong_to_the_session(tmp_path: Path) -> None:
    last = repetition(12.0, 1)
    events = [session(), *frames(12.0), session(12.0, SessionState.CLOSED), *last]
    play(tmp_path, events, [])
    content = json.loads(next(tmp_path.glob("*.json")).read_text())
    assert content["summary"]["repetitions"] == content["summary"]["judged"] == 1


def test_each_session_has_its_report_and_nothing_seen_has_none(tmp_path: Path) -> None:
    unnamed = session(14.0, session_id="")
    second = [session(15.0, session_id="s2"), live(15.0, measures=knees(170, 170))]
    play(tmp_path, [*whole_session(), unnamed, *second], [])
    assert len(list(tmp_path.glob("*.html"))) == 2
    play(tmp_path / "none", [session(), session(1.0, SessionState.CLOSED)], [])
    assert list((tmp_path / "none").iterdir()) == []


def test_report_screen_and_terminal_agree_on_what_a_session_is(tmp_path: Path) -> None:
    chosen = replace(session(13.0, session_id=""), exercise="lunge", title="Lunge")
    begun = replace(chosen, stamp_ns=ns(14.0), session_id="s2")
    lunges = [replace(each, exercise="lunge") for each in repetition(17.0, 1)]  # type: ignore[call-arg]
    events = [*whole_session()[:-1], chosen, begun, *lunges]
    play(tmp_path, events, [])
    contents = [json.loads(path.read_text()) for path in tmp_path.glob("*.json")]
    reported = {each["title"]: each["summary"]["repetitions"] for each in contents}
    summary, screen = SessionSummary(book().words), ScreenContent(book())
    for event in with_boundaries(events):
        summary.add(event)
        screen.on_event(event)  # type: ignore[arg-type]
    told = re.findall(r"summary: (\w+)\n\n  Repetitions   (\d+)", summary.text())
    assert told == [("Squat", "3"), ("Lunge", "1")]
    assert reported == {title: int(count) for title, count in told}
    shown = screen.state()
    assert (shown["exercise"], shown["count"], len(shown["qualities"])) == ("Lunge", 1, 1)


@pytest.mark.parametrize(("score", "shown"), [(0.0647, "6"), (0.0653, "7"), (0.065, "6")])
def test_report_and_screen_show_the_same_score(tmp_path: Path, score: float, shown: str) -> None:
    done = [
        replace(each, score=score) if isinstance(each, QualityResult) else each
        for each in repetition(4.0, 1)
    ]
    play(tmp_path, [session(), *done, session(5.0, SessionState.CLOSED)], [])
    screen = ScreenContent(book())
    for event in done:
        screen.on_event(event)  # type: ignore[arg-type]
    assert [str(each["score"]) for each in screen.state()["qualities"]] == [shown]
    page = next(tmp_path.glob("*.html")).read_text()
    assert f"<td>{shown} Good</td>" in page
    content = json.loads(next(tmp_path.glob("*.json")).read_text())
    assert content["repetitions"][0]["score"] == round(score, 3)


def test_frames_of_a_pause_are_not_in_the_curve(tmp_path: Path) -> None:
    paused = session(1.0, SessionState.PAUSED)
    events = [session(), live(0.0, measures=knees(170, 170)), paused, *frames(3.0)[12:]]
    play(tmp_path, events, [])
    content = json.loads(next(tmp_path.glob("*.json")).read_text())
    assert len(content["curve"]["left"]) == 1


def test_the_same_session_gives_the_same_report_but_for_the_clock(tmp_path: Path) -> None:
    now = datetime.fromisoformat("2026-03-01T10:00:00+00:00")
    texts = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        record = SessionRecord("p07", "squat", "Squat")
        for event in frames(5.0):
            record.add_live(event)  # type: ignore[arg-type]
        path = files.write(tmp_path / name, record, book(), now)
        texts.append([path.with_suffix(kind).read_text() for kind in (".html", ".csv", ".json")])
    assert texts[0] == texts[1]


@pytest.mark.parametrize(
    "person",
    ["../../etc/x", "Jane Doe", "a" * 41, "-x", "p/7", "MariaSchmidt", "John.Smith", "anna_7"],
)
def test_a_pseudonym_that_is_none_is_refused_as_for_the_ranges(tmp_path: Path, person: str) -> None:
    with pytest.raises(ValueError, match=r"report\.person") as caught:
        play(tmp_path, [], [], person=person)
    with pytest.raises(ValueError, match="is not allowed as a person") as of_ranges:
        PersonalRanges().save(tmp_path, person)
    assert str(caught.value) == f"report.person: {of_ranges.value}"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match=r"report folder .*file/below"):
        play(tmp_path / "file" / "below", [], [])
    with pytest.raises(ValueError, match=r"report\.dir is empty"):
        play(Path("/"), [], [], dir="")


def test_a_long_session_is_drawn_in_strips_where_something_happened(tmp_path: Path) -> None:
    record = SessionRecord("", "squat", "Squat")
    for event in frames(600.0):
        record.add_live(event)  # type: ignore[arg-type]
    for index, end in enumerate((10.0, 31.0, 500.0), 1):
        record.add_repetition(repetition(end, index)[0])  # type: ignore[arg-type]
    page = files.write(tmp_path, record, book(), datetime.now().astimezone()).read_text()
    assert re.findall(r"<title>knee_flexion, (\d+-\d+) s", page) == ["0-30", "30-60", "480-510"]


@pytest.mark.parametrize(
    ("unit", "way", "difference", "tick"),
    [("1", "0.24", "0.05", "0.2"), ("m", "0.24 m", "0.05 m", "0.2 m"), ("deg", "0°", "0°", "0°")],
)
def test_small_values_are_shown_with_their_digits_and_unit(
    tmp_path: Path, unit: str, way: str, difference: str, tick: str
) -> None:
    done = RepetitionResult(
        10**9, 1, "pelvis_rotation", 1, Side.LEFT, 0, 5 * 10**8, 10**9, "pelvis_rotation", unit,
        0.01, 0.25, 0.2, 0.9,
    )  # fmt: skip
    uneven = (MeasureResult("side_difference", 0.05, unit),)
    judged = ErrorSet(
        10**9, 1, "pelvis_rotation", ErrorScope.REPETITION, 1, Phase.UNKNOWN, measures=uneven
    )
    for day in (1, 2):
        record = SessionRecord("p07", "pelvis_rotation", "Pelvis rotation")
        record.add_live(live(0.0, measures=(MeasureResult("pelvis_rotation", 0.01, unit),)))
        record.add_repetition(done)
        record.add_errors(judged)
        now = datetime(2026, 3, day).astimezone()
        path = files.write(tmp_path, record, book(), now)
    page = path.read_text()
    facts = re.findall(r"<dd>([^<]*)</dd>", page)
    assert facts[-2:] == [way, difference]
    drawn = {
        title: re.findall(r">([^<>]+)</text>", chart)
        for title, chart in re.findall(r"<title>([^<]+)</title>(.*?)</svg>", page, re.DOTALL)
    }
    assert difference in drawn["Left/right difference"]
    assert drawn["Range of motion"].count(way) >= 2  # of the trend
    assert tick in drawn["Left/right difference"]


@pytest.mark.faults
def test_a_report_holds_the_repetitions_before_a_crash_too(tmp_path: Path) -> None:
    events = with_boundaries(whole_session())
    kept = [event for event in events if not isinstance(event, ErrorSet) or event.scope]
    half = len(events) // 2
    before = [event for event in kept if event.stamp_ns < events[half].stamp_ns]
    settings = ReportSettings(dir=str(tmp_path), person="p07")
    report = ReportOutput.open(OutputContext(book(), settings, print))
    report.restore([*before, CueResult(0, 1, CuePriority.INFO, "count", "One", "en")])  # type: ignore[list-item]
    for event in events[half:]:
        report.show_event(event)  # type: ignore[arg-type]
    report.close()
    (data,) = tmp_path.glob("*.json")
    content = json.loads(data.read_text())
    assert content["summary"]["repetitions"] == 3
    assert [each["score"] for each in content["repetitions"]][::2] == [0.9, 0.9]
    assert [cue["text"] for cue in content["cues"]] == ["One"]
