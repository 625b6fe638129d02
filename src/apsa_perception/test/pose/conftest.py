"""Clips run through the real model, once for each test session."""

from collections.abc import Callable
from functools import cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import pytest

from apsa_perception.imaging.images import RgbImage
from apsa_perception.model.skeleton import CanonicalPose, Skeleton
from apsa_perception.pose.backend import PoseBackend, open_backend
from apsa_perception.pose.estimator import PoseEstimator
from apsa_perception.sources.video import VideoReader


class ClipRun(NamedTuple):
    """Frame by frame, what the model found and what the estimator made of it, not corrected."""

    raw: list[list[CanonicalPose]]
    skeletons: list[list[Skeleton]]


class ListeningBackend:
    """Passes everything on to a backend and keeps what it found."""

    def __init__(self, backend: PoseBackend) -> None:
        self._backend = backend
        self.found: list[list[CanonicalPose]] = []

    @property
    def name(self) -> str:
        return self._backend.name

    def detect(self, rgb: RgbImage, stamp_ns: int) -> list[CanonicalPose]:
        self.found.append(self._backend.detect(rgb, stamp_ns))
        return self.found[-1]

    def reset(self) -> None:
        self._backend.reset()

    def close(self) -> None:
        self._backend.close()


@pytest.fixture(scope="session")
def run_clip(clip: Callable[[str], Path]) -> Callable[..., ClipRun]:
    """Run a clip, given its name and, to stop early, a number of frames."""
    backend = ListeningBackend(open_backend())

    @cache
    def run(name: str, frames: int | None = None) -> ClipRun:
        estimator = PoseEstimator(backend, corrected=False)
        estimator.reset()
        backend.found = []
        with VideoReader(clip(name)) as video:
            skeletons = [estimator.process(rgb, stamp) for stamp, rgb in islice(video, frames)]
        return ClipRun(backend.found, skeletons)

    return run
