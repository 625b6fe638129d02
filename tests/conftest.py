"""Fixtures of the tests across packages."""

from support.fixtures import bench, clip, motion_file, one_browser

__all__ = ["bench", "clip", "motion_file", "one_browser"]
