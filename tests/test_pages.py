"""The documentation of measures and exercises is as the code and the files have it."""

import re
from pathlib import Path

import pytest

from apsa_perception.biomechanics.measures import MEASURES
from apsa_perception.exercises.file import load_exercise
from exercise_pages import pages, with_tables
from support.paths import ROOT


def test_the_tables_are_up_to_date() -> None:
    for path, text in pages(ROOT).items():
        assert path.read_text(encoding="utf-8") == text, "python tools/exercise_pages.py"


def test_every_measure_and_exercise_is_in_its_table() -> None:
    measures, exercises = pages(ROOT).values()
    assert all(f"| `{name}` |" in measures for name in MEASURES)
    files = (ROOT / "config" / "exercises").glob("*.yaml")
    assert all(f"| `{path.stem}` |" in exercises for path in files)


def test_an_unknown_table_is_refused() -> None:
    with pytest.raises(ValueError, match="no table 'codes'; allowed are measures"):
        with_tables("<!-- made: codes -->\n<!-- end -->", {"measures": ""})


def test_the_example_of_the_page_is_an_exercise(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "exercises.md").read_text(encoding="utf-8")
    example = re.search(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert example is not None
    path = tmp_path / "wall_squat.yaml"
    path.write_text(example.group(1), encoding="utf-8")
    assert load_exercise(path).title == "Wall squat"
