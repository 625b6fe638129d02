"""Web server of the screen: a static page, and a WebSocket that pushes state and frames.

Text messages are JSON: first ``{"type": "hello", ...}``, then ``{"type": "state", ...}`` after
each change. Binary messages are frames: four bytes with the length of a JSON header, big-endian,
the header, and a JPEG picture (empty if there is none). A picture and its skeletons are one
message, so they always belong together. Viewers send ``{"command": <name>}``, with a ``"value"``
where something is chosen. ``/guide/<exercise>`` is how an exercise is done, as JSON,
``/guide/`` has the pictures of all; below ``/progress/`` are the stored pages of the person. The
output adds further paths with JSON. A viewer gets ``{"type": "answer", ...}`` for each command that
it sent. A viewer of ``/live?view=therapist`` gets the answers to all commands,
``{"type": "therapist", ...}`` after each change, and more in the header of a frame.
"""

import asyncio
import errno
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from aiohttp import web

from apsa_feedback.outputs.screen.access import Access
from apsa_feedback.outputs.screen.address_limits import address_key
from apsa_feedback.outputs.screen.command_queue import CommandQueue
from apsa_feedback.outputs.screen.connection_gate import BACKLOG, ConnectionGate
from apsa_feedback.outputs.screen.encryption import tls_context
from apsa_feedback.outputs.screen.frame_encoder import FrameEncoder, Picture
from apsa_feedback.outputs.screen.frame_relay import FrameRelay
from apsa_feedback.outputs.screen.guide_routes import GuideRoutes
from apsa_feedback.outputs.screen.json_route import JsonRoute
from apsa_feedback.outputs.screen.page_files import PageFiles
from apsa_feedback.outputs.screen.server_log import limited_logger
from apsa_feedback.outputs.screen.settings import ScreenSettings
from apsa_feedback.outputs.screen.stored_pages import StoredPages
from apsa_feedback.outputs.screen.viewer import Viewer
from apsa_feedback.outputs.screen.viewer_token import read_token

_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; connect-src 'self' ws: wss:; "
    "frame-ancestors 'self'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
_MAX_COMMAND_BYTES = 1024
_WRITE_BUFFER = 64 * 1024
"""Bytes that wait for a viewer before frames are skipped; what asyncio takes without TLS."""
_CLOSE_S = 5.0


