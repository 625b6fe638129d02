"""The weekly plan on the patient's page and in the therapist's view."""

import asyncio
import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from apsa_feedback.nodes.plan_commands import PlanCommands
from apsa_feedback.outputs.base import Answer
from apsa_feedback.outputs.report.settings import ReportSettings
from apsa_feedback.outputs.report.stored_plan import stored_plan
from apsa_feedback.outputs.report.weekly_plan_file import plan_path, read_plan
from apsa_feedback.outputs.screen.output import ScreenOutput
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import SessionState
from apsa_perception.programmes.library import ProgrammeLibrary
from support import chromium
from support.feedback_cases import CUE_FOLDER, book, session
from support.history_cases import PERSON
from support.page_cases import MARKS, Shot, make_screen, opened, show_scores, text

pytestmark = MARKS

WINDOWS = ((1280, 800), (390, 844), (844, 390), (820, 1180), (1920, 1080))
TITLES = {"knee": "Knee", "shoulder": "Shoulder"}
STRIP = "document.getElementById('plan-strip')"
PREPARING = replace(session(state=SessionState.PREPARING), exercise="squat")


def planned(folder: Path, *programmes: str, days: int = 3) -> None:
    """Plan programmes from two weeks ago on."""
    start = date.today() - timedelta(days=15)
    entries = "".join(
        f"  - {{programme: {name}, days_per_week: {days}, start: {start}, weeks: 6}}\n"
        for name in programmes
    )
    plan_path(folder, PERSON).write_text(f"programmes:\n{entries}")


def screen_with_plan(
    folder: Path, asked: list[str] | None = None, locale: str = "en"
) -> ScreenOutput:
    """A screen that shows the plan in a folder."""
    plan = stored_plan(ReportSettings(dir=str(folder)), lambda: PERSON, lambda: TITLES)
    return make_screen(asked, locale=locale, person=PERSON, plan=plan)


async def heard(asked: list[str], expected: str) -> None:
    """Wait until something was asked for."""
    async with asyncio.timeout(5):
        while expected not in asked:
            await asyncio.sleep(0.02)


def test_todays_programme_is_offered_before_a_start(tmp_path: Path) -> None:
    async def look() -> None:
        asked: list[str] = []
        planned(tmp_path, "knee")
        screen = screen_with_plan(tmp_path, asked)
        async with opened(screen) as page:
            screen.show_event(PREPARING)
            await page.wait_for(f"!{STRIP}.hidden")
            assert await text(page, "plan-strip") == "For today: Knee Days this week: 0 / 3Start"
            await page.run(f"{STRIP}.querySelector('button').click()")
            await heard(asked, "programme knee")
            screen.show_event(replace(PREPARING, programme="knee"))  # it is being started
            await page.wait_for(f"{STRIP}.hidden")
            screen.show_event(session())  # running
            await page.wait_for("document.body.dataset.session === 'running'")
            assert await page.run(f"{STRIP}.hidden")
            screen.show_event(session(state=SessionState.CLOSED))
            await page.wait_for(f"!{STRIP}.hidden")
            plan_path(tmp_path, PERSON).unlink()
            screen.show_answer(Answer("remove_plan", True))  # of the therapist
            await page.wait_for(f"{STRIP}.hidden")

    asyncio.run(look())


@pytest.mark.parametrize("locale", ["en", "de", "es", "zh"])
def test_the_offer_fits_every_window(shot: Shot, tmp_path: Path, locale: str) -> None:
    async def look() -> None:
        planned(tmp_path, "knee", "shoulder")
        screen = screen_with_plan(tmp_path, locale=locale)
        show_scores(screen, 0.9, 0.7, 0.8)
        screen.show_event(PREPARING)
        async with opened(screen) as page:
            for width, height in WINDOWS:
                await page.call(
                    "Emulation.setDeviceMetricsOverride",
                    width=width, height=height, deviceScaleFactor=1, mobile=width < 600,
                )  # fmt: skip
                await page.wait_for(f"!{STRIP}.hidden")
                screen.show_view(shot.view(width))
                await page.wait_for(f"document.body.dataset.stamp === '{width}'")
                await page.screenshot(tmp_path / f"plan_{locale}_{width}_{height}.png")
                buttons = f"[...{STRIP}.querySelectorAll('button')]"
                assert await page.run(
                    f"{buttons}.every((each) => each.getBoundingClientRect().bottom <= innerHeight)"
                )
                assert not await page.run(f"/undefined/.test({STRIP}.textContent)")
                assert not await page.run("document.documentElement.scrollWidth > innerWidth")

    asyncio.run(look())


