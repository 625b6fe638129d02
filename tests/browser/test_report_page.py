"""The report in a real browser: on a phone, on a screen, on paper."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from apsa_feedback.outputs.base import OutputContext
from apsa_feedback.outputs.report import files
from apsa_feedback.outputs.report.output import ReportOutput
from apsa_feedback.outputs.report.session_record import SessionRecord
from apsa_feedback.outputs.report.settings import ReportSettings
from apsa_perception.model.results import ErrorSet, QualityResult, RepetitionResult
from support import chromium
from support.feedback_cases import book
from support.report_cases import three_repetitions, whole_session
from support.runs import EXERCISES

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(chromium.find() is None, reason="no Chromium is installed"),
]


def record_earlier_sessions(folder: Path, count: int) -> None:
    """Reports of one person and exercise, one per day."""
    folder.mkdir()
    for day in range(count):
        record = SessionRecord("p07", "squat", "Squat")
        for event in three_repetitions():
            match event:
                case RepetitionResult():
                    record.add_repetition(event)
                case QualityResult():
                    record.add_quality(event)
                case ErrorSet():
                    record.add_errors(event)
        files.write(folder, record, book(), datetime(2026, 3, 1 + day, 9, 30, tzinfo=UTC))


@pytest.mark.parametrize("locale", ["en", "de", "es", "zh"])
def test_nothing_is_cut_off_on_phone_screen_and_paper(locale: str, tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    record_earlier_sessions(folder, 14)
    settings = ReportSettings(str(folder), "p07")
    report = ReportOutput.open(OutputContext(book(locale), settings, print, exercises=EXERCISES))
    for event in whole_session():
        report.show_event(event)  # type: ignore[arg-type]
    report.close()
    url = max(folder.glob("*.html"), key=lambda path: path.stat().st_mtime_ns).as_uri()

    overflowing = """[...document.querySelectorAll('header, dl, dt, dd, section, h2, li')]
      .filter((e) => e.getBoundingClientRect().right > document.documentElement.clientWidth
        || (e.matches('dt, dd, h2, li') && e.scrollWidth > e.clientWidth))
      .map((e) => e.textContent)"""

    # Texts of a chart that cover each other, or reach beyond it.
    colliding = """[...document.querySelectorAll('svg')].flatMap((chart) => {
      const all = [...chart.querySelectorAll('text')].map((e) => [e, e.getBoundingClientRect()]);
      const frame = chart.getBoundingClientRect();
      const hit = ([, a], [, b]) => a.left < b.right && b.left < a.right
        && a.top + 4 < b.bottom && b.top + 4 < a.bottom;
      return all.filter((one, i) => all.slice(i + 1).some((other) => hit(one, other))
        || one[1].left < frame.left || one[1].right > frame.right
        || one[1].top + 4 < frame.top).map(([e]) => e.textContent);
    })"""

    async def look() -> None:
        async with chromium.browse() as page:
            for media, width in (("screen", 390), ("screen", 1280), ("print", 688)):
                await page.call("Emulation.setEmulatedMedia", media=media)
                await page.open(url, width, 1000)
                await page.screenshot(tmp_path / f"{media}_{width}.png")
                assert await page.run(overflowing) == [], (media, width)
                assert await page.run("document.querySelectorAll('svg:not(.figure)').length") == 8
                figures = (
                    "[...document.querySelectorAll('.figure')].map((e) => e.clientHeight > 60)"
                )
                assert await page.run(figures) == [media == "screen", *2 * [media == "print"]]
                assert await page.run(colliding) == [], (media, width)
                drawn = "getComputedStyle(document.querySelector('.curve')).strokeWidth"
                assert await page.run(drawn) == "2.6px"  # the style is allowed by the page's policy

    asyncio.run(look())
