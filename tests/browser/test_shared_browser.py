"""The browser that the tests of a process share: no failure leaves one behind."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from support import chromium
from support.paths import ROOT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(chromium.find() is None, reason="no Chromium is installed"),
]

_OPEN = """
import asyncio
from support import chromium
async def look():
    async with chromium.browse():
        print("open", flush=True)
        await asyncio.sleep(60.0)
asyncio.run(look())
"""


def browsers(parent: int) -> list[int]:
    """Process ids of the browsers that a process has started and that run."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [pid for pid in map(int, children) if runs(pid) and b"--headless" in command(pid)]


def command(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def runs(pid: int) -> bool:
    """Whether a process exists and is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def tabs() -> int:
    """How many tabs are open, besides that of the question."""
    async with chromium.browse() as page:
        targets = (await page.call("Target.getTargets"))["targetInfos"]
        return sum(target["type"] == "page" for target in targets) - 1


def test_a_browser_that_crashed_is_replaced() -> None:
    asyncio.run(tabs())
    (crashed,) = browsers(os.getpid())
    os.kill(crashed, signal.SIGKILL)
    os.waitid(os.P_PID, crashed, os.WEXITED | os.WNOWAIT)
    asyncio.run(tabs())
    assert len(browsers(os.getpid())) == 1


@pytest.mark.parametrize("private", [False, True])
def test_a_failed_test_leaves_no_tab(private: bool) -> None:
    async def fail() -> None:
        before = await tabs()
        with pytest.raises(ValueError, match=r"^$"):
            async with chromium.browse(private):
                raise ValueError
        async with asyncio.timeout(5.0):
            while await tabs() != before:
                await asyncio.sleep(0.05)

    asyncio.run(fail())


def test_a_browser_that_does_not_start_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    chromium.stop()
    monkeypatch.setattr(chromium, "START_S", 0.0)
    with pytest.raises(AssertionError, match="the browser does not start"):
        asyncio.run(tabs())
    assert browsers(os.getpid()) == []


def test_a_killed_process_takes_its_browser_along() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _OPEN],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT / "tests")},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"open\n"
        (browser,) = browsers(process.pid)
        process.kill()
    give_up = time.monotonic() + 5.0
    while runs(browser) and time.monotonic() < give_up:
        time.sleep(0.05)
    assert not runs(browser)
