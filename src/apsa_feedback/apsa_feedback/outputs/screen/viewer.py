"""One browser that watches the screen."""

import asyncio
import contextlib
from typing import Any

from aiohttp import web


class Viewer:
    """Sends one viewer the newest state and the newest frame; what it is too slow for is skipped.

    Args:
        socket: the viewer's open WebSocket.
    """

    def __init__(self, socket: web.WebSocketResponse) -> None:
        self._socket = socket
        self._hello: dict[str, Any] | None = None
        self._state: dict[str, Any] | None = None
        self._frame: bytes | None = None
        self._fresh = asyncio.Event()

    def offer_hello(self, hello: dict[str, Any]) -> None:
        """Replace the greeting that waits to be sent."""
        self._hello = hello
        self._fresh.set()

    def offer_state(self, state: dict[str, Any]) -> None:
        """Replace the state that waits to be sent."""
        self._state = state
        self._fresh.set()

    def offer_frame(self, frame: bytes) -> None:
        """Replace the frame that waits to be sent."""
        self._frame = frame
        self._fresh.set()

    async def send_all(self) -> None:
        """Send what is offered, the greeting first, until the connection ends."""
        with contextlib.suppress(ConnectionError):
            while not self._socket.closed:
                await self._fresh.wait()
                self._fresh.clear()
                hello, self._hello = self._hello, None
                state, self._state = self._state, None
                frame, self._frame = self._frame, None
                if hello is not None:
                    await self._socket.send_json(hello)
                if state is not None:
                    await self._socket.send_json(state)
                if frame is not None:
                    await self._socket.send_bytes(frame)
