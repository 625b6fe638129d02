"""The command that evaluates weights."""

import json
from pathlib import Path

import pytest

from apsa_training.data.window_set import prepare
from apsa_training.evaluate import main
from apsa_training.shipped_weights import shipped_weights
from support.samples import SAMPLE, WEIGHTS, sample


def test_shipped_weights_are_the_default(tmp_path: Path) -> None:
    assert shipped_weights().read_bytes() == WEIGHTS.read_bytes()
    reports = []
    for name, extra in (("default", []), ("given", ["--weights", str(WEIGHTS)])):
        out = tmp_path / f"{name}.json"
        assert main(["--data", str(SAMPLE), "--json", str(out), *extra]) == 0
        reports.append(json.loads(out.read_text()))
    report = reports[0]
    assert report["all"]["sequences"] == 11
    assert set(report["subjects_in_training"]) == {
        f"irds-{number}" for number in (102, 204, 206, 207)
    }
    assert report["patients"]["auc"] is not None
    assert report["command"].startswith("python -m apsa_training.evaluate --data")
    assert report["all"] == reports[1]["all"]


def test_training_subjects_are_noted(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(SAMPLE)]) == 0
    assert "these are training figures" in capsys.readouterr().out


def test_unreadable_data_and_weights_are_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--data", str(tmp_path / "none.npz")]) == 2
    assert "none.npz not found" in capsys.readouterr().err
    assert main(["--data", str(SAMPLE), "--weights", str(SAMPLE)]) == 2


def test_exercises_that_the_weights_do_not_know_are_named() -> None:
    with pytest.raises(ValueError, match=r"its exercises are elbow_flexion.*; expected one of sit"):
        prepare(sample(), families=("sit_to_stand",))
