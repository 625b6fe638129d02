"""What the pose model sees in clips."""

from pathlib import Path

from apsa_perception.pose.backend import open_backend
from apsa_perception.pose.estimator import PoseEstimator
from apsa_perception.sources.video import VideoReader
from support.figures import Frames


def frames_of(*clips: Path, corrected: bool) -> Frames:
    """Frames of clips, one after another, as the pose node sees them; or not corrected."""
    estimator = PoseEstimator(open_backend(), corrected=corrected)
    frames: Frames = []
    for clip in clips:
        start_ns = frames[-1][0] if frames else 0
        with VideoReader(clip) as video:
            for clip_ns, rgb in video:
                stamp_ns = start_ns + clip_ns
                frames.append((stamp_ns, estimator.process(rgb, stamp_ns)))
    estimator.close()
    return frames
