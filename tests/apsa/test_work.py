"""The work folder: what lies there is found again as long as data and code stay the same."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from apsa_perception.training import work
from apsa_perception.training.prepare import prepare
from apsa_perception.training.work import code_mark, work_folder

from .samples import sample

ANSWERS = "apsa_perception.training.answers"
PACKAGE = Path(work.__file__).parents[1]
CUT = """
import sys
from pathlib import Path
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.training.packed import load_packed
from apsa_perception.training.recordings import cut
from apsa_perception.training.sequences import MotionData
data = load_packed(Path(sys.argv[1]))
cut(MotionData(data.source, data.sequences[:1]), ExerciseLibrary.load(Path(sys.argv[2])), Path("."))
"""


def mark_after(monkeypatch: pytest.MonkeyPatch, copy: Path, file: str, old: str, new: str) -> str:
    """Mark of the code that makes the answers, with a text in one file replaced."""
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    text = (copy / file).read_text(encoding="utf-8")
    assert old in text
    (copy / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    monkeypatch.setattr(work, "_ROOT", copy)
    code_mark.cache_clear()
    try:
        return code_mark(ANSWERS)
    finally:
        monkeypatch.undo()
        code_mark.cache_clear()


def test_the_mark_follows_code_however_far_away_but_not_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def after(number: int, file: str, old: str, new: str) -> str:
        return mark_after(monkeypatch, tmp_path / str(number), file, old, new)

    before = code_mark(ANSWERS)
    assert after(1, "skeleton/body_frame.py", '"""', '"""Words. ') == before
    assert after(2, "apsa/measures.py", "_TINY = 1e-6", "_TINY = 1e-6  # words") == before
    assert after(3, "nodes/qos.py", "depth=100", "depth=10") == before, "no answer comes from it"
    assert after(4, "apsa/measures.py", "_TINY = 1e-6", "_TINY = 1e-5") != before
    assert after(5, "training/augment.py", "reverse: float = 0.3", "reverse: float = 0") != before
    assert code_mark("apsa_perception.training.clinical") != before


def test_other_data_or_another_module_gets_another_folder(tmp_path: Path) -> None:
    data = prepare(sample())
    one = work_folder(tmp_path, data, ANSWERS)
    assert one.is_dir()
    assert work_folder(tmp_path, data, ANSWERS) == one
    assert work_folder(tmp_path, data, "apsa_perception.training.clinical") != one
    data.windows[0] += 0.1
    assert work_folder(tmp_path, data, ANSWERS) != one


def test_repetitions_cut_in_one_run_are_found_in_the_next(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    arguments = [str(root / "tests/apsa/data/irds_sample.npz"), str(root / "config/exercises")]
    for seed in ("1", "2"):
        subprocess.run(
            [sys.executable, "-c", CUT, *arguments],
            cwd=tmp_path,
            env=os.environ | {"PYTHONHASHSEED": seed},
            check=True,
        )
    assert len(list(tmp_path.iterdir())) == 1
