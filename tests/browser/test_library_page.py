"""The overview of a thousand recordings in a real browser."""

import asyncio
from pathlib import Path

import pytest

from apsa_perception.recordings.overview import Overview, write_overview
from support import chromium
from support.library_cases import library_rows

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(chromium.find() is None, reason="no Chromium is installed"),
]

_OVERFLOWING = """[...document.querySelectorAll('header, dl, dt, dd, section, h2, label, footer')]
  .filter((e) => e.getBoundingClientRect().right > document.documentElement.clientWidth)
  .map((e) => e.textContent.slice(0, 60))"""
_SHOWN = "[...document.querySelectorAll('.recordings tbody tr')].filter((e) => !e.hidden)"


def test_a_thousand_recordings_can_be_sorted_and_searched(tmp_path: Path) -> None:
    overview = Overview()
    for _ in overview.passing(library_rows(1000)):
        pass
    write_overview(tmp_path, overview)
    url = (tmp_path / "index.html").as_uri()

    async def look() -> None:
        async with chromium.browse() as page:
            for width in (390, 1280):
                await page.open(url, width, 1000)
                await page.screenshot(tmp_path / f"{width}.png")
                assert await page.run(_OVERFLOWING) == [], width
            assert await page.run("document.querySelector('#shown').textContent") == "1000 of 1000"
            first = f"{_SHOWN}[0].cells[2].textContent"
            assert await page.run(first) == "failed"
            click = "document.querySelector('.recordings thead th:nth-child(7) button').click()"
            await page.run(click)
            await page.run(click)
            scores = f"{_SHOWN}.slice(0, 50).map((e) => Number(e.cells[6].dataset.value))"
            best = await page.run(scores)
            assert best == sorted(best, reverse=True)
            assert best[0] > best[-1] > 0
            await page.run(
                "(s => { s.value = 'site_1 TRIAL_0013'; s.dispatchEvent(new Event('input')); })"
                "(document.querySelector('#search'))"
            )
            assert await page.run(f"{_SHOWN}.map((e) => e.cells[0].textContent)") == [
                "site_1/person_001/trial_0013.mcap"
            ]

    asyncio.run(look())
