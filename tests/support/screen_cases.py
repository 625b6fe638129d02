"""A running screen for tests: its server, its output, and the messages to a viewer."""

import asyncio
import json
import ssl
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import aiohttp
import numpy as np

from apsa_feedback.outputs.base import OutputContext
from apsa_feedback.outputs.screen.hello import hello
from apsa_feedback.outputs.screen.output import ScreenOutput
from apsa_feedback.outputs.screen.server import ScreenServer
from apsa_feedback.outputs.screen.settings import ScreenSettings
from support.feedback_cases import book

SETTINGS = ScreenSettings(port=0, max_width=640)
PICTURE = np.full((480, 640, 3), (200, 30, 30), dtype=np.uint8)


@asynccontextmanager
async def served(
    settings: ScreenSettings = SETTINGS,
    commands: dict[str, Callable[[], None]] | None = None,
    trusted: ssl.SSLContext | None = None,
) -> AsyncIterator[tuple[ScreenServer, aiohttp.ClientSession]]:
    """A running server and a client that keeps cookies; ``trusted``: what it trusts with TLS."""
    server = ScreenServer(settings, hello(book(), mirror=False), commands)
    server.start()
    jar = aiohttp.CookieJar(unsafe=True)  # cookies of addresses without a name
    address = f"{'https' if trusted else 'http'}://127.0.0.1:{server.port}"
    connector = aiohttp.TCPConnector(ssl=trusted or True)
    try:
        async with aiohttp.ClientSession(address, connector=connector, cookie_jar=jar) as web:
            yield server, web
    finally:
        await asyncio.to_thread(server.close)


def make_output(picture: bool) -> ScreenOutput:
    """A screen that is served on a free port."""
    settings = replace(SETTINGS, picture=picture)
    return ScreenOutput.open(OutputContext(book(), settings, print))


async def next_of(live_socket: aiohttp.ClientWebSocketResponse, kind: str) -> dict[str, Any]:
    """The next text message of a kind."""
    while True:
        message = await asyncio.wait_for(live_socket.receive(), 5.0)
        if message.type is aiohttp.WSMsgType.TEXT and json.loads(message.data)["type"] == kind:
            answer: dict[str, Any] = json.loads(message.data)
            return answer


async def next_frame(live_socket: aiohttp.ClientWebSocketResponse) -> tuple[dict[str, Any], bytes]:
    """The next frame: header and picture."""
    while True:
        message = await asyncio.wait_for(live_socket.receive(), 5.0)
        if message.type is aiohttp.WSMsgType.BINARY:
            (length,) = struct.unpack(">I", message.data[:4])
            return json.loads(message.data[4 : 4 + length]), message.data[4 + length :]
