"""What the therapist's view asks for once: its words and the known people, as JSON."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web


class TherapistInfo:
    """Serves ``/therapist/info``; reading the people waits for a disk, so not in the event loop.

    Args:
        info: returns the content.
    """

    def __init__(self, info: Callable[[], Mapping[str, Any]]) -> None:
        self._info = info

    def add_to(self, app: web.Application) -> None:
        """Add the route to an application."""
        app.router.add_get("/therapist/info", self._serve)

    async def _serve(self, request: web.Request) -> web.Response:
        content = await asyncio.get_running_loop().run_in_executor(None, self._info)
        return web.json_response(content)
