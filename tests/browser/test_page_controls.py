"""Controls of the page, and its behaviour when the coach starts and ends."""

import asyncio
from pathlib import Path

import pytest

from apsa_perception.model.codes import SessionState
from support import chromium
from support.feedback_cases import book, session
from support.page_cases import MARKS, Shot, fill, make_screen, opened, text
from support.relay import Relay

pytestmark = MARKS


def test_buttons_ask_for_what_fits_the_state() -> None:
    names = "[...document.querySelectorAll('#controls button')].map((b) => b.textContent)"

    async def press() -> list[str]:
        asked: list[str] = []
        screen = make_screen(asked)
        async with opened(screen) as page:
            for state, expected in (
                (SessionState.IDLE, ["Start", "Calibrate"]),
                (SessionState.RUNNING, ["Pause", "Calibrate", "Stop"]),
                (SessionState.PAUSED, ["Resume", "Calibrate", "Stop"]),
                (SessionState.CLOSED, ["Start"]),
            ):
                screen.show_event(session(state=state))
                word = state.name.lower()
                await page.wait_for(f"document.body.dataset.session === '{word}'")
                assert await page.run(names) == expected
                await page.run("document.querySelector('#controls button').click()")
            async with asyncio.timeout(5.0):
                while len(asked) < 4:
                    await asyncio.sleep(0.02)
        return asked

    assert asyncio.run(press()) == ["start", "pause", "start", "start"]


def test_exercise_language_and_privacy_are_chosen_on_the_page(shot: Shot, tmp_path: Path) -> None:
    choose = """((name, value) => {{
      const control = document.querySelector(`#${{name}}-choice select, #${{name}}-choice input`);
      if (control.type === "checkbox") control.checked = value; else control.value = value;
      control.dispatchEvent(new Event("change"));
    }})({name!r}, {value})"""
    pictured = "[...document.getElementById('stage').getContext('2d').getImageData(300, 300, 9, 9)"
    pictured += ".data].some((value) => value > 0)"

    async def look() -> None:
        asked: list[str] = []
        screen = make_screen(asked)
        async with opened(screen) as page:
            fill(screen)
            screen.show_view(shot.view(1))
            await page.wait_for("document.body.dataset.stamp === '1'")
            assert await page.run(pictured)
            await page.run("document.getElementById('settings-open').click()")
            assert await page.run("document.getElementById('settings').open")
            assert await text(page, "exercise-open") == "Squat"
            await page.screenshot(tmp_path / "settings.png")
            await page.run("document.getElementById('exercise-open').click()")
            await page.wait_for("document.querySelector('#picker [data-name=lunge]')")
            await page.run("document.querySelector('#picker [data-name=lunge]').click()")
            assert not await page.run("document.getElementById('picker').open")
            await page.run(choose.format(name="language", value="'de'"))
            await page.run(choose.format(name="picture", value="false"))
            async with asyncio.timeout(5.0):
                while len(asked) < 2 or screen.wants_picture:
                    await asyncio.sleep(0.02)
            assert asked == ["exercise lunge", "language de"]
            screen.use_book(book("de"))
            await page.wait_for("document.documentElement.lang === 'de'")
            await page.wait_for("document.getElementById('exercise').textContent === 'Kniebeuge'")
            assert await text(page, "count-label") == "Wiederholungen"
            screen.show_view(shot.view(2))
            await page.wait_for("document.body.dataset.stamp === '2'")
            assert not await page.run(pictured)

    asyncio.run(look())


def test_the_page_connects_again_by_itself() -> None:
    async def look() -> None:
        first = make_screen()
        first.show_event(session(repetitions=1))
        async with opened(first) as page:
            await page.wait_for("document.getElementById('count').textContent === '1'")
            await asyncio.to_thread(first.close)
            await page.wait_for("!document.getElementById('connection').hidden")
            second = make_screen(port=first.server.port)
            try:
                second.show_event(session(repetitions=2))
                await page.wait_for("document.getElementById('count').textContent === '2'", 15.0)
                assert await page.run("document.getElementById('connection').hidden")
            finally:
                await asyncio.to_thread(second.close)

    asyncio.run(look())


@pytest.mark.parametrize(
    ("locale", "path"), [("en", ""), ("de", ""), ("es", ""), ("zh", ""), ("en", "therapist")]
)
def test_a_coach_that_has_ended_differs_from_a_lost_connection(
    tmp_path: Path, locale: str, path: str
) -> None:
    words = book(locale).words
    shown = "document.getElementById('connection').textContent"
    connected = "document.body.dataset.connected === 'true'"

    async def look() -> None:
        screen = make_screen(locale=locale)
        fill(screen)
        relay = Relay(screen.server.port)
        async with relay.serving(), chromium.browse() as page:
            await page.open(f"http://127.0.0.1:{relay.port}/{path}", 390, 844)
            await page.wait_for("document.querySelector('#controls button')?.textContent")
            await page.wait_for("document.getElementById('count').textContent === '4'")
            await page.run(f"""new MutationObserver(() => {{
              window.lost ||= {shown};
            }}).observe(document.body, {{ subtree: true, childList: true, attributes: true }})""")
            relay.cut()
            await page.wait_for(f"window.lost === {words['connection_lost']!r} && {connected}")
            await asyncio.to_thread(screen.close)
            await page.wait_for(f"{shown} === {words['coach_ended']!r}")
            await asyncio.sleep(1.0)  # attempts to connect again change nothing
            assert await page.run(shown) == words["coach_ended"]
            assert not await page.run("document.getElementById('connection').hidden")
            assert await text(page, "count") == "4"
            assert not await page.run("document.documentElement.scrollWidth > innerWidth")
            await page.screenshot(tmp_path / f"ended_{path}_{locale}.png")

    asyncio.run(look())


def test_results_stay_readable_when_the_coach_goes_after_the_end(
    shot: Shot, tmp_path: Path
) -> None:
    opacity = "getComputedStyle(document.querySelector('{}')).opacity"

    async def look() -> None:
        first = make_screen()
        fill(first)
        async with opened(first) as page:
            first.show_view(shot.view(1))
            await page.wait_for("document.getElementById('phase').textContent === 'Go'")
            first.show_event(session(15.0, SessionState.CLOSED, repetitions=4))
            await page.wait_for("document.body.dataset.session === 'closed'")
            assert await text(page, "phase") == ""
            await asyncio.to_thread(first.close)
            await page.wait_for("document.body.dataset.connected !== 'true'")
            await page.screenshot(tmp_path / "ended.png")
            assert await text(page, "connection") == book().words["coach_ended"]
            assert await text(page, "session") == "Finished"
            assert {await page.run(opacity.format(e)) for e in (".panel", ".picture")} == {"1"}
            second = make_screen(port=first.server.port)
            try:
                second.show_event(session(repetitions=2))
                await page.wait_for("document.getElementById('count').textContent === '2'", 15.0)
                assert await page.run("document.body.dataset.connected") == "true"
            finally:
                await asyncio.to_thread(second.close)

    asyncio.run(look())
