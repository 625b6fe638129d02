"""The page in a real browser, showing a real clip."""

import asyncio
import math
import time
from dataclasses import replace
from statistics import median

import pytest

from apsa_perception.model.codes import ExerciseSide, Side
from apsa_perception.model.results import MeasureResult
from support.feedback_cases import live, session
from support.page_cases import MARKS, Shot, fill, make_screen, opened, show_scores, text

pytestmark = MARKS


def test_the_page_shows_count_quality_cue_error_and_phase(shot: Shot) -> None:
    async def look() -> None:
        screen = make_screen()
        async with opened(screen) as page:
            fill(screen)
            screen.show_view(shot.view(1, erroneous=True))
            await page.wait_for("document.body.dataset.stamp === '1'")
            assert await text(page, "count") == "4"
            assert await text(page, "count-target") == " / 10"
            assert await text(page, "cue-text") == "Push your knees outwards."
            assert await text(page, "errors") == "Knees inwards"
            assert await text(page, "phase") == "Go"  # at the turning point, where nobody holds
            screen.show_event(replace(session(target=10), tempo="3-0-2"))
            screen.show_view(shot.view(3))
            await page.wait_for("document.body.dataset.stamp === '3'")
            assert await text(page, "phase") == "Go"
            screen.show_event(replace(session(target=10), tempo="3-1-2"))
            screen.show_view(shot.view(2, erroneous=True))
            await page.wait_for("document.getElementById('phase').textContent === 'Hold'")
            assert await text(page, "exercise") == "Squat"
            assert "95°" in await text(page, "gauges")
            assert await text(page, "aim") == "Target 90°"
            bar = "parseFloat(document.querySelector('.track i').style.width)"
            mark = "parseFloat(document.querySelector('.track b').style.left)"
            reached = (160.0 - 95.0) / (160.0 - 90.0)
            assert await page.run(f"{bar} / {mark}") == pytest.approx(reached, abs=0.01)
            bars = await page.run(
                "[...document.querySelectorAll('#bars li:not(.free)')].map((b) => b.className)"
            )
            assert bars == ["good", "fair", "not_judged", "poor last"]
            assert await text(page, "unjudged") == "? Not judged: 1"

    asyncio.run(look())


def test_only_what_the_exercise_asks_for_can_be_not_judged(shot: Shot) -> None:
    left, right = (
        MeasureResult("elbow_angle", 95.0, "deg", side) for side in (Side.LEFT, Side.RIGHT)
    )
    hidden = [one._replace(value=math.nan, reason="hidden") for one in (left, right)]

    async def look() -> None:
        screen = make_screen()
        async with opened(screen) as page:
            for stamp, (sides, measures, gauges, missed) in enumerate(
                (
                    (ExerciseSide.LEFT, (left, hidden[1]), 1, False),
                    (ExerciseSide.LEFT, (hidden[0], right), 1, True),
                    (ExerciseSide.EITHER, (left, hidden[1]), 2, False),
                    (ExerciseSide.BOTH, (hidden[0], right), 2, False),
                    (ExerciseSide.BOTH, tuple(hidden), 2, True),
                ),
                1,
            ):
                screen.show_event(replace(session(), exercise_side=sides, repetitions=stamp))
                await page.wait_for(f"document.getElementById('count').textContent === '{stamp}'")
                seen = replace(live(0.0, measures=measures), stamp_ns=stamp)
                screen.show_view(replace(shot.view(stamp), live=seen))
                await page.wait_for(f"document.body.dataset.stamp === '{stamp}'")
                assert await page.run("document.querySelectorAll('.gauge').length") == gauges
                shown = await page.run("!document.getElementById('measure-reason').hidden")
                assert shown == missed, (sides, measures)

    asyncio.run(look())


def test_the_page_shows_what_the_session_says_beyond_its_state(shot: Shot) -> None:
    started = replace(session(), message="the session runs")
    other_side = replace(started, message="the left side moved, and the exercise is for the right")

    async def look() -> None:
        screen = make_screen()
        async with opened(screen) as page:
            for number, (status, note) in enumerate(
                (
                    (started, ""),
                    (other_side, other_side.message),
                    (replace(started, message=""), ""),
                )
            ):
                screen.show_event(status)
                screen.show_view(shot.view(number + 1, erroneous=False))
                await page.wait_for(f"document.body.dataset.stamp === '{number + 1}'")
                assert await text(page, "note") == note

    asyncio.run(look())


def test_a_ratio_has_its_two_digits(shot: Shot) -> None:
    view = shot.view(1)
    ratio = MeasureResult("pelvis_shift", 0.124, "1")
    assert view.live is not None
    view = replace(view, live=replace(view.live, measures=(ratio,)))

    async def look() -> None:
        screen = make_screen()
        async with opened(screen) as page:
            screen.show_event(session())
            screen.show_view(view)
            await page.wait_for("document.body.dataset.stamp === '1'")
            assert await text(page, "gauges") == "0.12"

    asyncio.run(look())


def test_the_joints_of_an_error_stand_out_in_the_picture(shot: Shot) -> None:
    # Colours at the left knee, where the canvas shows it: the bone's white, or the mark's orange.
    probe = """(() => {
      const canvas = document.getElementById('stage');
      const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
      let orange = 0, picture = 0;
      for (let i = 0; i < data.length; i += 4) {
        const [red, green, blue] = data.subarray(i, i + 3);
        orange += red > 240 && Math.abs(green - 179) < 12 && Math.abs(blue - 71) < 20;
        picture += data[i + 3] > 0;
      }
      return [orange, picture / (canvas.width * canvas.height)];
    })()"""

    async def look() -> None:
        screen = make_screen()
        async with opened(screen) as page:
            counts = []
            for stamp, erroneous in ((1, False), (2, True)):
                screen.show_view(shot.view(stamp, erroneous))
                await page.wait_for(f"document.body.dataset.stamp === '{stamp}'")
                counts.append(await page.run(probe))
        (plain, filled), (marked, _) = counts
        assert filled > 0.9
        assert marked > plain + 300

    asyncio.run(look())


def test_the_average_is_that_of_the_whole_session() -> None:
    async def look() -> None:
        screen = make_screen()
        screen.show_event(session())
        show_scores(screen, *[0.4] * 4, *[1.0] * 6)
        async with opened(screen) as page:
            await page.wait_for("document.querySelectorAll('#bars .score').length === 6")
            assert await text(page, "quality-average") == "Average 76"

    asyncio.run(look())


def test_a_frame_is_on_the_page_within_a_tenth_of_a_second(shot: Shot) -> None:
    async def look() -> list[float]:
        screen = make_screen()
        waits = []
        async with opened(screen) as page:
            for stamp in range(1, 31):
                drawn = asyncio.ensure_future(
                    page.run(
                        f"""new Promise((done) => {{ const look = () =>
                          document.body.dataset.stamp === '{stamp}' ? done(1)
                          : setTimeout(look, 1); look(); }})"""
                    )
                )
                await asyncio.sleep(0.03)
                began = time.perf_counter()
                screen.show_view(shot.view(stamp))
                await drawn
                waits.append(time.perf_counter() - began)
        return waits

    assert median(asyncio.run(look())) < 0.1
