"""The report in a real browser: on a phone, on a screen, on paper."""

import asyncio
from pathlib import Path

import chromium
import pytest
from feedback_cases import book
from test_report import whole_session

from apsa_feedback.outputs.base import OutputContext
from apsa_feedback.outputs.report import ReportOutput

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(chromium.find() is None, reason="no Chromium is installed"),
]


@pytest.mark.parametrize("locale", ["en", "de", "es", "zh"])
def test_nothing_is_cut_off_on_phone_screen_and_paper(locale: str, tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    parameters = {"dir": str(folder), "person": "p07"}
    report = ReportOutput.open(OutputContext(book(locale), parameters, print))
    for event in whole_session():
        report.show_event(event)  # type: ignore[arg-type]
    report.close()
    url = next(folder.glob("*.html")).as_uri()

    overflowing = """[...document.querySelectorAll('header, dl, dt, dd, section, h2, li')]
      .filter((e) => e.getBoundingClientRect().right > document.documentElement.clientWidth
        || (e.matches('dt, dd, h2, li') && e.scrollWidth > e.clientWidth))
      .map((e) => e.textContent)"""

    async def look() -> None:
        async with chromium.browse(chromium.find() or "", tmp_path / "profile") as page:
            for media, width in (("screen", 390), ("screen", 1280), ("print", 688)):
                await page.call("Emulation.setEmulatedMedia", media=media)
                await page.open(url, width, 1000)
                await page.screenshot(tmp_path / f"{media}_{width}.png")
                assert await page.run(overflowing) == [], (media, width)
                assert await page.run("document.querySelectorAll('svg').length") == 4
                drawn = "getComputedStyle(document.querySelector('.curve')).strokeWidth"
                assert await page.run(drawn) == "2.6px"  # the style is allowed by the page's policy

    asyncio.run(look())
