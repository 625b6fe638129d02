"""The evaluations of heads and ablations from end to end, on a small made-up clinic."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from apsa_perception.exercises.library import ExerciseLibrary
from apsa_training import ablation, clinical
from apsa_training.ablation import heads_of_recordings, heads_of_repetitions
from apsa_training.clinical import Clinic, evaluate
from apsa_training.clinical_figures import table
from apsa_training.clinical_heads import FAULTS
from apsa_training.prepare import WindowSet, prepare
from apsa_training.sequences import MotionData, MotionSequence
from apsa_training.tasks import TaskConfig
from support.paths import ROOT
from support.samples import named, sample

from .test_crossval import crowd_of_complete_families

EXERCISES = ROOT / "config" / "exercises"
BRIEF = TaskConfig(epochs=2, copies=1)
pytestmark = pytest.mark.slow


def people(count: int) -> MotionData:
    """Healthy people and patients who move noisily; more noise, fewer points and more faults."""
    rng = np.random.default_rng(0)
    found: list[MotionSequence] = []
    for number in range(count):
        noise = 0.002 + 0.03 * (number % 5) / 5
        for exercise in ("arm_lift", "squat"):
            base = named("102_18_0" if exercise == "squat" else "102_18_1")
            found.append(
                replace(
                    base,
                    name=f"{number} {exercise}",
                    subject=f"{'HP'[number % 2]}_ID{number}",
                    exercise=exercise,
                    is_patient=number % 2 == 1,
                    positions=base.positions + rng.normal(0, noise, base.positions.shape),
                    scores={"cTS": 45.0 - 500.0 * noise},
                    faults=dict.fromkeys(FAULTS if exercise == "squat" else (), number % 5 > 2),
                )
            )
    return MotionData("kimore", tuple(found))


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Clinic:
    return Clinic(people(20), ExerciseLibrary.load(EXERCISES), tmp_path_factory.mktemp("work"))


def test_clinic_is_evaluated_and_goes_on_where_it_was(
    clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clinical, "TaskConfig", lambda: BRIEF)
    monkeypatch.setattr(clinical, "_TREES", 20)
    report = evaluate(clinic, tmp_path)
    scores, faults = report["scores"], report["faults"]
    assert isinstance(scores, dict)
    assert isinstance(faults, dict)
    assert set(scores["median of the exercise"]) == {"arm_lift", "squat", "all"}
    error = {name: parts["all"]["mean_absolute_error"] for name, parts in scores.items()}
    assert error["kernels, session"] < 0.7 * error["median of the exercise"]
    assert set(faults["squat measures"]) == set(FAULTS)
    assert "kernels, session" in table(scores, "mean_absolute_error")

    def never(*_: object) -> None:
        raise AssertionError("a finished fold was begun again")

    monkeypatch.setattr(clinical, "answer_recordings", never)
    assert evaluate(clinic, tmp_path) == report


def test_each_head_alone_and_all_together(
    clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ablation, "HEAD_TRAINING", BRIEF)
    report = heads_of_recordings(clinic, tmp_path, (0,))
    assert set(report) == {"scores alone", "errors alone", "exercise alone", "all heads together"}
    assert set(report["all heads together"]) == {  # type: ignore[call-overload]
        "mean_absolute_error", "mean_auc_of_faults", "exercise_accuracy"
    }  # fmt: skip
    data = crowd_of_complete_families(prepare(sample()))
    single = heads_of_repetitions(repeated(data, ("204", "101", "102")), tmp_path, (1,))
    chance = 1.0 / len(set(data.exercise.tolist()))
    assert single["exercise alone"]["exercise_accuracy"] > 2 * chance  # type: ignore[index]
    assert "exercise_accuracy" not in single["quality alone"]  # type: ignore[operator]


def repeated(data: WindowSet, subjects: tuple[str, ...]) -> WindowSet:
    """The same windows once for each of some people."""
    count = len(subjects)
    return replace(
        data,
        windows=np.tile(data.windows, (count, 1, 1, 1)),
        joint_valid=np.tile(data.joint_valid, (count, 1)),
        family=np.tile(data.family, count),
        correct=np.tile(data.correct, count),
        exercise=np.tile(data.exercise, count),
        is_patient=np.tile(data.is_patient, count),
        subject=np.repeat(subjects, len(data)),
    )
