"""Stages for the tests of the feedback node."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support import lamp


@pytest.fixture
def stage(bench: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Makes a ``stage.Stage`` with parameters of the node; the output ``lamp`` is installed."""
    from support.stage import Stage

    lamp.install(tmp_path, monkeypatch)
    __import__("lamp_output")
    return lambda **parameters: Stage(bench, **parameters)
