"""Counting, alarms and squat measures of the evaluation of named errors."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from apsa_perception.assessment.offline import assess
from apsa_training import named_errors
from apsa_training.data.sequences import MotionSequence
from apsa_training.evaluation.named_errors.counting import alarms, counted, counting
from apsa_training.evaluation.named_errors.squats import MEASURES, squat_measures
from support.figures import Frames, library, repeat, squat
from support.paths import ROOT
from support.recordings import recorded


def squats(count: int, **looks: object) -> Frames:
    return repeat(lambda stamp, way: [squat(stamp, way, picture=False, **looks)], count)


def sequence(frames: Frames, subject: str) -> MotionSequence:
    return recorded(frames, subject=subject, family="deep_squat")


def test_repetitions_are_counted_per_subject_and_exercise() -> None:
    one = [sequence(squats(1), "1")] * 3
    runs = counted([*one, sequence(squats(1), "2")], library(), {"deep_squat": "squat"})
    assert {key: (count, len(run.repetitions)) for key, (count, run) in runs.items()} == {
        ("1", "deep_squat"): (3, 3),
        ("2", "deep_squat"): (1, 1),
    }
    assert alarms(runs)["share"] == 0.0
    assert counted(one, library(), {}) == {}


def test_wrong_counts_are_reported() -> None:
    run = assess(squats(3), "squat", library())
    report = counting({("1", "a"): (3, run), ("2", "a"): (6, run), ("3", "a"): (4, run)})
    assert report["off_by_one_accuracy"] == pytest.approx(2 / 3)
    assert report["mean_error"] == pytest.approx((0 + 3 / 6 + 1 / 4) / 3)
    assert report["off_by_more_than_one"] == {"2 a": [6, 3]}


def test_squat_measures_are_those_of_the_generated_squat() -> None:
    frames = squats(3, depth_deg=80.0, knees_over_ankles=0.9)
    positions = np.stack([people[0].positions for _, people in frames])
    stamps = np.array([stamp for stamp, _ in frames])
    values = squat_measures(assess(frames, "squat", library()), positions, stamps)
    found = dict(zip(MEASURES, values, strict=True))
    assert found["knee_angle"] == pytest.approx(80.0, abs=3.0)
    assert found["knee_separation_ratio"] == pytest.approx(0.9, abs=0.01)
    # Shanks and thighs of 0.42, 0.5 from pelvis to neck, 0.2 to the head.
    assert found["feet_apart"] == pytest.approx(0.3 / (2 * 0.42 + 0.7), abs=0.01)
    assert found["knees_apart"] == pytest.approx(0.9 * found["feet_apart"], abs=0.01)
    assert found["thigh_slope"] == pytest.approx(math.sin(math.radians(40.0)), abs=0.03)


def test_recording_without_a_repetition_is_measured_as_a_whole() -> None:
    frames = squats(1, depth_deg=160.0)
    positions = np.stack([people[0].positions for _, people in frames])
    stamps = np.array([stamp for stamp, _ in frames])
    run = assess(frames, "squat", library())
    assert run.repetitions == []
    found = dict(zip(MEASURES, squat_measures(run, positions, stamps), strict=True))
    assert found["knee_angle"] == pytest.approx(160.0, abs=3.0)
    assert found["thigh_slope"] > 0.95


def test_missing_data_is_skipped_with_a_message(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exercises = str(ROOT / "config" / "exercises")
    out = tmp_path / "errors.json"
    arguments = ["--data", str(tmp_path), "--exercises", exercises, "--json", str(out)]
    assert named_errors.main(arguments) == 0
    report = json.loads(out.read_text())
    assert "not found" in report["irds"]["not_measured"]
    assert report["irds"]["made_by"]["command"].startswith(
        "python -m apsa_training.named_errors --data"
    )
    assert "irds skipped: " in capsys.readouterr().err
    assert named_errors.main([*arguments, "--exercises", str(tmp_path)]) == 2
    out.write_text('{"irds": {"kept": 1}}')
    assert named_errors.main([*arguments, "--only", "ui_prmd"]) == 0
    assert set(json.loads(out.read_text())) == {"irds", "ui_prmd"}
    assert named_errors.main([*arguments, "--only", "irdss"]) == 2
    assert "section 'irdss' is unknown; expected one of irds, " in capsys.readouterr().err
