"""The two tests of standing up from a chair: figures through the coach; one result everywhere."""

import csv
import itertools
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from apsa_feedback.coaching.cue import CueResult
from apsa_feedback.coaching.policy import CuePolicy
from apsa_feedback.outputs.base import OutputContext
from apsa_feedback.outputs.report.history import exercises_of, runs_of
from apsa_feedback.outputs.report.history_page import history_page
from apsa_feedback.outputs.report.output import ReportOutput
from apsa_feedback.outputs.report.settings import ReportSettings
from apsa_feedback.outputs.report.stored_record import StoredRecord, reports_of
from apsa_feedback.outputs.screen.content import ScreenContent
from apsa_feedback.stream.events import Event, EventGroup
from apsa_feedback.terminal.summary import SessionSummary
from apsa_perception.assessment.offline import Run
from apsa_perception.model.codes import ErrorCode
from apsa_perception.model.results import RepetitionResult, SessionStatus
from apsa_perception.programmes.definition import Programme
from apsa_perception.programmes.library import ProgrammeLibrary
from support.feedback_cases import CUE_FOLDER, SETTINGS, book, with_boundaries
from support.figures import Frames, figure, repeat
from support.fitness import SEATED, STANDING, Fitness
from support.runs import EXERCISES, assessor

PERSON = "p07"
PROGRAMMES = ProgrammeLibrary(EXERCISES, CUE_FOLDER.parent / "programmes")
STANDS = Fitness(SEATED, STANDING, STANDING, ErrorCode.INSUFFICIENT_RANGE)


def stands(count: int) -> Frames:
    """Somebody sits for 1.5 s, then stands up every 2.5 s."""
    return STANDS.frames(count)


def coached(programme: Programme, frames: Frames) -> list[Event]:
    """The results of a programme, as the assessment publishes them."""
    one, run = assessor(), Run()
    one.start_programme(programme)
    for stamp, skeletons in frames:
        run.add(one.update(stamp, skeletons))
    return with_boundaries(run.results)


@cache
def chair_stand(count: int = 14) -> list[Event]:
    """The shipped test of 30 s; its end interrupts the twelfth stand, which is past halfway."""
    return coached(PROGRAMMES.get("chair_stand_30_s"), stands(count))


@cache
def five_times() -> list[Event]:
    """The shipped test of five repetitions."""
    return coached(PROGRAMMES.get("five_times_sit_to_stand"), stands(7))


def said(events: list[Event]) -> Iterator[CueResult]:
    """The cues that answer the results."""
    policy = CuePolicy(SETTINGS, book(), EXERCISES, PROGRAMMES)
    for stamp, group in itertools.groupby(events, key=lambda event: event.stamp_ns):
        cue = policy.step(EventGroup(stamp, tuple(group)))
        if cue is not None:
            yield cue


def reported(folder: Path, events: list[Event]) -> None:
    """Write the reports of the sessions in the events."""
    settings = ReportSettings(dir=str(folder), person=PERSON)
    report = ReportOutput.open(OutputContext(book(), settings, print, programmes=PROGRAMMES))
    for event in events:
        report.show_event(event)  # type: ignore[arg-type]
    report.close()


def stored(folder: Path) -> StoredRecord:
    """The only report, read again."""
    (found,) = reports_of(folder, PERSON)
    return found


def content(folder: Path, ending: str) -> str:
    """Text of the only file with an ending."""
    (path,) = folder.glob(f"*{ending}")
    return path.read_text(encoding="utf-8")


def rows(folder: Path) -> list[dict[str, str]]:
    """The table of the only report."""
    return list(csv.DictReader(content(folder, ".csv").splitlines()))


def observations(found: StoredRecord) -> dict[str, Any]:
    """Values of the exported observations by their code."""
    from apsa_feedback.outputs.report.fhir_bundle import bundle_of

    bundle = json.loads(bundle_of(PERSON, [found], datetime.now().astimezone()))
    resources = (entry["resource"] for entry in bundle["entry"])
    return {
        each["code"]["coding"][0]["code"]: each["valueQuantity"]["value"]
        if "valueQuantity" in each
        else each["valueInteger"]
        for each in resources
        if each["resourceType"] == "Observation"
    }


def test_the_unfinished_stand_at_the_end_counts_everywhere(tmp_path: Path) -> None:
    events = chair_stand()
    finished = sum(isinstance(event, RepetitionResult) for event in events)
    assert finished == 11
    reported(tmp_path, events)
    found, summary, page = stored(tmp_path), SessionSummary(book().words), ScreenContent(book())
    for event in events:
        summary.add(event)
        page.on_event(event)  # type: ignore[arg-type]
    assert [cue.text for cue in said(events)][-1] == "Done: 12 repetitions in 30.0 seconds."
    assert page.state()["count"] == 12
    assert "Repetitions   12, 1.6 s each on average" in summary.text()
    assert json.loads(content(tmp_path, ".json"))["summary"]["repetitions"] == 12
    assert (found.record.count, len(found.record.repetitions)) == (12, finished)
    assert {(row["set_repetitions"], row["set_took_s"]) for row in rows(tmp_path)} == {
        ("12", "30.0")
    }
    report = content(tmp_path, ".html")
    assert "<dt>Test result</dt><dd>12</dd>" in report
    assert "<dt>Repetitions</dt><dd>12</dd>" in report
    assert book().words["report_unfinished"] in report
    assert ">12</td>" in history_page(PERSON, [found], book())


