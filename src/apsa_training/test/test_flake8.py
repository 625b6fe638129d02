"""Check of the code style by ament_flake8; setup.cfg configures it."""

import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1]


def test_flake8() -> None:
    pytest.importorskip("ament_flake8.main", reason="ament_flake8 is not installed")
    # flake8 forks; in a copy of the tests' process the garbage collector would end ROS entities
    # whose threads were not copied.
    check = "import sys; from ament_flake8.main import main; sys.exit(main())"
    command = [sys.executable, "-c", check, "--config", str(PACKAGE / "setup.cfg"), str(PACKAGE)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stdout + result.stderr
