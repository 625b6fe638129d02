"""The questions about the last set of a recording, which ends by itself, on an open page."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from support.figures import Frames
from support.processes import free_port
from support.skeleton_bags import clip_bag

pytestmark = pytest.mark.slow

ANSWER = {"command": "rate", "value": {"pain": 2, "effort": 4, "note": "a little stiff"}}
LIMIT_S = 90.0
STAY_S = 5.0
"""Longer than the coach stays after a recording without the page."""
RELOAD_S = 2.0


@contextmanager
def coach(bag: Path, folder: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The process and port of the coach with a screen on a bag; it is killed at last."""
    port = free_port()
    params = folder / "params.yaml"
    params.write_text(f"/**/feedback_node:\n  ros__parameters:\n    screen.port: {port}\n")
    command = [sys.executable, "-m", "apsa_feedback.commands.composed", "--source", str(bag)]
    command += ["--exercise", "squat", "--outputs", "screen", "--rate", "2"]
    command += ["--params-file", str(params), *options]
    with subprocess.Popen(command, text=True, stderr=subprocess.PIPE) as process:
        try:
            yield process, port
        finally:
            process.kill()  # else it would publish beside the nodes of other tests


async def connected(web: aiohttp.ClientSession, port: int) -> aiohttp.ClientWebSocketResponse:
    while True:
        try:
            return await web.ws_connect(f"http://127.0.0.1:{port}/live", max_msg_size=0)
        except aiohttp.ClientError:
            await asyncio.sleep(0.05)


async def watch(port: int, answer: dict[str, Any] | None) -> bool:
    """Open the page until the session has ended; return whether it asked.

    It is closed when it asks and, with an answer, opened again until that was taken.
    """
    async with asyncio.timeout(LIMIT_S), aiohttp.ClientSession() as web:
        async with await connected(web, port) as page:
            asked = await is_asked(page)
            if asked:
                await asyncio.sleep(STAY_S)
        if asked and answer is not None:
            await asyncio.sleep(RELOAD_S)
            async with await connected(web, port) as page:
                assert await is_asked(page)
                await page.send_json(answer)
                while await is_asked(page):
                    pass
    return asked


async def is_asked(page: aiohttp.ClientWebSocketResponse) -> bool:
    """Return whether the next state of the session after its end asks; False also without one."""
    async for message in page:
        state = json.loads(message.data) if message.type is aiohttp.WSMsgType.TEXT else {}
        if state.get("session") == "closed":
            return bool(state["rating"])
    return False


@pytest.mark.parametrize("answer", [ANSWER, None])
def test_the_page_is_asked_after_a_recording(
    clip_frames: Callable[[str], Frames], tmp_path: Path, answer: dict[str, Any] | None
) -> None:
    bag = clip_bag(tmp_path / "bag", clip_frames("squat_front"))
    reports = tmp_path / "reports"
    with coach(bag, tmp_path, "--report", str(reports), "--person", "P-017") as (process, port):
        assert asyncio.run(watch(port, answer))
        _, log = process.communicate(timeout=LIMIT_S)
    assert process.returncode == 0
    assert "the page asks about pain and effort" in log
    (report,) = reports.glob("*.json")
    assert json.loads(report.read_text())["rating"] == (answer and answer["value"])


@pytest.mark.parametrize("with_page", [False, True])
def test_nobody_waits_without_a_page_or_a_report(
    clip_frames: Callable[[str], Frames], tmp_path: Path, with_page: bool
) -> None:
    bag = clip_bag(tmp_path / "bag", clip_frames("squat_front"))
    report = [] if with_page else ["--report", str(tmp_path / "reports"), "--person", "P-017"]
    with coach(bag, tmp_path, *report) as (process, port):
        if with_page:
            asyncio.run(watch(port, None))
        _, log = process.communicate(timeout=LIMIT_S)
    assert process.returncode == 0
    assert "the page asks" not in log
