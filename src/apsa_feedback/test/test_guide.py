"""How an exercise is done, as page and report get it."""

import asyncio
import itertools
import re
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest

from apsa_feedback.outputs.base import OutputContext
from apsa_feedback.outputs.guide import Guides, guide
from apsa_feedback.outputs.report.figure import drawings
from apsa_feedback.outputs.report.svg import markup
from apsa_feedback.outputs.screen.output import ScreenOutput
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.exercises.region import GROUPS
from apsa_perception.model.joints import JOINT_COUNT
from apsa_perception.model.sentences import Sentence
from support.feedback_cases import CUE_FOLDER, book
from support.runs import EXERCISES
from support.screen_cases import SETTINGS


def test_every_exercise_is_described_in_every_language() -> None:
    for locale in ("de", "es", "zh"):
        texts = [guide(each, book(locale))["description"] for each in EXERCISES]
        assert len(set(texts)) >= len(texts) - 2, locale
        assert not set(texts) & {each.description for each in EXERCISES}, locale


def test_a_recorded_exercise_is_described_in_every_language() -> None:
    described = Sentence.RECORDED_MOVEMENT.text(measure="knee angle", start="170", end="92")
    own = replace(EXERCISES.get("squat"), name="my_squat", description=described)
    assert guide(own, book())["description"] == described
    for locale in ("de", "es", "zh"):
        text = guide(own, book(locale))["description"]
        assert book(locale).words["measure_knee_angle"] in text
        assert "170°" in text
        assert not re.search("[a-z]+ from", text)
    edited = replace(own, description="Sit back.")
    assert guide(edited, book("de"))["description"] == "Sit back."


def test_an_exercise_for_either_side_shows_both_in_turn() -> None:
    march, squat = (guide(EXERCISES.get(name), book()) for name in ("march", "squat"))
    left, right = march["cycles"]
    assert left != right
    assert len(squat["cycles"]) == 1
    assert {len(pose) for pose in left} == {JOINT_COUNT}
    assert squat["camera"] == ["from the front", "at an angle", "from the side"]
    assert squat["seconds"] == 2.0


def test_an_exercise_without_a_figure_keeps_its_text() -> None:
    shown = guide(replace(EXERCISES.get("squat"), figure=None), book())
    assert shown["cycles"] == []
    assert shown["description"].startswith("Sit back")


def test_every_exercise_can_be_found_by_group_and_picture(tmp_path: Path) -> None:
    text = (CUE_FOLDER.parent / "exercises" / "squat.yaml").read_text()
    own = text.replace("name: squat", "name: my_squat").replace("title: Squat", "title: Mine")
    (tmp_path / "my_squat.yaml").write_text(own)
    pictures = Guides(ExerciseLibrary.load(own=tmp_path)).pictures(book("de"))
    by_name = {each["name"]: each for each in pictures}
    assert set(by_name) == {"auto", "my_squat", *EXERCISES.names}
    groups = {name: each["group"] for name, each in by_name.items()}
    assert set(groups.values()) == set(GROUPS)
    names = ("my_squat", "squat", "arm_raise", "trunk_tilt", "sit_up", "plank")
    expected = ["own", "legs", "arms", "trunk", "floor", "holds"]
    assert [groups[name] for name in names] == expected
    assert by_name["squat"]["title"] == "Kniebeuge"
    assert "Oberschenkel" in by_name["squat"]["words"]
    start, turn = by_name["squat"]["bodies"]
    assert start != turn
    assert {name for name, each in by_name.items() if not each["bodies"]} == {"auto", "my_squat"}


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("crunch", "sit_up"),
        ("calf raise", "heel_raise"),
        ("chair stand", "sit_to_stand"),
        ("lateral raise", "arm_raise"),
        ("lateral raise", "shoulder_abduction"),
        ("side leg raise", "standing_hip_abduction"),
        ("deadlift", "hip_hinge"),
        ("glute bridge", "bridge"),
        ("bicep curl", "biceps_curl"),
        ("Wadenheben", "heel_raise"),
        ("卷腹", "sit_up"),
    ],
)
def test_an_exercise_is_searched_by_what_people_call_it(wanted: str, name: str) -> None:
    pictures = {each["name"]: each["words"] for each in Guides(EXERCISES).pictures(book("es"))}
    assert wanted in pictures[name]


def test_the_figure_of_a_report_moves_from_start_to_turning_point_and_back() -> None:
    for name in ("squat", "march", "plank"):
        shown = guide(EXERCISES.get(name), book())
        found = drawings(shown)
        moving, stills = markup(found["moving"]), [markup(still) for still in found["stills"]]
        assert len(set(stills)) == 2
        paths = re.search(r'attributeName="d".* values="([^"]+)"', element_of(moving, "near"))
        assert paths is not None
        values = paths[1].split(";")
        assert values[0] in stills[0]
        assert any(value in stills[1] for value in values)
        times = [float(t) for t in re.search(r'keyTimes="([^"]+)"', moving)[1].split(";")]  # type: ignore[index]
        assert times[0] == 0.0
        assert times[-1] == 1.0
        assert all(one <= other for one, other in itertools.pairwise(times))
        assert len(times) == len(values)


def element_of(drawing: str, part: str) -> str:
    """The element of a drawing with this class."""
    return drawing[drawing.index(f'class="{part}"') :].split("</path>")[0]


def test_the_page_asks_for_one_exercise() -> None:
    settings = replace(SETTINGS, picture=False)
    output = ScreenOutput.open(OutputContext(book(), settings, print, exercises=EXERCISES))

    async def ask() -> None:
        async with aiohttp.ClientSession(output.server.url) as web:
            async with web.get("/guide/squat") as answer:
                assert (await answer.json())["title"] == "Squat"
            async with web.get("/guide/") as answer:
                assert len(await answer.json()) == 1 + len(EXERCISES)
            for name in ("nothing", "..%2Fcues%2Fen", "%00"):
                async with web.get(f"/guide/{name}") as answer:
                    assert answer.status == 404

    try:
        asyncio.run(ask())
    finally:
        output.close()
