"""Numbers are written as the language writes them, on every page."""

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from apsa_feedback.outputs.base import OutputContext
from apsa_feedback.outputs.report.output import ReportOutput
from apsa_feedback.outputs.report.person_files import progress_page
from apsa_feedback.outputs.report.settings import ReportSettings
from apsa_feedback.outputs.screen.content import ScreenContent
from apsa_feedback.stream.formatting import localised
from apsa_perception.model.codes import SessionState
from apsa_perception.model.results import SessionStatus
from support.feedback_cases import book, session, with_boundaries
from support.report_cases import whole_session

_AS_WRITTEN = {"en": ("1.40 s", "24%"), "zh": ("1.40 s", "24%")} | dict.fromkeys(
    ("de", "es"), ("1,40 s", "24\N{NO-BREAK SPACE}%")
)


@pytest.mark.parametrize("locale", _AS_WRITTEN)
def test_numbers_have_the_mark_and_the_percent_sign_of_the_language(locale: str) -> None:
    words = book(locale).words
    decimal, percent = _AS_WRITTEN[locale]
    assert localised("1.40 s", words) == decimal
    assert {localised(text, words) for text in ("24 %", "24%")} == {percent}
    assert localised("No. 3. P-017.", words) == "No. 3. P-017."


@pytest.mark.parametrize("locale", _AS_WRITTEN)
def test_the_pages_of_a_person_have_no_other_form(tmp_path: Path, locale: str) -> None:
    settings = ReportSettings(dir=str(tmp_path), person="p07", min_repetitions=0)
    report = ReportOutput.open(OutputContext(book(locale), settings, print))
    *events, closed = whole_session()
    assert isinstance(closed, SessionStatus)
    for event in with_boundaries([*events, replace(closed, speed_loss=0.24)]):
        report.show_event(event)  # type: ignore[arg-type]
    report.close()
    (path,) = tmp_path.glob("*.html")
    pages = path.read_text(encoding="utf-8") + progress_page(tmp_path, "p07", book(locale))
    shown = unescape(re.sub(r"<style>.*?</style>|<[^>]*>", " ", pages, flags=re.DOTALL))
    _, percent = _AS_WRITTEN[locale]
    mark, other = (",", ".") if locale in ("de", "es") else (".", ",")
    assert re.search(rf"\d{re.escape(mark)}\d s", shown)
    assert not re.search(rf"\d{re.escape(other)}\d", shown)
    assert set(re.findall(r"24\s?%", shown)) == {percent}


@pytest.mark.parametrize("locale", _AS_WRITTEN)
def test_the_end_of_a_set_on_the_page_explains_only_what_it_shows(locale: str) -> None:
    words = book(locale).words
    content = ScreenContent(book(locale))
    ended = session(16.0, SessionState.CLOSED, repetitions=5)
    for slower, better, explained in (
        (0.24, 0.0, ["speed_loss_meaning"]),
        (0.0, 0.1, ["score_change_meaning"]),
        (0.24, 0.1, ["speed_loss_meaning", "score_change_meaning"]),
    ):
        content.on_event(replace(ended, speed_loss=slower, score_change=better))
        course = content.state()["set_course"]
        assert course["meaning"] == " ".join(words[key] for key in explained)
        assert (_AS_WRITTEN[locale][1] in course["text"]) == bool(slower)
    content.on_event(ended)
    assert content.state()["set_course"] is None
