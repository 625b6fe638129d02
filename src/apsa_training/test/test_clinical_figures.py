"""Metrics of clinical scores and faults."""

import json
from pathlib import Path

import numpy as np
import pytest

from apsa_training.clinical import main
from apsa_training.evaluation.clinical_figures import fault_figures, score_figures
from support.samples import SAMPLE


def test_missing_labels_are_left_out() -> None:
    truth = np.array([10.0, np.nan, 30.0])
    names, people = np.array(["a", "a", "b"]), np.array(["x", "y", "z"])
    report = score_figures(truth, {"m": np.array([12.0, 0.0, 30.0])}, names, people, 20)
    assert report["m"]["a"]["mean_absolute_error"] == 2.0  # type: ignore[index]
    assert report["m"]["all"]["mean_absolute_error"] == 1.0  # type: ignore[index]
    faults = np.array([[1.0], [np.nan], [0.0]])
    found = fault_figures(faults, {"m": np.array([[0.9], [0.0], [0.1]])}, ("f",), people, 20)
    assert found["m"]["f"]["auc"] == 1.0  # type: ignore[index]
    assert json.dumps(found)


def test_other_data_is_rejected(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--data", str(SAMPLE), "--json", str(tmp_path / "o.json"), "--work", str(tmp_path)]
    assert main(arguments) == 2
    assert "is irds; expected kimore" in capsys.readouterr().err
