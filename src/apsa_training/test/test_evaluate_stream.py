"""The coach's own path on packed data: what is counted, judged and called good."""

import json
from pathlib import Path

import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed")

from apsa_training.data.packed_files import load_packed
from apsa_training.evaluate_stream import main
from apsa_training.evaluation.streaming_report import (
    StreamedRepetition,
    figures,
)
from support.paths import ROOT
from support.samples import WEIGHTS

SAMPLE = ROOT / "tests" / "data" / "irds_sample.npz"
NAN = float("nan")


def test_figures_are_shares_of_all_repetitions_with_a_label() -> None:
    found = figures(
        [
            StreamedRepetition(True, True, 0.9, True),
            StreamedRepetition(True, True, NAN, False),
            StreamedRepetition(True, False, 0.6, False),
            StreamedRepetition(False, True, 0.7, False),
            StreamedRepetition(False, True, 0.85, True),
        ]
    )
    assert found == {
        "repetitions": 5,
        "auc": 0.5,  # 0.9 above both, 0.6 below both
        "counted": 0.8,
        "judged": 0.8,
        "good_of_correct": pytest.approx(1 / 3),
        "good_of_incorrect": 0.5,
    }


@pytest.mark.slow
def test_the_command_writes_figures_of_each_exercise(tmp_path: Path) -> None:
    result = tmp_path / "stream.json"
    assert main(["--data", str(SAMPLE), "--json", str(result)]) == 0
    report = json.loads(result.read_text())
    names = {one.exercise for one in load_packed(SAMPLE).sequences}
    assert set(report["exercises"]) == names
    assert report["all"]["repetitions"] == len(load_packed(SAMPLE).sequences)
    assert report["all"]["counted"] > 0.7
    assert report["all"]["good_of_correct"] > report["all"]["good_of_incorrect"]


def test_what_cannot_be_read_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--data", str(tmp_path / "nowhere.npz"), "--json", "out.json"]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_a_folder_without_weights_of_folds_is_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--data", str(SAMPLE), "--weights", str(tmp_path)]) == 2
    assert "has no weights of folds; make train makes runs/folds" in capsys.readouterr().err


@pytest.mark.slow
def test_people_that_all_weights_know_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "fold-0.safetensors").write_bytes(WEIGHTS.read_bytes())
    assert main(["--data", str(SAMPLE), "--weights", str(tmp_path)]) == 2
    assert "no weights that are not trained on some of the people" in capsys.readouterr().err
