"""The questions about a set on the page: answered, skipped, kept over a reload."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest

from apsa_perception.model.codes import RatingState, SessionState
from apsa_perception.model.results import SessionStatus, SetRating
from support import chromium
from support.feedback_cases import session
from support.page_cases import MARKS, Shot, make_screen, opened, show_scores

pytestmark = MARKS

ASKED = SetRating("s1", RatingState.ASKED)
RESTING = replace(
    session(20.0, SessionState.RESTING, target=10, repetitions=3),
    programme="knee",
    set_number=1,
    set_count=2,
    seconds_left=42,
    next_exercise="squat",
    next_title="Squat",
    rating=ASKED,
)
WINDOWS = [(1280, 800), (820, 1180), (390, 844), (844, 390)]
SHOWN = "!document.getElementById('rating').hidden"
IN_VIEW = """['rating-send', 'rating-skip'].every((id) => {
  const box = document.getElementById(id).getBoundingClientRect();
  return box.height >= 40 && box.top >= 0 && box.bottom <= innerHeight && box.right <= innerWidth;
}) && [...document.querySelectorAll('.scale button')].every((b) => {
  const box = b.getBoundingClientRect();
  return box.width >= 30 && box.height >= 40 && b.scrollWidth <= b.clientWidth;
})"""


async def press(page: chromium.Page, scale: str, value: int) -> None:
    """Press a number of a scale."""
    await page.run(f"document.getElementById('rating-{scale}').children[{value}].click()")


NEXT_SET = replace(RESTING, state=SessionState.RUNNING, session_id="s2", repetitions=0)
HIDDEN_BUTTONS = """[...document.querySelectorAll('#controls button')].filter((button) => {
  const { left, right, top, bottom } = button.getBoundingClientRect();
  const at = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  return at !== button || left < 0 || top < 0 || right > innerWidth || bottom > innerHeight;
}).map((button) => button.textContent)"""
STRIP = "!document.getElementById('rating-strip').hidden"
# The strip is in view, in one piece, and covers neither the picture, nor the cue, nor the count.
STRIP_FITS = """(() => {
  const box = (id) => document.getElementById(id).getBoundingClientRect();
  const strip = box('rating-strip');
  const apart = ({ left, right, top, bottom }) => right <= strip.left + 1 || left >= strip.right - 1
    || bottom <= strip.top + 1 || top >= strip.bottom - 1;
  const inside = ['rating-open', 'rating-pass', 'rating-strip-label'].every((id) => {
    const e = box(id);
    return e.right <= innerWidth && e.bottom <= innerHeight && e.height > 0
      && document.getElementById(id).scrollWidth <= document.getElementById(id).clientWidth + 1;
  });
  return inside && ['stage', 'cue', 'count', 'controls'].every((id) => apart(box(id)));
})()"""


@pytest.mark.parametrize("locale", ["en", "de", "es", "zh"])
def test_the_strip_of_the_next_set_covers_nothing(shot: Shot, tmp_path: Path, locale: str) -> None:
    async def look() -> None:
        screen = make_screen(locale=locale)
        screen.show_event(NEXT_SET)
        show_scores(screen, 0.9, 0.7, 0.8)
        async with opened(screen) as page:
            for width, height in [*WINDOWS, (1920, 1080)]:
                await page.open(screen.server.url, width, height)
                await page.wait_for(STRIP)
                screen.show_view(shot.view(width))
                await page.wait_for(f"document.body.dataset.stamp === '{width}'")
                await page.screenshot(tmp_path / f"strip_{width}.png")
                assert await page.run(STRIP_FITS), (width, height)
                assert not await page.run(SHOWN)

    asyncio.run(look())


def test_the_last_set_is_rated_during_the_next_one() -> None:
    asked: list[str] = []

    async def look() -> None:
        screen = make_screen(asked)
        screen.show_event(NEXT_SET)
        async with opened(screen) as page:
            await page.wait_for(STRIP)
            await page.run("document.getElementById('rating-open').click()")
            assert await page.run(SHOWN)
            shown = "[...document.querySelectorAll('#rating-strip > :not([hidden])')]"
            assert await page.run(f"{shown}.map((e) => e.textContent)") == ["Close"]
            await press(page, "pain", 4)
            screen.show_event(replace(NEXT_SET, repetitions=2))  # the coaching goes on meanwhile
            await page.wait_for("document.getElementById('count').textContent === '2'")
            assert await page.run("document.querySelectorAll('[aria-pressed=true]').length") == 1
            await page.run("document.getElementById('rating-send').click()")
            async with asyncio.timeout(5):
                while not asked:
                    await asyncio.sleep(0.02)
            answered = SetRating("s1", RatingState.ANSWERED, 4)
            screen.show_event(replace(NEXT_SET, repetitions=2, rating=answered))
            await page.wait_for(f"!({STRIP}) && !({SHOWN})")
            ended = replace(RESTING, session_id="s2", rating=SetRating("s2", RatingState.ASKED))
            screen.show_event(ended)
            await page.wait_for(f"{SHOWN} && !({STRIP})")

    asyncio.run(look())
    assert json.loads(asked[0].removeprefix("rate ")) == {"session_id": "s1", "pain": 4, "note": ""}


@pytest.mark.parametrize("locale", ["en", "de", "es", "zh"])
def test_the_questions_fit_every_window(shot: Shot, tmp_path: Path, locale: str) -> None:
    async def look() -> None:
        screen = make_screen(locale=locale)
        show_scores(screen, 0.9, 0.7, 0.8)
        screen.show_event(RESTING)
        async with opened(screen) as page:
            for width, height in WINDOWS:
                await page.open(screen.server.url, width, height)
                await page.wait_for(SHOWN)
                screen.show_view(shot.view(width))
                await page.wait_for(f"document.body.dataset.stamp === '{width}'")
                await press(page, "pain", 2)
                await page.screenshot(tmp_path / f"rating_{width}.png")
                assert await page.run(IN_VIEW), (width, height)

    asyncio.run(look())


@pytest.mark.parametrize("locale", ["en", "de", "es", "zh"])
@pytest.mark.parametrize("state", [RESTING, NEXT_SET], ids=["rest", "next set"])
def test_two_questions_leave_the_picture_of_a_phone_its_size(
    locale: str, state: SessionStatus
) -> None:
    async def look() -> None:
        screen = make_screen(locale=locale)
        screen.show_event(state)
        async with opened(screen) as page:
            await page.open(screen.server.url, 390, 844)
            await page.wait_for(f"({SHOWN}) || ({STRIP})")
            if state is NEXT_SET:
                await page.run("document.getElementById('rating-open').click()")
            assert await page.run(SHOWN)
            assert await page.run(IN_VIEW)
            height = "document.getElementById('stage').getBoundingClientRect().height"
            assert await page.run(height) >= 844 / 5

    asyncio.run(look())


@pytest.mark.parametrize("locale", ["de", "es"])  # the longest buttons
@pytest.mark.parametrize("state", [RESTING, NEXT_SET], ids=["rest", "next set"])
def test_pause_and_stop_are_in_view_and_usable_beside_the_questions(
    shot: Shot, tmp_path: Path, locale: str, state: SessionStatus
) -> None:
    async def look() -> None:
        asked: list[str] = []
        screen = make_screen(asked, locale=locale)
        show_scores(screen, 0.9, 0.7, 0.8)
        screen.show_event(state)
        async with opened(screen) as page:
            for width, height in ((390, 844), (820, 1180)):
                await page.open(screen.server.url, width, height)
                await page.wait_for(f"({SHOWN}) || ({STRIP})")
                screen.show_view(shot.view(width))
                await page.wait_for(f"document.body.dataset.stamp === '{width}'")
                if state is NEXT_SET:
                    await page.click("#rating-open")
                await page.wait_for(SHOWN)
                await page.screenshot(tmp_path / f"questions_{width}.png")
                assert await page.run(HIDDEN_BUTTONS) == [], (width, height)
                asked.clear()
                for place in ("first", "last"):
                    await page.click(f"#controls button:{place}-child")
                async with asyncio.timeout(5):
                    while len(asked) < 2:
                        await asyncio.sleep(0.02)
                assert asked == ["pause", "stop"], (width, height)
                assert await page.run(SHOWN)

    asyncio.run(look())


def test_an_answer_is_sent_and_ends_the_questions() -> None:
    asked: list[str] = []

    async def look() -> None:
        screen = make_screen(asked)
        screen.show_event(RESTING)
        async with opened(screen) as page:
            for _ in range(2):  # the second time after a reload
                await page.wait_for(SHOWN)
                await press(page, "pain", 2)
                await press(page, "effort", 7)
                await page.open(screen.server.url)
            await page.wait_for(SHOWN)
            await press(page, "pain", 3)
            await press(page, "effort", 5)
            meaning = "document.getElementById('rating-effort-meaning').textContent"
            assert await page.run(meaning) == "hard"
            await page.run("document.getElementById('rating-note').value = ' a little stiff '")
            await page.run("document.getElementById('rating-send').click()")
            async with asyncio.timeout(5):
                while not asked:
                    await asyncio.sleep(0.02)
            screen.show_event(
                replace(RESTING, rating=SetRating("s1", RatingState.ANSWERED, 3, 5.0))
            )
            await page.wait_for("document.getElementById('rating').hidden")
            next_set = SetRating("s2", RatingState.ASKED)
            screen.show_event(replace(RESTING, session_id="s2", rating=next_set))
            await page.wait_for(SHOWN)
            assert await page.run("document.querySelectorAll('[aria-pressed=true]').length") == 0
            await page.run("document.getElementById('rating-skip').click()")
            async with asyncio.timeout(5):
                while len(asked) < 2:
                    await asyncio.sleep(0.02)

    asyncio.run(look())
    answers = [json.loads(each.removeprefix("rate ")) for each in asked]
    assert answers == [
        {"session_id": "s1", "pain": 3, "effort": 5, "note": "a little stiff"},
        {"session_id": "s2"},
    ]
