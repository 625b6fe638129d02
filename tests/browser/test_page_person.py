"""What is stored about a person on the page: all sessions, each report, and the deletion."""

import asyncio
from pathlib import Path

from apsa_feedback.outputs.report.settings import ReportSettings
from apsa_feedback.outputs.report.stored_pages import stored_pages
from support.feedback_cases import book, session
from support.history_cases import PERSON, write_weeks
from support.page_cases import MARKS, make_screen, opened

pytestmark = MARKS

HIDDEN = "document.getElementById('person-data').hidden"
CHARTS = "[...document.querySelectorAll('svg')].filter((each) => each.checkVisibility())"
WIDE = "document.documentElement.scrollWidth > innerWidth"


def test_progress_and_reports_are_shown_and_a_deletion_is_confirmed(tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    reports.mkdir()
    write_weeks(reports)
    asked: list[str] = []

    async def look() -> None:
        settings = ReportSettings(dir=str(reports), person=PERSON)
        pages = stored_pages(settings, lambda: PERSON, book)
        screen = make_screen(asked, person=PERSON, pages=pages)
        screen.show_event(session())
        async with opened(screen) as page:
            for width, height in ((820, 1180), (390, 844)):
                await page.open(screen.server.url, width, height)
                await page.wait_for("document.getElementById('progress-open').textContent")
                await page.run("document.getElementById('settings-open').click()")
                await page.wait_for("document.getElementById('settings').open")
                await page.screenshot(tmp_path / f"settings_{width}.png")
                await page.open(f"{screen.server.url}progress/", width, height)
                await page.wait_for(f"{CHARTS}.length === 10")
                assert not await page.run(WIDE)
                background = "getComputedStyle(document.querySelector('section')).borderRadius"
                assert await page.run(background) != "0px"  # the policy allows the style
                await page.screenshot(tmp_path / f"progress_{width}.png")
            await page.run("document.querySelector('a').click()")
            await page.wait_for("document.title.startsWith('Exercise report')")
            await page.open(screen.server.url)
            await page.wait_for("document.getElementById('progress-open').textContent")
            for answer in ("false", "true"):
                await page.run(f"window.confirm = () => {answer}")
                await page.run("document.getElementById('person-delete').click()")
            async with asyncio.timeout(5):
                while not asked:
                    await asyncio.sleep(0.02)

    asyncio.run(look())
    assert asked == [f"delete_person {PERSON}"]


def test_without_a_person_there_is_nothing_to_show() -> None:
    async def look() -> None:
        screen = make_screen()
        async with opened(screen) as page:
            assert await page.run(HIDDEN)

    asyncio.run(look())
