"""Check of the docstrings by ament_pep257, in the Google convention."""

from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1]
# Docstrings may be left out where the name says everything, and always in tests.
OPTIONAL = ["D100", "D101", "D102", "D103", "D104", "D105", "D106", "D107"]
# Command lines in docstrings may be continued with an escaped backslash.
ESCAPES = "D301"


def test_pep257() -> None:
    pep257 = pytest.importorskip("ament_pep257.main", reason="ament_pep257 is not installed")
    arguments = ["--convention", "google", "--add-ignore", *OPTIONAL, ESCAPES, "--"]
    assert pep257.main(argv=[*arguments, str(PACKAGE)]) == 0, "see the output"