def test_the_therapist_sets_and_removes_a_plan(shot: Shot, tmp_path: Path) -> None:
    library = ProgrammeLibrary(
        ExerciseLibrary.load(CUE_FOLDER.parent / "exercises"), CUE_FOLDER.parent / "programmes"
    )
    changes = PlanCommands(tmp_path, lambda: PERSON, library)

    async def work() -> None:
        asked: list[str] = []
        screen = screen_with_plan(tmp_path, asked)

        def granted(command: str, start: int) -> str:
            """Carry out the newest request of a command, as the node does."""
            value = next(e for e in reversed(asked[start:]) if e.startswith(command))
            getattr(changes, command.removesuffix("_plan"))(value.removeprefix(f"{command} "))
            screen.show_answer(Answer(command, True))
            return value

        try:
            async with chromium.browse() as page:
                await page.open(f"{screen.server.url}therapist", 1180, 820)
                await page.wait_for("document.body.dataset.ready")
                entries = "document.getElementById('plan-entries').textContent"
                none = book().words["therapist_plan_none"]
                await page.wait_for(f"{entries} === {none!r}")
                today = date.today().isoformat()
                assert await page.run("document.getElementById('plan-start').value") == today
                await page.run("document.getElementById('plan-programme').value = 'knee'")
                await page.run("document.getElementById('plan-per-week').value = '9'")
                await page.run("document.getElementById('plan-set').click()")  # not allowed
                await page.run("document.getElementById('plan-per-week').value = '2'")
                await page.run("document.getElementById('plan-start').value = '1926-11-02'")
                await page.run("document.getElementById('plan-set').click()")  # a slip of the hand
                await page.run(f"document.getElementById('plan-start').value = '{today}'")
                await page.run("document.getElementById('plan-set').click()")
                request = {"programme": "knee", "days_per_week": 2, "start": today, "weeks": 6}
                await heard(asked, f"set_plan {json.dumps(request)}")
                assert sum(each.startswith("set_plan") for each in asked) == 1
                granted("set_plan", 0)
                await page.wait_for(f"{entries}.includes('Days this week: 0 / 2')")
                for name in ("monday", "thursday", "sunday"):
                    await page.run(f"document.querySelector('[value={name}]').click()")
                assert await page.run("document.getElementById('plan-per-week').disabled")
                await page.run("document.getElementById('plan-set').click()")
                days = ["monday", "thursday", "sunday"]
                named = {"programme": "knee", "days": days, "start": today, "weeks": 6}
                await heard(asked, f"set_plan {json.dumps(named)}")
                granted("set_plan", 0)
                await page.wait_for(f"{entries}.includes('Days a week: 3 (Mon, Thu, Sun)')")
                (entry,) = read_plan(tmp_path, PERSON).programmes
                assert (entry.per_week, entry.weekdays) == (3, (0, 3, 6))
                for answer in ("false", "true"):
                    await page.run(f"window.confirm = () => {answer}")
                    await page.run("document.querySelector('#plan-entries button').click()")
                place = {"programme": "knee", "start": today}
                await heard(asked, f"remove_plan {json.dumps(place)}")
                assert sum(each.startswith("remove_plan") for each in asked) == 1
                granted("remove_plan", 0)
                await page.wait_for(f"{entries} === {none!r}")
                plan_path(tmp_path, PERSON).write_text("programmes: knee\n")
                screen.show_answer(Answer("set_plan", True))
                problem = "document.getElementById('plan-problem').textContent"
                await page.wait_for(f"{problem}.includes('_plan.yaml:1: programmes is')")
        finally:
            await asyncio.to_thread(screen.close)

    asyncio.run(work())


@pytest.mark.parametrize("locale", ["en", "de", "es", "zh"])
def test_the_card_of_the_therapist_fits(shot: Shot, tmp_path: Path, locale: str) -> None:
    async def look() -> None:
        planned(tmp_path, "knee", "shoulder")
        screen = screen_with_plan(tmp_path, locale=locale)
        screen.show_event(session())
        try:
            async with chromium.browse() as page:
                for width, height in WINDOWS:
                    await page.open(f"{screen.server.url}therapist", width, height)
                    await page.wait_for("document.querySelectorAll('#plan-entries button').length")
                    none_kept = book(locale).words["percent_example"].replace("7", "0")
                    assert f": {none_kept}" in await text(page, "plan-entries")
                    await page.run("document.querySelector('.plan').scrollIntoView()")
                    await page.screenshot(tmp_path / f"card_{locale}_{width}.png")
                    card = "document.querySelector('.plan')"
                    assert not await page.run(f"{card}.scrollWidth > {card}.clientWidth + 1")
                    empty = "label span, h2, button, legend, p.hint"
                    assert not await page.run(
                        f"[...{card}.querySelectorAll('{empty}')].some((each) =>"
                        " each.checkVisibility() && /^$|undefined/.test(each.textContent))"
                    )
        finally:
            await asyncio.to_thread(screen.close)

    asyncio.run(look())
