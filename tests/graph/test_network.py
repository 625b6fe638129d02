"""The network judges the exercises it was trained on, through the whole graph."""

from pathlib import Path

import pytest

from apsa_training.data.packed_files import load_packed
from support.bags import motion_bag
from support.paths import ROOT

from .conftest import run_coach

pytestmark = pytest.mark.slow

SAMPLE = ROOT / "tests" / "data" / "irds_sample.npz"
NETWORK = 1


@pytest.mark.parametrize(
    ("name", "exercise", "correct"),
    [
        ("102_18_6_7_1_chair.txt", "shoulder_forward_elevation", True),
        ("206_18_3_11_2_stand.txt", "shoulder_flexion_left", False),
    ],
)
def test_a_recorded_repetition_is_judged_by_the_network(
    name: str, exercise: str, correct: bool, tmp_path: Path
) -> None:
    sequence = next(s for s in load_packed(SAMPLE).sequences if s.name == name)
    outcome = run_coach(str(motion_bag(tmp_path / "bag", sequence)), exercise, tmp_path)
    assert outcome.code == 0, outcome.stderr
    (quality,) = outcome.messages("quality")
    assert (quality["source"], quality["model_name"]) == (NETWORK, "apsa")
    assert (quality["score"] > 0.5) is correct
    assert sum(quality["joint_relevance"]) == pytest.approx(1.0, abs=1e-3)
    found = outcome.repetition_errors()[0]
    assert bool(found) is not correct
