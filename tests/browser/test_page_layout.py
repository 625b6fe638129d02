"""The page fits every window and language and is readable."""

import asyncio
import itertools
import math
from dataclasses import replace
from pathlib import Path

import pytest

from apsa_feedback.stream.formatting import localised
from apsa_perception.model.codes import Grade, NotJudgedReason, SessionState, Severity
from apsa_perception.model.results import QualityResult
from support.feedback_cases import book, error, repetition, session
from support.page_cases import MARKS, SIZES, Shot, fill, make_screen, opened, show_scores, text

pytestmark = MARKS


@pytest.mark.parametrize("locale", ["en", "de", "es", "zh"])
def test_nothing_is_cut_off_in_any_window_or_language(
    shot: Shot, tmp_path: Path, locale: str
) -> None:
    overflowing = """[...document.querySelectorAll('h1, h2, p, span, small, button, li, #gauges')]
      .filter((e) => e.getClientRects().length && e.textContent.trim())
      .filter((e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline'
        || e.getBoundingClientRect().right > innerWidth + 1)
      .map((e) => e.id || e.className || e.textContent)"""

    async def look() -> None:
        screen = make_screen(locale=locale)
        async with opened(screen) as page:
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


@pytest.mark.parametrize("locale", ["en", "de", "es", "zh"])
def test_the_end_of_a_set_and_the_reasons_of_a_score_fit(tmp_path: Path, locale: str) -> None:
    outside = """[...document.querySelectorAll('#set-course, #set-course *, #score[open] *')]
      .filter((e) => e.getClientRects().length)
      .filter((e) => e.getBoundingClientRect().right > innerWidth
        || e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline')
      .map((e) => e.textContent)"""

    async def look() -> None:
        screen = make_screen(locale=locale)
        fill(screen)
        for event in repetition(15.0, 5, error(severity=Severity.SEVERE), grade=Grade.POOR):
            if isinstance(event, QualityResult):
                event = replace(event, score=0.36)
            screen.show_event(event)  # type: ignore[arg-type]
        ended = session(16.0, SessionState.CLOSED, repetitions=5)
        screen.show_event(replace(ended, speed_loss=0.24, score_change=-0.21))
        async with opened(screen) as page:
            for width, height in [*SIZES, (820, 1180)]:
                await page.open(screen.server.url, width, height)
                await page.wait_for("document.body.dataset.session === 'closed'")
                course = await text(page, "set-course")
                assert localised("24 %", book(locale).words) in course
                assert "\u221221" in course
                await page.run("document.querySelector('#bars [data-index=\"5\"]').click()")
                await page.screenshot(tmp_path / f"score_{width}.png")
                assert await page.run("document.getElementById('score').open")
                why = await text(page, "score-why")
                assert "+54" in why
                assert await page.run(outside) == [], (width, height)
                await page.run("document.getElementById('score-close').click()")

    asyncio.run(look())


@pytest.mark.parametrize("locale", ["en", "de", "es", "zh"])
def test_a_repetition_without_a_score_says_so_in_the_language_of_the_page(locale: str) -> None:
    async def look() -> None:
        screen = make_screen(locale=locale)
        screen.show_event(session())
        for event in repetition(5.0, 1, grade=Grade.NOT_JUDGED):
            if isinstance(event, QualityResult):
                event = replace(event, not_judged_reason=NotJudgedReason.UNCERTAIN)
            screen.show_event(event)  # type: ignore[arg-type]
        async with opened(screen) as page:
            await page.wait_for("document.querySelector('#bars [data-index=\"1\"]')")
            await page.run("document.querySelector('#bars [data-index=\"1\"]').click()")
            lines = "[...document.getElementById('score-why').children]"
            words = book(locale).words
            assert await page.run(f"{lines}.map((e) => e.textContent)") == [
                words["score_none"],
                words["unjudged_uncertain"],
            ]

    asyncio.run(look())


@pytest.mark.parametrize("locale", ["en", "de", "es", "zh"])
def test_the_settings_do_not_scroll_sideways(tmp_path: Path, locale: str) -> None:
    async def look() -> None:
        screen = make_screen(locale=locale)
        screen.show_event(session())
        async with opened(screen) as page:
            for width, height in ((390, 844), (820, 1180)):
                await page.open(screen.server.url, width, height)
                await page.wait_for("document.body.dataset.session === 'running'")
                await page.run("document.getElementById('settings-open').click()")
                await page.wait_for("document.querySelector('#guide-chosen svg').children.length")
                await page.screenshot(tmp_path / f"settings_{width}.png")
                settings = "document.getElementById('settings')"
                assert await page.run(f"{settings}.scrollWidth <= {settings}.clientWidth"), width

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
        async with opened(screen) as page:
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


def test_what_counts_is_readable_from_three_metres_and_the_rest_from_two(shot: Shot) -> None:
    # Normal sight resolves letters of 5 minutes of arc; capitals are 0.72 of the font's size. A
    # tablet of 10 inches is 217 mm wide, a television of 40 inches 885 mm.
    least_mm = math.radians(5.0 / 60.0) / 0.72
    size = "parseFloat(getComputedStyle(document.querySelector('{}')).fontSize)"
    told = dict.fromkeys(("#cue-text", "#count", ".gauge .value"), 3000.0)
    others = ("#errors li", "#exercise", "#phase", "#aim", "#quality-average", ".bars .score")
    told |= dict.fromkeys(others, 2000.0)

    async def look() -> None:
        screen = make_screen()
        async with opened(screen) as page:
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
