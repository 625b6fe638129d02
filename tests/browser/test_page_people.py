"""The page with several people in view: who is coached, and a tap that selects another."""

import asyncio
from dataclasses import replace
from pathlib import Path

import numpy as np

from support import chromium
from support.feedback_cases import book, live, session
from support.page_cases import MARKS, Shot, make_screen, opened, text

pytestmark = MARKS
_ASIDE_PX = 260.0

_TAP = """(([across, down]) => {{
  const canvas = document.getElementById("stage");
  const box = canvas.getBoundingClientRect();
  canvas.dispatchEvent(new MouseEvent("click", {{
    clientX: box.left + across * box.width, clientY: box.top + down * box.height, bubbles: true,
  }}));
}})({place})"""


async def tap(page: chromium.Page, across: float, down: float = 0.55) -> None:
    """Tap at a place on the stage, as shares of its size."""
    await page.run(_TAP.format(place=[across, down]))


def test_a_tap_selects_a_person_and_a_second_one_takes_it_back(shot: Shot, tmp_path: Path) -> None:
    first = shot.skeleton
    beside = replace(first, body_id=2, pixels=first.pixels + np.array([_ASIDE_PX, 0.0]))
    pill = "!document.getElementById('people').hidden"

    async def look() -> list[str]:
        asked: list[str] = []
        screen = make_screen(asked)
        async with opened(screen) as page:
            screen.show_event(session())
            view = replace(shot.view(1), skeletons=(first, beside))
            screen.show_view(view)
            await page.wait_for("document.body.dataset.stamp === '1'")
            await page.wait_for(pill)
            assert await text(page, "people") == book().words["choose_person"]
            for stamp in range(2, 60):  # until the picture has moved to both
                screen.show_view(replace(view, stamp_ns=stamp))
                await asyncio.sleep(0.01)
            await page.screenshot(tmp_path / "two_people.png")
            await tap(page, 0.02, 0.3)
            await tap(page, 0.7)
            await until(asked, 1)
            screen.show_event(replace(session(), selected_body_id=2))
            away = replace(live(0.0, body_id=0), stamp_ns=100)
            screen.show_view(replace(view, stamp_ns=100, skeletons=(first,), live=away))
            await page.wait_for("document.body.dataset.stamp === '100'")
            assert await text(page, "people") == book().words["person_away"]
            chosen = replace(live(0.0, body_id=2), stamp_ns=101)
            screen.show_view(replace(view, stamp_ns=101, live=chosen))
            await page.wait_for("document.body.dataset.stamp === '101'")
            assert not await page.run(pill)
            await page.screenshot(tmp_path / "selected.png")
            await tap(page, 0.7)
            await until(asked, 2)
        return asked

    assert asyncio.run(look()) == ["person 2", "person 0"]


async def until(asked: list[str], count: int) -> None:
    async with asyncio.timeout(5.0):
        while len(asked) < count:
            await asyncio.sleep(0.02)
