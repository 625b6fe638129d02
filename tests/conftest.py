"""Fixtures that several test folders share."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

# Runs side by side on one machine, or a coach in another window, must not hear each other.
os.environ.setdefault("ROS_DOMAIN_ID", str(1 + os.getpid() % 100))
os.environ.setdefault("ROS_AUTOMATIC_DISCOVERY_RANGE", "LOCALHOST")


def shared_dir() -> Path:
    """Folder with the full set of clips and motion data; may be absent."""
    return Path(os.environ.get("APSA_SHARED", ROOT.parent / "shared"))


@pytest.fixture(scope="session")
def clip() -> Callable[[str], Path]:
    """Path of a test clip by name, such as ``squat_front.mp4``; skips where it is absent."""

    def find(name: str) -> Path:
        for folder in (ROOT / "tests" / "media", shared_dir() / "media" / "video"):
            if (folder / name).is_file():
                return folder / name
        pytest.skip(f"clip {name} is neither in tests/media nor in {shared_dir()}/media/video")

    return find


@pytest.fixture
def bench() -> Iterator[Any]:
    """A ``bench.Bench`` with a fresh ROS context; skips without rclpy."""
    pytest.importorskip("rclpy", reason="rclpy is not installed")
    from bench import open_bench

    with open_bench() as opened:
        yield opened
