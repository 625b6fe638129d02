"""Values of the coach as JSON, read again at each request."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web


class JsonRoute:
    """Serves one path; its reading waits for a disk and is not done in the event loop.

    Args:
        path: the path, such as ``/plan``.
        content: returns the values.
    """

    def __init__(self, path: str, content: Callable[[], Mapping[str, Any]]) -> None:
        self._path = path
        self._content = content

    def add_to(self, app: web.Application) -> None:
        """Add the route to an application."""
        app.router.add_get(self._path, self._serve)

    async def _serve(self, request: web.Request) -> web.Response:
        content = await asyncio.get_running_loop().run_in_executor(None, self._content)
        return web.json_response(content)
