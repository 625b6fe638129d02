"""What one client can do to the screen of the others: nothing for long."""

import asyncio
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import replace

import aiohttp
import pytest

from apsa_feedback.outputs.screen import connection_gate
from apsa_feedback.outputs.screen.access import REQUESTS
from apsa_feedback.outputs.screen.command_queue import MAX_WAITING
from apsa_feedback.outputs.screen.connection_gate import MAX_CONNECTIONS_OF_ADDRESS
from apsa_feedback.outputs.screen.server import ScreenServer
from apsa_feedback.outputs.screen.viewer import MESSAGES
from support.screen_cases import PICTURE, SETTINGS, next_frame, next_of, served

COMMAND = '{"command": "language", "value": "de"}'


async def frame_delay(server: ScreenServer, viewer: aiohttp.ClientWebSocketResponse) -> float:
    """Seconds until a viewer has a new frame."""
    began = time.perf_counter()
    stamp = time.monotonic_ns()
    server.show_frame({"stamp": stamp}, PICTURE)
    while (await next_frame(viewer))[0]["stamp"] != stamp:
        pass
    return time.perf_counter() - began


@pytest.mark.faults
@pytest.mark.parametrize("kind", ["text", "ping"])
def test_a_viewer_who_sends_40000_messages_is_cut_off_and_the_others_see_on(kind: str) -> None:
    heard: list[str] = []

    async def flood(web: aiohttp.ClientSession) -> int | None:
        async with web.ws_connect("/live") as rude:
            with suppress(ConnectionError):
                for _ in range(40_000):
                    await (rude.send_str(COMMAND) if kind == "text" else rude.ping())
                    await asyncio.sleep(0)  # the viewer of this test listens in the same loop
            while not rude.closed:
                await rude.receive(5.0)
            return rude.close_code

    async def watch() -> tuple[int | None, float]:
        commands = {"language": heard.append}
        async with served(commands=commands) as (server, web), web.ws_connect("/live") as viewer:
            await next_of(viewer, "hello")
            flooding = asyncio.create_task(flood(web))
            slowest = 0.0
            while not flooding.done():
                slowest = max(slowest, await frame_delay(server, viewer))
                await asyncio.sleep(0.01)
            return await flooding, slowest

    code, slowest = asyncio.run(watch())
    assert code in (1006, 1008)  # 1006: it was still sending when the server hung up
    assert slowest < 1.0
    assert len(heard) <= 2 * MESSAGES


def test_a_slow_command_delays_no_frame_and_later_ones_are_dropped() -> None:
    asked: list[str] = []
    go_on = threading.Event()

    def command(value: str) -> None:
        asked.append(value)
        go_on.wait(10.0)

    async def watch() -> float:
        commands = {"exercise": command}
        async with served(commands=commands) as (server, web), web.ws_connect("/live") as viewer:
            await next_of(viewer, "hello")
            async with web.ws_connect("/live") as second:
                for each in (viewer, second):
                    for index in range(MESSAGES):
                        await each.send_json({"command": "exercise", "value": str(index)})
                    await asyncio.sleep(0.1)
            slowest = max([await frame_delay(server, viewer) for _ in range(5)])
            assert len(asked) == 1
            go_on.set()
            await asyncio.sleep(0.2)
            return slowest

    assert asyncio.run(watch()) < 1.0
    assert len(asked) in (MAX_WAITING, MAX_WAITING + 1)
    assert asked[:2] == ["0", "1"]


def test_a_command_that_fails_does_not_stop_the_next() -> None:
    heard: list[str] = []

    def command(value: str) -> None:
        heard.append(value)
        raise RuntimeError(value)

    async def send() -> None:
        commands = {"exercise": command}
        async with served(commands=commands) as (_, web), web.ws_connect("/live") as viewer:
            for value in ("a", "b"):
                await viewer.send_json({"command": "exercise", "value": value})
            async with asyncio.timeout(5.0):
                while len(heard) < 2:
                    await asyncio.sleep(0.01)

    asyncio.run(send())
    assert heard == ["a", "b"]


