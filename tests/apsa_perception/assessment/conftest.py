"""Real clips as skeletons, each run once for a test session.

Puts this folder on the path, so that the tests in it share their helpers.
"""

import os
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from figures import Frames

from apsa_perception.pose.estimator import PoseEstimator
from apsa_perception.pose.mediapipe_backend import MediaPipeBackend
from apsa_perception.sources.video import VideoReader

sys.path.insert(0, str(Path(__file__).parent))
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def clip_frames(clip: Callable[[str], Path]) -> Callable[[str], Frames]:
    """Frames of a clip by name, such as ``squat_front``, as the pose node sees them."""

    @cache
    def run(name: str) -> Frames:
        path = clip(f"{name}.mp4")
        estimator = PoseEstimator(MediaPipeBackend())
        with VideoReader(path) as video:
            frames = [(stamp, estimator.process(rgb, stamp)) for stamp, rgb in video]
        estimator.close()
        return frames

    return run


@pytest.fixture(scope="session")
def motion_file() -> Callable[[str], Path]:
    """Path of a motion data file, such as ``irds/irds.npz``; skips where it is absent."""

    def find(name: str) -> Path:
        folder = Path(os.environ.get("APSA_SHARED", ROOT.parent / "shared")) / "data"
        if not (folder / name).is_file():
            pytest.skip(f"motion data {name} is not in {folder}")
        return folder / name

    return find
