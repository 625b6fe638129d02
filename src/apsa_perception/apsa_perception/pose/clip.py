"""A whole clip as skeletons, for what is done to recordings and not live."""

from pathlib import Path

from apsa_perception.model.skeleton import Skeleton
from apsa_perception.pose.backend import open_backend
from apsa_perception.pose.estimator import PoseEstimator
from apsa_perception.sources.video import VideoReader


def skeletons_of_clip(path: Path) -> list[tuple[int, list[Skeleton]]]:
    """Stamp in nanoseconds and people of every frame; ``ValueError`` where it cannot be read."""
    estimator = PoseEstimator(open_backend())
    try:
        with VideoReader(path) as video:
            return [(stamp_ns, estimator.process(rgb, stamp_ns)) for stamp_ns, rgb in video]
    finally:
        estimator.close()
