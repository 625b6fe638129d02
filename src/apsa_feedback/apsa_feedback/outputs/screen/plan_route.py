"""The weekly plan of the person at ``/plan``, as JSON."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web


class PlanRoute:
    """Serves the plan; its reading waits for a disk and is not done in the event loop.

    Args:
        plan: returns the plan.
    """

    def __init__(self, plan: Callable[[], Mapping[str, Any]]) -> None:
        self._plan = plan

    def add_to(self, app: web.Application) -> None:
        """Add the route to an application."""
        app.router.add_get("/plan", self._serve)

    async def _serve(self, request: web.Request) -> web.Response:
        content = await asyncio.get_running_loop().run_in_executor(None, self._plan)
        return web.json_response(content)
