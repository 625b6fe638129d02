"""Limits of errors, changed in the therapist's view."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest

from apsa_feedback.outputs.base import Answer
from apsa_feedback.stream.views import View
from apsa_perception.assessment.personal_limits import PersonalLimits
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import RequestErrorCode
from apsa_perception.model.results import MeasureResult
from support import chromium
from support.feedback_cases import CUE_FOLDER, book, live, session
from support.page_cases import MARKS, Shot, make_screen, text

pytestmark = MARKS

SIZES = ((820, 1180), (1180, 820), (390, 844), (1920, 1080))
LEAN = "trunk_lean_forward:trunk_lean_forward"
SIDEWAYS = "trunk_lean_lateral:trunk_lean_lateral"
EXERCISES = ExerciseLibrary.load(CUE_FOLDER.parent / "exercises")
OWN = PersonalLimits({("squat", LEAN): 52.0})
CHANGED = "document.getElementById('limit-changed').textContent"


REFUSED = Answer("set_limit", False, "the limit is 500", RequestErrorCode.UNSPECIFIED)


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


def leaning(shot: Shot, stamp_ns: int) -> View:
    """A frame in which the trunk leans beyond the limit of the exercise, and within another."""
    measures = (MeasureResult("trunk_lean_forward", 50.0, "deg"),)
    frame = replace(live(0.0, measures=measures), stamp_ns=stamp_ns)
    return replace(shot.view(stamp_ns), live=frame)


def test_a_limit_is_changed_shown_and_reset(shot: Shot) -> None:
    async def work() -> None:
        asked: list[str] = []
        screen = make_screen(asked, person="P-017")
        screen.show_event(session())
        try:
            async with chromium.browse() as page:
                await page.open(f"{screen.server.url}therapist", 1180, 820)
                await page.wait_for("document.getElementById('limit').length > 3")
                row = "document.querySelector('[data-name=trunk_lean_forward]')"
                screen.show_view(leaning(shot, 1))
                await page.wait_for("document.body.dataset.stamp === '1'")
                assert await page.run(f"{row}.dataset.state") == "beyond"
                await choose(page, LEAN)
                value = "document.getElementById('limit-value')"
                assert await page.run(f"{value}.value") == "45"
                assert await text(page, "limit-value-label") == "error above (°)"
                assert await page.run("document.getElementById('limit-reset').disabled")
                await page.run(f"{value}.value = ''")
                await page.run("document.getElementById('limit-set').click()")  # nothing to set
                await page.run(f"{value}.value = '52'")
                await page.run("document.getElementById('limit-set').click()")
                change = {"exercise": "squat", "error": LEAN, "limit": 52}
                await heard(asked, change)
                screen.use_limits(OWN)
                screen.show_answer(Answer("set_limit", True))
                await page.wait_for(f"{CHANGED} !== ''")
                shown = "✎ Leaning forward · Forward lean: error above 52° (Exercise: 45°)"
                assert await page.run(CHANGED) == shown
                screen.show_view(leaning(shot, 2))
                await page.wait_for("document.body.dataset.stamp === '2'")
                assert await page.run(f"{row}.dataset.state") == "inside"
                bounds = "error above 52° (mild), 62° (moderate), 72° (severe) ✎ (Exercise: 45°)"
                assert bounds in (await text(page, "measures")).replace("\u00a0", " ")
                await page.run(f"{value}.value = '500'")
                await page.run("document.getElementById('limit-set').click()")
                screen.show_answer(REFUSED)
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


def test_a_limit_of_both_signs_is_written_with_them() -> None:
    async def look() -> None:
        screen = make_screen(person="P-017")
        screen.show_event(session())
        screen.use_limits(PersonalLimits({("squat", SIDEWAYS): 18.0}))
        try:
            async with chromium.browse() as page:
                await page.open(f"{screen.server.url}therapist", 1180, 820)
                await page.wait_for(f"{CHANGED} !== ''")
                assert "error above ± 18° (Exercise: 15°)" in await page.run(CHANGED)
                await choose(page, SIDEWAYS)
                assert await text(page, "limit-value-label") == "error above (± °)"
        finally:
            await asyncio.to_thread(screen.close)

    asyncio.run(look())


def test_a_refused_limit_is_explained_in_the_language_of_the_page(tmp_path: Path) -> None:
    limits = PersonalLimits({("squat", LEAN): 500.0})
    with pytest.raises(ValueError, match="is 500") as refused:
        limits.check(EXERCISES, PersonalLimits())
    answer = Answer("set_limit", False, str(refused.value), RequestErrorCode.UNSPECIFIED)

    async def look() -> None:
        screen = make_screen(person="P-017", locale="de")
        screen.show_event(session())
        try:
            async with chromium.browse() as page:
                await page.open(f"{screen.server.url}therapist", 390, 844)
                await page.wait_for("document.body.dataset.ready === 'de'")
                screen.show_answer(answer)
                detail = "document.getElementById('answer-detail')"
                await page.wait_for(f"{detail}.textContent")
                assert await text(page, "answer-detail") == (
                    "Oberkörper nach vorn: 500° ist als Grenze nicht möglich. "
                    "Erlaubt sind -180° bis 180°."
                )
                assert await page.run(f"{detail}.lang") == "de"
                await page.screenshot(tmp_path / "refused.png")
        finally:
            await asyncio.to_thread(screen.close)

    asyncio.run(look())


@pytest.mark.parametrize("locale", ["en", "de", "es", "zh"])
def test_the_card_fits_every_screen(shot: Shot, tmp_path: Path, locale: str) -> None:
    async def look() -> None:
        screen = make_screen(person="P-017", locale=locale)
        screen.show_event(session())
        screen.use_limits(OWN)
        try:
            async with chromium.browse() as page:
                await page.open(f"{screen.server.url}therapist", 1180, 820)
                await page.wait_for(f"{CHANGED} !== ''")
                await choose(page, "too_fast:duration")
                assert await page.run("document.getElementById('limit-value').valueAsNumber > 0.1")
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
                    wrong = await page.run(
                        f"{shown}.filter((each) => /^$|undefined|NaN/.test(each.textContent)"
                        ").map((each) => each.outerHTML)"
                    )
                    assert wrong == []
        finally:
            await asyncio.to_thread(screen.close)

    asyncio.run(look())
