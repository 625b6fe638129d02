"""Check of package.xml against its schema by ament_xmllint."""

from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1]


def test_xmllint() -> None:
    xmllint = pytest.importorskip("ament_xmllint.main", reason="ament_xmllint is not installed")
    assert xmllint.main(argv=[str(PACKAGE)]) == 0, "see the output"
