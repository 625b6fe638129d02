"""Admission of connections, before anything that they send is read."""

import asyncio
from collections.abc import Callable

from apsa_feedback.outputs.screen.address_limits import address_key

MAX_CONNECTIONS = 32
"""Connections that are not viewers; a browser opens six at a time."""

MAX_CONNECTIONS_OF_ADDRESS = 16

DEADLINE_S = 5.0
"""Time for one request and its response; an idle or half-sent one would hold a descriptor."""

BACKLOG = 32
"""Connections that asyncio accepts in one step, and so holds beyond the limits."""


class ConnectionGate:
    """Hands few connections to the server at a time, and closes those that do not get on.

    Args:
        serve: returns the server's protocol for a connection.
    """

    def __init__(self, serve: Callable[[], asyncio.Protocol]) -> None:
        self._serve = serve
        self._waiting: dict[asyncio.Transport, str] = {}

    def protocol(self) -> asyncio.Protocol:
        """Return the protocol of a new connection, for ``loop.create_server``."""
        return _Arrival(self._arrive)

    def release(self, transport: asyncio.Transport | None) -> None:
        """Stop watching a connection, because it is a viewer's."""
        if transport is not None:
            self._waiting.pop(transport, None)

    def _arrive(self, transport: asyncio.Transport) -> None:
        peer = transport.get_extra_info("peername") or ("",)
        address = address_key(peer[0])
        self._waiting = {one: key for one, key in self._waiting.items() if not one.is_closing()}
        of_address = sum(key == address for key in self._waiting.values())
        if len(self._waiting) >= MAX_CONNECTIONS or of_address >= MAX_CONNECTIONS_OF_ADDRESS:
            transport.abort()
            return
        self._waiting[transport] = address
        asyncio.get_running_loop().call_later(DEADLINE_S, self._expire, transport)
        server = self._serve()
        transport.set_protocol(server)
        server.connection_made(transport)

    def _expire(self, transport: asyncio.Transport) -> None:
        if self._waiting.pop(transport, None) is not None:
            transport.abort()


class _Arrival(asyncio.Protocol):
    def __init__(self, arrive: Callable[[asyncio.Transport], None]) -> None:
        self._arrive = arrive

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._arrive(transport)
