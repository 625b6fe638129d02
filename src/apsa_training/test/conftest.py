"""Fixtures of this package's tests; they need ``tests/support`` of the repository."""

from importlib.util import find_spec
from pathlib import Path

import pytest

EVALUATE = ("sklearn",)
"""Imports of apsa_training that ``requirements/evaluate.txt`` installs."""

if find_spec("support") is None:
    collect_ignore_glob = ["*"]
else:
    from support.fixtures import bench, clip, motion_file

    __all__ = ["bench", "clip", "motion_file"]


class SkippedModule(pytest.Module):
    """A module that cannot be imported without the packages for evaluation."""

    def collect(self) -> list[pytest.Item | pytest.Collector]:
        """Skip the module with the reason."""
        pytest.skip("requirements/evaluate.txt is not installed", allow_module_level=True)


def pytest_pycollect_makemodule(
    module_path: Path, parent: pytest.Collector
) -> pytest.Module | None:
    """Skip modules that import ``apsa_training`` if its dependencies are not installed."""
    missing = [name for name in EVALUATE if find_spec(name) is None]
    if missing and "apsa_training" in module_path.read_text(encoding="utf-8"):
        return SkippedModule.from_parent(parent, path=module_path)
    return None
