"""The progress page in a real browser: all of its figures are in sight, on a phone, too."""

import asyncio
from pathlib import Path

import pytest

from apsa_feedback.outputs.report.person_files import write_progress
from support import chromium
from support.feedback_cases import book
from support.history_cases import PERSON, write_weeks

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(chromium.find() is None, reason="no Chromium is installed"),
]
PLAN = (
    "programmes:\n  - programme: knee\n    days_per_week: 2\n    start: 2025-12-17\n    weeks: 6\n"
)
OUT_OF_SIGHT = """[...document.querySelectorAll('section, svg, svg text, h1, h2, h3, p, td, th')]
  .filter((each) => each.checkVisibility())
  .filter((each) => each.getBoundingClientRect().right > document.documentElement.clientWidth
    || each.getBoundingClientRect().left < 0 || each.scrollWidth > each.clientWidth + 1
      && each.matches('section'))
  .map((each) => each.textContent.trim().slice(0, 40))"""
SMALLEST_TEXT_PX = """Math.min(...[...document.querySelectorAll('svg text')]
  .filter((each) => each.checkVisibility())
  .map((each) => each.getBoundingClientRect().height))"""


@pytest.mark.parametrize("locale", ["en", "de", "es", "zh"])
def test_all_figures_are_in_sight_and_readable(locale: str, tmp_path: Path) -> None:
    write_weeks(tmp_path, locale)
    (tmp_path / f"{PERSON}_plan.yaml").write_text(PLAN, encoding="utf-8")
    url = write_progress(tmp_path, PERSON, book(locale)).as_uri()

    async def look() -> None:
        async with chromium.browse() as page:
            for width, height in ((390, 844), (820, 1180)):
                await page.open(url, width, height)
                assert await page.run(OUT_OF_SIGHT) == [], width
                assert await page.run(SMALLEST_TEXT_PX) > 11.0, width
                charts = "[...document.querySelectorAll('svg')].filter((e) => e.checkVisibility())"
                assert await page.run(f"{charts}.length") == 11
                await page.screenshot(tmp_path / f"progress_{width}.png")

    asyncio.run(look())
