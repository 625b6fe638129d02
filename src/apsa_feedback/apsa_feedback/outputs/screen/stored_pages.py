"""The stored pages of a person below ``/progress``: all sessions, and the report of each."""

import asyncio
from collections.abc import Callable

from aiohttp import web

# The pages are one file each, and nothing in them runs.
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'; "
    "form-action 'none'"
)


class StoredPages:
    """Serves the pages; their reading waits for a disk and is not done in the event loop.

    Args:
        page: returns a page by its file name, that over all sessions for an empty one; None for
            an unknown one.
    """

    def __init__(self, page: Callable[[str], str | None]) -> None:
        self._page = page

    def add_to(self, app: web.Application) -> None:
        """Add the routes to an application."""
        app.router.add_get("/progress/", self._serve)
        app.router.add_get("/progress/{name}", self._serve)

    async def _serve(self, request: web.Request) -> web.Response:
        name = request.match_info.get("name", "")
        content = await asyncio.get_running_loop().run_in_executor(None, self._page, name)
        if content is None:
            raise web.HTTPNotFound
        headers = {"Content-Security-Policy": _POLICY}
        return web.Response(text=content, content_type="text/html", headers=headers)
