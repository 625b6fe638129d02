"""The screen output: its content, privacy, language and exercises."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest

from apsa_feedback.outputs.base import OutputContext
from apsa_feedback.outputs.screen.content import ScreenContent
from apsa_feedback.outputs.screen.frame_header import frame
from apsa_feedback.outputs.screen.output import ScreenOutput
from apsa_feedback.stream.session_tracker import NewSession
from apsa_feedback.stream.views import View
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import Grade, NotJudgedReason
from apsa_perception.model.results import MeasureResult
from support.feedback_cases import book, error, live, ns, repetition, session, skeleton
from support.paths import ROOT
from support.screen_cases import PICTURE, SETTINGS, make_output, next_frame, next_of


def test_the_state_has_count_quality_and_target() -> None:
    content = ScreenContent(book())
    content.on_event(session(target=5, repetitions=1))
    hidden = NotJudgedReason.JOINTS_HIDDEN
    for event in (*repetition(3.0, 1), *repetition(6.0, 2, grade=Grade.NOT_JUDGED, reason=hidden)):
        content.on_event(event)  # type: ignore[arg-type]
    state = content.state()
    assert (state["count"], state["target"], state["session"]) == (2, 5, "running")
    assert [(each["score"], each["grade"]) for each in state["qualities"]] == [
        (90, "good"),
        (None, "not_judged"),
    ]
    assert (state["average"], state["unjudged"]) == (90, 1)
    assert state["aim"] == {"measure": "knee_flexion", "rest": 10.0, "target": 90.0}
    content.on_event(NewSession(ns(7.0)))
    content.on_event(session(7.0, session_id="s2"))
    assert content.state()["average"] is None
    assert content.state()["qualities"] == []


def test_a_frame_without_pixels_is_drawn_from_positions_without_nan() -> None:
    hindered = MeasureResult("knee_flexion", float("nan"), "deg", reason="not seen")
    errors = live(1.0, error(), measures=(hindered,))
    view = View(0, skeleton(1.0).skeletons, (0, 0), None, errors)
    header = frame(view, book())
    json.dumps(header, allow_nan=False)
    assert header["measures"][0]["value"] is None
    assert header["people"][0][0] == [320.0, 240.0, 1]


def test_a_frame_says_who_is_coached_and_the_state_who_was_selected() -> None:
    bodies = tuple(skeleton(1.0, body_id=number).skeletons[0] for number in (3, 7))
    header = frame(View(0, bodies, (640, 480), None, live(1.0, body_id=7)), book())
    assert (header["ids"], header["exerciser"], len(header["people"])) == ([3, 7], 7, 2)
    assert frame(View(0, bodies), book())["exerciser"] == 0
    content = ScreenContent(book())
    assert content.state()["selected"] == 0
    content.on_event(replace(session(), selected_body_id=7))
    assert content.state()["selected"] == 7


def test_private_mode_never_sends_a_picture() -> None:
    async def watch() -> bytes:
        output = make_output(picture=False)
        try:
            async with (
                aiohttp.ClientSession(output.server.url) as web,
                web.ws_connect("/live") as viewer,
            ):
                await next_of(viewer, "hello")
                assert not output.wants_picture
                output.show_view(View(0, (), (640, 480), PICTURE))
                return (await next_frame(viewer))[1]
        finally:
            await asyncio.to_thread(output.close)

    assert asyncio.run(watch()) == b""


def test_a_viewer_cannot_show_a_picture_that_the_operator_withholds() -> None:
    async def watch(picture: bool) -> list[bool]:
        output = make_output(picture)
        try:
            async with (
                aiohttp.ClientSession(output.server.url) as web,
                web.ws_connect("/live") as viewer,
            ):
                shown = []
                await next_of(viewer, "hello")
                for value in ("false", "true"):
                    await viewer.send_json({"command": "picture", "value": value})
                    if picture:
                        while (await next_of(viewer, "state"))["picture"] != (value == "true"):
                            pass
                    else:
                        await asyncio.sleep(0.1)
                    output.show_view(View(0, (), (640, 480), PICTURE))
                    shown.append(bool((await next_frame(viewer))[1]))
                return shown
        finally:
            await asyncio.to_thread(output.close)

    assert asyncio.run(watch(picture=True)) == [False, True]
    assert asyncio.run(watch(picture=False)) == [False, False]


def test_a_change_of_language_sends_hello_to_every_viewer_again() -> None:
    async def watch() -> None:
        output = make_output(picture=False)
        try:
            async with (
                aiohttp.ClientSession(output.server.url) as web,
                web.ws_connect("/live") as viewer,
            ):
                assert (await next_of(viewer, "hello"))["locale"] == "en"
                output.use_book(book("es"))
                assert (await next_of(viewer, "hello"))["words"]["pause"] == "Pausa"
                async with web.ws_connect("/live") as later:
                    assert (await next_of(later, "hello"))["locale"] == "es"
        finally:
            await asyncio.to_thread(output.close)

    asyncio.run(watch())


def test_an_exercise_that_is_recorded_meanwhile_can_be_chosen(tmp_path: Path) -> None:
    text = (ROOT / "config" / "exercises" / "squat.yaml").read_text()
    (tmp_path / "squat.yaml").write_text(text)
    settings = replace(SETTINGS, picture=False)
    context = OutputContext(book(), settings, print, exercises=ExerciseLibrary.load(tmp_path))
    output = ScreenOutput.open(context)

    async def watch() -> None:
        async with (
            aiohttp.ClientSession(output.server.url) as web,
            web.ws_connect("/live") as viewer,
        ):
            assert list((await next_of(viewer, "hello"))["exercises"]) == ["auto", "squat"]
            new = text.replace("name: squat", "name: deep").replace("title: Squat", "title: Deep")
            (tmp_path / "deep.yaml").write_text(new)
            output.show_event(session())
            told = (await next_of(viewer, "hello"))["exercises"]
            assert told == {"auto": "Recognise the exercise", "deep": "Deep", "squat": "Squat"}

    try:
        asyncio.run(watch())
    finally:
        output.close()


@pytest.mark.faults
def test_the_page_shows_the_session_of_before_a_crash() -> None:
    output = make_output(picture=False)
    try:
        output.restore([session(repetitions=1), *repetition(3.0, 1)])  # type: ignore[list-item]
        state = output._content.state()
    finally:
        output.close()
    assert (state["count"], state["average"]) == (1, 90)
