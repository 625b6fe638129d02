"""The work folder: what lies there is found again as long as data and code stay the same."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from apsa_training import cache
from apsa_training.cache import code_mark, work_folder
from apsa_training.prepare import prepare
from support.paths import ROOT
from support.samples import sample

ANSWERS = "apsa_training.cross_predictions"
CUT = """
import sys
from pathlib import Path
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_training.packed import load_packed
from apsa_training.recordings import cut
from apsa_training.sequences import MotionData
data = load_packed(Path(sys.argv[1]))
cut(MotionData(data.source, data.sequences[:1]), ExerciseLibrary.load(Path(sys.argv[2])), Path("."))
"""


def mark_after(monkeypatch: pytest.MonkeyPatch, copy: Path, file: str, old: str, new: str) -> str:
    """Mark of the code that makes the answers, with a text in one file replaced."""
    copies = {}
    for name, folder in cache._PACKAGES.items():
        copies[name] = copy / name
        shutil.copytree(folder, copies[name], ignore=shutil.ignore_patterns("__pycache__"))
    text = (copy / file).read_text(encoding="utf-8")
    assert old in text
    (copy / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    monkeypatch.setattr(cache, "_PACKAGES", copies)
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

    body, features = "apsa_perception/model/body_frame.py", "apsa_perception/apsa/features.py"
    qos, augment = "apsa_perception/ros/qos.py", "apsa_training/augment.py"
    before = code_mark(ANSWERS)
    assert after(1, body, '"""', '"""Words. ') == before
    assert after(2, features, "_TINY = 1e-6", "_TINY = 1e-6  # words") == before
    assert after(3, qos, "depth=100", "depth=10") == before, "no answer comes from it"
    assert after(4, features, "_TINY = 1e-6", "_TINY = 1e-5") != before
    assert after(5, augment, "reverse: float = 0.3", "reverse: float = 0") != before
    assert code_mark("apsa_training.clinical") != before


def test_other_data_or_another_module_gets_another_folder(tmp_path: Path) -> None:
    data = prepare(sample())
    one = work_folder(tmp_path, data, ANSWERS)
    assert one.is_dir()
    assert work_folder(tmp_path, data, ANSWERS) == one
    assert work_folder(tmp_path, data, "apsa_training.clinical") != one
    data.windows[0] += 0.1
    assert work_folder(tmp_path, data, ANSWERS) != one


def test_repetitions_cut_in_one_run_are_found_in_the_next(tmp_path: Path) -> None:
    arguments = [str(ROOT / "tests/data/irds_sample.npz"), str(ROOT / "config/exercises")]
    for seed in ("1", "2"):
        subprocess.run(
            [sys.executable, "-c", CUT, *arguments],
            cwd=tmp_path,
            env=os.environ | {"PYTHONHASHSEED": seed},
            check=True,
        )
    assert len(list(tmp_path.iterdir())) == 1
