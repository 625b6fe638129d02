"""How the exercises are done, as JSON below ``/guide``."""

import asyncio
from collections.abc import Callable
from typing import Any

from aiohttp import web


class GuideRoutes:
    """Serves the guides; they take too long to compute in the event loop.

    Args:
        guide: how an exercise is done, by its name, and the pictures of all for an empty one, as
            JSON values; None for an unknown one.
    """

    def __init__(self, guide: Callable[[str], Any]) -> None:
        self._guide = guide

    def add_to(self, app: web.Application) -> None:
        """Add the routes to an application."""
        app.router.add_get("/guide/", self._serve)
        app.router.add_get("/guide/{exercise}", self._serve)

    async def _serve(self, request: web.Request) -> web.Response:
        name = request.match_info.get("exercise", "")
        content = await asyncio.get_running_loop().run_in_executor(None, self._guide, name)
        if content is None:
            raise web.HTTPNotFound
        return web.json_response(content)
