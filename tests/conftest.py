"""Fixtures of the tests across packages."""

from support.fixtures import bench, clip, motion_file

__all__ = ["bench", "clip", "motion_file"]