class ScreenServer:
    """Serves the screen in its own thread; no method waits for a viewer.

    Args:
        settings: address, token and picture format.
        hello: what a page needs once, such as words and bones.
        commands: the requests of viewers; called in a thread of their own, one after another.
        guide: how an exercise is done, by its name, and the pictures of all for an empty one, as
            JSON values; None for an unknown one.
        pages: stored pages of the person, as ``StoredPages`` takes them; None: there are none.
        therapist: returns what only a therapist sees of the session; None: nothing.
        routes: return JSON values that a page asks for, by their paths.

    Raises:
        ValueError: others can reach the address and there is no token, or it cannot be read; the
            certificate cannot be used.

    Attributes:
        token: secret of the viewers; empty: none.
        port: on which it listens.
    """

    def __init__(
        self,
        settings: ScreenSettings,
        hello: Mapping[str, Any],
        commands: Mapping[str, Callable[..., None]] | None = None,
        guide: Callable[[str], Any] | None = None,
        pages: Callable[[str], str | None] | None = None,
        therapist: Callable[[], Mapping[str, Any]] | None = None,
        routes: Mapping[str, Callable[[], Mapping[str, Any]]] | None = None,
    ) -> None:
        self._settings = settings
        self._therapist = therapist
        self._routes = dict(routes or {})
        self._pages = pages
        self._guide = guide
        self._commands = CommandQueue(commands or {})
        self._hello = self._greeting(hello)
        self._tls = tls_context(settings.tls_certificate, settings.tls_key)
        self.token = read_token(settings.token_file)
        self._access = Access(settings.host, self.token, lambda: self._hello.get("words", {}))
        self._state: dict[str, Any] | None = None
        self._viewers: set[Viewer] = set()
        self._log = limited_logger(__name__)
        self._loop = asyncio.new_event_loop()
        encoder = FrameEncoder(settings.max_width, settings.jpeg_quality)
        self._frames = FrameRelay(encoder, self._loop, lambda: self._viewers)
        self._loop.set_exception_handler(self._report)
        self._thread: threading.Thread | None = None
        self._runner: web.AppRunner | None = None
        self._gate: ConnectionGate | None = None
        self._listener: asyncio.Server | None = None
        self.port = settings.port

    @property
    def url(self) -> str:
        """Address of the page, without the token."""
        host = f"[{self._settings.host}]" if ":" in self._settings.host else self._settings.host
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}/"

    @property
    def viewers(self) -> int:
        """How many viewers are connected."""
        return len(self._viewers)

    @property
    def has_therapist(self) -> bool:
        """Whether a therapist is connected."""
        return any(viewer.therapist for viewer in list(self._viewers))

    @property
    def has_patient(self) -> bool:
        """Whether a viewer other than a therapist is connected."""
        return any(not viewer.therapist for viewer in list(self._viewers))

    def start(self) -> None:
        """Bind and serve.

        Raises:
            OSError: the address cannot be bound; one sentence says why.
        """
        self._thread = threading.Thread(target=self._loop.run_forever, name="screen", daemon=True)
        self._thread.start()
        self._commands.start()
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
        self._commands.close()
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

    def show_frame(
        self,
        header: Mapping[str, Any],
        picture: Picture | None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        """Push a frame to all viewers; the newest wins.

        Args:
            header: JSON values that describe the frame.
            picture: ``(height, width, 3)`` RGB, or None; must not be changed afterwards.
            more: JSON values that the header has for therapists only.
        """
        if self._viewers and self._thread is not None:
            self._frames.show(header, more or {}, picture)

    def show_answer(self, answer: Mapping[str, Any]) -> None:
        """Push the answer to a command to the viewers that sent it, and to all therapists."""
        self._in_loop(self._push_answer, {"type": "answer", **answer})

    def _in_loop(self, function: Callable[..., object], *args: object) -> None:
        if self._thread is not None:
            self._loop.call_soon_threadsafe(function, *args)

    async def _bind(self) -> None:
        app = web.Application(middlewares=[self._access.middleware()])
        app.on_response_prepare.append(_add_headers)
        PageFiles().add_to(app)
        if self._pages is not None:
            StoredPages(self._pages).add_to(app)
        if self._guide is not None:
            GuideRoutes(self._guide).add_to(app)
        for path, content in self._routes.items():
            JsonRoute(path, content).add_to(app)
        app.router.add_get("/live", self._live)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0, logger=self._log)
        await self._runner.setup()
        assert self._runner.server is not None
        self._gate = ConnectionGate(self._runner.server, self._tls)
        self._listener = await self._loop.create_server(
            self._gate.protocol, self._settings.host, self._settings.port, backlog=BACKLOG
        )
        self.port = self._listener.sockets[0].getsockname()[1]

    async def _unbind(self) -> None:
        if self._listener is not None:
            self._listener.close()
        closing = [viewer.close() for viewer in self._viewers]
        await asyncio.gather(*closing, return_exceptions=True)  # one may just be connecting
        if self._runner is not None:
            await self._runner.cleanup()
        if self._gate is not None:
            self._gate.close()

    def _report(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        self._log.error("screen: %s", context["message"], exc_info=context.get("exception"))

    def _bind_sentence(self, error: OSError) -> str:
        host, port = self._settings.host, self._settings.port
        if error.errno == errno.EADDRINUSE:
            return f"port {port} on {host} is in use; set another screen.port (0 = a free one)"
        if error.errno == errno.EACCES:
            return f"port {port} needs privileges; set screen.port above 1023"
        return f"the screen cannot be served on {host}:{port}: {error.strerror or error}"

    async def _live(self, request: web.Request) -> web.WebSocketResponse:
        address = address_key(request.remote)
        of_address = sum(viewer.address == address for viewer in self._viewers)
        most = self._settings.max_viewers
        if len(self._viewers) >= most or of_address >= max(1, most // 2):
            raise web.HTTPServiceUnavailable(text="Too many pages are open; close one.")
        socket = web.WebSocketResponse(
            timeout=1.0,
            heartbeat=15.0,
            autoping=False,
            compress=False,
            max_msg_size=_MAX_COMMAND_BYTES,
        )
        viewer = Viewer(socket, address, therapist=request.query.get("view") == "therapist")
        self._viewers.add(viewer)
        try:
            await self._serve(viewer, socket, request)
        finally:
            self._viewers.discard(viewer)
        return socket

    async def _serve(
        self, viewer: Viewer, socket: web.WebSocketResponse, request: web.Request
    ) -> None:
        await socket.prepare(request)
        assert self._gate is not None
        self._gate.release(request.transport)
        if request.transport is not None:
            # With TLS asyncio would hold 512 KiB before it pauses: the frames would be old.
            request.transport.set_write_buffer_limits(high=_WRITE_BUFFER)
        viewer.offer_hello(self._hello)
        if self._state is not None:
            viewer.offer_state(self._state)
        self._offer_more([viewer])
        sending = asyncio.create_task(viewer.send_all())
        try:
            await viewer.receive_all(lambda text: viewer.note_command(self._commands.add(text)))
        finally:
            sending.cancel()

    def _greeting(self, hello: Mapping[str, Any]) -> dict[str, Any]:
        return {"type": "hello", **hello, "commands": self._commands.names}

    def _push_hello(self, hello: dict[str, Any]) -> None:
        self._hello = hello
        for viewer in self._viewers:
            viewer.offer_hello(hello)

    def _push_state(self, state: dict[str, Any]) -> None:
        self._state = state
        for viewer in self._viewers:
            viewer.offer_state(state)
        self._offer_more(self._viewers)

    def _offer_more(self, viewers: Iterable[Viewer]) -> None:
        """Offer the therapists among the viewers what only they see."""
        therapists = [viewer for viewer in viewers if viewer.therapist]
        if self._therapist is None or not therapists:
            return
        more = {"type": "therapist", **self._therapist()}
        for viewer in therapists:
            viewer.offer_more(more)

    def _push_answer(self, answer: dict[str, Any]) -> None:
        for viewer in self._viewers:
            viewer.offer_answer(answer)


async def _add_headers(request: web.Request, response: web.StreamResponse) -> None:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    # A connection is for one request, or for a viewer: the others are closed after a deadline.
    response.force_close()
    if not isinstance(response, web.WebSocketResponse):
        response.headers["Connection"] = "close"
