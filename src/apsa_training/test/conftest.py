"""Fixtures of this package's tests; they need ``tests/support`` of the repository."""

from importlib.util import find_spec
from pathlib import Path

import pytest

_MISSING = [name for name in ("openpyxl", "sklearn", "tqdm") if find_spec(name) is None]

if find_spec("support") is None:
    collect_ignore_glob = ["*"]
else:
    from support.fixtures import bench, clip, motion_file

    __all__ = ["bench", "clip", "motion_file"]


class _SkippedModule(pytest.Module):
    """A test module that cannot be imported here."""

    def collect(self) -> list[pytest.Item]:
        """Skip the module with the reason."""
        missing = ", ".join(_MISSING)
        pytest.skip(f"{missing}: see requirements/evaluate.txt", allow_module_level=True)


def pytest_pycollect_makemodule(
    module_path: Path, parent: pytest.Collector
) -> pytest.Module | None:
    """Skip all modules of this folder where the packages for training are not installed."""
    return _SkippedModule.from_parent(parent, path=module_path) if _MISSING else None
