"""The readers of the coach for whose input nobody vouches."""

import asyncio
import contextlib
import io
import json
import os
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import aiohttp
from hypothesis import strategies as st

from apsa_feedback.outputs.screen.server import ScreenServer
from apsa_feedback.outputs.screen.settings import ScreenSettings
from support.fuzz_files import (
    bag_check,
    bag_files,
    weights_check,
    weights_inputs,
    yaml_check,
    yaml_inputs,
)
from support.fuzz_messages import FRAMES, PICTURES, RAW, STAMPS, check_image, skeleton_check
from support.fuzzing import SMALL_TEXT, Target, damaged, mistaken_yaml

ANSWER_S = 10.0
_IN_MEMORY = next((path for path in ("/dev/shm",) if os.access(path, os.W_OK)), None)


class Screen:
    """A served page and one viewer that sends messages."""

    def __init__(self) -> None:
        self._handled = threading.Event()
        commands = {"pause": self._handled.set, "language": lambda _: None, "start": lambda: None}
        self._server = ScreenServer(ScreenSettings(port=0), {}, commands)
        self._server.start()
        self._loop = asyncio.new_event_loop()
        self._session: aiohttp.ClientSession | None = None
        self._socket: aiohttp.ClientWebSocketResponse | None = None

    def check(self, message: str | bytes) -> None:
        """After any message, the server still obeys a command, perhaps on a new connection."""
        self._handled.clear()
        self._loop.run_until_complete(self._send(message))
        assert self._handled.wait(ANSWER_S), "the server no longer answers"

    def close(self) -> None:
        """End both."""
        if self._session is not None:
            self._loop.run_until_complete(self._session.close())
        self._server.close()
        self._loop.close()

    async def _send(self, message: str | bytes) -> None:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        for text in (message, json.dumps({"command": "pause"})):
            with contextlib.suppress(ConnectionError, aiohttp.ClientError):
                await self._write(text)
        for _ in range(3):
            if await asyncio.to_thread(self._handled.wait, 0.3):
                return
            self._socket = None  # the server closed the connection because of the message
            await self._write(json.dumps({"command": "pause"}))

    async def _write(self, message: str | bytes) -> None:
        assert self._session is not None
        if self._socket is None or self._socket.closed:
            self._socket = await self._session.ws_connect(f"{self._server.url}live")
        if isinstance(message, bytes):
            await self._socket.send_bytes(message)
        else:
            await self._socket.send_str(message)


_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), SMALL_TEXT),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(SMALL_TEXT, inner, max_size=4)
    ),
    max_leaves=8,
)
_COMMANDS = st.builds(
    lambda name, value, others: {"command": name, "value": value, **others},
    st.one_of(st.sampled_from(["pause", "language", "start", "nothing"]), _JSON),
    _JSON,
    st.dictionaries(SMALL_TEXT, _JSON, max_size=2),
)
MESSAGES = st.one_of(
    _COMMANDS.map(json.dumps),
    _JSON.map(json.dumps),
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=100),
    st.binary(max_size=100),
    st.integers(0, 5000).map(lambda depth: "[" * depth),
)


NAMES = ("images", "skeletons", "yaml", "websocket", "bags", "weights")


@contextlib.contextmanager
def opened(name: str) -> Iterator[Target]:
    """A target, with what it needs."""
    with (
        tempfile.TemporaryDirectory(prefix="apsa-fuzz-", dir=_IN_MEMORY) as text,
        contextlib.redirect_stderr(io.StringIO()),
    ):
        folder = Path(text)
        target = _target(name, folder)
        try:
            yield target
        finally:
            target.close()


def _target(name: str, folder: Path) -> Target:
    match name:
        case "images":
            return Target(name, st.tuples(RAW, damaged(*PICTURES), STAMPS), check_image)
        case "skeletons":
            return Target(name, FRAMES, skeleton_check())
        case "yaml":
            return Target(name, yaml_inputs(), yaml_check(folder))
        case "websocket":
            screen = Screen()
            return Target(name, MESSAGES, screen.check, screen.close)
        case "bags":
            mcap, sqlite, metadata = bag_files()
            inputs = st.one_of(
                st.tuples(st.just("mcap"), damaged(mcap)),
                st.tuples(st.just("db3"), damaged(sqlite)),
                st.tuples(st.just("metadata"), mistaken_yaml(metadata)),
            )
            return Target(name, inputs, bag_check(folder, mcap))
        case "weights":
            return Target(name, weights_inputs(), weights_check(folder))
    raise ValueError(f"no target {name!r}; expected one of {', '.join(NAMES)}")
