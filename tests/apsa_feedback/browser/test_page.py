"""The page in a real browser, showing a real clip."""

import asyncio
import itertools
import math
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

import chromium
import cv2
import numpy as np
import numpy.typing as npt
import pytest
from feedback_cases import CUE_FOLDER, book, error, live, repetition, session

from apsa_feedback.cue import CueResult
from apsa_feedback.cues import languages
from apsa_feedback.outputs.base import OutputContext, View
from apsa_feedback.outputs.screen import ScreenOutput
from apsa_perception.codes import CuePriority, Grade, NotJudgedReason, SessionState
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.pose.estimator import PoseEstimator
from apsa_perception.pose.mediapipe_backend import MediaPipeBackend
from apsa_perception.results import MeasureResult, QualityResult, RepetitionResult
from apsa_perception.skeleton.joints import Joint
from apsa_perception.skeleton.types import Skeleton

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(chromium.find() is None, reason="no Chromium is installed"),
]

BOTTOM_S = 1.0
SIZES = [(1280, 800), (390, 844), (844, 390), (1920, 1080)]
KNEES = (Joint.LEFT_KNEE, Joint.RIGHT_KNEE)


@dataclass(frozen=True)
class Shot:
    """The bottom of a squat with caved-in knees."""

    picture: npt.NDArray[np.uint8]
    skeleton: Skeleton

    def view(self, stamp_ns: int, erroneous: bool = False) -> View:
        """The shot as the frame of a stamp."""
        height, width = self.picture.shape[:2]
        knees = replace(error(), joints=KNEES)
        measures = (MeasureResult("knee_angle", 95.0, "deg"),)
        errors = replace(
            live(0.0, *([knees] if erroneous else []), measures=measures), stamp_ns=stamp_ns
        )
        return View(stamp_ns, (self.skeleton,), (width, height), self.picture, errors)


@pytest.fixture(scope="module")
def shot(clip: Callable[[str], Path]) -> Shot:
    video = cv2.VideoCapture(str(clip("squat_front_knees_in.mp4")))
    step_s = 1.0 / video.get(cv2.CAP_PROP_FPS)
    estimator = PoseEstimator(MediaPipeBackend())
    for index in range(round(BOTTOM_S / step_s)):
        picture = cv2.cvtColor(video.read()[1], cv2.COLOR_BGR2RGB)
        skeletons = estimator.process(picture, round(index * step_s * 1e9))
    estimator.close()
    return Shot(np.asarray(picture, dtype=np.uint8), skeletons[0])


def make_screen(asked: list[str] | None = None, port: int = 0, locale: str = "en") -> ScreenOutput:
    """A screen whose buttons note what was asked for."""
    noted = asked if asked is not None else []
    parameters: dict[str, Any] = {
        "host": "127.0.0.1", "port": port, "token": "", "max_width": 960, "jpeg_quality": 80,
        "mirror": False, "picture": True,
    }  # fmt: skip
    names = ("start", "pause", "stop", "calibrate", "exercise", "language")
    commands = {
        name: (lambda value="", name=name: noted.append(f"{name} {value}".strip()))
        for name in names
    }
    context = OutputContext(
        book(locale),
        parameters,
        print,
        commands,
        exercises=ExerciseLibrary.load(CUE_FOLDER.parent / "exercises"),
        languages=languages(CUE_FOLDER),
    )
    return ScreenOutput.open(context)


@asynccontextmanager
async def opened(screen: ScreenOutput, folder: Path) -> AsyncIterator[chromium.Page]:
    """The page of a screen in a fresh browser; the screen is closed at the end."""
    try:
        async with chromium.browse(chromium.find() or "", folder / "profile") as page:
            await page.open(screen.server.url)
            await page.wait_for("document.getElementById('count-label').textContent")
            yield page
    finally:
        await asyncio.to_thread(screen.close)


def show_scores(screen: ScreenOutput, *scores: float, first: int = 1) -> None:
    """Repetitions with these scores, each of them called good."""
    for index, score in enumerate(scores, first):
        for event in repetition(3.0 * index, index):
            if isinstance(event, QualityResult):
                event = replace(event, score=score)
            screen.show_event(event)  # type: ignore[arg-type]


async def text(page: chromium.Page, name: str) -> str:
    """Text of an element."""
    return str(await page.run(f"document.getElementById('{name}').textContent"))


def fill(screen: ScreenOutput) -> None:
    """A session with a good, a fair, a poor repetition and one that was not judged."""
    screen.show_event(session(target=10))
    grades = [Grade.GOOD, Grade.FAIR, Grade.NOT_JUDGED, Grade.POOR]
    for index, grade in enumerate(grades, 1):
        hidden = grade is Grade.NOT_JUDGED
        reason = NotJudgedReason.JOINTS_HIDDEN if hidden else NotJudgedReason.NONE
        for event in repetition(3.0 * index, index, grade=grade, reason=reason):
            if isinstance(event, RepetitionResult):
                event = replace(event, measure="knee_angle", rest_value=160.0)
            screen.show_event(event)  # type: ignore[arg-type]
    sentence, *_ = book().texts("knee_valgus")
    screen.show_cue(CueResult(1, 1, CuePriority.FORM, "knee_valgus", sentence, "en"))


