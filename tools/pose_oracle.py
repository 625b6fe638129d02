"""Writes what MediaPipe finds in the first frames of a clip, which the default backend must equal.

python tools/pose_oracle.py samples/squat.mp4 tests/data/pose/squat_mediapipe.npz

MediaPipe comes with ``python3 scripts/bootstrap.py --with oracle -- ...``.
"""

import argparse
from itertools import islice
from pathlib import Path

import numpy as np

from apsa_perception.pose.backend import open_backend
from apsa_perception.sources.video import VideoReader

FRAMES = 50


def main() -> None:
    """Run MediaPipe and write one row for each frame."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("clip", type=Path)
    parser.add_argument("target", type=Path)
    arguments = parser.parse_args()
    backend = open_backend("mediapipe")
    with VideoReader(arguments.clip) as video:
        found = [backend.detect(rgb, stamp) for stamp, rgb in islice(video, FRAMES)]
    people = [poses[0] for poses in found if poses]
    np.savez_compressed(
        arguments.target,
        found=np.array([bool(poses) for poses in found]),
        positions=np.array([pose.positions for pose in people], np.float32),
        pixels=np.array([pose.pixels for pose in people], np.float32),
        confidence=np.array([pose.confidence for pose in people], np.float32),
        observed=np.array([pose.observed for pose in people]),
    )


if __name__ == "__main__":
    main()
