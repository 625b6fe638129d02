"""Real clips as skeletons, each run once for a test session."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from apsa_perception.pose.backend import open_backend
from apsa_perception.pose.estimator import PoseEstimator
from apsa_perception.sources.video import VideoReader
from support.figures import Frames


@pytest.fixture(scope="session")
def clip_frames(clip: Callable[[str], Path]) -> Callable[..., Frames]:
    """Frames of a clip by name, such as ``squat_front``, as the pose node sees them.

    With False as second argument the skeletons are not corrected.
    """

    @cache
    def run(name: str, corrected: bool = True) -> Frames:
        path = clip(f"{name}.mp4")
        estimator = PoseEstimator(open_backend(), corrected=corrected)
        with VideoReader(path) as video:
            frames = [(stamp, estimator.process(rgb, stamp)) for stamp, rgb in video]
        estimator.close()
        return frames

    return run
