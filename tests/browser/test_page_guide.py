"""The page shows how an exercise is done."""

import asyncio
from dataclasses import replace
from pathlib import Path

from apsa_perception.model.codes import SessionState
from support.chromium import Page
from support.feedback_cases import book, session
from support.page_cases import MARKS, Shot, make_screen, opened

pytestmark = MARKS

RESTING = replace(
    session(state=SessionState.RESTING, target=10),
    programme="knee", seconds_left=42, next_exercise="lunge", next_title="Lunge",
)  # fmt: skip
CAPTION = "document.querySelector('#{} figcaption').textContent"
POSE = (
    "[...document.querySelectorAll('#{} svg line')].map((line) => line.getAttribute('y2')).join()"
)


async def moves(page: Page, name: str) -> None:
    before = await page.run(POSE.format(name))
    assert before.count(",") >= 18
    await page.wait_for(f"{POSE.format(name)} !== '{before}'")


def test_a_rest_shows_the_next_exercise_as_a_moving_figure(shot: Shot, tmp_path: Path) -> None:
    async def look() -> None:
        screen = make_screen()
        screen.show_event(RESTING)
        async with opened(screen) as page:
            screen.show_view(shot.view(1))
            await page.wait_for("document.getElementById('guide').dataset.exercise === 'lunge'")
            await page.screenshot(tmp_path / "rest.png")
            caption = await page.run(CAPTION.format("guide"))
            assert "Lower the back knee" in caption
            assert "Camera: from the front / at an angle / from the side" in caption
            await moves(page, "guide")
            screen.use_book(book("de"))
            await page.wait_for(
                f"{CAPTION.format('guide')}.includes('Senken Sie das hintere Knie')"
            )
            screen.show_event(replace(RESTING, state=SessionState.RUNNING))
            await page.wait_for("document.getElementById('guide').hidden")

    asyncio.run(look())


def test_the_choice_of_an_exercise_shows_how_it_is_done() -> None:
    async def look() -> None:
        screen = make_screen()
        screen.show_event(session())
        async with opened(screen) as page:
            await page.wait_for("document.body.dataset.session === 'running'")
            await page.run("document.getElementById('settings-open').click()")
            await page.wait_for(
                "document.getElementById('guide-chosen').dataset.exercise === 'squat'"
            )
            await page.run("document.getElementById('exercise-open').click()")
            await page.wait_for("document.querySelector('#picker [data-name=push_up]')")
            await page.run("document.querySelector('#picker [data-name=push_up]').click()")
            await page.wait_for(
                "document.getElementById('guide-chosen').dataset.exercise === 'push_up'"
            )
            assert "from the side" in await page.run(CAPTION.format("guide-chosen"))
            await moves(page, "guide-chosen")

    asyncio.run(look())
