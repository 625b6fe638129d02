"""The picture that the pages show."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="package")
def shot(clip: Callable[[str], Path]) -> Any:
    """A ``page_cases.Shot``."""
    from support.page_cases import take_shot

    return take_shot(clip("squat_front_knees_in.mp4"))
