"""The therapist's view on its own device, while the page of the patient stays as it is."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from apsa_feedback.outputs.base import Answer
from apsa_feedback.outputs.screen.output import ScreenOutput
from apsa_feedback.stream.views import View
from apsa_perception.model.codes import ErrorCode, RequestErrorCode, SessionEvent, SessionState
from apsa_perception.model.results import MeasureResult
from support import chromium
from support.feedback_cases import book, error, live, repetition, session
from support.page_cases import MARKS, Shot, make_screen, opened, show_scores, text

pytestmark = MARKS

SIZES = ((820, 1180), (1180, 820), (390, 844), (1920, 1080))
MEASURES = (
    MeasureResult("knee_angle", 95.0, "deg", uncertainty=20.0),
    MeasureResult("trunk_lean_forward", 50.0, "deg", uncertainty=8.0),
    MeasureResult("trunk_lean_lateral", -2.0, "deg"),
)
CUT_OFF = """[...document.querySelectorAll("main :is(button, a)")].filter((each) => {
  const range = document.createRange();
  range.selectNodeContents(each);
  const [text, box] = [range, each].map((one) => one.getBoundingClientRect());
  return each.checkVisibility() && (text.left < box.left + 4 || text.right > box.right - 4);
}).map((each) => each.textContent)"""
"""Buttons whose text reaches their edge."""
FORWARD = "document.querySelector('[data-name=trunk_lean_forward]')"


def view(shot: Shot, stamp: int, *, leaning: bool) -> View:
    """A frame in which the trunk leans beyond its first limit, with or without the error."""
    lean = replace(error(ErrorCode.TRUNK_LEAN_FORWARD), measure="trunk_lean_forward")
    frame = replace(live(0.0, *([lean] if leaning else []), measures=MEASURES), stamp_ns=stamp)
    return replace(shot.view(stamp), live=frame)


async def choose(page: chromium.Page, name: str, value: str) -> None:
    """Enter a value as a person does."""
    await page.run(f"""(() => {{
      const element = document.getElementById({name!r});
      element.value = {value!r};
      element.dispatchEvent(new Event("change"));
    }})()""")


async def click(page: chromium.Page, name: str) -> None:
    """Press a button."""
    await page.run(f"document.getElementById({name!r}).click()")


async def heard(asked: list[str], *expected: str) -> None:
    """Wait until everything was asked for."""
    async with asyncio.timeout(5):
        while not all(each in asked for each in expected):
            await asyncio.sleep(0.02)


@asynccontextmanager
async def both(screen: ScreenOutput) -> AsyncIterator[tuple[chromium.Page, chromium.Page]]:
    """The pages of the patient and of the therapist, each with a storage of its own."""
    async with (
        opened(screen) as patient,
        chromium.browse() as page,
    ):
        await page.open(f"{screen.server.url}therapist", 1180, 820)
        await page.wait_for("document.body.dataset.ready")
        yield patient, page


def test_measures_have_limits_and_both_pages_are_live(shot: Shot) -> None:
    async def look() -> None:
        screen = make_screen()
        screen.show_event(session(target=10))
        async with both(screen) as (patient, page):
            for stamp, leaning, state in ((1, False, "beyond"), (2, True, "moderate")):
                screen.show_view(view(shot, stamp, leaning=leaning))
                for each in (patient, page):
                    await each.wait_for(f"document.body.dataset.stamp === '{stamp}'")
                assert await page.run(f"{FORWARD}.dataset.state") == state
            assert await page.run(f"{FORWARD}.children[1].textContent") == "50° ± 8"
            limits = await page.run(f"{FORWARD}.nextSibling.textContent")
            shown = "Leaning forward: error above 45° (mild), 55° (moderate), 65° (severe)"
            assert limits.replace("\u00a0", " ") == shown
            sideways = "document.querySelector('[data-name=trunk_lean_lateral]')"
            limits = await page.run(f"{sideways}.nextSibling.textContent")
            shown = "error above ± 15° (mild), ± 20° (moderate), ± 30° (severe) from rest"
            assert shown in limits.replace("\u00a0", " ")
            assert await text(page, "aim") == "Target: Knee angle 90°"
            show_scores(screen, 0.9, 0.4)
            for event in repetition(9.0, 3, error()):
                screen.show_event(event)  # type: ignore[arg-type]
            await page.wait_for("document.querySelectorAll('#repetitions tr').length === 4")
            newest = await page.run("document.getElementById('repetitions').firstChild.textContent")
            assert newest.startswith("392°")  # number and turning point
            errors = await page.run("document.querySelector('#repetitions .errors').textContent")
            assert errors == "Knees inwards 15° (error above 10°)"
            assert await text(patient, "count") == await text(page, "count") == "3"
            assert await text(patient, "count-target") == " / 10"
            assert await patient.run("document.getElementById('measures')") is None

    asyncio.run(look())


def test_the_view_fits_every_screen_in_every_language(shot: Shot, tmp_path: Path) -> None:
    async def look() -> None:
        screen = make_screen(person="P-017", people=lambda: ["P-017", "P-018"])
        screen.show_event(session())
        show_scores(screen, 0.9, 0.4, 0.7)
        async with both(screen) as (_, page):
            for locale in ("en", "de", "es", "zh"):
                screen.use_book(book(locale))
                await page.wait_for(f"document.body.dataset.ready === '{locale}'")
                for width, height in SIZES:
                    await page.call(
                        "Emulation.setDeviceMetricsOverride",
                        width=width, height=height, deviceScaleFactor=1, mobile=width < 600,
                    )  # fmt: skip
                    screen.show_view(view(shot, width, leaning=True))
                    await page.wait_for(f"document.body.dataset.stamp === '{width}'")
                    boards = "document.querySelector('.boards')"
                    assert not await page.run(f"{boards}.scrollWidth > {boards}.clientWidth + 1")
                    assert not await page.run("document.documentElement.scrollWidth > innerWidth")
                    cut = await page.run(CUT_OFF)
                    assert cut == []
                    empty = "label span, h2, button, #controls button, .verdict"
                    assert not await page.run(
                        f"[...document.querySelectorAll('{empty}')].some((each) =>"
                        " each.checkVisibility() && /^$|undefined/.test(each.textContent))"
                    )
                    await page.screenshot(tmp_path / f"therapist_{locale}_{width}.png")

    asyncio.run(look())


def test_exercises_are_in_groups_and_every_control_has_a_name_of_its_own() -> None:
    async def look() -> None:
        screen = make_screen()
        screen.show_event(session())
        async with both(screen) as (_, page):
            for locale in ("en", "de", "es", "zh"):
                screen.use_book(book(locale))
                await page.wait_for(f"document.body.dataset.ready === '{locale}'")
                words = book(locale).words
                groups = "document.querySelectorAll('#exercise-choice optgroup')"
                names = [words[f"group_{each}"] for each in ("legs", "arms", "trunk", "floor")]
                assert await page.run(f"[...{groups}].map((each) => each.label)") == [
                    *names,
                    words["group_holds"],
                ]
                titles = await page.run(f"[...{groups}[0].children].map((each) => each.text)")
                assert book(locale).title("squat", "Squat") in titles
                before = "[...document.querySelectorAll('#exercise-choice select > option')]"
                top = await page.run(f"{before}.map((each) => each.value)")
                assert top == ["", "auto"]
                assert await page.run(
                    "document.querySelector('#exercise-choice select').value"
                ) == ("squat")
                named = await page.run("""[...document.querySelectorAll("h2, label > span")]
                  .filter((each) => each.checkVisibility())
                  .map((each) => each.textContent.trim())""")
                assert len(named) == len(set(named)), named

    asyncio.run(look())


def test_values_have_the_decimal_mark_of_the_language() -> None:
    async def look() -> None:
        screen = make_screen()
        screen.show_event(session())
        for event in repetition(3.0, 1):
            screen.show_event(event)  # type: ignore[arg-type]
        async with both(screen) as (_, page):
            for locale, mark in (("en", "."), ("de", ","), ("es", ","), ("zh", ".")):
                screen.use_book(book(locale))
                await page.wait_for(f"document.body.dataset.ready === '{locale}'")
                shown = "document.querySelector('#repetitions td:nth-child(5)').textContent"
                await page.wait_for(f"/^\\d\\{mark}\\d\\d s$/.test({shown})")
                limits = await page.run("document.getElementById('measures').textContent")
                other = "." if mark == "," else ","
                assert not re.search(rf"\d\{other}\d", limits)
                assert re.search(rf"\d\{mark}\d", limits)

    asyncio.run(look())


def test_targets_teach_in_and_choices_are_asked_for_and_answered() -> None:
    async def ask() -> None:
        asked: list[str] = []
        screen = make_screen(asked)
        screen.show_event(session())
        async with both(screen) as (_, page):
            await heard(asked, "targets")
            values = {"target_repetitions": 5, "pain_limit": 6, "wait_until_ready": True}
            values["hand_signal"] = True
            screen.show_answer(Answer("targets", True, values=values))
            await page.wait_for("document.getElementById('target-repetitions').value === '5'")
            assert await page.run("document.getElementById('wait-until-ready').checked")
            await click(page, "hand-signal")
            await heard(asked, 'set_target {"hand_signal": false}')
            await choose(page, "target-repetitions", "8")
            await page.run("document.getElementById('pain-limit').focus()")
            await choose(page, "pain-limit", "11")  # the scale ends at 10
            assert await page.run("document.getElementById('pain-limit').value") == "6"
            allowed = book().words["therapist_whole_number"]
            assert await text(page, "pain-limit-refused") == f"✕ 11 {allowed} 0–10"
            assert not await text(page, "target-repetitions-refused")
            await choose(page, "pain-limit", "5")
            assert not await text(page, "pain-limit-refused")
            await heard(asked, 'set_target {"target_repetitions": 8}')
            assert not any('"pain_limit": 11' in each for each in asked)
            await click(page, "teach-next")  # without a name nothing is asked for
            await choose(page, "teach-name", "my_squat")
            await click(page, "teach-next")
            request = {"name": "my_squat", "title": "", "repetitions": 5}
            await heard(asked, f"record_reference {json.dumps(request)}")
            await click(page, "teach-past")
            await heard(asked, f"record_reference {json.dumps({**request, 'repetitions': 0})}")
            assert sum(each.startswith("record_reference") for each in asked) == 2
            screen.show_answer(
                Answer("record_reference", False, "it exists", RequestErrorCode.EXERCISE_EXISTS)
            )
            await page.wait_for("!document.getElementById('answer').hidden")
            assert await text(page, "answer-text") == f"✕ {book().words['refused_exercise_exists']}"
            assert await text(page, "answer-detail") == "it exists"
            failed = "recording my_squat failed: 1 of 5 repetitions were seen within 120 s"
            news = replace(session(), event=SessionEvent.RECORDING_FAILED, message=failed)
            screen.show_event(news)
            await page.wait_for(f"document.getElementById('detail').textContent === {failed!r}")
            await page.run("""(() => {
              const select = document.querySelector("#exercise-choice select");
              select.value = "lunge";
              select.dispatchEvent(new Event("change"));
            })()""")
            await heard(asked, "exercise lunge")
            screen.show_event(replace(session(), programme="knee", set_number=1, set_count=3))
            await page.wait_for("document.getElementById('target-repetitions').disabled")

    asyncio.run(ask())


def test_a_person_is_chosen_between_sessions_and_deleted_after_a_confirmation() -> None:
    async def ask() -> None:
        asked: list[str] = []
        people = ["P-017", "P-018"]
        screen = make_screen(asked, person="P-017", people=lambda: list(people))
        screen.show_event(session())
        disabled = "document.getElementById('person-choose').disabled"
        options = "[...document.querySelectorAll('#people option')].map((one) => one.value)"
        async with both(screen) as (patient, page):
            assert await page.run(disabled)
            assert await text(page, "person-hint")
            screen.show_event(session(state=SessionState.CLOSED))
            await page.wait_for(f"!{disabled}")
            assert await page.run(options) == ["", "P-017", "P-018"]
            await choose(page, "people", "P-018")
            await click(page, "person-choose")
            await heard(asked, "choose_person P-018")
            screen.use_person("P-018")
            for each in (patient, page):
                shown = "document.querySelector('#person-name, #person-label')"
                await each.wait_for(f"{shown}.textContent.endsWith('P-018')")
            await choose(page, "person-new", "P-021")
            await click(page, "person-choose")
            await click(page, "range-assess")
            await heard(asked, "choose_person P-021", "assess_range")
            for answer in ("false", "true"):
                await page.run(f"window.confirm = () => {answer}")
                await click(page, "person-delete")
            await heard(asked, "delete_person P-018")
            assert asked.count("delete_person P-018") == 1
            people.remove("P-018")
            screen.use_person("")
            screen.show_answer(Answer("delete_person", True))
            await page.wait_for(f"JSON.stringify({options}) === JSON.stringify(['', 'P-017'])")

    asyncio.run(ask())


def test_the_patients_menu_leads_to_the_view_and_back() -> None:
    async def visit() -> None:
        async with opened(make_screen()) as page:
            await page.run("document.getElementById('settings-open').click()")
            assert await text(page, "therapist-open") == "Therapist's view"
            await page.run("document.getElementById('therapist-open').click()")
            await page.wait_for("document.body?.dataset.ready")
            await page.run("document.getElementById('patient-open').click()")
            await page.wait_for("document.getElementById('count-label')?.textContent")

    asyncio.run(visit())
