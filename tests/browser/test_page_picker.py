"""The choice of an exercise on the page: pictures, groups, search and keyboard."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from support.chromium import Page
from support.feedback_cases import session
from support.page_cases import MARKS, make_screen, opened

pytestmark = MARKS

TITLES = """[...document.querySelectorAll('#picker section')].map((section) =>
  [...section.querySelectorAll('button:not([hidden])')].map((card) => card.textContent))"""
ONE_LEG, ELBOW = ["Einbeinige Kniebeuge links"], ["Flexión de codo izquierdo"]
OVERFLOWING = """[...document.querySelectorAll('#picker :is(h2, h3, button, span, input)')]
  .filter((e) => e.getClientRects().length && (e.scrollWidth > e.clientWidth + 1
    && getComputedStyle(e).display !== 'inline' || e.getBoundingClientRect().right > innerWidth))
  .map((e) => e.textContent)"""


async def open_picker(page: Page) -> None:
    await page.wait_for("document.body.dataset.session === 'running'")
    await page.run("document.getElementById('settings-open').click()")
    await page.run("document.getElementById('exercise-open').click()")
    await page.wait_for("document.querySelectorAll('#picker button[data-name] svg').length > 50")


async def search(page: Page, words: str) -> Any:
    """Titles that a search finds."""
    await page.run(
        "((input) => { input.value = '" + words + "'; input.dispatchEvent(new Event('input')); })"
        "(document.getElementById('picker-search'))"
    )
    return [title for titles in await page.run(TITLES) for title in titles]


async def press(page: Page, key: str) -> str:
    """Press a key; return what has the focus then."""
    for kind in ("keyDown", "keyUp"):
        await page.call("Input.dispatchKeyEvent", type=kind, key=key, code=key)
    return str(await page.run("document.activeElement.dataset.name ?? document.activeElement.id"))


@pytest.mark.parametrize(
    ("locale", "first", "last", "words", "found"),
    [
        ("en", "Heel raise", "Step-up", "PLANK", ["Plank", "Side plank"]),
        ("de", "Aufstehen und Hinsetzen", "Stufensteigen", "kniebeuge links", ONE_LEG),
        ("es", "Abducción de cadera de pie", "Zancada lateral", "flexion codo izq", ELBOW),
        ("zh", "侧弓步", "坐姿踏步", "平板", ["侧平板支撑", "平板支撑"]),
    ],
)  # fmt: skip
def test_exercises_are_in_the_order_of_the_language_and_are_found(
    tmp_path: Path, locale: str, first: str, last: str, words: str, found: list[str]
) -> None:
    async def look() -> None:
        screen = make_screen(locale=locale)
        screen.show_event(session())
        async with opened(screen) as page:
            for width, height in ((1180, 820), (390, 844)):
                await page.open(screen.server.url, width, height)
                await open_picker(page)
                legs = (await page.run(TITLES))[2]
                assert (legs[0], legs[-1]) == (first, last)
                assert await page.run(OVERFLOWING) == [], (width, height)
                await page.screenshot(tmp_path / f"picker_{width}.png")
                assert await search(page, words) == found
                assert len(await search(page, "calf raise")) == 1  # heel raise, in any language
                assert len(await search(page, "crunch")) == 1
                assert await search(page, "nonsense") == []
                assert not await page.run("document.getElementById('picker-none').hidden")

    asyncio.run(look())


def test_an_exercise_is_chosen_with_the_keyboard() -> None:
    asked: list[str] = []

    async def look() -> None:
        screen = make_screen(asked)
        screen.show_event(session())
        async with opened(screen) as page:
            await open_picker(page)
            assert await page.run("document.activeElement.id") == "picker-search"
            await search(page, "legs")
            assert await press(page, "ArrowDown") == "heel_raise"
            assert await press(page, "ArrowRight") == "high_knees"
            below = await press(page, "ArrowDown")
            assert below not in ("high_knees", "hip_hinge")
            assert await press(page, "ArrowUp") == "high_knees"
            assert await press(page, "ArrowUp") == "picker-search"
            await search(page, "wall sit")
            await press(page, "Enter")
            await page.wait_for("!document.getElementById('picker').open")
            async with asyncio.timeout(5):
                while not asked:
                    await asyncio.sleep(0.02)

    asyncio.run(look())
    assert asked == ["exercise wall_sit"]
