"""What must stay in view, readable and usable on the page, whatever happens around it."""

import asyncio
import math
from dataclasses import replace

from apsa_feedback.stream.session_tracker import NewSession
from apsa_perception.model.codes import SessionState
from support.feedback_cases import error, live, ns, repetition, session
from support.page_cases import MARKS, Shot, fill, make_screen, opened, text

pytestmark = MARKS

UPRIGHT = ((390, 844), (820, 1180))
TABLET_DIAGONAL_MM = 254.0
HIDDEN_BUTTONS = """[...document.querySelectorAll('#controls button')].filter((button) => {
  const { left, right, top, bottom } = button.getBoundingClientRect();
  const at = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  return at !== button || left < 0 || top < 0 || right > innerWidth || bottom > innerHeight;
}).map((button) => button.textContent)"""
FOCUSED = "document.activeElement.textContent"


def test_pause_and_stop_are_in_view_and_the_title_is_beside_the_picture(shot: Shot) -> None:
    uncovered = """document.querySelector('.title').getBoundingClientRect().bottom
      <= document.getElementById('stage').getBoundingClientRect().top + 1"""
    running = session(target=10)
    resting = replace(
        session(state=SessionState.RESTING, target=10), programme="knee", exercise_count=5,
        exercise_number=3, set_number=1, set_count=2, seconds_left=42, next_exercise="lunge",
    )  # fmt: skip

    async def look() -> None:
        screen = make_screen(locale="de")
        async with opened(screen) as page:
            fill(screen)
            for width, height in UPRIGHT:
                await page.open(screen.server.url, width, height)
                for status in (resting, running):
                    screen.show_event(status)
                    state = status.state.name.lower()
                    await page.wait_for(f"document.body.dataset.session === '{state}'")
                    screen.show_view(shot.view(width, erroneous=True))
                    await page.wait_for(f"document.body.dataset.stamp === '{width}'")
                    assert await page.run(HIDDEN_BUTTONS) == [], (width, state)
                    assert await page.run(uncovered), (width, state)

    asyncio.run(look())


def test_the_person_fits_at_once_when_the_picture_changes_its_size(shot: Shot) -> None:
    drawn = "document.getElementById('stage').toDataURL()"
    highest = """(() => {
      const { width, height } = document.getElementById('stage');
      const context = document.getElementById('stage').getContext('2d');
      return Math.floor(context.getImageData(0, 0, width, height).data
        .findIndex((value, index) => index % 4 === 3 && value) / 4 / width);
    })()"""

    async def look() -> None:
        screen = make_screen()
        screen.show_event(session())
        async with opened(screen) as page:
            shown = []
            for stamp in range(1, 12):
                screen.show_view(shot.view(stamp))
                await page.wait_for(f"document.body.dataset.stamp === '{stamp}'")
                if stamp == 1:
                    await page.call(
                        "Emulation.setDeviceMetricsOverride",
                        width=820, height=1180, deviceScaleFactor=1, mobile=False,
                    )  # fmt: skip
                    await page.wait_for("innerWidth === 820")
                else:
                    shown.append(await page.run(drawn))
            assert shown[0] == shown[-1]
            # Without the picture only the person is drawn: with the whole head, below the edge.
            screen.show_view(replace(shot.view(20), picture=None))
            await page.wait_for("document.body.dataset.stamp === '20'")
            assert await page.run(highest) > 2

    asyncio.run(look())


def test_a_cue_is_twice_as_large_as_normal_sight_resolves_from_three_metres() -> None:
    # Normal sight resolves letters of 5 minutes of arc; capitals are 0.72 of the font's size.
    wanted_mm = 2.0 * 3000.0 * math.radians(5.0 / 60.0) / 0.72

    async def look() -> None:
        screen = make_screen()
        async with opened(screen) as page:
            fill(screen)
            for width, height in ((820, 1180), (1180, 820)):
                await page.open(screen.server.url, width, height)
                await page.wait_for("document.getElementById('cue-text').textContent")
                shown = await page.run(
                    "parseFloat(getComputedStyle(document.getElementById('cue-text')).fontSize)"
                )
                mm = shown * TABLET_DIAGONAL_MM / math.hypot(width, height)
                assert mm >= 0.97 * wanted_mm, (width, height)

    asyncio.run(look())


def test_the_keyboard_keeps_its_focus_when_buttons_change() -> None:
    async def look() -> None:
        screen = make_screen()
        screen.show_event(session())
        async with opened(screen) as page:
            await page.wait_for("document.querySelector('#controls button')")
            await page.run("document.querySelectorAll('#controls button')[2].focus()")
            assert await page.run(FOCUSED) == "Stop"
            screen.show_event(session(state=SessionState.PAUSED))
            await page.wait_for("document.body.dataset.session === 'paused'")
            assert await page.run(FOCUSED) == "Stop"
            screen.show_event(session(state=SessionState.CLOSED))
            await page.wait_for("document.body.dataset.session === 'closed'")
            assert await page.run(FOCUSED) == "Start"

    asyncio.run(look())


