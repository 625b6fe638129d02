"""The page and the viewer's device: its voice, its display, its colours."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from apsa_feedback.coaching.cue import CueResult
from apsa_feedback.outputs.screen.output import ScreenOutput
from apsa_feedback.outputs.screen.viewer_token import TOKEN_VARIABLE
from apsa_feedback.stream.session_tracker import NewSession
from apsa_perception.model.codes import CuePriority, SessionState
from support import chromium
from support.chromium import Page
from support.feedback_cases import session
from support.page_cases import MARKS, SIZES, fill, make_screen, opened

pytestmark = MARKS

# A device with a voice: headless browsers have none. An utterance lasts until it is ended here.
VOICE = """
  window.said = [];
  const events = new EventTarget();
  Object.defineProperty(window, "speechSynthesis", { value: {
    getVoices: () => [{ lang: "en-GB" }, { lang: "de-DE" }],
    addEventListener: (...all) => events.addEventListener(...all),
    speak: (utterance) => { said.push(utterance.text); window.current = utterance; },
    cancel: () => said.push("(silence)"),
  } });
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
"""
# The display of a device; a headless browser has none to keep on.
DISPLAY = """
  Object.defineProperty(navigator, "wakeLock", { value: { request: async () => {
    const lock = { released: false, release: async () => { lock.released = true; } };
    return lock;
  } } });
