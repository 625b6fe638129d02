"""Report and progress page are readable in the dark and in the light; paper stays light."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from apsa_feedback.outputs.base import OutputContext
from apsa_feedback.outputs.report.output import ReportOutput
from apsa_feedback.outputs.report.person_files import progress_path, write_progress
from apsa_feedback.outputs.report.settings import ReportSettings
from support import chromium
from support.contrast import lowest_contrast
from support.feedback_cases import book
from support.history_cases import PERSON, write_weeks
from support.report_cases import whole_session
from support.runs import EXERCISES

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(chromium.find() is None, reason="no Chromium is installed"),
]
LEAST = 4.5
"""The contrast of texts that WCAG 2 asks for at level AA."""
WHITE = "rgb(255, 255, 255)"


def report(folder: Path) -> Path:
    """The page of the last session."""
    pages = set(folder.glob("*.html")) - {progress_path(folder, PERSON)}
    return max(pages, key=lambda path: path.stat().st_mtime_ns)


@pytest.mark.parametrize("found", [report, lambda folder: progress_path(folder, PERSON)])
def test_every_text_has_enough_contrast(found: Callable[[Path], Path], tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    write_weeks(folder)
    settings = ReportSettings(str(folder), PERSON)
    output = ReportOutput.open(OutputContext(book(), settings, print, exercises=EXERCISES))
    for event in whole_session():
        output.show_event(event)  # type: ignore[arg-type]
    output.close()
    write_progress(folder, PERSON, book())
    url = found(folder).as_uri()
    ground = "getComputedStyle(document.body).backgroundColor"

    async def look() -> None:
        async with chromium.browse() as page:
            grounds = []
            for media, scheme in (("screen", "dark"), ("screen", "light"), ("print", "dark")):
                feature = {"name": "prefers-color-scheme", "value": scheme}
                await page.call("Emulation.setEmulatedMedia", media=media, features=[feature])
                for width in (390, 1180):
                    await page.open(url, width, 820)
                    lowest, name = await lowest_contrast(page, "body *")
                    assert lowest >= LEAST, (media, scheme, name)
                    await page.screenshot(tmp_path / f"{media}_{scheme}_{width}.png")
                grounds.append(await page.run(ground))
            dark, light, paper = grounds
            assert len({dark, light, paper}) == 3
            assert paper == WHITE
            await page.run("document.documentElement.style.setProperty('--soft', 'var(--card)')")
            assert (await lowest_contrast(page, "svg text"))[0] < 1.1  # of a chart, too

    asyncio.run(look())
