"""The measured phases of repetitions beside the tempo asked for, on the page and in the report."""

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from apsa_feedback.outputs.base import OutputContext
from apsa_feedback.outputs.report.output import ReportOutput
from apsa_feedback.outputs.report.settings import ReportSettings
from apsa_feedback.outputs.report.stored_record import read_report
from apsa_feedback.outputs.screen.content import ScreenContent
from apsa_feedback.stream.events import Event
from apsa_feedback.stream.session_tracker import NewSession
from apsa_feedback.stream.tempo import Phases, mean_phases, phases_of
from apsa_perception.model.codes import SessionState
from apsa_perception.model.results import ErrorSet, MeasureResult
from support.feedback_cases import book, ns, repetition, session, with_boundaries

SET = replace(
    session(target=3), programme="knee", programme_run_id="s1", exercise_number=1, set_number=1,
    set_count=2, tempo="3-1-2",
)  # fmt: skip
RESTING = replace(SET, state=SessionState.RESTING, stamp_ns=ns(20.0))
CLOSED = replace(SET, state=SessionState.CLOSED, stamp_ns=ns(20.0))


def timed(end: float, index: int, *seconds: float) -> tuple[Event, ...]:
    """A repetition with these seconds out, at the turning point and back; NaN: not judged."""
    names = ("tempo_out", "tempo_hold", "tempo_back")
    measures = tuple(
        MeasureResult(name, value, "s", reason="" if value == value else "not seen")
        for name, value in zip(names, seconds, strict=True)
    )
    return repetition(end, index, measures=measures)


def plain(text: str) -> str:
    """A text with usual spaces."""
    return text.replace("\u00a0", " ")


def shown(*events: Event | NewSession, locale: str = "en") -> dict[str, str] | None:
    content = ScreenContent(book(locale))
    for event in events:
        content.on_event(event)  # type: ignore[arg-type]
    found: dict[str, str] | None = content.state()["tempo_measured"]
    return found and {key: plain(value) for key, value in found.items()}


SLOW, FAST = timed(8.0, 1, 2.84, 0.9, 2.1), timed(16.0, 2, 1.4, 0.5, 1.3)


def test_the_page_shows_the_last_repetition_and_after_the_set_its_mean() -> None:
    assert shown(SET) is None
    assert shown(SET, *SLOW) == {
        "label": "Tempo of the last repetition: measured (asked)",
        "text": "Out 2.8 s (3) · Hold 0.9 s (1) · Back 2.1 s (2)",
    }
    last = shown(SET, *SLOW, *FAST, locale="de")
    assert last is not None
    assert last["text"] == "Hin 1,4 s (3) · Halten 0,5 s (1) · Zurück 1,3 s (2)"
    for ended in (RESTING, CLOSED):
        assert shown(SET, *SLOW, *FAST, ended) == {
            "label": "Average tempo of the set: measured (asked)",
            "text": "Out 2.1 s (3) · Hold 0.7 s (1) · Back 1.7 s (2)",
        }
    assert shown(SET, *SLOW, NewSession(ns(21.0)), replace(SET, session_id="s2")) is None


def test_without_a_tempo_or_a_measured_phase_nothing_is_shown() -> None:
    assert shown(replace(SET, tempo=""), *SLOW) is None
    assert shown(replace(SET, tempo="slow"), *SLOW) is None
    assert shown(SET, *timed(8.0, 1, 2.8, float("nan"), 2.1)) is None
    assert shown(SET, *repetition(8.0, 1)) is None


def test_phases_are_those_of_the_measures() -> None:
    errors = SLOW[-1]
    assert isinstance(errors, ErrorSet)
    assert phases_of(errors) == Phases(2.84, 0.9, 2.1)
    assert mean_phases([]) is None
    assert mean_phases([Phases(1.0, 0.0, 3.0), Phases(2.0, 1.0, 4.0)]) == Phases(1.5, 0.5, 3.5)


def written(folder: Path, events: Iterable[Event]) -> tuple[str, Path]:
    """The page and the data of the report of a session."""
    settings = ReportSettings(dir=str(folder), person="p07")
    report = ReportOutput.open(OutputContext(book(), settings, print))
    for event in with_boundaries(list(events)):
        report.show_event(event)  # type: ignore[arg-type]
    report.close()
    (page,), (data,) = folder.glob("*.html"), folder.glob("*.json")
    return page.read_text(), data


@pytest.mark.parametrize("tempo", ["3-1-2", "", "slow"])
def test_the_report_has_the_phases_of_each_repetition_and_their_mean(
    tmp_path: Path, tempo: str
) -> None:
    status, is_tempo = replace(SET, tempo=tempo), tempo == "3-1-2"
    third = repetition(19.0, 3)  # its phases were not measured
    ended = replace(status, state=SessionState.CLOSED, stamp_ns=ns(20.0))
    page, data = written(tmp_path, [status, *SLOW, *FAST, *third, ended])
    mean = "Average tempo of the set: measured (asked): Out 2.1 s (3) · Hold 0.7 s (1) · Back 1.7 s"
    assert (mean in plain(page)) == is_tempo
    assert ("<th>Tempo<small>3-1-2</small></th>" in page) == is_tempo
    assert ('<td class="phases">2.8–0.9–2.1</td>' in page) == is_tempo
    content = json.loads(data.read_text())
    assert content["plan"]["tempo"] == tempo
    assert [one["out_s"] for one in content["repetitions"]] == [2.84, 1.4, None]
    stored = read_report(data)
    assert stored is not None
    assert stored.record.repetitions[0].phases == Phases(2.84, 0.9, 2.1)
    assert stored.record.repetitions[2].phases is None
    # A report of an older version has neither.
    del content["plan"]["tempo"]
    for one in content["repetitions"]:
        del one["out_s"], one["hold_s"], one["back_s"]
    data.write_text(json.dumps(content))
    older = read_report(data)
    assert older is not None
    assert older.record.repetitions[0].phases is None
