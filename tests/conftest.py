"""Fixtures of the tests across packages."""

from support.fixtures import bench, clip, clip_frames, motion_file, once, one_browser

__all__ = ["bench", "clip", "clip_frames", "motion_file", "once", "one_browser"]
