"""Rank correlation of the coach's scores with those of clinicians."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed")

from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import ErrorCode, Side
from apsa_training.camera.constructed import ConstructedError, with_error
from apsa_training.data.packed_files import load_packed
from apsa_training.data.sequences import MotionData, MotionSequence
from apsa_training.evaluate_stream import main
from apsa_training.evaluation.clinical_agreement import clinical_agreement
from support.paths import EXERCISES, ROOT

SAMPLE = ROOT / "tests" / "data" / "irds_sample.npz"


def rated(total: float, missing: float, number: int) -> MotionSequence:
    """A recording of two repetitions in which a share of the movement is missing."""
    whole = next(
        one
        for one in load_packed(SAMPLE).sequences
        if one.family == "shoulder_forward_elevation" and one.correct == 1
    )
    less = ConstructedError(ErrorCode.INSUFFICIENT_DEPTH, Side.BOTH, missing)
    one = with_error(whole, less)[0]
    return replace(
        one,
        name=f"{number}",
        subject=f"{number}",
        positions=np.concatenate([one.positions, one.positions]),
        stamps_s=np.concatenate([one.stamps_s, one.stamps_s + one.stamps_s[-1] + 0.04]),
        confidence=np.concatenate([one.confidence, one.confidence]),
        observed=np.concatenate([one.observed, one.observed]),
        correct=-1,
        faults={},
        scores={} if np.isnan(total) else {"cTS": total},
    )


@pytest.fixture(scope="module")
def clinic() -> MotionData:
    shares = ((48.0, 0.0), (40.0, 0.35), (30.0, 0.5), (np.nan, 0.2))
    return MotionData("kimore", tuple(rated(*one, number) for number, one in enumerate(shares)))


def test_less_of_the_movement_has_lower_scores_as_clinicians_give(clinic: MotionData) -> None:
    figures = clinical_agreement(clinic, ExerciseLibrary.load(EXERCISES), None)
    own = figures["exercises"]["shoulder_forward_elevation"]
    assert own == {"recordings": 3, "judged": 1.0, "rank_correlation": pytest.approx(1.0)}
    assert figures["mean_rank_correlation"] == pytest.approx(1.0)


def test_recordings_without_a_score_have_no_rank(clinic: MotionData) -> None:
    two = replace(clinic, sequences=clinic.sequences[:2])
    figures = clinical_agreement(two, ExerciseLibrary.load(EXERCISES), None)
    assert np.isnan(figures["mean_rank_correlation"])


def test_the_command_reports_ranks_of_recordings_with_clinical_scores(
    clinic: MotionData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apsa_training.evaluate_stream.load_packed", lambda path: clinic)
    result = tmp_path / "stream.json"
    arguments = ["--data", str(SAMPLE), "--json", str(result), "--weights"]
    assert main([*arguments, "none"]) == 0
    assert json.loads(result.read_text())["mean_rank_correlation"] == pytest.approx(1.0)
    assert main([*arguments, str(tmp_path)]) == 2