def test_without_an_unfinished_stand_there_is_no_more_than_was_seen(tmp_path: Path) -> None:
    reported(tmp_path, chair_stand(4))
    found = stored(tmp_path)
    assert (found.record.count, len(found.record.repetitions)) == (4, 4)
    assert book().words["report_unfinished"] not in content(tmp_path, ".html")


def test_a_test_of_few_stands_has_a_result_and_a_tried_programme_has_none(tmp_path: Path) -> None:
    programme = PROGRAMMES.get("chair_stand_30_s")
    short = replace(programme, sets=(replace(programme.sets[0], seconds=6.0),))
    reported(tmp_path, coached(short, stands(4)))
    assert stored(tmp_path).record.count == 2
    reported(tmp_path / "tried", five_times()[: len(five_times()) // 4])
    assert not list((tmp_path / "tried").iterdir())


def test_the_time_of_five_stands_is_the_same_in_voice_report_table_and_history(
    tmp_path: Path,
) -> None:
    events = five_times()
    reported(tmp_path, events)
    found = stored(tmp_path)
    time_s = found.record.test_time_s
    assert time_s is not None
    # 1.5 s of sitting, five stands of 2 s, half a second between them; the end is at 125 degrees.
    assert 12.5 < time_s < 14.0
    assert [cue.text for cue in said(events)][-1] == f"Done: 5 repetitions in {time_s} seconds."
    report = content(tmp_path, ".html")
    assert f"<dt>Test result</dt><dd>{time_s} s</dd>" in report
    assert {(row["set_repetitions"], row["set_took_s"]) for row in rows(tmp_path)} == {
        ("5", str(time_s))
    }
    assert f">5 · {time_s} s</td>" in history_page(PERSON, [found], book())
    german = f"{time_s} s".replace(".", ",")
    assert f">5 · {german}</td>" in history_page(PERSON, [found], book("de"))


def test_the_export_has_the_results_of_both_tests(tmp_path: Path) -> None:
    pytest.importorskip("fhir.resources", reason="requirements/fhir.txt is not installed")
    reported(tmp_path / "chair", chair_stand())
    counted = observations(stored(tmp_path / "chair"))
    assert counted["repetitions"] == 12
    assert "test_time" not in counted
    reported(tmp_path / "five", five_times())
    five = stored(tmp_path / "five")
    timed = observations(five)
    assert (timed["repetitions"], timed["test_time"]) == (5, five.record.test_time_s)


def test_a_test_that_was_stopped_has_no_result(tmp_path: Path) -> None:
    one, run = assessor(), Run()
    one.start_programme(PROGRAMMES.get("five_times_sit_to_stand"))
    for stamp, skeletons in stands(4):
        run.add(one.update(stamp, skeletons))
    one.stop()
    run.add(one.update(stamp + 1, skeletons))
    reported(tmp_path, with_boundaries(run.results))
    found = stored(tmp_path)
    assert (found.record.count, found.record.is_test, found.record.test_time_s) == (4, False, None)
    assert "Test result" not in content(tmp_path, ".html")
    assert {row["set_took_s"] for row in rows(tmp_path)} == {""}


def arms(count: int) -> Frames:
    """Arm raises without a pause."""
    return repeat(
        lambda stamp, way: [figure(stamp, arms_deg=(10 + 80 * way, 10 + 80 * way))], count
    )


def test_the_shipped_warm_up_is_announced_marked_and_left_out_of_averages(tmp_path: Path) -> None:
    events = coached(PROGRAMMES.get("shoulder"), arms(9))
    assert next(said(events)).text == "Let's warm up with arm raises."
    page = ScreenContent(book(), EXERCISES, PROGRAMMES)
    page.on_event(next(event for event in events if isinstance(event, SessionStatus)))
    assert page.state()["warm_up"]
    reported(tmp_path, events)
    found = stored(tmp_path)
    assert found.record.is_warm_up
    assert "Shoulder · Warm-up</p>" in content(tmp_path, ".html")
    assert {row["warm_up"] for row in rows(tmp_path)} == {"1"}
    assert "Shoulder · Warm-up</small>" in history_page(PERSON, [found], book())
    (warm_up,) = exercises_of([found])
    assert (warm_up.qualities, warm_up.ranges) == ({}, {})
    assert len(warm_up.sets) == 1
    assert runs_of([found])[0].done == 1
    assert found.record.plan is not None
    found.record.plan.warm_up = False
    (work,) = exercises_of([found])
    assert work.qualities
    assert work.ranges


def test_a_warm_up_is_compared_with_warm_ups_only(tmp_path: Path) -> None:
    reported(tmp_path, coached(PROGRAMMES.get("shoulder"), arms(9)))
    one = assessor()
    one.start("arm_raise")
    run = Run()
    for stamp, skeletons in arms(4):
        run.add(one.update(stamp, skeletons))
    one.stop()
    run.add(one.update(stamp + 1, skeletons))
    reported(tmp_path, with_boundaries(run.results))
    first = book().words["report_first"]
    pages = [path.read_text(encoding="utf-8") for path in tmp_path.glob("*.html")]
    assert [first in page for page in pages] == [True, True]


@pytest.mark.parametrize("locale", ["de", "es", "zh"])
def test_what_is_done_in_a_programme_is_translated(locale: str) -> None:
    texts = book(locale).programme_descriptions
    assert set(texts) == set(PROGRAMMES.names)
    assert not set(texts.values()) & {PROGRAMMES.get(n).description for n in PROGRAMMES.names}
