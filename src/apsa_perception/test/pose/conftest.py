"""Clips run through the real model, once for each test session."""

from collections.abc import Callable
from functools import cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import pytest

from apsa_perception.imaging.images import RgbImage
from apsa_perception.model.skeleton import CanonicalPose, Skeleton
from apsa_perception.pose.estimator import PoseEstimator
from apsa_perception.pose.mediapipe_backend import MediaPipeBackend
from apsa_perception.sources.video import VideoReader


class ClipRun(NamedTuple):
    """Frame by frame, what the model found and what the estimator made of it."""

    raw: list[list[CanonicalPose]]
    skeletons: list[list[Skeleton]]


class ListeningBackend(MediaPipeBackend):
    """Keeps what it found."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[list[CanonicalPose]] = []

    def detect(self, rgb: RgbImage, stamp_ns: int) -> list[CanonicalPose]:
        self.found.append(super().detect(rgb, stamp_ns))
        return self.found[-1]


@pytest.fixture(scope="session")
def run_clip(clip: Callable[[str], Path]) -> Callable[..., ClipRun]:
    """Run a clip, given its name and, to stop early, a number of frames."""
    backend = ListeningBackend()

    @cache
    def run(name: str, frames: int | None = None) -> ClipRun:
        estimator = PoseEstimator(backend)
        estimator.reset()
        backend.found = []
        with VideoReader(clip(name)) as video:
            skeletons = [estimator.process(rgb, stamp) for stamp, rgb in islice(video, frames)]
        return ClipRun(backend.found, skeletons)

    return run
