"""Controls a headless Chromium over the DevTools protocol, with aiohttp only."""

import asyncio
import base64
import contextlib
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp

START_S = 20.0
END_S = 10.0
_NAVIGATED = ("Inspected target navigated or closed", "Execution context was destroyed")


def find() -> str | None:
    """Path of an installed browser, or None."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((path for name in names if (path := shutil.which(name))), None)


class NavigatedError(RuntimeError):
    """The page was left before it answered."""


class Page:
    """One tab."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._ids = iter(range(1, 1_000_000))

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Call a DevTools method and return its result."""
        number = next(self._ids)
        await self._socket.send_json({"id": number, "method": method, "params": params})
        async for message in self._socket:
            answer = json.loads(message.data)
            if answer.get("id") == number:
                if "error" in answer:
                    reason = answer["error"]["message"]
                    kind = NavigatedError if reason.startswith(_NAVIGATED) else RuntimeError
                    raise kind(f"{method}: {reason}")
                result: dict[str, Any] = answer["result"]
                return result
        raise RuntimeError(f"{method}: the browser closed the connection")

    async def open(self, url: str, width: int = 1280, height: int = 800) -> None:
        """Go to an address in a window of the given size."""
        await self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=1, mobile=width < 600,
        )  # fmt: skip
        await self.call("Page.navigate", url=url)
        await self.wait_for("document.readyState === 'complete'")

    async def run(self, expression: str) -> Any:
        """Value of a JavaScript expression; a promise is awaited."""
        answer = await self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in answer:
            raise RuntimeError(str(answer["exceptionDetails"]))
        return answer["result"].get("value")

    async def wait_for(self, expression: str, seconds: float = 10.0) -> None:
        """Wait until a JavaScript expression is true, on this page or the one it leads to."""
        async with asyncio.timeout(seconds):
            while True:
                with contextlib.suppress(NavigatedError):
                    if await self.run(f"Boolean({expression})"):
                        return
                await asyncio.sleep(0.05)

    async def click(self, selector: str) -> None:
        """Click with the mouse in the middle of an element, on whatever is seen there."""
        (
            x,
            y,
        ) = await self.run(f"""((box) => [(box.left + box.right) / 2, (box.top + box.bottom) / 2])(
          document.querySelector({selector!r}).getBoundingClientRect())""")
        for kind in ("mousePressed", "mouseReleased"):
            await self.call(
                "Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1
            )

    async def screenshot(self, path: Path) -> None:
        """Write what is seen as a PNG file, for people to look at, if ``APSA_SCREENSHOTS`` is set.

        No test compares it, and to draw all of them takes as long as what the tests compare.
        """
        if "APSA_SCREENSHOTS" not in os.environ:
            return
        answer = await self.call("Page.captureScreenshot", format="png")
        path.write_bytes(base64.b64decode(answer["data"]))


@contextlib.asynccontextmanager
async def browse(private: bool = True) -> AsyncIterator[Page]:
    """Yield a page of the browser, which is started if need be.

    A private one has an empty storage of its own. Only another can be installed as an app.
    """
    port = _running_browser().port
    async with aiohttp.ClientSession() as session:
        async with session.get(f"http://127.0.0.1:{port}/json/version") as answer:
            address = (await answer.json())["webSocketDebuggerUrl"]
        async with session.ws_connect(address, max_msg_size=0) as control:
            browser = Page(control)
            storage = {}
            if private:
                storage = await browser.call("Target.createBrowserContext", disposeOnDetach=True)
            tab = await browser.call("Target.createTarget", url="about:blank", **storage)
            address = f"ws://127.0.0.1:{port}/devtools/page/{tab['targetId']}"
            try:
                async with session.ws_connect(address, max_msg_size=0) as socket:
                    yield Page(socket)
            finally:
                await browser.call("Target.closeTarget", **tab)


def stop() -> None:
    """End the browser of this process."""
    while _browsers:
        _browsers.pop().close()


class _Browser:
    """A headless browser, and the port on which it is controlled.

    It ends with this process, also when that is killed.
    """

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self._process = subprocess.Popen(
            [
                "setpriv", "--pdeathsig", "KILL", "--", find() or "",
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
                "--no-first-run", "--disable-background-networking", "--disable-component-update",
                "--disable-sync", "--disable-dev-shm-usage", "--remote-debugging-port=0",
                f"--user-data-dir={self._folder.name}",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            self.port = self._debugging_port(Path(self._folder.name) / "DevToolsActivePort")
        except BaseException:
            self.close()
            raise

    @property
    def runs(self) -> bool:
        return self._process.poll() is None

    def _debugging_port(self, file: Path) -> int:
        give_up = time.monotonic() + START_S
        while not file.exists() or not file.read_text().strip():
            assert self.runs, "the browser has ended at its start"
            assert time.monotonic() < give_up, "the browser does not start"
            time.sleep(0.05)
        return int(file.read_text().splitlines()[0])

    def close(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(timeout=END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        finally:
            self._folder.cleanup()


_browsers: list[_Browser] = []
"""The one browser of this process, once it is started."""


def _running_browser() -> _Browser:
    """The browser of this process; one that has crashed is replaced."""
    if _browsers and not _browsers[0].runs:
        stop()
    if not _browsers:
        _browsers.append(_Browser())
    return _browsers[0]
