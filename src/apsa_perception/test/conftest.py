"""Fixtures of this package's tests; they need ``tests/support`` of the repository."""

from importlib.util import find_spec

if find_spec("support") is None:
    collect_ignore_glob = ["*"]
else:
    from support.fixtures import bench, clip, clip_frames, motion_file, once

    __all__ = ["bench", "clip", "clip_frames", "motion_file", "once"]