def test_the_page_shows_count_quality_cue_error_and_phase(shot: Shot, tmp_path: Path) -> None:
    async def look() -> None:
        screen = make_screen()
        async with opened(screen, tmp_path) as page:
            fill(screen)
            screen.show_view(shot.view(1, erroneous=True))
            await page.wait_for("document.body.dataset.stamp === '1'")
            assert await text(page, "count") == "4"
            assert await text(page, "count-target") == " / 10"
            assert await text(page, "cue-text") == "Push your knees outwards."
            assert await text(page, "errors") == "Knees inwards"
            assert await text(page, "phase") == "Hold"
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


def test_the_page_shows_what_the_session_says_beyond_its_state(shot: Shot, tmp_path: Path) -> None:
    started = replace(session(), message="the session runs")
    other_side = replace(started, message="the left side moved, and the exercise is for the right")

    async def look() -> None:
        screen = make_screen()
        async with opened(screen, tmp_path) as page:
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


def test_a_ratio_has_its_two_digits(shot: Shot, tmp_path: Path) -> None:
    view = shot.view(1)
    ratio = MeasureResult("pelvis_shift", 0.124, "1")
    assert view.live is not None
    view = replace(view, live=replace(view.live, measures=(ratio,)))

    async def look() -> None:
        screen = make_screen()
        async with opened(screen, tmp_path) as page:
            screen.show_event(session())
            screen.show_view(view)
            await page.wait_for("document.body.dataset.stamp === '1'")
            assert await text(page, "gauges") == "0.12"

    asyncio.run(look())


def test_the_joints_of_an_error_stand_out_in_the_picture(shot: Shot, tmp_path: Path) -> None:
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
        async with opened(screen, tmp_path) as page:
            counts = []
            for stamp, erroneous in ((1, False), (2, True)):
                screen.show_view(shot.view(stamp, erroneous))
                await page.wait_for(f"document.body.dataset.stamp === '{stamp}'")
                counts.append(await page.run(probe))
        (plain, filled), (marked, _) = counts
        assert filled > 0.9
        assert marked > plain + 300

    asyncio.run(look())


@pytest.mark.parametrize("locale", ["en", "de", "es", "zh"])
def test_nothing_is_cut_off_in_any_window_or_language(
    shot: Shot, tmp_path: Path, locale: str
) -> None:
    overflowing = """[...document.querySelectorAll('h1, h2, p, span, small, button, li')]
      .filter((e) => e.getClientRects().length && e.textContent.trim())
      .filter((e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline'
        || e.getBoundingClientRect().right > innerWidth + 1)
      .map((e) => e.id || e.className || e.textContent)"""

    async def look() -> None:
        screen = make_screen(locale=locale)
        async with opened(screen, tmp_path) as page:
            fill(screen)
            for stamp, (width, height) in enumerate(SIZES, 1):
                await page.open(screen.server.url, width, height)
                await page.wait_for("document.getElementById('count').textContent === '4'")
                screen.show_view(shot.view(stamp, erroneous=True))
                await page.wait_for(f"document.body.dataset.stamp === '{stamp}'")
                await page.screenshot(tmp_path / f"{width}.png")
                assert await page.run(overflowing) == [], (width, height)
                if width > height:
                    assert await page.run("document.documentElement.scrollHeight <= innerHeight")

    asyncio.run(look())


def test_bars_are_as_high_as_their_scores_and_the_numbers_stand_apart(
    shot: Shot, tmp_path: Path
) -> None:
    heights = """[...document.querySelectorAll('#bars li:not(.free) .fill')]
      .map((fill) => fill.getBoundingClientRect().height)"""
    edges = """[...document.querySelectorAll('#bars .score')].map((score) => {
      const range = document.createRange();
      range.selectNodeContents(score);
      const { left, right, top } = range.getBoundingClientRect();
      return [left, right, top - score.closest('li').getBoundingClientRect().top];
    })"""

    async def look() -> None:
        screen = make_screen()
        screen.show_event(session())
        show_scores(screen, 1.0, 1.0, 0.6, 0.3, 0.88, 1.0)
        async with opened(screen, tmp_path) as page:
            for stamp, size in enumerate([*SIZES, (1024, 768)], 1):
                await page.open(screen.server.url, *size)
                await page.wait_for("document.querySelectorAll('#bars .score').length === 6")
                screen.show_view(shot.view(stamp))
                await page.wait_for(f"document.body.dataset.stamp === '{stamp}'")
                await page.screenshot(tmp_path / f"{size[0]}.png")
                full, _, middle, low, *_ = await page.run(heights)
                assert full >= 20.0, size
                assert middle / full == pytest.approx(0.6, abs=0.02), size
                assert low / full == pytest.approx(0.3, abs=0.03), size
                shown = await page.run(edges)
                gaps = [after[0] - before[1] for before, after in itertools.pairwise(shown)]
                assert min(gaps) >= 3.0, size
                assert min(top for *_, top in shown) >= -1.0, size

    asyncio.run(look())


