"""Counting and false alarms on recorded repetitions of many people, seen by a depth camera."""

import csv
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from apsa_perception.model.codes import ErrorCode
from apsa_training.data.assessment_frames import concatenated
from apsa_training.data.packed_files import load_packed
from apsa_training.data.sequences import MotionSequence
from support.runs import Run, assess

pytestmark = pytest.mark.slow

MotionFile = Callable[[str], Path]


@cache
def sequences(path: Path) -> tuple[MotionSequence, ...]:
    return load_packed(path).sequences


def runs(chosen: Sequence[MotionSequence], exercise: str) -> list[tuple[int, Run]]:
    """For each subject the number of recorded repetitions and what the assessment says."""
    by_subject: dict[str, list[MotionSequence]] = defaultdict(list)
    for one in chosen:
        by_subject[one.subject].append(one)
    return [(len(own), assess(concatenated(own), exercise)) for own in by_subject.values()]


def miscounted(found: Sequence[tuple[int, Run]]) -> float:
    """Share of repetitions counted too many or too few."""
    wrong = sum(abs(count - len(run.repetitions)) for count, run in found)
    return wrong / sum(count for count, _ in found)


def share_with(found: Sequence[tuple[int, Run]], codes: set[ErrorCode]) -> float:
    """Share of counted repetitions with one of the errors."""
    told = [own for _, run in found for own in run.codes]
    return sum(bool(own & codes) for own in told) / len(told)


def test_correct_gestures_of_healthy_people_are_counted_without_false_alarms(
    motion_file: MotionFile,
) -> None:
    healthy = [
        one
        for one in sequences(motion_file("irds/irds.npz"))
        if one.correct == 1 and not one.is_patient
    ]
    found = [
        run
        for exercise in sorted({one.exercise for one in healthy})
        for run in runs([one for one in healthy if one.exercise == exercise], exercise)
    ]
    assert miscounted(found) < 0.03
    assert share_with(found, set(ErrorCode)) < 0.03


def test_squats_of_healthy_people_are_told_from_acted_bad_ones(motion_file: MotionFile) -> None:
    squats = [
        one
        for one in sequences(motion_file("ui_prmd/ui_prmd_kinect.npz"))
        if one.exercise == "deep_squat"
    ]
    good = runs([one for one in squats if one.correct == 1], "squat")
    bad = runs([one for one in squats if one.correct == 0], "squat")
    assert miscounted(good) == miscounted(bad) == 0
    acted = {
        ErrorCode.KNEE_VALGUS,
        ErrorCode.TRUNK_LEAN_FORWARD,
        ErrorCode.INSUFFICIENT_DEPTH,
    }
    assert share_with(good, acted) < 0.2
    assert share_with(bad, acted) > 0.6


def test_sitting_down_and_standing_up_is_counted_from_sitting_to_sitting(
    motion_file: MotionFile,
) -> None:
    rises = [
        one
        for one in sequences(motion_file("ui_prmd/ui_prmd_kinect.npz"))
        if one.exercise == "sit_to_stand" and one.correct == 1
    ]
    # Each recording goes from standing to sitting to standing: n of them hold n - 1 whole ones.
    for count, run in runs(rises, "sit_to_stand"):
        assert len(run.repetitions) == count - 1
        assert run.codes == [set()] * (count - 1)


def test_whole_recordings_of_patients_and_controls_are_counted_as_by_eye(
    motion_file: MotionFile,
) -> None:
    recordings = {one.name: one for one in sequences(motion_file("kimore/kimore.npz"))}
    table = (Path(__file__).parent / "kimore_counts.csv").read_text().splitlines()
    errors = []
    for row in csv.DictReader(line for line in table if not line.startswith("#")):
        run = assess(concatenated([recordings[row["name"]]]), row["exercise"])
        errors.append(abs(len(run.repetitions) - int(row["count"])) / int(row["count"]))
        assert errors[-1] * int(row["count"]) <= 1, row["name"]
    assert len(errors) >= 40
    assert np.mean(errors) < 0.1


def test_every_movement_of_healthy_people_is_counted(motion_file: MotionFile) -> None:
    correct = [
        one for one in sequences(motion_file("ui_prmd/ui_prmd_kinect.npz")) if one.correct == 1
    ]
    for exercise in (
        "hurdle_step",
        "inline_lunge",
        "side_lunge",
        "straight_leg_raise",
        "shoulder_extension",
    ):
        found = runs([one for one in correct if one.family == exercise], exercise)
        assert miscounted(found) < 0.05
    for exercise in ("shoulder_abduction", "shoulder_rotation", "shoulder_scaption"):
        found = runs([one for one in correct if one.family == exercise], exercise)
        assert miscounted(found) < 0.03
        assert share_with(found, set(ErrorCode)) < 0.05
