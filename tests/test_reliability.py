"""The page about reliability names tests that exist and that ``make faults`` runs."""

import re
from pathlib import Path

import pytest

from support.paths import ROOT

PAGE = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
NAMES = sorted(set(re.findall(r"`(test_\w+)`", PAGE)))
MARK = "pytest.mark.faults"


def _test_files() -> list[Path]:
    return [*(ROOT / "tests").rglob("test_*.py"), *(ROOT / "src").glob("*/test/**/test_*.py")]


@pytest.mark.parametrize("name", NAMES)
def test_a_named_test_exists_and_is_marked(name: str) -> None:
    pattern = re.compile(rf"((?:^@.*\n(?:^[ )].*\n)*)*)^def {name}\(", re.MULTILINE)
    found = [(text, pattern.search(text)) for text in (file.read_text() for file in _test_files())]
    ((text, match),) = [(text, match) for text, match in found if match]
    module_marks = re.search(r"^pytestmark = (.*?)^\S*$", text, re.MULTILINE | re.DOTALL)
    marks = match[1] + (module_marks[1] if module_marks else "")
    assert MARK in marks
