"""Check of the code style by ament_flake8; setup.cfg configures it."""

from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1]


def test_flake8() -> None:
    flake8 = pytest.importorskip("ament_flake8.main", reason="ament_flake8 is not installed")
    code, errors = flake8.main_with_errors(
        argv=["--config", str(PACKAGE / "setup.cfg"), str(PACKAGE)]
    )
    assert code == 0, "\n".join(errors)
