"""A camera that is missing or unplugged: the page stays and says so, the session is kept."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import rclpy

from apsa_feedback.bringup.graph import coach_graph, coach_options
from apsa_feedback.commands.composed import ComposedGraph, play
from apsa_perception.bringup.graph import chosen_source
from apsa_perception.ros.process import prepare_middleware
from support import chromium
from support.fake_camera import DEVICE, FakeCamera
from support.processes import free_port

pytestmark = [
    pytest.mark.slow,
    pytest.mark.faults,
    pytest.mark.skipif(chromium.find() is None, reason="no Chromium is installed"),
]
NO_PICTURE = """!document.getElementById('waiting').hidden
  && document.getElementById('waiting-text').textContent.includes('Is the camera plugged in')"""
PICTURE = "document.getElementById('waiting').hidden && document.body.dataset.stamp"
COUNT = "Number(document.getElementById('count').textContent)"
LIMIT_S = 60.0


@contextmanager
def coach(folder: Path, port: int) -> Iterator[threading.Thread]:
    """The composed coach on the camera, and the thread that waits for its end."""
    params = folder / "params.yaml"
    params.write_text(f"/**/feedback_node:\n  ros__parameters:\n    screen.port: {port}\n")
    values = {"source": DEVICE, "exercise": "squat", "outputs": "screen"}
    values |= {"wait_until_ready": "false", "params_file": str(params)}
    prepare_middleware()
    rclpy.init()
    graph = ComposedGraph(coach_graph(coach_options(values, chosen_source(values))), str(params))
    try:
        graph.start()
        playing = threading.Thread(target=play, args=(graph,), daemon=True)
        playing.start()
        yield playing
    finally:
        graph.close()
        rclpy.shutdown()


async def until(page: chromium.Page, expression: str) -> None:
    """Wait longer than ``Page.wait_for``: the person takes some seconds for a squat."""
    give_up = time.monotonic() + LIMIT_S
    while not await page.run(expression):
        assert time.monotonic() < give_up, f"waited in vain for {expression}"
        await asyncio.sleep(0.05)


def test_the_page_says_that_the_camera_is_missing_and_the_count_goes_on_when_it_is_back(
    clip: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = FakeCamera(clip("squat_front.mp4"), monkeypatch)
    port = free_port()

    async def look(playing: threading.Thread) -> None:
        async with chromium.browse() as page:
            await page.open(f"http://127.0.0.1:{port}")
            await until(page, NO_PICTURE)
            device.plugged_in = True
            await until(page, PICTURE)
            await until(page, f"{COUNT} === 2")
            device.plugged_in = False
            await until(page, NO_PICTURE)
            assert await page.run(COUNT) == 2
            assert await page.run("document.body.dataset.session") == "running"
            device.plugged_in = True
            await until(page, PICTURE)
            await until(page, f"{COUNT} === 3")
            assert playing.is_alive()

    with coach(tmp_path, port) as playing:
        asyncio.run(look(playing))
