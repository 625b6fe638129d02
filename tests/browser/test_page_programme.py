"""Programmes, rests, countdowns and hints for the start on the page."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from apsa_perception.model.codes import Missing, SessionState
from apsa_perception.model.results import SessionStatus
from support.feedback_cases import book, session
from support.page_cases import MARKS, SIZES, Shot, make_screen, opened, show_scores, text
from support.runs import EXERCISES

pytestmark = MARKS

WINDOWS = [*SIZES, (820, 1180)]
RESTING = replace(
    session(20.0, SessionState.RESTING, target=10, repetitions=3),
    programme="knee",
    exercise_number=3,
    exercise_count=5,
    set_number=1,
    set_count=2,
    seconds_left=42,
    next_exercise="lunge",
    next_title="Lunge",
    tempo="3-1-2",
)
PREPARING = replace(
    RESTING, state=SessionState.PREPARING, seconds_left=0, missing=Missing.UPRIGHT_CAMERA
)
COUNTING = replace(PREPARING, seconds_left=3, missing=Missing.NOTHING)
FIRST = replace(
    PREPARING,
    programme="chair_stand_30_s",
    exercise="sit_to_stand",
    exercise_number=1,
    exercise_count=1,
    set_count=1,
)
RUNNING = replace(RESTING, state=SessionState.RUNNING, seconds_left=24, repetitions=7)
BUTTONS = "[...document.querySelectorAll('#controls button')].map((b) => b.textContent)"
OVERFLOWING = """[...document.querySelectorAll('h1, h2, p, span, small, button, li')]
  .filter((e) => e.getClientRects().length && e.textContent.trim())
  .filter((e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline'
    || e.getBoundingClientRect().right > innerWidth + 1)
  .map((e) => e.id || e.className || e.textContent)"""


@pytest.mark.parametrize("locale", ["en", "de", "es", "zh"])
def test_rest_hints_and_countdown_fit_every_window(shot: Shot, tmp_path: Path, locale: str) -> None:
    async def look() -> None:
        screen = make_screen(locale=locale)
        show_scores(screen, 0.9, 0.7, 0.8)
        async with opened(screen) as page:
            for width, height in WINDOWS:
                await page.open(screen.server.url, width, height)
                await page.wait_for("document.getElementById('count-label').textContent")
                screen.show_view(shot.view(width))
                await page.wait_for(f"document.body.dataset.stamp === '{width}'")
                for name, status in (
                    ("running", RUNNING),
                    ("resting", RESTING),
                    ("preparing", PREPARING),
                    ("counting", COUNTING),
                    ("first", FIRST),
                ):
                    screen.show_event(status)
                    state = status.state.name.lower()
                    await page.wait_for(f"document.body.dataset.session === '{state}'")
                    await page.screenshot(tmp_path / f"{name}_{width}.png")
                    assert await page.run(OVERFLOWING) == [], (name, width, height)

    asyncio.run(look())


def test_before_the_first_set_the_page_says_what_is_done_and_that_it_is_a_warm_up() -> None:
    first = replace(
        PREPARING, programme="home_fitness", exercise="march", exercise_number=1, exercise_count=7,
        set_count=1, tempo="", missing=Missing.NOTHING, seconds_left=3,
    )  # fmt: skip
    shown = "!document.getElementById('waiting-description').hidden"

    async def look() -> None:
        screen = make_screen(locale="de")
        screen.show_event(first)
        async with opened(screen) as page:
            await page.wait_for(shown)
            described = "Sieben Minuten für den ganzen Körper ohne Geräte."
            assert await text(page, "waiting-description") == described
            assert await text(page, "course") == "Fitnessrunde für zu Hause 1/7 · Aufwärmen"
            screen.show_event(replace(first, state=SessionState.RUNNING))
            await page.wait_for(f"!({shown})")
            following = replace(first, exercise="squat", exercise_number=2, set_count=2)
            screen.show_event(following)
            await page.wait_for("document.body.dataset.session === 'preparing'")
            assert not await page.run(shown)
            assert await text(page, "course") == "Fitnessrunde für zu Hause 2/7 · Satz 1/2"

    asyncio.run(look())


def test_the_page_shows_set_rest_and_what_follows_also_after_a_reload() -> None:
    async def look() -> None:
        screen = make_screen()
        screen.show_event(RESTING)
        async with opened(screen) as page:
            for _ in range(2):
                await page.wait_for("document.body.dataset.session === 'resting'")
                assert await text(page, "waiting-number") == "42"
                assert await text(page, "waiting-text") == "Next: Lunge"
                assert await text(page, "course") == "Knee 3/5 · Set 1/2 · Tempo 3\u20111\u20112"
                assert await page.run(BUTTONS) == ["Pause", "Repeat", "Skip", "Stop"]
                await page.open(screen.server.url)
            screen.show_event(COUNTING)
            await page.wait_for("document.getElementById('waiting-number').textContent === '3'")
            screen.show_event(PREPARING)
            await page.wait_for("document.body.dataset.session === 'preparing'")
            await page.wait_for(
                "document.getElementById('waiting-text').textContent === 'Turn the camera upright'"
            )
            # The camera was away in the middle of a set.
            assert await page.run(BUTTONS) == ["Start now", "Repeat", "Skip", "Stop"]
            screen.show_event(replace(PREPARING, repetitions=0))
            await page.wait_for("document.getElementById('count').textContent === '0'")
            assert await page.run(BUTTONS) == ["Start now", "Skip", "Stop"]
            screen.show_event(RUNNING)
            await page.wait_for("document.getElementById('waiting').hidden")
            assert await page.run(BUTTONS) == ["Pause", "Repeat", "Skip", "Stop"]
            assert await text(page, "count-target") == " / 10"
            assert (await text(page, "course")).endswith("Time left 24 s")
            screen.show_event(replace(RUNNING, target_repetitions=0))
            await page.wait_for("document.getElementById('count-target').textContent === ' · 24 s'")
            screen.show_event(replace(RUNNING, state=SessionState.PAUSED))
            await page.wait_for("document.body.dataset.session === 'paused'")
            assert await page.run(BUTTONS) == ["Resume", "Repeat", "Skip", "Stop"]
            screen.show_event(replace(RUNNING, state=SessionState.CLOSED))
            await page.wait_for("document.body.dataset.session === 'closed'")
            assert await page.run(BUTTONS) == ["Start", "Repeat"]

    asyncio.run(look())


def test_the_page_says_how_a_raised_hand_starts_where_it_does() -> None:
    hint = "To start or pause, hold one hand above your head for two seconds."

    async def look() -> None:
        screen = make_screen()
        screen.show_event(session(state=SessionState.IDLE))
        async with opened(screen) as page:
            await page.wait_for("document.body.dataset.session === 'idle'")
            assert await text(page, "note") == ""
            screen.use_hand_signal(True)
            await page.wait_for(f"document.getElementById('note').textContent === '{hint}'")
            shown = "document.getElementById('note').getClientRects().length"
            assert await page.run(shown) == 1
            assert await page.run(OVERFLOWING) == []
            screen.show_event(session(1.0))
            await page.wait_for("document.getElementById('note').textContent === ''")

    asyncio.run(look())


def test_a_programme_is_chosen_on_the_page() -> None:
    choose = """(() => {
      const control = document.querySelector("#programme-choice select");
      control.value = "knee";
      control.dispatchEvent(new Event("change"));
      return [...control.options].map((option) => option.textContent);
    })()"""

    async def look() -> None:
        asked: list[str] = []
        screen = make_screen(asked)
        async with opened(screen) as page:
            titles = await page.run(choose)
            assert {"Knee", "30-second chair stand"} <= set(titles)
            async with asyncio.timeout(5.0):
                while not asked:
                    await asyncio.sleep(0.02)
        assert asked == ["programme knee"]

    asyncio.run(look())


def lose(screen: object, state: SessionStatus) -> None:
    screen.show_event(state)  # type: ignore[attr-defined]
    screen.lose_view()  # type: ignore[attr-defined]


@pytest.mark.parametrize("locale", ["en", "de", "es", "zh"])
def test_what_to_check_without_a_picture_fits_every_window(tmp_path: Path, locale: str) -> None:
    outside = """(() => {
      const box = document.getElementById("waiting-text").getBoundingClientRect();
      const stage = document.getElementById("waiting").parentElement.getBoundingClientRect();
      return box.top < stage.top || box.bottom > stage.bottom || box.bottom > innerHeight;
    })()"""

    async def look() -> None:
        screen = make_screen(locale=locale)
        async with opened(screen) as page:
            lose(screen, session())
            await asyncio.sleep(3.1)
            screen.lose_view()
            for width, height in WINDOWS:
                await page.open(screen.server.url, width, height)
                await page.wait_for("!document.getElementById('waiting').hidden")
                assert await text(page, "waiting-text") == book(locale).words["no_camera"]
                await page.screenshot(tmp_path / f"{width}.png")
                assert await page.run(OVERFLOWING) == [], (width, height)
                assert not await page.run(outside), (width, height)

    asyncio.run(look())


def test_without_a_picture_the_page_says_what_to_check(shot: Shot, tmp_path: Path) -> None:
    async def look() -> None:
        screen = make_screen()
        async with opened(screen) as page:
            lose(screen, session())
            await asyncio.sleep(3.1)
            screen.lose_view()
            await page.wait_for("!document.getElementById('waiting').hidden")
            assert "Is the camera plugged in" in await text(page, "waiting-text")
            await page.screenshot(tmp_path / "no_camera.png")
            screen.show_view(shot.view(1))
            await page.wait_for("document.getElementById('waiting').hidden")
            dark = replace(shot, picture=shot.picture // 20).view(2)
            screen.show_view(replace(dark, skeletons=()))
            await page.wait_for("!document.getElementById('waiting').hidden")
            assert "light" in await text(page, "waiting-text")

    asyncio.run(look())


@pytest.mark.parametrize("locale", ["en", "de", "es", "zh"])
def test_after_the_end_all_exercises_of_the_programme_are_listed(
    shot: Shot, tmp_path: Path, locale: str
) -> None:
    place = {"exercise_number": 2, "set_number": 1, "programme_run_id": "s1"}
    done = replace(RUNNING, **place, exercise="sit_to_stand", title="Sit to stand", set_count=2)
    rows = "[...document.querySelectorAll('#results tr')].map((row) => row.children.length)"
    beside = """((results, stage) => results.bottom <= stage.bottom && results.top >= stage.top
      && document.getElementById('results').scrollWidth <= results.width + 1)(
      ...['results', 'stage'].map((id) => document.getElementById(id).getBoundingClientRect()))"""

    async def look() -> None:
        screen = make_screen(locale=locale)
        screen.show_event(done)
        async with opened(screen) as page:
            assert await page.run("document.getElementById('results').hidden")
            screen.show_event(replace(done, state=SessionState.CLOSED))
            for width, height in ((390, 844), (844, 390), (820, 1180), (1280, 800)):
                await page.open(screen.server.url, width, height)
                await page.wait_for("!document.getElementById('results').hidden")
                screen.show_view(shot.view(width))
                await page.wait_for(f"document.body.dataset.stamp === '{width}'")
                await page.screenshot(tmp_path / f"results_{width}.png")
                assert set(await page.run(rows)) == {4}
                listed = await text(page, "results")
                titles = ("march", "sit_to_stand", "seated_knee_extension", "squat", "lunge")
                assert all(
                    book(locale).title(each, EXERCISES.get(each).title) in listed for each in titles
                )
                assert "1 / 2" in listed
                assert await page.run(beside), (width, height)
                assert await page.run(OVERFLOWING) == [], (width, height)

    asyncio.run(look())
