"""The measured tempo beside the one asked for: in view and readable on the page."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from apsa_perception.model.codes import SessionState
from apsa_perception.model.results import MeasureResult
from support.contrast import contrast_of, use_scheme
from support.feedback_cases import repetition, session
from support.page_cases import MARKS, make_screen, opened, text

pytestmark = MARKS

RUNNING = replace(
    session(target=10), programme="knee", exercise_count=5, exercise_number=3, set_number=1,
    set_count=2, tempo="3-1-2",
)  # fmt: skip
RESTING = replace(RUNNING, state=SessionState.RESTING, seconds_left=42, next_exercise="squat")
MEASURES = tuple(
    MeasureResult(f"tempo_{name}", seconds, "s")
    for name, seconds in (("out", 2.4), ("hold", 0.8), ("back", 12.9))
)
CUT_OFF = """[...document.querySelectorAll('#tempo, #tempo *')]
  .filter((e) => e.getBoundingClientRect().right > innerWidth || e.getBoundingClientRect().left < 0)
  .map((e) => e.textContent)"""


@pytest.mark.parametrize("locale", ["en", "de", "es", "zh"])
def test_the_measured_tempo_fits_the_page_and_is_readable(tmp_path: Path, locale: str) -> None:
    async def look() -> None:
        screen = make_screen(locale=locale)
        async with opened(screen) as page:
            assert await page.run("document.getElementById('tempo').hidden")
            screen.show_event(RUNNING)
            for event in repetition(8.0, 1, measures=MEASURES):
                screen.show_event(event)  # type: ignore[arg-type]
            await page.wait_for("!document.getElementById('tempo').hidden")
            last = await text(page, "tempo")
            assert "(3)" in last
            screen.show_event(RESTING)
            await page.wait_for("document.body.dataset.session === 'resting'")
            assert await text(page, "tempo") != last  # the mean has another label
            for width, height in ((390, 844), (820, 1180), (1280, 800)):
                await page.open(screen.server.url, width, height)
                await page.wait_for("!document.getElementById('tempo').hidden")
                assert await page.run(CUT_OFF) == [], (width, height)
                await page.run("document.getElementById('tempo').scrollIntoView()")
                for scheme in ("dark", "light"):
                    await use_scheme(page, scheme)
                    await page.screenshot(tmp_path / f"tempo_{width}_{scheme}.png")
                    assert await contrast_of(page, "#tempo *") >= 4.5

    asyncio.run(look())
