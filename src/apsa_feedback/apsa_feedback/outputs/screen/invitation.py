"""The address with the token and its QR code, on the terminal of whoever started the coach.

The token must stay out of logs and of what other users can read. Standard output of a node ends in
the log of its launch; the controlling terminal does not.
"""

import contextlib
import io
import signal
import socket
from pathlib import Path
from urllib.parse import quote, urlsplit

import segno

_EVERYWHERE = {"0.0.0.0": socket.AF_INET, "::": socket.AF_INET6}
# Addresses for documentation (RFC 5737, RFC 3849): nothing is sent to them.
_SOMEWHERE = {socket.AF_INET: "192.0.2.1", socket.AF_INET6: "2001:db8::1"}


def invite(url: str, token: str) -> None:
    """Print address and QR code on the controlling terminal; without one do nothing."""
    text = invitation(reachable(url), token).encode()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})
    try:
        with contextlib.suppress(OSError), Path("/dev/tty").open("wb", buffering=0) as terminal:
            terminal.write(text)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def invitation(url: str, token: str) -> str:
    """Return the text for the terminal.

    Args:
        url: address of the page.
        token: secret of the viewers.
    """
    address = f"{url}?token={quote(token, safe='')}"
    code = io.StringIO()
    segno.make(address, micro=False).terminal(out=code, compact=True)
    return f"\nOpen the screen on another device:\n{address}\n{code.getvalue()}\n"


def reachable(url: str) -> str:
    """Return the address with a host that others can reach, where the server listens on all."""
    parts = urlsplit(url)
    family = _EVERYWHERE.get(parts.hostname or "")
    if family is None:
        return url
    host = _own_address(family)
    return parts._replace(netloc=f"{f'[{host}]' if ':' in host else host}:{parts.port}").geturl()


def _own_address(family: socket.AddressFamily) -> str:
    """Address of this machine on the way to others; its name if there is no network."""
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((_SOMEWHERE[family], 9))
            return str(probe.getsockname()[0])
        except OSError:
            return socket.gethostname()