@pytest.mark.faults
@pytest.mark.parametrize("sent", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n"])
def test_idle_and_half_sent_connections_are_closed(
    sent: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection_gate, "DEADLINE_S", 0.3)

    async def wait() -> float:
        async with served() as (server, web), web.ws_connect("/live") as viewer:
            await next_of(viewer, "hello")
            began = time.perf_counter()
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(sent)
            with suppress(ConnectionError):
                assert await asyncio.wait_for(reader.read(), 5.0) == b""
            waited = time.perf_counter() - began
            writer.close()
            await frame_delay(server, viewer)  # a viewer stays
            return waited

    assert 0.2 < asyncio.run(wait()) < 2.0


def test_a_connection_serves_one_request() -> None:
    async def visit() -> None:
        async with served() as (_, web):
            for path in ("/", "/static/app.js", "/static/none", "/none"):
                async with web.get(path) as answer:
                    assert answer.headers["Connection"] == "close", path

    asyncio.run(visit())


@pytest.mark.parametrize("path", ["/static/..%2Fserver.py", "/static/%2e%2e/server.py", "/static/"])
def test_only_the_files_of_the_page_are_served(path: str) -> None:
    async def visit() -> None:
        async with served() as (server, _):
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
            assert (await reader.readline()).startswith(b"HTTP/1.1 404")
            writer.close()

    asyncio.run(visit())


def test_an_address_gets_a_limited_number_of_connections() -> None:
    async def connect() -> None:
        async with served() as (server, _):
            held = [
                await asyncio.open_connection("127.0.0.1", server.port)
                for _ in range(MAX_CONNECTIONS_OF_ADDRESS)
            ]
            await asyncio.sleep(0.1)
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            with suppress(ConnectionError):
                assert await asyncio.wait_for(reader.read(), 1.0) == b""
            writer.close()
            for _, each in held[:2]:
                each.close()
            await asyncio.sleep(0.1)
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            assert (await reader.readline()).startswith(b"HTTP/1.1 200")
            for each in (writer, *(one for _, one in held[2:])):
                each.close()

    asyncio.run(connect())


def test_an_address_gets_a_limited_number_of_requests() -> None:
    async def ask() -> list[int]:
        statuses = []
        async with served() as (_, web):
            for _ in range(REQUESTS + 40):
                async with web.get("/static/icon.svg") as answer:
                    statuses.append(answer.status)
        return statuses

    statuses = asyncio.run(ask())
    assert statuses[:REQUESTS] == [200] * REQUESTS
    assert 429 in statuses


def test_more_pages_than_allowed_are_refused_and_half_of_them_from_one_address() -> None:
    async def watch() -> None:
        async with served(replace(SETTINGS, max_viewers=4)) as (server, web):
            async with web.ws_connect("/live"), web.ws_connect("/live"):
                with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
                    await web.ws_connect("/live")
                assert caught.value.status == 503
                assert server.viewers == 2
            async with asyncio.timeout(5.0):
                while server.viewers:
                    await asyncio.sleep(0.01)
            async with web.ws_connect("/live") as viewer:
                await next_of(viewer, "hello")

    asyncio.run(watch())


SERVER = """
import resource, sys, time
resource.setrlimit(resource.RLIMIT_NOFILE, (128, 128))
from apsa_feedback.outputs.screen.server import ScreenServer
from apsa_feedback.outputs.screen.settings import ScreenSettings
server = ScreenServer(ScreenSettings(port=0), {})
server.start()
print(server.port, flush=True)
sys.stdin.readline()
open("/dev/null").close()
server.close()
"""


@pytest.mark.faults
@pytest.mark.slow
def test_400_idle_connections_leave_descriptors_and_a_short_log() -> None:
    async def crowd(port: int) -> None:
        url = f"http://127.0.0.1:{port}"
        async with aiohttp.ClientSession(url) as web, web.ws_connect("/live") as viewer:
            await next_of(viewer, "hello")
            idle = []
            for _ in range(400):
                with suppress(ConnectionError):
                    idle.append(await asyncio.open_connection("127.0.0.1", port))
            await viewer.send_str(COMMAND)
            await asyncio.sleep(connection_gate.DEADLINE_S + 0.5)
            assert not viewer.closed
            async with web.get("/") as answer:
                assert answer.status == 200
            for _, writer in idle:
                writer.close()

    child = subprocess.Popen(
        [sys.executable, "-c", SERVER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert child.stdout is not None
        asyncio.run(crowd(int(child.stdout.readline())))
    finally:
        _, log = child.communicate("end\n", timeout=10.0)
    assert child.returncode == 0
    assert len(log) < 2000, log[:2000]
