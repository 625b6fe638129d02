"""Admission of connections, before anything that they send is read."""

import asyncio
import ssl
from asyncio.sslproto import SSLProtocol
from collections.abc import Callable
from typing import Any

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

    With TLS they count from their arrival, before the handshake.

    Args:
        serve: returns the server's protocol for a connection.
        tls: what the server needs for TLS; None: connections are not encrypted.
    """

    def __init__(
        self, serve: Callable[[], asyncio.Protocol], tls: ssl.SSLContext | None = None
    ) -> None:
        self._serve = serve
        self._tls = tls
        self._waiting: dict[asyncio.Transport, str] = {}

    def protocol(self) -> asyncio.Protocol:
        """Return the protocol of a new connection, for ``loop.create_server``."""
        return _Arrival(self._arrive)

    def release(self, transport: asyncio.Transport | None) -> None:
        """Stop watching a connection, because it is a viewer's."""
        if transport is not None:
            # With TLS the viewer's transport is above the one that arrived; their socket is one.
            own = transport.get_extra_info("socket")
            self._waiting = {
                one: key
                for one, key in self._waiting.items()
                if one.get_extra_info("socket") is not own
            }

    def close(self) -> None:
        """Abort the connections that are not a viewer's, such as those in their handshake."""
        for transport in self._waiting:
            transport.abort()
        self._waiting = {}

    def _arrive(self, transport: asyncio.Transport) -> None:
        peer = transport.get_extra_info("peername") or ("",)
        address = address_key(peer[0])
        self._waiting = {one: key for one, key in self._waiting.items() if not one.is_closing()}
        of_address = sum(key == address for key in self._waiting.values())
        if len(self._waiting) >= MAX_CONNECTIONS or of_address >= MAX_CONNECTIONS_OF_ADDRESS:
            transport.abort()
            return
        self._waiting[transport] = address
        loop = asyncio.get_running_loop()
        loop.call_later(DEADLINE_S, self._expire, transport)
        protocol: asyncio.BaseProtocol = self._serve()
        if self._tls is not None:
            # Nobody waits for the handshake: the deadline ends it.
            waiter: Any = None
            protocol = SSLProtocol(loop, protocol, self._tls, waiter, server_side=True)
        transport.set_protocol(protocol)
        protocol.connection_made(transport)

    def _expire(self, transport: asyncio.Transport) -> None:
        if self._waiting.pop(transport, None) is not None:
            transport.abort()


class _Arrival(asyncio.Protocol):
    def __init__(self, arrive: Callable[[asyncio.Transport], None]) -> None:
        self._arrive = arrive

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._arrive(transport)
