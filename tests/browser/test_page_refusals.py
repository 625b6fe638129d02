"""What the coach refuses is said on the page, near what was pressed, until something is granted."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest

from apsa_feedback.outputs.base import Answer
from apsa_feedback.outputs.screen.output import ScreenOutput
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import RatingState, RequestErrorCode, SessionState
from apsa_perception.model.results import SetRating
from apsa_perception.model.sentences import Sentence
from apsa_perception.programmes.library import ProgrammeLibrary
from support.chromium import Page
from support.contrast import contrast_of, use_scheme
from support.feedback_cases import CUE_FOLDER, book, session
from support.page_cases import MARKS, fill, make_screen, opened, text

pytestmark = MARKS

UNDER_WAY = replace(
    session(state=SessionState.RESTING, target=10), programme="knee", exercise_count=5,
    exercise_number=3, set_number=1, set_count=2, seconds_left=42, next_exercise="lunge",
)  # fmt: skip
SIZES = [(1280, 800), (390, 844), (844, 390), (820, 1180)]
REFUSED = Answer(
    "skip", False, Sentence.NO_PROGRAMME.text(verb="skip a set"), RequestErrorCode.SESSION_STATE
)
BROKEN = (
    "mine.yaml:5: exercises[0].exercise is 'sqat'; did you mean squat? "
    "Expected one of the 57 in docs/exercises.md"
)
IN_VIEW = """((box) => box.width > 100 && box.top >= 0 && box.left >= 0 && box.right <= innerWidth
  && box.bottom <= innerHeight)(document.getElementById('%s').getBoundingClientRect())"""
USABLE = """[...document.querySelectorAll('#controls button')].every((button) => {
  const { left, right, top, bottom } = button.getBoundingClientRect();
  return document.elementFromPoint((left + right) / 2, (top + bottom) / 2) === button;
})"""


async def press(page: Page, asked: list[str], selector: str) -> str:
    """Press what a selector finds; return what the coach was asked for."""
    before = len(asked)
    await page.run(f"document.querySelector({selector!r}).click()")
    async with asyncio.timeout(5):
        while len(asked) == before:
            await asyncio.sleep(0.02)
    return asked[-1]


async def choose(page: Page, asked: list[str], name: str, value: str) -> str:
    """Choose from a list of the settings; return what the coach was asked for."""
    before = len(asked)
    await page.run(f"""((select) => {{
      select.value = {value!r};
      select.dispatchEvent(new Event("change"));
    }})(document.querySelector("#{name}-choice select"))""")
    async with asyncio.timeout(5):
        while len(asked) == before:
            await asyncio.sleep(0.02)
    return asked[-1]


async def wait_for_text(page: Page, name: str, wanted: str) -> None:
    await page.wait_for(f"document.getElementById('{name}').textContent === {json.dumps(wanted)}")


@pytest.mark.parametrize("locale", ["en", "de", "es", "zh"])
def test_a_refused_button_says_why_over_the_buttons_until_one_is_granted(
    tmp_path: Path, locale: str
) -> None:
    async def look() -> None:
        asked: list[str] = []
        screen = make_screen(asked, locale=locale)
        fill(screen)
        screen.show_event(UNDER_WAY)
        template = book(locale).sentences.get("no_programme", Sentence.NO_PROGRAMME.value)
        sentence = template.format(verb="skip a set")
        async with opened(screen) as page:
            for width, height in SIZES:
                await page.open(screen.server.url, width, height)
                await page.wait_for("document.querySelectorAll('#controls button').length === 4")
                assert await text(page, "refused") == ""
                assert await press(page, asked, "#controls button:nth-child(3)") == "skip"
                screen.show_answer(REFUSED)
                await wait_for_text(page, "refused", sentence)
                assert await page.run("document.getElementById('refused').role") == "alert"
                assert await page.run(IN_VIEW % "refused"), (width, height)
                assert await page.run(USABLE), (width, height)
                for scheme in ("dark", "light"):
                    await use_scheme(page, scheme)
                    await page.screenshot(tmp_path / f"refused_{width}_{scheme}.png")
                    assert await contrast_of(page, "#refused *") >= 4.5
                assert await press(page, asked, "#controls button:nth-child(1)") == "pause"
                screen.show_answer(Answer("pause", True))
                await wait_for_text(page, "refused", "")

    asyncio.run(look())


def test_what_others_are_refused_is_not_said() -> None:
    async def look() -> None:
        asked: list[str] = []
        screen = make_screen(asked)
        screen.show_event(UNDER_WAY)
        async with opened(screen) as page:
            await page.wait_for("document.querySelectorAll('#controls button').length === 4")
            screen.show_answer(REFUSED)
            await press(page, asked, "#controls button:nth-child(1)")
            screen.show_answer(Answer("pause", False, "not now", RequestErrorCode.BUSY))
            await wait_for_text(page, "refused", "not now")

    asyncio.run(look())


def test_a_refusal_goes_when_the_session_goes_on() -> None:
    async def look() -> None:
        asked: list[str] = []
        screen = make_screen(asked)
        screen.show_event(UNDER_WAY)
        async with opened(screen) as page:
            await page.wait_for("document.querySelectorAll('#controls button').length === 4")
            await press(page, asked, "#controls button:nth-child(3)")
            screen.show_answer(REFUSED)
            await page.wait_for("document.getElementById('refused').textContent")
            screen.show_event(replace(UNDER_WAY, seconds_left=41))
            await page.wait_for("document.body.innerText.includes('41')")
            assert await text(page, "refused") != ""
            screen.show_event(replace(UNDER_WAY, state=SessionState.RUNNING))
            await wait_for_text(page, "refused", "")

    asyncio.run(look())


def test_a_refused_choice_is_said_in_the_dialog_and_the_choice_returns(tmp_path: Path) -> None:
    chosen = "document.querySelector('#programme-choice select').value"

    async def look() -> None:
        asked: list[str] = []
        screen = make_screen(asked, locale="de")
        screen.show_event(UNDER_WAY)
        async with opened(screen) as page:
            for width, height in SIZES:
                await page.open(screen.server.url, width, height)
                await page.wait_for(f"{chosen} === 'knee'")
                await page.run("document.getElementById('settings-open').click()")
                assert await choose(page, asked, "programme", "shoulder") == "programme shoulder"
                screen.show_answer(
                    Answer("programme", False, BROKEN, RequestErrorCode.PROGRAMME_FILE)
                )
                general = book("de").words["refused_programme_file"]
                await wait_for_text(page, "settings-refused", f"{general}{BROKEN}")
                assert await page.run("document.querySelector('#settings-refused small').lang") == (
                    "en"
                )
                assert await text(page, "refused") == ""
                assert await page.run(IN_VIEW % "settings-refused"), (width, height)
                assert await page.run(chosen) == "knee"
                await page.screenshot(tmp_path / f"settings_{width}.png")
                await page.run("document.getElementById('settings-close').click()")
                await wait_for_text(page, "settings-refused", "")

    asyncio.run(look())


def test_a_refused_rating_is_said_in_the_questions() -> None:
    async def look() -> None:
        asked: list[str] = []
        screen = make_screen(asked)
        screen.show_event(replace(UNDER_WAY, rating=SetRating("s1", RatingState.ASKED)))
        async with opened(screen) as page:
            await page.wait_for("!document.getElementById('rating').hidden")
            assert (await press(page, asked, "#rating-skip")).startswith("rate ")
            sentence = Sentence.NO_SET_ENDED.text()
            screen.show_answer(Answer("rate", False, sentence, RequestErrorCode.SESSION_STATE))
            await wait_for_text(page, "rating-refused", sentence)
            screen.use_book(book("de"))  # the sentence is in the language before
            await wait_for_text(page, "rating-refused", "")

    asyncio.run(look())


def own_files(folder: Path) -> ScreenOutput:
    """A screen with own programmes and exercises, of which some have a mistake."""
    installed = CUE_FOLDER.parent
    squat = (installed / "exercises" / "squat.yaml").read_text()
    for name, content in {
        "exercises/deep.yaml": squat.replace("name: squat", "name: deep"),
        "exercises/broken.yaml": "name: broken\ntitle: Broken\n",
        "programmes/mine.yaml": "name: mine\ntitle: Mine\ndescription: A test.\nexercises:\n"
        "  - exercise: sqat\n    repetitions: 8\n",
        "programmes/My week.yaml": "name: week\n",
    }.items():
        file = folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(content)
    exercises = ExerciseLibrary.load(installed / "exercises", folder / "exercises")
    programmes = ProgrammeLibrary(exercises, installed / "programmes", folder / "programmes")
    return make_screen(locale="de", exercises=exercises, programmes=programmes)


def test_own_files_with_a_mistake_are_listed_with_it_and_cannot_be_chosen(tmp_path: Path) -> None:
    options = """[...document.querySelectorAll('#programme-choice option:disabled')]
      .map((each) => each.textContent)"""
    listed = """[...document.querySelectorAll('#programme-mistakes li')]
      .map((each) => [...each.children].map((part) => part.textContent))"""
    cards = """[...document.querySelectorAll('#picker .mistake')].filter((card) => !card.hidden)
      .map((card) => [...card.children].map((part) => part.textContent))"""
    buttons = "[...document.querySelectorAll('#picker button')].map((card) => card.dataset.name)"

    async def look() -> None:
        screen = own_files(tmp_path)
        screen.show_event(session())
        words = book("de").words
        async with opened(screen) as page:
            for width, height in ((390, 844), (820, 1180)):
                await page.open(screen.server.url, width, height)
                await page.wait_for("document.body.dataset.session === 'running'")
                await page.run("document.getElementById('settings-open').click()")
                await page.wait_for("document.querySelectorAll('#programme-mistakes li').length")
                assert await page.run(options) == ["–", "✕ My week", "✕ mine"]
                (_, _, allowed), (name, reason, detail) = await page.run(listed)
                assert (name, reason) == ("✕ mine", words["refused_programme_file"])
                assert detail.startswith(
                    "mine.yaml:5: exercises[0].exercise is 'sqat'; did you mean squat?"
                )
                assert "My week.yaml is not allowed as the name of a programme file" in allowed
                await page.run("document.getElementById('exercise-open').click()")
                await page.wait_for("document.querySelector('#picker .mistake')")
                ((name, reason, detail),) = await page.run(cards)
                assert (name, reason) == ("✕ broken", words["refused_exercise_file"])
                assert detail.startswith("broken.yaml:1: the file needs either 'primary'")
                names = await page.run(buttons)
                assert "deep" in names
                assert "broken" not in names
                for scheme in ("dark", "light"):
                    await use_scheme(page, scheme)
                    assert await contrast_of(page, "#picker .mistake *") >= 4.5
                    card = "document.querySelector('#picker .mistake')"
                    await page.run(f"{card}.scrollIntoView()")
                    await page.screenshot(tmp_path / f"exercises_{width}_{scheme}.png")
                await page.run("document.getElementById('picker-close').click()")
                for scheme in ("dark", "light"):
                    await use_scheme(page, scheme)
                    assert await contrast_of(page, "#programme-mistakes *") >= 4.5
                    await page.screenshot(tmp_path / f"programmes_{width}_{scheme}.png")
            screen.use_book(book("es"))
            reason = book("es").words["refused_programme_file"]
            first = f"({listed})[1]?.[1]"
            await page.wait_for(f"{first} === {json.dumps(reason)}")
            file = tmp_path / "programmes" / "mine.yaml"
            file.write_text(file.read_text().replace("sqat", "squat"))
            await page.run("document.getElementById('settings-close').click()")
            await page.run("document.getElementById('settings-open').click()")
            await page.wait_for("document.querySelectorAll('#programme-mistakes li').length === 1")
            chosen = "document.querySelector('#programme-choice option[value=mine]')"
            assert await page.run(f"{chosen}.textContent") == "Mine"
            assert not await page.run(f"{chosen}.disabled")

    asyncio.run(look())


def test_a_therapist_sees_the_same_mistakes(tmp_path: Path) -> None:
    listed = """[...document.querySelectorAll('#mistakes li')]
      .map((each) => [...each.children].map((part) => part.textContent))"""

    async def look() -> None:
        screen = own_files(tmp_path)
        screen.show_event(session())
        words = book("de").words
        async with opened(screen) as page:
            for width, height in ((390, 844), (1180, 820)):
                await page.open(f"{screen.server.url}therapist", width, height)
                await page.wait_for("document.querySelectorAll('#mistakes li').length === 3")
                (exercise, reason, where), _, (programme, why, line) = await page.run(listed)
                assert (exercise, reason) == ("✕ broken", words["refused_exercise_file"])
                assert where.startswith("broken.yaml:1: ")
                assert (programme, why) == ("✕ mine", words["refused_programme_file"])
                assert line.startswith(
                    "mine.yaml:5: exercises[0].exercise is 'sqat'; did you mean squat?"
                )
                for scheme in ("dark", "light"):
                    await use_scheme(page, scheme)
                    assert await contrast_of(page, "#mistakes *") >= 4.5
                await page.run("document.querySelector('.choices').scrollIntoView()")
                await page.screenshot(tmp_path / f"therapist_{width}.png")
            file = tmp_path / "programmes" / "mine.yaml"
            file.write_text(file.read_text().replace("sqat", "squat"))
            await page.call("Emulation.setFocusEmulationEnabled", enabled=True)
            await page.run("document.querySelector('#programme-choice select').focus()")
            await page.wait_for("document.querySelectorAll('#mistakes li').length === 2")
            chosen = "document.querySelector('#programme-choice option[value=mine]')"
            await page.wait_for(f"{chosen}?.textContent === 'Mine'")
            assert (
                await page.run("document.querySelector('#exercise-choice select').value") == "squat"
            )

    asyncio.run(look())
