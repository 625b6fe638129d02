"""Fixtures that the tests of several packages share."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from support.figures import Frames
from support.once import Once
from support.paths import ROOT, shared_dir

# Runs side by side on one machine, or a coach in another window, must not hear each other; nor must
# the processes of one run, which a domain of the user's would join.
if "ROS_DOMAIN_ID" not in os.environ or "PYTEST_XDIST_WORKER" in os.environ:
    os.environ["ROS_DOMAIN_ID"] = str(1 + os.getpid() % 100)
os.environ.setdefault("ROS_AUTOMATIC_DISCOVERY_RANGE", "LOCALHOST")


@pytest.fixture(scope="session")
def clip() -> Callable[[str], Path]:
    """Path of a test clip by name, such as ``squat_front.mp4``; skips where it is absent."""

    def find(name: str) -> Path:
        for folder in (ROOT / "tests" / "media", shared_dir() / "media" / "video"):
            if (folder / name).is_file():
                return folder / name
        pytest.skip(f"clip {name} is neither in tests/media nor in {shared_dir()}/media/video")

    return find


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """What the processes of this run share."""
    folder = tmp_path_factory.getbasetemp()
    return Once(folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder)


@pytest.fixture(scope="session")
def clip_frames(clip: Callable[[str], Path], once: Once) -> Callable[..., Frames]:
    """What the pose node sees in clips, one after another, by name, such as ``squat_front``.

    With ``corrected=False`` the skeletons are not corrected.
    """

    def frames(*names: str, corrected: bool = True) -> Frames:
        from support.seen_clips import frames_of

        paths = [clip(f"{name}.mp4") for name in names]
        kind = "corrected" if corrected else "not_corrected"
        return once.get(
            f"frames_{'_'.join(names)}_{kind}", lambda: frames_of(*paths, corrected=corrected)
        )

    return frames


@pytest.fixture(scope="session")
def motion_file() -> Callable[[str], Path]:
    """Path of a motion data file, such as ``irds/irds.npz``; skips where it is absent."""

    def find(name: str) -> Path:
        folder = shared_dir() / "data"
        if not (folder / name).is_file():
            pytest.skip(f"motion data {name} is not in {folder}")
        return folder / name

    return find


@pytest.fixture
def bench() -> Iterator[Any]:
    """A ``bench.Bench`` with a fresh ROS context; skips without rclpy."""
    pytest.importorskip("rclpy", reason="rclpy is not installed")
    from support.bench import open_bench

    with open_bench() as opened:
        yield opened


@pytest.fixture(scope="session", autouse=True)
def one_browser() -> Iterator[None]:
    """Ends the browser that the tests of this process shared."""
    yield
    if "support.chromium" in sys.modules:
        sys.modules["support.chromium"].stop()
