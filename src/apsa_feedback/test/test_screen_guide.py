"""How an exercise is done, as the page gets it."""

import asyncio
from dataclasses import replace

import aiohttp

from apsa_feedback.outputs.base import OutputContext
from apsa_feedback.outputs.screen.guide import guide
from apsa_feedback.outputs.screen.output import ScreenOutput
from apsa_perception.exercises.figure_file import load_figures
from apsa_perception.model.joints import JOINT_COUNT
from support.feedback_cases import book
from support.paths import ROOT
from support.runs import EXERCISES
from support.screen_cases import SETTINGS

FIGURES = load_figures(ROOT / "config" / "figures.yaml")


def test_every_exercise_is_described_in_every_language() -> None:
    for locale in ("de", "es", "zh"):
        texts = [guide(each, None, book(locale))["description"] for each in EXERCISES]
        assert len(set(texts)) >= len(texts) - 2, locale
        assert not set(texts) & {each.description for each in EXERCISES}, locale


def test_an_exercise_for_either_side_shows_both_in_turn() -> None:
    march, squat = (
        guide(EXERCISES.get(name), FIGURES[name], book()) for name in ("march", "squat")
    )
    left, right = march["cycles"]
    assert left != right
    assert len(squat["cycles"]) == 1
    assert {len(pose) for pose in left} == {JOINT_COUNT}
    assert squat["camera"] == ["from the front", "at an angle", "from the side"]
    assert squat["seconds"] == 2.0


def test_an_exercise_without_a_figure_keeps_its_text() -> None:
    shown = guide(EXERCISES.get("squat"), None, book())
    assert shown["cycles"] == []
    assert shown["description"].startswith("Sit back")


def test_the_page_asks_for_one_exercise() -> None:
    settings = replace(SETTINGS, picture=False)
    output = ScreenOutput.open(OutputContext(book(), settings, print, exercises=EXERCISES))

    async def ask() -> None:
        async with aiohttp.ClientSession(output.server.url) as web:
            async with web.get("/guide/squat") as answer:
                assert (await answer.json())["title"] == "Squat"
            for name in ("nothing", "..%2Fcues%2Fen", "%00"):
                async with web.get(f"/guide/{name}") as answer:
                    assert answer.status == 404

    try:
        asyncio.run(ask())
    finally:
        output.close()
