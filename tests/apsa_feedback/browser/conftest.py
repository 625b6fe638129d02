"""Puts this folder on the path for its modules, and takes the picture that the pages show."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="package")
def shot(clip: Callable[[str], Path]) -> Any:
    """A ``page_cases.Shot``."""
    from page_cases import take_shot

    return take_shot(clip("squat_front_knees_in.mp4"))
