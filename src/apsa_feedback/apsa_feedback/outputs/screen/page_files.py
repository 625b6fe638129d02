"""The files of the page, read once: the event loop of the server never waits for a disk."""

import mimetypes
from importlib.resources import files
from pathlib import Path

from aiohttp import web

PAGES = {"/": "index.html", "/therapist": "therapist.html"}


class PageFiles:
    """Serves each page of ``PAGES`` at its path, and every other file below ``/static``."""

    def __init__(self) -> None:
        folder = Path(str(files("apsa_feedback.outputs.screen") / "web"))
        self._contents = {
            path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()
        }

    def add_to(self, app: web.Application) -> None:
        """Add the routes to an application."""
        for path in PAGES:
            app.router.add_get(path, self._page)
        app.router.add_get("/static/{name}", self._file)

    async def _page(self, request: web.Request) -> web.Response:
        return self._response(PAGES[request.path])

    async def _file(self, request: web.Request) -> web.Response:
        return self._response(request.match_info["name"])

    def _response(self, name: str) -> web.Response:
        if name not in self._contents:
            raise web.HTTPNotFound
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        charset = "utf-8" if kind.startswith("text/") else None
        return web.Response(body=self._contents[name], content_type=kind, charset=charset)
