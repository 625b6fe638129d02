"""The cache is found again only for the same data, settings and code."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from apsa_training.data import cache
from apsa_training.data.cache import cache_folder, code_mark
from apsa_training.data.window_set import prepare
from support.paths import ROOT
from support.samples import sample

PREDICTIONS = "apsa_training.evaluation.cross_predictions"
SEGMENT = """
import sys
from pathlib import Path
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_training.data.packed_files import load_packed
from apsa_training.data.segmented_recordings import segment
from apsa_training.data.sequences import MotionData
data = load_packed(Path(sys.argv[1]))
first = MotionData(data.source, data.sequences[:1])
segment(first, ExerciseLibrary.load(Path(sys.argv[2])), Path("."))
"""


def mark_after(monkeypatch: pytest.MonkeyPatch, copy: Path, file: str, old: str, new: str) -> str:
    """Mark of the code of the predictions after a replacement in one file."""
    copies = {}
    for name, folder in cache.PACKAGES.items():
        copies[name] = copy / name
        shutil.copytree(folder, copies[name], ignore=shutil.ignore_patterns("__pycache__"))
    text = (copy / file).read_text(encoding="utf-8")
    assert old in text
    (copy / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    monkeypatch.setattr(cache, "PACKAGES", copies)
    code_mark.cache_clear()
    try:
        return code_mark(PREDICTIONS)
    finally:
        monkeypatch.undo()
        code_mark.cache_clear()


def test_mark_changes_with_code_of_all_imported_modules_but_not_with_comments(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def after(number: int, file: str, old: str, new: str) -> str:
        return mark_after(monkeypatch, tmp_path / str(number), file, old, new)

    body, features = "apsa_perception/model/body_frame.py", "apsa_perception/apsa/features.py"
    qos, augment = "apsa_perception/ros/qos.py", "apsa_training/augmentation/augment.py"
    before = code_mark(PREDICTIONS)
    assert after(1, body, '"""', '"""Text. ') == before
    assert after(2, features, "_TINY = 1e-6", "_TINY = 1e-6  # comment") == before
    assert after(3, qos, "depth=100", "depth=10") == before, "not imported by the predictions"
    assert after(4, features, "_TINY = 1e-6", "_TINY = 1e-5") != before
    assert after(5, augment, "phases / 8", "phases / 9") != before
    assert code_mark("apsa_training.evaluation.clinical_scores") != before


def test_folder_depends_on_data_module_and_settings(tmp_path: Path) -> None:
    data = prepare(sample())
    one = cache_folder(tmp_path, data, PREDICTIONS)
    assert one.is_dir()
    assert cache_folder(tmp_path, data, PREDICTIONS) == one
    assert cache_folder(tmp_path, data, "apsa_training.evaluation.clinical_scores") != one
    assert cache_folder(tmp_path, data, PREDICTIONS, {"epochs": 1}) != one
    data.windows[0] += 0.1
    assert cache_folder(tmp_path, data, PREDICTIONS) != one


def test_repetitions_of_one_run_are_found_in_the_next(tmp_path: Path) -> None:
    arguments = [str(ROOT / "tests/data/irds_sample.npz"), str(ROOT / "config/exercises")]
    for seed in ("1", "2"):
        subprocess.run(
            [sys.executable, "-c", SEGMENT, *arguments],
            cwd=tmp_path,
            env=os.environ | {"PYTHONHASHSEED": seed},
            check=True,
        )
    assert len(list(tmp_path.iterdir())) == 1