def test_the_average_is_that_of_the_whole_session(tmp_path: Path) -> None:
    async def look() -> None:
        screen = make_screen()
        screen.show_event(session())
        show_scores(screen, *[0.4] * 4, *[1.0] * 6)
        async with opened(screen, tmp_path) as page:
            await page.wait_for("document.querySelectorAll('#bars .score').length === 6")
            assert await text(page, "quality-average") == "76 average"

    asyncio.run(look())


def test_what_counts_is_readable_from_three_metres_and_the_rest_from_two(
    shot: Shot, tmp_path: Path
) -> None:
    # Normal sight resolves letters of 5 minutes of arc; capitals are 0.72 of the font's size. A
    # tablet of 10 inches is 217 mm wide, a television of 40 inches 885 mm.
    least_mm = math.radians(5.0 / 60.0) / 0.72
    size = "parseFloat(getComputedStyle(document.querySelector('{}')).fontSize)"
    told = dict.fromkeys(("#cue-text", "#count", ".gauge .value"), 3000.0)
    others = ("#errors li", "#exercise", "#phase", "#aim", "#quality-average", ".bars .score")
    told |= dict.fromkeys(others, 2000.0)

    async def look() -> None:
        screen = make_screen()
        async with opened(screen, tmp_path) as page:
            fill(screen)
            for stamp, (width, height, wide_mm) in enumerate(
                ((1280, 800, 217.0), (1920, 1080, 885.0)), 1
            ):
                await page.open(screen.server.url, width, height)
                await page.wait_for("document.getElementById('count').textContent === '4'")
                screen.show_view(shot.view(stamp, erroneous=True))
                await page.wait_for(f"document.body.dataset.stamp === '{stamp}'")
                for name, away_mm in told.items():
                    shown_mm = await page.run(size.format(name)) * wide_mm / width
                    assert shown_mm >= 0.97 * least_mm * away_mm, (name, width)

    asyncio.run(look())


def test_buttons_ask_for_what_fits_the_state(tmp_path: Path) -> None:
    names = "[...document.querySelectorAll('#controls button')].map((b) => b.textContent)"

    async def press() -> list[str]:
        asked: list[str] = []
        screen = make_screen(asked)
        async with opened(screen, tmp_path) as page:
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
        async with opened(screen, tmp_path) as page:
            fill(screen)
            screen.show_view(shot.view(1))
            await page.wait_for("document.body.dataset.stamp === '1'")
            assert await page.run(pictured)
            await page.run("document.getElementById('settings-open').click()")
            assert await page.run("document.getElementById('settings').open")
            assert await page.run("document.querySelector('#exercise-choice option').disabled")
            assert await page.run("document.querySelector('#exercise-choice select').value") == (
                "squat"
            )
            await page.screenshot(tmp_path / "settings.png")
            await page.run(choose.format(name="exercise", value="'lunge'"))
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


def test_the_page_connects_again_by_itself(tmp_path: Path) -> None:
    async def look() -> None:
        first = make_screen()
        first.show_event(session(repetitions=1))
        async with opened(first, tmp_path) as page:
            await page.wait_for("document.getElementById('count').textContent === '1'")
            await asyncio.to_thread(first.close)
            await page.wait_for("!document.getElementById('connection').hidden")
            assert "Connection lost" in await text(page, "connection")
            second = make_screen(port=first.server.port)
            try:
                second.show_event(session(repetitions=2))
                await page.wait_for("document.getElementById('count').textContent === '2'", 15.0)
                assert await page.run("document.getElementById('connection').hidden")
            finally:
                await asyncio.to_thread(second.close)

    asyncio.run(look())


def test_results_stay_readable_when_the_coach_goes_after_the_end(
    shot: Shot, tmp_path: Path
) -> None:
    opacity = "getComputedStyle(document.querySelector('{}')).opacity"

    async def look() -> None:
        first = make_screen()
        fill(first)
        async with opened(first, tmp_path) as page:
            first.show_view(shot.view(1))
            await page.wait_for("document.getElementById('phase').textContent === 'Hold'")
            first.show_event(session(15.0, SessionState.CLOSED, repetitions=4))
            await page.wait_for("document.body.dataset.session === 'closed'")
            assert await text(page, "phase") == ""
            await asyncio.to_thread(first.close)
            await page.wait_for("document.body.dataset.connected !== 'true'")
            await page.screenshot(tmp_path / "ended.png")
            assert await page.run("document.getElementById('connection').hidden")
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


def test_a_frame_is_on_the_page_within_a_tenth_of_a_second(shot: Shot, tmp_path: Path) -> None:
    async def look() -> list[float]:
        screen = make_screen()
        waits = []
        async with opened(screen, tmp_path) as page:
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
