"""The page as a mirror: what is drawn, who is tapped, and what the viewer chose."""

import asyncio
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from apsa_feedback.coaching.cue_book import languages
from apsa_feedback.outputs.base import OutputContext
from apsa_feedback.outputs.screen.output import ScreenOutput
from apsa_feedback.outputs.screen.settings import ScreenSettings
from apsa_feedback.stream.views import View
from support.chromium import Page
from support.feedback_cases import CUE_FOLDER, book, session
from support.page_cases import MARKS, Shot, opened
from support.page_cases import fill as fill_page

pytestmark = MARKS

_RED = (230, 30, 30)
# How red the left and the right edge of the canvas are.
_EDGES = """[0.02, 0.98].map((across) => {
  const canvas = document.getElementById("stage");
  const { data } = canvas.getContext("2d")
    .getImageData(Math.round(across * canvas.width), Math.round(canvas.height / 2), 1, 1);
  return data[0] > 150 && data[1] < 100;
})"""
_PRESSED = "document.getElementById('mirror').ariaPressed"


def marked(shot: Shot, *, mirrored: bool) -> View:
    """The shot with a red right part, in the middle of the stage; as the camera delivers it."""
    picture = shot.picture.copy()
    width = picture.shape[1]
    picture[:, width // 2 :] = _RED
    pixels = shot.skeleton.pixels
    if mirrored:
        picture = np.ascontiguousarray(picture[:, ::-1])
        pixels = pixels * [-1.0, 1.0] + [width, 0.0]
    person = replace(shot.skeleton, pixels=pixels)
    return replace(shot.view(1), picture=picture, skeletons=(person,))


def open_screen(settings: ScreenSettings, asked: list[str] | None = None) -> ScreenOutput:
    noted: list[str] = [] if asked is None else asked
    commands = {"person": noted.append, "start": lambda: None, "stop": lambda: None}
    return ScreenOutput.open(
        OutputContext(book(), settings, print, commands, languages=languages(CUE_FOLDER))
    )


async def show(page: Page, screen: ScreenOutput, view: View, stamp: int) -> None:
    assert view.live
    live = replace(view.live, stamp_ns=stamp)
    await page.wait_for("document.body.dataset.connected === 'true'")
    screen.show_view(replace(view, stamp_ns=stamp, live=live))
    await page.wait_for(f"document.body.dataset.stamp === '{stamp}'")


@pytest.mark.parametrize(
    ("settings", "mirrored", "red_right", "pressed"),
    [
        ({"live_camera": True}, False, False, "true"),
        ({"live_camera": True}, True, False, "true"),  # it comes as a mirror image
        ({}, False, True, "false"),
        ({}, True, False, "true"),  # as it comes
        ({"mirror": "always"}, False, False, "true"),
        ({"mirror": "never", "live_camera": True}, False, True, "false"),
        ({"mirror": "never"}, True, True, "false"),
    ],
)
def test_the_picture_is_a_mirror_by_the_parameters_and_by_the_camera(
    shot: Shot, settings: dict[str, object], mirrored: bool, red_right: bool,
    pressed: str,
) -> None:  # fmt: skip
    async def look() -> None:
        screen = open_screen(ScreenSettings(port=0, **settings))  # type: ignore[arg-type]
        screen.show_event(session())
        async with opened(screen) as page:
            await show(page, screen, marked(shot, mirrored=mirrored), 1)
            assert await page.run(_EDGES) == [not red_right, red_right]
            assert await page.run(_PRESSED) == pressed
            # Somebody who faces the person sees their right side on the left.
            await page.open(f"{screen.server.url}therapist")
            await page.wait_for("document.body.dataset.ready")
            await show(page, screen, marked(shot, mirrored=mirrored), 2)
            assert await page.run(_EDGES) == [False, True]

    asyncio.run(look())


def test_the_viewer_chooses_and_the_browser_remembers_it(shot: Shot) -> None:
    async def look() -> None:
        screen = open_screen(ScreenSettings(port=0, live_camera=True))
        screen.show_event(session())
        view = marked(shot, mirrored=False)
        async with opened(screen) as page:
            await show(page, screen, view, 1)
            label = await page.run("document.getElementById('mirror').ariaLabel")
            assert label == book().words["mirror"]
            await page.click("#mirror")
            assert await page.run(_EDGES) == [False, True]
            await page.open(screen.server.url)
            await show(page, screen, view, 2)
            assert await page.run(_EDGES) == [False, True]
            assert await page.run(_PRESSED) == "false"
            await page.click("#mirror")
            assert await page.run(_EDGES) == [True, False]

    asyncio.run(look())


def test_a_tap_in_the_mirror_selects_who_is_seen_there(shot: Shot) -> None:
    first = shot.skeleton
    beside = replace(first, body_id=2, pixels=first.pixels + np.array([260.0, 0.0]))
    asked: list[str] = []

    async def look() -> None:
        screen = open_screen(ScreenSettings(port=0, live_camera=True), asked)
        screen.show_event(session())
        async with opened(screen) as page:
            view = replace(shot.view(1), skeletons=(first, beside))
            for stamp in range(1, 60):  # until the picture has moved to both
                await show(page, screen, view, stamp)
            for across in (0.3, 0.7):
                await page.run(f"""(() => {{
                  const canvas = document.getElementById("stage");
                  const box = canvas.getBoundingClientRect();
                  canvas.dispatchEvent(new MouseEvent("click", {{ bubbles: true,
                    clientX: box.left + {across} * box.width, clientY: box.top + 0.55 * box.height,
                  }}));
                }})()""")
            async with asyncio.timeout(5.0):
                while len(asked) < 2:
                    await asyncio.sleep(0.02)

    asyncio.run(look())
    assert asked == ["2", "1"]


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1180, 820)])
def test_the_tools_fit_beside_the_title(
    shot: Shot, tmp_path: Path, width: int, height: int
) -> None:
    async def look() -> None:
        screen = open_screen(ScreenSettings(port=0, live_camera=True))
        async with opened(screen) as page:
            await page.open(screen.server.url, width, height)
            fill_page(screen)
            await show(page, screen, shot.view(1, erroneous=True), 1)
            boxes = await page.run("""[...document.querySelectorAll('.tools button')]
              .filter((each) => each.checkVisibility())
              .map((each) => each.getBoundingClientRect()).map(({left, right}) => [left, right])""")
            assert len(boxes) == 4
            assert all(0 <= left < right <= width for left, right in boxes)
            title = await page.run(
                "document.getElementById('exercise').getBoundingClientRect().right"
            )
            assert title <= boxes[0][0]
            await page.screenshot(tmp_path / f"mirror_{width}.png")

    asyncio.run(look())
