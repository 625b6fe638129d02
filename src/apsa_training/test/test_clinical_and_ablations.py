"""Clinical scores and ablations of the heads from end to end, on generated recordings."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import Side
from apsa_training.data.sequences import MotionData, MotionSequence
from apsa_training.data.window_set import prepare
from apsa_training.evaluation.ablations import (
    TOGETHER,
    Repetitions,
    heads_of_recordings,
    heads_of_repetitions,
)
from apsa_training.evaluation.clinical_figures import table
from apsa_training.evaluation.clinical_scores import (
    KERNELS_SESSION,
    MEDIAN,
    SQUAT_MEASURES,
    Clinic,
    evaluate_clinic,
)
from apsa_training.models.recording_heads import FAULTS
from support.paths import EXERCISES
from support.samples import named, sample
from support.training_cases import CLINICAL, for_each_subject, network, with_reference

SHORT = replace(
    CLINICAL,
    heads=replace(CLINICAL.heads, training=replace(CLINICAL.heads.training, epochs=2, copies=1)),
    score_forest={"n_estimators": 20, "min_samples_leaf": 2},
    fault_forest={"n_estimators": 20, "min_samples_leaf": 2},
)
pytestmark = pytest.mark.slow


def recordings(count: int) -> MotionData:
    """Controls and patients who move with noise; more noise, lower score and more faults."""
    rng = np.random.default_rng(0)
    found: list[MotionSequence] = []
    for number in range(count):
        noise = 0.002 + 0.03 * (number % 5) / 5
        for family in ("arm_lift", "squat"):
            base = named("102_18_0" if family == "squat" else "102_18_1")
            found.append(
                replace(
                    base,
                    name=f"{number} {family}",
                    subject=f"{'HP'[number % 2]}_ID{number}",
                    family=family,
                    side=Side.BOTH,
                    is_patient=number % 2 == 1,
                    positions=base.positions + rng.normal(0, noise, base.positions.shape),
                    scores={"cTS": 45.0 - 500.0 * noise},
                    faults=dict.fromkeys(FAULTS if family == "squat" else (), number % 5 > 2),
                )
            )
    return MotionData("kimore", tuple(found))


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Clinic:
    library = ExerciseLibrary.load(EXERCISES)
    return Clinic(recordings(20), library, SHORT, tmp_path_factory.mktemp("work"))


def test_clinic_is_evaluated_and_resumed_from_the_cache(
    clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = evaluate_clinic(clinic, tmp_path)
    scores, faults = report["scores"], report["faults"]
    assert isinstance(scores, dict)
    assert isinstance(faults, dict)
    assert set(scores[MEDIAN]) == {"arm_lift", "squat", "all"}
    error = {name: parts["all"]["mean_absolute_error"] for name, parts in scores.items()}
    assert error[KERNELS_SESSION] < 0.7 * error[MEDIAN]
    assert set(faults[SQUAT_MEASURES]) == set(FAULTS)
    assert KERNELS_SESSION in table(scores, "mean_absolute_error")

    def never(*_: object) -> None:
        raise AssertionError("a finished fold was computed again")

    monkeypatch.setattr("apsa_training.evaluation.clinical_scores.predict_recordings", never)
    assert evaluate_clinic(clinic, tmp_path) == report


def test_each_head_alone_and_all_together(clinic: Clinic, tmp_path: Path) -> None:
    report = heads_of_recordings(clinic, tmp_path, (0,))
    assert set(report) == {"scores alone", "errors alone", "exercise alone", TOGETHER}
    assert set(report[TOGETHER]) == {  # type: ignore[call-overload]
        "mean_absolute_error", "mean_auc_of_faults", "exercise_accuracy"
    }  # fmt: skip
    data = with_reference(prepare(sample()))
    repeated = for_each_subject(data, ["204", "101", "102"])
    heads = replace(SHORT.heads, network=network(data))
    fold = np.where(repeated.subject == "102", 4, 1)
    single = heads_of_repetitions(Repetitions(repeated, heads, fold, (1,)), tmp_path)
    chance = 1.0 / len(set(data.exercise.tolist()))
    assert single["exercise alone"]["exercise_accuracy"] > 2 * chance  # type: ignore[index]
    assert "exercise_accuracy" not in single["quality alone"]  # type: ignore[operator]
