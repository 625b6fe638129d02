"""The server of the screen: access, messages to viewers, and no viewer blocks another."""

import asyncio
import re
import socket
import time
from dataclasses import replace
from typing import Any

import aiohttp
import cv2
import numpy as np
import pytest

from apsa_feedback.outputs.screen.server import ScreenServer
from support.paths import ROOT
from support.screen_cases import PICTURE, SETTINGS, next_frame, next_of, served

WEB = ROOT / "src/apsa_feedback/apsa_feedback/outputs/screen/web"


def test_the_page_and_all_it_needs_are_served_and_nothing_comes_from_elsewhere() -> None:
    async def visit() -> None:
        async with served() as (_, web):
            async with web.get("/") as answer:
                page = await answer.text()
                policy = answer.headers["Content-Security-Policy"]
            texts = [page]
            named = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
            files = [f"/static/{file.name}" for file in WEB.iterdir()]
            for path in {*named, *files}:
                async with web.get(path) as answer:
                    assert answer.status == 200, path
                    texts.append((await answer.read()).decode(errors="replace"))
        assert policy.startswith("default-src 'self'")
        foreign = re.findall(r"(?:https?:)?//[a-z][\w.-]+\.[a-z]{2,}", "\n".join(texts))
        assert set(foreign) <= {"http://www.w3.org"}  # the name of the SVG language

    asyncio.run(visit())


def test_every_viewer_gets_the_state_also_one_who_comes_later() -> None:
    async def watch() -> None:
        async with served() as (server, web), web.ws_connect("/live") as first:
            greeting = await next_of(first, "hello")
            assert greeting["words"]["repetitions"] == "Repetitions"
            server.show_state({"count": 3})
            assert (await next_of(first, "state"))["count"] == 3
            async with web.ws_connect("/live") as second:
                assert (await next_of(second, "state"))["count"] == 3
                server.show_state({"count": 4})
                assert (await next_of(first, "state"))["count"] == 4
                assert (await next_of(second, "state"))["count"] == 4

    asyncio.run(watch())


@pytest.mark.parametrize(("max_width", "size"), [(640, (640, 480)), (320, (320, 240))])
def test_a_frame_is_its_header_and_its_picture(max_width: int, size: tuple[int, int]) -> None:
    async def watch() -> tuple[dict[str, Any], bytes]:
        settings = replace(SETTINGS, max_width=max_width)
        async with served(settings) as (server, web), web.ws_connect("/live") as viewer:
            await next_of(viewer, "hello")
            server.show_frame({"stamp": 7}, PICTURE)
            return await next_frame(viewer)

    header, jpeg = asyncio.run(watch())
    assert header == {"stamp": 7}
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert picture.shape[1::-1] == size
    assert np.abs(picture[..., ::-1].mean(axis=(0, 1)) - PICTURE[0, 0]).max() < 4


@pytest.mark.faults
def test_a_viewer_that_does_not_read_blocks_nobody_and_the_newest_frame_wins() -> None:
    noise = np.random.default_rng(1).integers(0, 255, PICTURE.shape, dtype=np.uint8)

    async def watch() -> tuple[list[int], float]:
        async with served() as (server, web):
            _, stuck = await asyncio.open_connection("127.0.0.1", server.port, limit=1024)
            stuck.write(
                b"GET /live HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
                b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
            )
            async with web.ws_connect("/live", max_msg_size=0) as viewer:
                await next_of(viewer, "hello")
                while server.viewers < 2:
                    await asyncio.sleep(0.01)
                slowest, stamps = 0.0, []
                for stamp in range(60):
                    began = time.perf_counter()
                    server.show_frame({"stamp": stamp}, noise)
                    slowest = max(slowest, time.perf_counter() - began)
                    await asyncio.sleep(0.01)
                while not stamps or stamps[-1] < 59:
                    stamps.append((await next_frame(viewer))[0]["stamp"])
            stuck.close()
            return stamps, slowest

    stamps, slowest = asyncio.run(watch())
    assert stamps == sorted(stamps)
    assert stamps[-1] == 59
    assert slowest < 0.1


@pytest.mark.faults
def test_commands_are_passed_on_and_nonsense_is_not() -> None:
    asked: list[str] = []

    async def command() -> None:
        commands = {"start": lambda: asked.append("start"), "stop": lambda: asked.append("stop")}
        async with served(commands=commands) as (_, web), web.ws_connect("/live") as viewer:
            assert (await next_of(viewer, "hello"))["commands"] == ["start", "stop"]
            nonsense = ["{", "[]", "{}", '{"command": 3}', '{"command": "__init__"}']
            nonsense += ['{"command": "start", "value": "x"}', '"start"']
            for text in [*nonsense, '{"command": "stop"}', '{"command": "start"}']:
                await viewer.send_str(text)
            async with asyncio.timeout(5.0):
                while len(asked) < 2:
                    await asyncio.sleep(0.01)

    asyncio.run(command())
    assert asked == ["stop", "start"]


@pytest.mark.faults
def test_a_lone_surrogate_is_ignored_and_the_viewer_stays() -> None:
    async def send() -> list[str]:
        heard: list[str] = []
        commands = {"exercise": heard.append}
        async with served(commands=commands) as (server, web), web.ws_connect("/live") as viewer:
            await viewer.send_str('{"command": "exercise", "value": "\\ud800"}')
            await viewer.send_str("[" * 1000)
            await viewer.send_str('{"command": "exercise", "value": "squat"}')
            server.show_state({"count": 3})
            await next_of(viewer, "state")
            while not heard:
                await asyncio.sleep(0.01)
        return heard

    assert asyncio.run(send()) == ["squat"]


@pytest.mark.faults
def test_a_port_that_is_taken_is_named_in_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        server = ScreenServer(replace(SETTINGS, port=port), {})
        with pytest.raises(OSError, match=f"port {port} on 127.0.0.1 is in use") as caught:
            server.start()
    assert "\n" not in str(caught.value)


def test_closing_frees_the_port_and_may_be_done_twice() -> None:
    server = ScreenServer(SETTINGS, {})
    server.start()
    server.close()
    server.close()
    server.show_state({"count": 1})
    with socket.create_server(("127.0.0.1", server.port)):
        pass


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "screen.example"])
def test_an_address_that_others_reach_needs_a_token(host: str) -> None:
    with pytest.raises(ValueError, match=r"set screen\.token_file or .* APSA_SCREEN_TOKEN"):
        ScreenServer(replace(SETTINGS, host=host), {})


@pytest.mark.parametrize(
    "changes", [{"port": -1}, {"port": 70000}, {"max_width": 10}, {"jpeg_quality": 0}]
)
def test_settings_out_of_range_are_refused(changes: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=next(iter(changes))):
        replace(SETTINGS, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://evil.example"}, {"Host": "evil.example"}, {"Origin": "null"}]
)
def test_pages_of_other_sites_may_not_watch(headers: dict[str, str]) -> None:
    async def visit() -> None:
        async with served() as (_, web):
            with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
                await web.ws_connect("/live", headers=headers)
            assert caught.value.status == 403

    asyncio.run(visit())