"""


async def prepared(page: Page, screen: ScreenOutput, script: str) -> None:
    await page.call("Page.enable")
    await page.call("Page.addScriptToEvaluateOnNewDocument", source=script)
    await page.open(screen.server.url)
    await page.wait_for("document.body.dataset.connected === 'true'")


async def cue(page: Page, screen: ScreenOutput, text: str, priority: CuePriority) -> None:
    screen.show_cue(CueResult(len(text), 1, priority, "any", text, "en"))
    await page.wait_for(f"document.getElementById('cue-text').textContent === '{text}'")


def test_no_cue_is_spoken_about_an_exercise_that_was_left() -> None:
    async def look() -> None:
        screen = make_screen()
        screen.show_event(session())
        async with opened(screen) as page:
            await prepared(page, screen, VOICE)
            await page.run("document.getElementById('sound').click()")
            await page.run("said.splice(0)")
            await cue(page, screen, "Sit back.", CuePriority.FORM)
            await cue(page, screen, "Knees out.", CuePriority.FORM)
            screen.show_event(NewSession(1))
            screen.show_event(
                replace(session(5.0, session_id="s2"), exercise="lunge", title="Lunge")
            )
            await cue(page, screen, "Lunges now.", CuePriority.INFO)
            assert await page.run("said") == ["Sit back.", "(silence)", "Lunges now."]

    asyncio.run(look())


def test_the_viewer_switches_speech_on_and_a_safety_cue_interrupts() -> None:
    async def look() -> None:
        screen = make_screen()
        screen.show_event(session())
        async with opened(screen) as page:
            await prepared(page, screen, VOICE)
            await cue(page, screen, "Not heard.", CuePriority.FORM)
            assert await page.run("said") == []
            await page.run("document.getElementById('sound').click()")
            assert await page.run("said.splice(0)") == [""]  # lets the device speak from now on
            await cue(page, screen, "Sit back.", CuePriority.FORM)
            await cue(page, screen, "Knees out.", CuePriority.FORM)
            await cue(page, screen, "Nice!", CuePriority.ENCOURAGEMENT)
            assert await page.run("said") == ["Sit back."]
            await page.run("current.onend()")
            assert await page.run("said") == ["Sit back.", "Knees out."]
            await cue(page, screen, "Stop right there.", CuePriority.SAFETY)
            assert (await page.run("said"))[2:] == ["(silence)", "Stop right there."]
            assert await page.run("current.lang") == "en-GB"

            await page.open(screen.server.url)
            await page.wait_for("document.getElementById('sound').ariaPressed === 'true'")
            await cue(page, screen, "Once more.", CuePriority.INFO)
            assert await page.run("said") == ["Once more."]
            await page.run("document.getElementById('sound').click()")
            await cue(page, screen, "In silence.", CuePriority.INFO)
            assert await page.run("said") == ["Once more.", "(silence)"]

    asyncio.run(look())


def test_a_device_without_a_voice_of_the_language_says_so() -> None:
    async def look() -> None:
        screen = make_screen(locale="zh")
        async with opened(screen) as page:
            await prepared(page, screen, VOICE)
            assert await page.run("document.getElementById('sound').disabled")
            title = await page.run("document.getElementById('sound').title")
            assert title == "本设备没有该语言的语音。"

    asyncio.run(look())


def test_the_display_stays_on_during_a_session() -> None:
    async def look() -> None:
        screen = make_screen()
        async with opened(screen) as page:
            await prepared(page, screen, DISPLAY)
            for state, awake in (
                (SessionState.RUNNING, "true"),
                (SessionState.RESTING, "true"),
                (SessionState.CLOSED, "false"),
            ):
                screen.show_event(session(state=state))
                await page.wait_for(f"document.body.dataset.session === '{state.name.lower()}'")
                await page.wait_for(f"document.body.dataset.awake === '{awake}'")

    asyncio.run(look())


def test_texts_are_readable_in_light_and_in_dark() -> None:
    # WCAG 2.2: 4.5 for text, 3 for large text; of solid backgrounds, nearest first.
    contrasts = """(() => {
      const light = (colour) => {
        const [r, g, b] = colour.match(/[\\d.]+/g).map(Number).map((v) => v / 255)
          .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const ground = (element) => {
        for (let at = element; at; at = at.parentElement) {
          const colour = getComputedStyle(at).backgroundColor;
          if (!/, 0\\)$/.test(colour)) return light(colour);
        }
      };
      return [...document.querySelectorAll('h1, h2, p, span, small, button')]
        .filter((each) => each.getClientRects().length && each.textContent.trim())
        .map((each) => {
          const pair = [light(getComputedStyle(each).color), ground(each)].sort((a, b) => b - a);
          return [(pair[0] + 0.05) / (pair[1] + 0.05), each.id || each.className];
        }).sort((a, b) => a[0] - b[0])[0];
    })()"""

    async def look() -> None:
        screen = make_screen()
        async with opened(screen) as page:
            fill(screen)
            grounds = []
            for scheme in ("dark", "light"):
                feature = {"name": "prefers-color-scheme", "value": scheme}
                await page.call("Emulation.setEmulatedMedia", features=[feature])
                await page.open(screen.server.url, *SIZES[0])
                await page.wait_for("document.getElementById('count').textContent === '4'")
                contrast, where = await page.run(contrasts)
                assert contrast >= 4.5, (scheme, where)
                grounds.append(await page.run("getComputedStyle(document.body).backgroundColor"))
            assert grounds[0] != grounds[1]

    asyncio.run(look())


def test_the_page_can_be_installed_as_an_app_behind_a_token(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(TOKEN_VARIABLE, "a long enough token")

    async def look() -> None:
        screen = make_screen()
        try:
            async with chromium.browse(private=False) as page:
                await page.open(f"{screen.server.url}?token=a%20long%20enough%20token")
                await page.wait_for("document.body.dataset.connected === 'true'")
                answer = await page.call("Page.getAppManifest")
                assert answer["errors"] == []
                assert answer["url"].endswith("/static/coach.webmanifest")
                assert "APSA coach" in answer["data"]
                errors = await page.call("Page.getInstallabilityErrors")
                assert errors["installabilityErrors"] == []
        finally:
            await asyncio.to_thread(screen.close)

    asyncio.run(look())


def test_the_page_fills_the_screen_and_returns(tmp_path: Path) -> None:
    async def look() -> None:
        screen = make_screen()
        screen.show_event(session())
        async with opened(screen) as page:
            await page.wait_for("document.body.dataset.session === 'running'")
            assert not await page.run("document.getElementById('full-screen').hidden")
            assert (
                await page.run("document.getElementById('full-screen').ariaLabel") == "Full screen"
            )
            await page.click("#full-screen")
            await page.wait_for("document.fullscreenElement === document.documentElement")
            await page.screenshot(tmp_path / "full_screen.png")
            await page.click("#full-screen")
            await page.wait_for("document.fullscreenElement === null")

    asyncio.run(look())


def test_without_full_screen_there_is_no_button_for_it() -> None:
    none = "Object.defineProperty(document, 'fullscreenEnabled', {get: () => false})"

    async def look() -> None:
        screen = make_screen()
        async with opened(screen) as page:
            await page.call("Page.enable")
            await page.call("Page.addScriptToEvaluateOnNewDocument", source=none)
            await page.open(screen.server.url)
            await page.wait_for("document.getElementById('full-screen').ariaLabel")
            assert await page.run("document.getElementById('full-screen').hidden")

    asyncio.run(look())