def test_without_a_connection_buttons_and_choices_are_disabled() -> None:
    disabled = """[...document.querySelectorAll(
      '#controls button, #settings-open, #settings select, #settings input')]
      .map((each) => each.disabled)"""

    async def look() -> None:
        first = make_screen()
        first.show_event(session())
        async with opened(first) as page:
            await page.wait_for("document.querySelector('#controls button')")
            assert set(await page.run(disabled)) == {False}
            await page.run("document.querySelectorAll('#controls button')[1].focus()")
            await asyncio.to_thread(first.close)
            await page.wait_for("!document.getElementById('connection').hidden")
            assert set(await page.run(disabled)) == {True}
            second = make_screen(port=first.server.port)
            second.show_event(session())
            try:
                await page.wait_for("document.getElementById('connection').hidden", 15.0)
                await page.wait_for(f"{FOCUSED} === 'Calibrate'")
                assert set(await page.run(disabled)) == {False}
            finally:
                await asyncio.to_thread(second.close)

    asyncio.run(look())


def test_the_last_errors_and_the_result_stay_until_the_next_start(shot: Shot) -> None:
    errors_shown = """document.getElementById('repetition-errors').getBoundingClientRect().bottom
      <= document.querySelector('.panel').getBoundingClientRect().bottom"""
    opacity = "getComputedStyle(document.getElementById('cue-text')).opacity"

    async def look() -> None:
        screen = make_screen()
        async with opened(screen) as page:
            fill(screen)
            for event in repetition(20.0, 5, error()):
                screen.show_event(event)  # type: ignore[arg-type]
            screen.show_view(shot.view(1, erroneous=True))
            await page.wait_for("document.body.dataset.stamp === '1'")
            await page.run("document.getElementById('cue').classList.add('past')")
            await page.wait_for(f"{opacity} === '0.45'")
            screen.show_event(session(25.0, SessionState.CLOSED, repetitions=5))
            await page.wait_for(f"{opacity} === '1'")
            assert await text(page, "repetition-errors") == "5: Knees inwards"
            for width, height in UPRIGHT:
                await page.open(screen.server.url, width, height)
                await page.wait_for("document.body.dataset.session === 'closed'")
                assert await page.run(errors_shown), (width, height)
            assert await text(page, "errors") == ""
            screen.show_event(NewSession(ns(30.0)))
            await page.wait_for("document.getElementById('repetition-errors').hidden")

    asyncio.run(look())


def test_a_page_opened_before_anybody_is_there_shows_the_picture(shot: Shot) -> None:
    async def look() -> None:
        screen = make_screen()
        async with opened(screen) as page:
            screen.show_event(session())
            await page.wait_for("document.getElementById('count-label').textContent")
            nobody = replace(live(0.0, body_id=0), stamp_ns=1, measures=())
            screen.show_view(replace(shot.view(1), skeletons=(), live=nobody))
            await page.wait_for("document.body.dataset.stamp === '1'")
            assert await page.run("document.getElementById('placeholder').hidden")
            screen.show_view(shot.view(2))
            await page.wait_for("document.body.dataset.stamp === '2'")
            assert await text(page, "measure-label") == "Knee angle"

    asyncio.run(look())


HEAD_IS_CUT_OFF = """import("/static/stage.js").then(({ Stage }) => {
  const canvas = document.createElement("canvas");
  canvas.style = "position: fixed; width: 600px; height: 300px";
  document.body.append(canvas);
  const stage = new Stage(canvas);
  const person = (lower) => Array.from({ length: 20 }, (_, id) => {
    const height = id === 3 ? 1.6 : id === 2 ? 1.4 : id < 12 ? 1.0 : 0.0;
    return [480 + (id % 2 ? 40 : -40), 500 - 280 * height * (1 - 0.4 * lower), 1];
  });
  const cut = [];
  for (let frame = 0; frame < 400; frame += 1) {
    // Two seconds low, half a second up and down, at 25 frames a second.
    const second = (frame / 25) % 3;
    const lower = second < 2 ? 1 : Math.abs(2.5 - second) * 2;
    const joints = person(lower);
    stage.show({ size: [960, 540], people: [joints], ids: [1], exerciser: 1, errors: [] }, null);
    const { scale, y, centre } = stage.place;
    const radius = 0.72 * (joints[2][1] - joints[3][1]);
    if ((joints[3][1] - radius - y) * scale + centre[1] < 0) cut.push(frame);
  }
  canvas.remove();
  return cut;
})"""


def test_no_head_is_cut_off_while_somebody_moves() -> None:
    async def look() -> None:
        screen = make_screen()
        async with opened(screen) as page:
            assert await page.run(HEAD_IS_CUT_OFF) == []

    asyncio.run(look())
