"""Who may open the screen: the picture of a person is for the viewers it is meant for."""

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
    """Whether an address can be reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Access:
    """Lets viewers in by token, and only pages of this server.

    A page of any other site could open a WebSocket to a server on this machine and watch. So the
    origin must be this server, and on a local address the host name a local one (no DNS
    rebinding). With a token, the first request carries it in the address (``/?token=...``); from
    then on a cookie does, which other sites cannot send.

    Args:
        host: address the server is bound to.
        token: secret of the viewers; empty for none.

    Raises:
        ValueError: others could reach the address and there is no token, or a short one.
    """

    def __init__(self, host: str, token: str) -> None:
        self._local = is_local(host)
        if not self._local and not token:
            raise ValueError(
                f"screen.host {host} can be reached by others: set screen.token "
                f"({MIN_TOKEN_LENGTH} characters or more), or use 127.0.0.1"
            )
        if token and len(token) < MIN_TOKEN_LENGTH:
            raise ValueError(
                f"screen.token has {len(token)} characters; allowed are {MIN_TOKEN_LENGTH} and more"
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
