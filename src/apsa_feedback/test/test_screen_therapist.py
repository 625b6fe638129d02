"""The server to a therapist beside a patient: who gets what, and by which address."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import aiohttp
import pytest

from apsa_feedback.outputs.base import Answer, OutputContext
from apsa_feedback.outputs.screen.output import ScreenOutput
from apsa_feedback.outputs.screen.viewer_token import TOKEN_VARIABLE
from apsa_feedback.stream.views import View
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import RequestErrorCode
from support.feedback_cases import book, error, live, repetition, session, skeleton
from support.screen_cases import PICTURE, SETTINGS, next_frame, next_of, served

TOKEN = "a token of some length"


@asynccontextmanager
async def watched() -> AsyncIterator[
    tuple[ScreenOutput, aiohttp.ClientWebSocketResponse, aiohttp.ClientWebSocketResponse]
]:
    """A screen with a patient and a therapist."""
    context = OutputContext(
        book(),
        SETTINGS,
        print,
        exercises=ExerciseLibrary.load(),
        person="P-017",
        people=lambda: ["P-017", "P-018"],
    )
    screen = ScreenOutput.open(context)
    try:
        async with (
            aiohttp.ClientSession(f"http://127.0.0.1:{screen.server.port}") as web,
            web.ws_connect("/live", max_msg_size=0) as patient,
            web.ws_connect("/live?view=therapist", max_msg_size=0) as therapist,
        ):
            await next_of(patient, "state")
            await next_of(therapist, "therapist")
            yield screen, patient, therapist
    finally:
        await asyncio.to_thread(screen.close)


def test_only_a_therapist_gets_limits_repetitions_and_states() -> None:
    async def watch() -> None:
        async with watched() as (screen, patient, therapist):
            screen.show_event(session())
            assert (await next_of(therapist, "therapist"))["target"]["value"] == 90
            for event in repetition(3.0, 1, error()):
                screen.show_event(event)  # type: ignore[arg-type]
            async with asyncio.timeout(5):
                while not (await next_of(therapist, "therapist"))["repetitions"]:
                    pass
            frame = live(4.0, error())
            people = skeleton(4.0).skeletons
            screen.show_view(View(frame.stamp_ns, people, (640, 480), PICTURE, frame))
            plain, picture = await next_frame(patient)
            full, same = await next_frame(therapist)
            assert full["states"] == ["free", "moderate"]
            assert {*full} - {*plain} == {"states", "uncertainties"}
            assert picture == same
            screen.show_answer(Answer("pause", False, "no session", RequestErrorCode.SESSION_STATE))
            answer = await next_of(therapist, "answer")
            reason = book().words["refused_session_state"]
            assert (answer["reason"], answer["detail"]) == (reason, "no session")
            screen.show_event(session(repetitions=2))
            kinds = set()
            async with asyncio.timeout(5):
                while "state" not in kinds:
                    kinds.add((await patient.receive_json())["type"])
            assert kinds == {"state"}

    asyncio.run(watch())


def test_a_viewer_gets_the_answers_to_its_own_commands() -> None:
    async def ask() -> None:
        heard: list[str] = []
        commands = {name: (lambda name=name: heard.append(name)) for name in ("skip", "repeat")}
        async with (
            served(commands=commands) as (server, web),
            web.ws_connect("/live") as patient,
            web.ws_connect("/live") as other,
            web.ws_connect("/live?view=therapist") as therapist,
        ):
            for each in (patient, other, therapist):
                await next_of(each, "hello")
            await patient.send_json({"command": "unknown"})
            for _ in range(2):
                await patient.send_json({"command": "skip"})
            await other.send_json({"command": "repeat"})
            async with asyncio.timeout(5):
                while len(heard) < 3:
                    await asyncio.sleep(0.02)
            answers = ["skip", "repeat", "skip", "skip", "unknown"]  # the third skip is another's
            for name in answers:
                server.show_answer({"command": name, "success": False})
            server.show_state({})
            got: list[list[str]] = []
            for each in (patient, other, therapist):
                messages = []
                async with asyncio.timeout(5):
                    while (message := await each.receive_json())["type"] != "state":
                        messages.append(message["command"])
                got.append(messages)
            # A state overtakes answers that wait with it.
            for each, messages in zip((patient, other, therapist), got, strict=True):
                server.show_hello({})
                async with asyncio.timeout(5):
                    while (message := await each.receive_json())["type"] != "hello":
                        messages.append(message["command"])
            assert got == [["skip", "skip"], ["repeat"], answers]

    asyncio.run(ask())


def test_words_and_people_of_the_view_are_not_sent_to_the_patient() -> None:
    async def look() -> None:
        async with watched() as (screen, patient, therapist):
            screen.use_person("P-018")
            for viewer in (patient, therapist):
                hello = await next_of(viewer, "hello")
                assert hello["person"] == "P-018"
                assert "therapist_measures" not in hello["words"]
                assert hello["words"]["therapists_view"]
            async with (
                aiohttp.ClientSession() as web,
                web.get(f"{screen.server.url}therapist/info") as answer,
            ):
                info = await answer.json()
            assert info["people"] == ["P-017", "P-018"]
            assert info["words"]["therapist_measures"] == "Measures and limits"
            assert info["stored"] is False

    asyncio.run(look())


def test_nothing_is_prepared_for_therapists_while_there_are_none() -> None:
    calls: list[int] = []

    async def watch() -> None:
        screen = ScreenOutput.open(OutputContext(book(), SETTINGS, print))
        screen.server._therapist = lambda: calls.append(1) or {}  # type: ignore[func-returns-value]
        try:
            async with (
                aiohttp.ClientSession(f"http://127.0.0.1:{screen.server.port}") as web,
                web.ws_connect("/live") as patient,
            ):
                screen.show_event(session(repetitions=3))
                while (await next_of(patient, "state"))["count"] < 3:
                    pass
                assert not screen.server.has_therapist
                assert calls == []
                async with web.ws_connect("/live?view=therapist") as therapist:
                    await next_of(therapist, "therapist")
                assert calls
        finally:
            await asyncio.to_thread(screen.close)

    asyncio.run(watch())


def test_the_view_needs_the_token_and_its_address_takes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TOKEN_VARIABLE, TOKEN)

    async def visit() -> None:
        async with served(replace(SETTINGS, host="0.0.0.0")) as (_, web):
            for path in ("/therapist", "/therapist/info", "/live?view=therapist"):
                async with web.get(path) as answer:
                    assert answer.status == 403, path
            for path, page in (("/therapist", "/therapist"), ("//elsewhere.example/", "/")):
                web.cookie_jar.clear()
                url = f"http://127.0.0.1:{web._base_url.port}{path}?token={TOKEN}".replace(" ", "+")
                async with web.get(url, allow_redirects=False) as answer:
                    assert (answer.status, answer.headers["Location"]) == (303, page)
            async with web.get("/therapist") as answer:
                assert "/static/therapist.js" in await answer.text()

    asyncio.run(visit())
