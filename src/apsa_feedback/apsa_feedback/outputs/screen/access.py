"""Access control of the screen, which shows pictures of a person."""

import hashlib
import hmac
import html
import ipaddress
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from apsa_feedback.outputs.screen.address_limits import RateLimits, address_key
from apsa_feedback.outputs.screen.page_files import PAGES
from apsa_feedback.outputs.screen.viewer_token import TOKEN_VARIABLE

GUESSES, _GUESSES_PER_S = 5, 5 / 60.0
"""Wrong tokens of one address."""
REQUESTS, _REQUESTS_PER_S = 180, 20.0
"""Requests of one address; opening the page takes 36, and several viewers can share an address."""

_COOKIE = "apsa_screen"
_SECURE_COOKIE = "__Host-apsa_screen"
"""With TLS: a browser lets no answer without it replace a cookie that is secure."""
_COOKIE_S = 30 * 24 * 3600
"""A page that is installed as an app starts without the token in its address."""
_STYLE = "/static/entrance.css"
_PAGE = """<!doctype html>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>APSA coach</title>
<link rel="stylesheet" href="{style}">
<h1>APSA coach</h1>
<p>{sentence}</p>
"""
_HTML = "text/html"
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
    """Admits viewers by token, only pages of this server, and few requests of an address.

    A page of another site could open a WebSocket to a server on this machine and watch. Therefore
    the origin must be this server, and at a local address the host name must be local (against DNS
    rebinding). With a token, the first request has it in the address (``/?token=...``); later
    requests use a cookie, which other sites cannot send.

    Args:
        host: address to which the server is bound.
        token: secret of the viewers; empty for none.
        words: words of the language that viewers read now.

    Raises:
        ValueError: others can reach the address and the token is missing.
    """

    def __init__(
        self, host: str, token: str, words: Callable[[], Mapping[str, str]] = dict
    ) -> None:
        self._words = words
        self._local = is_local(host)
        if not self._local and not token:
            raise ValueError(
                f"screen.host {host} is reachable from other machines: set screen.token_file or "
                f"the environment variable {TOKEN_VARIABLE}, or use 127.0.0.1"
            )
        self._token = token.encode()
        self._cookie = hmac.new(self._token, b"apsa screen", hashlib.sha256).hexdigest()
        self._guesses = RateLimits(_GUESSES_PER_S, GUESSES)
        self._requests = RateLimits(_REQUESTS_PER_S, REQUESTS)

    def middleware(self) -> Middleware:
        """Return the aiohttp middleware that applies the rules."""

        @web.middleware
        async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
            if not self._requests.of(address_key(request.remote)).take():
                raise web.HTTPTooManyRequests(text="Too many requests; wait a moment.")
            if not self._same_site(request):
                raise web.HTTPForbidden(text="This page is available at its own address only.")
            if self._token and request.path != _STYLE and not self._has_cookie(request):
                return self._admit(request)
            return await handler(request)

        return check

    def _same_site(self, request: web.Request) -> bool:
        if self._local and request.url.host not in _LOCAL_NAMES:
            return False
        origin = request.headers.get("Origin")
        return origin is None or urlsplit(origin).netloc == request.host

    def _has_cookie(self, request: web.Request) -> bool:
        return hmac.compare_digest(
            request.cookies.get(_cookie_of(request), "").encode(), self._cookie.encode()
        )

    def _page(self, key: str) -> str:
        """A page with one sentence."""
        sentence = html.escape(self._words().get(key, "This page needs its access token."))
        return _PAGE.format(style=_STYLE, sentence=sentence)

    def _admit(self, request: web.Request) -> web.Response:
        given = request.query.get("token")
        if given is None:
            raise web.HTTPForbidden(text=self._page("token_missing"), content_type=_HTML)
        guesses = self._guesses.of(address_key(request.remote))
        if guesses.is_exhausted:
            raise web.HTTPTooManyRequests(text=self._page("token_wait"), content_type=_HTML)
        if not hmac.compare_digest(given.encode(), self._token):
            guesses.take()
            raise web.HTTPForbidden(text=self._page("token_wrong"), content_type=_HTML)
        page = request.path if request.path in PAGES else "/"
        response = web.Response(status=303, headers={"Location": page})
        response.set_cookie(
            _cookie_of(request),
            self._cookie,
            max_age=_COOKIE_S,
            secure=request.secure,
            httponly=True,
            samesite="Strict",
        )
        return response


def _cookie_of(request: web.Request) -> str:
    """Name of the viewers' cookie on a connection."""
    return _SECURE_COOKIE if request.secure else _COOKIE
