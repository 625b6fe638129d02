"""Web server of the screen: a static page, and a WebSocket that pushes state and frames.

Text messages are JSON: first ``{"type": "hello", ...}``, then ``{"type": "state", ...}`` after
each change. Binary messages are frames: four bytes with the length of a JSON header, big-endian,
the header, and a JPEG picture (empty if there is none). A picture and its skeletons are one
message, so they always belong together. Viewers send ``{"command": <name>}``, with a ``"value"``
where something is chosen.
"""

import asyncio
import errno
import json
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from aiohttp import WSMsgType, web

from apsa_feedback.outputs.screen.access import Access
from apsa_feedback.outputs.screen.settings import ScreenSettings
from apsa_feedback.outputs.screen.viewer import Viewer

_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; connect-src 'self' ws: wss:; "
    "frame-ancestors 'self'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
_MAX_COMMAND_BYTES = 1024
WITH_VALUE = frozenset({"exercise", "language", "picture"})
"""Commands with a value."""
_CLOSE_S = 5.0

Picture = npt.NDArray[np.uint8]


@dataclass
class _Newest:
    """The frame to encode next; a newer one replaces it."""

    header: dict[str, Any] | None = None
    picture: Picture | None = None
    busy: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)


class ScreenServer:
    """Serves the screen in its own thread; no method waits for a viewer.

    Args:
        settings: address, token and picture format.
        hello: what a page needs once, such as words and bones.
        commands: the requests of viewers; called in the thread of the server.

    Raises:
        ValueError: others can reach the address and there is no token.
    """

    def __init__(
        self,
        settings: ScreenSettings,
        hello: Mapping[str, Any],
        commands: Mapping[str, Callable[..., None]] | None = None,
    ) -> None:
        self._settings = settings
        self._commands = dict(commands or {})
        self._hello = self._greeting(hello)
        self._access = Access(settings.host, settings.token)
        self._state: dict[str, Any] | None = None
        self._viewers: set[Viewer] = set()
        self._sockets: set[web.WebSocketResponse] = set()
        self._newest = _Newest()
        self._loop = asyncio.new_event_loop()
        self._thread: threading.Thread | None = None
        self._runner: web.AppRunner | None = None
        self.port = settings.port

    @property
    def url(self) -> str:
        """Address of the page, without the token."""
        host = f"[{self._settings.host}]" if ":" in self._settings.host else self._settings.host
        return f"http://{host}:{self.port}/"

    @property
    def viewers(self) -> int:
        """How many viewers are connected."""
        return len(self._viewers)

    def start(self) -> None:
        """Bind and serve.

        Raises:
            OSError: the address cannot be bound; one sentence says why.
        """
        self._thread = threading.Thread(target=self._loop.run_forever, name="screen", daemon=True)
        self._thread.start()
        try:
            asyncio.run_coroutine_threadsafe(self._bind(), self._loop).result()
        except OSError as error:
            self.close()
            raise OSError(self._bind_sentence(error)) from None

    def close(self) -> None:
        """Close all connections and stop; may be called twice."""
        if self._thread is None:
            return
        asyncio.run_coroutine_threadsafe(self._unbind(), self._loop).result(timeout=_CLOSE_S)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=_CLOSE_S)
        self._thread = None
        self._loop.close()

    def show_hello(self, hello: Mapping[str, Any]) -> None:
        """Send hello to all viewers again: words and language have changed."""
        self._in_loop(self._push_hello, self._greeting(hello))

    def show_state(self, state: Mapping[str, Any]) -> None:
        """Push the state to all viewers, and to those that connect later."""
        self._in_loop(self._push_state, {"type": "state", **state})

    def show_frame(self, header: Mapping[str, Any], picture: Picture | None) -> None:
        """Push a frame to all viewers; the newest wins.

        Args:
            header: JSON values that describe the frame.
            picture: ``(height, width, 3)`` RGB, or None; must not be changed afterwards.
        """
        if not self._viewers:
            return
        with self._newest.lock:
            self._newest.header, self._newest.picture = dict(header), picture
            if self._newest.busy:
                return
            self._newest.busy = True
        self._in_loop(self._encode_soon)

    def _in_loop(self, function: Callable[..., object], *args: object) -> None:
        if self._thread is not None:
            self._loop.call_soon_threadsafe(function, *args)

    async def _bind(self) -> None:
        app = web.Application(middlewares=[self._access.middleware()])
        app.on_response_prepare.append(_add_headers)
        app.router.add_get("/", _page)
        app.router.add_get("/live", self._live)
        app.router.add_static("/static", _static_folder())
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._settings.host, self._settings.port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def _unbind(self) -> None:
        for socket in list(self._sockets):
            await socket.close(code=1001, message=b"the coach has ended")
        if self._runner is not None:
            await self._runner.cleanup()

    def _bind_sentence(self, error: OSError) -> str:
        host, port = self._settings.host, self._settings.port
        if error.errno == errno.EADDRINUSE:
            return f"port {port} on {host} is in use; set another screen.port (0 = a free one)"
        if error.errno == errno.EACCES:
            return f"port {port} needs privileges; set screen.port above 1023"
        return f"the screen cannot be served on {host}:{port}: {error.strerror or error}"

    async def _live(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(
            heartbeat=15.0, compress=False, max_msg_size=_MAX_COMMAND_BYTES
        )
        await socket.prepare(request)
        viewer = Viewer(socket)
        viewer.offer_hello(self._hello)
        if self._state is not None:
            viewer.offer_state(self._state)
        self._viewers.add(viewer)
        self._sockets.add(socket)
        sending = asyncio.create_task(viewer.send_all())
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._obey(message.data)
        finally:
            self._viewers.discard(viewer)
            self._sockets.discard(socket)
            sending.cancel()
        return socket

    def _obey(self, text: str) -> None:
        try:
            message = json.loads(text)
            name, value = message["command"], message.get("value")
            str(value).encode()  # a lone surrogate fits in no message
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return
        command = self._commands.get(name) if isinstance(name, str) else None
        if command is not None and (value is None) == (name not in WITH_VALUE):
            command() if value is None else command(str(value))

    def _greeting(self, hello: Mapping[str, Any]) -> dict[str, Any]:
        return {"type": "hello", **hello, "commands": sorted(self._commands)}

    def _push_hello(self, hello: dict[str, Any]) -> None:
        self._hello = hello
        for viewer in self._viewers:
            viewer.offer_hello(hello)

    def _push_state(self, state: dict[str, Any]) -> None:
        self._state = state
        for viewer in self._viewers:
            viewer.offer_state(state)

    def _encode_soon(self) -> None:
        self._loop.create_task(self._encode())

    async def _encode(self) -> None:
        """Encode and push frames until none is pending."""
        while True:
            with self._newest.lock:
                header, picture = self._newest.header, self._newest.picture
                self._newest.header = self._newest.picture = None
                self._newest.busy = header is not None
            if header is None:
                return
            message = await self._loop.run_in_executor(None, self._pack, header, picture)
            for viewer in self._viewers:
                viewer.offer_frame(message)

    def _pack(self, header: dict[str, Any], picture: Picture | None) -> bytes:
        text = json.dumps(header, separators=(",", ":")).encode()
        return struct.pack(">I", len(text)) + text + self._jpeg(picture)

    def _jpeg(self, picture: Picture | None) -> bytes:
        if picture is None:
            return b""
        height, width = picture.shape[:2]
        if width > self._settings.max_width:
            size = (self._settings.max_width, round(height * self._settings.max_width / width))
            picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        bgr = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
        quality = [cv2.IMWRITE_JPEG_QUALITY, self._settings.jpeg_quality]
        return cv2.imencode(".jpg", bgr, quality)[1].tobytes()


def _static_folder() -> Path:
    return Path(str(files("apsa_feedback.outputs.screen") / "web"))


async def _page(request: web.Request) -> web.FileResponse:
    return web.FileResponse(_static_folder() / "index.html")


async def _add_headers(request: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(_HEADERS)
