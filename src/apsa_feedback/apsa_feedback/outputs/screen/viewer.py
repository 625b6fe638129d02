"""One browser that shows the screen."""

import asyncio
import contextlib
from collections import Counter, deque
from collections.abc import Callable
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from apsa_perception.model.rate_limit import RateLimit

MESSAGES, _MESSAGES_PER_S = 20, 5.0
"""Messages of one viewer, faster than a person clicks; pings count too."""

_ANSWERS = 16
"""Answers that wait for a slow viewer; the oldest is dropped."""


class Viewer:
    """Sends the newest state and the newest frame to one viewer; a slow viewer skips frames.

    Args:
        socket: the viewer's WebSocket, which leaves pings to this class.
        address: where the viewer is, as ``address_key`` returns it.
        therapist: whether the viewer also gets what only a therapist sees.
    """

    def __init__(
        self, socket: web.WebSocketResponse, address: str, *, therapist: bool = False
    ) -> None:
        self.address = address
        self.therapist = therapist
        self._socket = socket
        self._messages = RateLimit(_MESSAGES_PER_S, MESSAGES)
        self._hello: dict[str, Any] | None = None
        self._state: dict[str, Any] | None = None
        self._frame: bytes | None = None
        self._more: dict[str, Any] | None = None
        self._answers: deque[dict[str, Any]] = deque(maxlen=_ANSWERS)
        self._unanswered: Counter[str] = Counter()
        self._fresh = asyncio.Event()

    def offer_hello(self, hello: dict[str, Any]) -> None:
        """Replace the pending hello message."""
        self._hello = hello
        self._fresh.set()

    def offer_state(self, state: dict[str, Any]) -> None:
        """Replace the pending state."""
        self._state = state
        self._fresh.set()

    def offer_more(self, more: dict[str, Any]) -> None:
        """Replace the pending state that only a therapist sees."""
        self._more = more
        self._fresh.set()

    def note_command(self, name: str) -> None:
        """Note that this viewer waits for the answer to a command; an empty name is none."""
        if name:
            self._unanswered[name] += 1

    def offer_answer(self, answer: dict[str, Any]) -> None:
        """Add the answer to a command to those that are pending, if it concerns this viewer.

        A therapist gets all of them, so that a refusal on the page of the patient is seen there.
        """
        asked = self._unanswered[answer["command"]] > 0
        if asked:
            self._unanswered[answer["command"]] -= 1
        if asked or self.therapist:
            self._answers.append(answer)
            self._fresh.set()

    def offer_frame(self, frame: bytes) -> None:
        """Replace the pending frame."""
        self._frame = frame
        self._fresh.set()

    async def receive_all(self, obey: Callable[[str], None]) -> None:
        """Pass on each text until the connection ends; end it if there are too many messages."""
        async for message in self._socket:
            if not self._messages.take():
                await self._socket.close(
                    code=WSCloseCode.POLICY_VIOLATION, message=b"too many messages"
                )
            elif message.type is WSMsgType.TEXT:
                obey(message.data)
            elif message.type is WSMsgType.PING:
                await self._socket.pong(message.data)

    async def close(self) -> None:
        """Close the connection, because the coach ends."""
        await self._socket.close(code=WSCloseCode.GOING_AWAY, message=b"the coach has ended")

    async def send_all(self) -> None:
        """Send what is pending, hello first, until the connection ends."""
        with contextlib.suppress(ConnectionError):
            while not self._socket.closed:
                await self._fresh.wait()
                self._fresh.clear()
                hello, self._hello = self._hello, None
                state, self._state = self._state, None
                more, self._more = self._more, None
                frame, self._frame = self._frame, None
                if hello is not None:
                    await self._socket.send_json(hello)
                if state is not None:
                    await self._socket.send_json(state)
                if more is not None:
                    await self._socket.send_json(more)
                while self._answers:
                    await self._socket.send_json(self._answers.popleft())
                if frame is not None:
                    await self._socket.send_bytes(frame)
