"""Access control of the screen, which shows pictures of a person."""

import hashlib
import hmac
import ipaddress
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

MIN_TOKEN_LENGTH = 12
_COOKIE = "apsa_screen"
_LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


def is_local(host: str) -> bool:
    """Return whether an address is reachable only from this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Access:
    """Admits viewers by token, and only pages of this server.

    A page of another site could open a WebSocket to a server on this machine and watch. Therefore
    the origin must be this server, and at a local address the host name must be local (against DNS
    rebinding). With a token, the first request has it in the address (``/?token=...``); later
    requests use a cookie, which other sites cannot send.

    Args:
        host: address to which the server is bound.
        token: secret of the viewers; empty for none.

    Raises:
        ValueError: others can reach the address and the token is missing, or it is too short.
    """

    def __init__(self, host: str, token: str) -> None:
        self._local = is_local(host)
        if not self._local and not token:
            raise ValueError(
                f"screen.host {host} is reachable from other machines: set screen.token "
                f"({MIN_TOKEN_LENGTH} characters or more), or use 127.0.0.1"
            )
        if token and len(token) < MIN_TOKEN_LENGTH:
            raise ValueError(
                f"screen.token has {len(token)} characters; expected {MIN_TOKEN_LENGTH} or more"
            )
        self._token = token.encode()
        self._cookie = hmac.new(self._token, b"apsa screen", hashlib.sha256).hexdigest()

    def middleware(self) -> Middleware:
        """Return the aiohttp middleware that applies the rules."""

        @web.middleware
        async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
            if not self._same_site(request):
                raise web.HTTPForbidden(text="This page is available at its own address only.")
            if self._token and not self._has_cookie(request):
                return self._admit(request)
            return await handler(request)

        return check

    def _same_site(self, request: web.Request) -> bool:
        if self._local and request.url.host not in _LOCAL_NAMES:
            return False
        origin = request.headers.get("Origin")
        return origin is None or urlsplit(origin).netloc == request.host

    def _has_cookie(self, request: web.Request) -> bool:
        return hmac.compare_digest(request.cookies.get(_COOKIE, "").encode(), self._cookie.encode())

    def _admit(self, request: web.Request) -> web.Response:
        given = request.query.get("token", "").encode()
        if not hmac.compare_digest(given, self._token):
            raise web.HTTPForbidden(text="Open this page with its access token: /?token=...")
        response = web.Response(status=303, headers={"Location": "/"})
        response.set_cookie(_COOKIE, self._cookie, httponly=True, samesite="Strict")
        return response
