"""One browser that shows the screen."""

import asyncio
import contextlib
from typing import Any

from aiohttp import web


class Viewer:
    """Sends the newest state and the newest frame to one viewer; a slow viewer skips frames.

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
        """Replace the pending hello message."""
        self._hello = hello
        self._fresh.set()

    def offer_state(self, state: dict[str, Any]) -> None:
        """Replace the pending state."""
        self._state = state
        self._fresh.set()

    def offer_frame(self, frame: bytes) -> None:
        """Replace the pending frame."""
        self._frame = frame
        self._fresh.set()

    async def send_all(self) -> None:
        """Send what is pending, hello first, until the connection ends."""
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
