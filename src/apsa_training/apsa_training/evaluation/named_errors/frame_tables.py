"""Published tables of single frames, or of computed features, with named faults."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.metrics import f1_score

from apsa_perception.model.skeleton import FloatArray
from apsa_training.evaluation.metrics import accuracy, auc, macro_f1
from apsa_training.evaluation.named_errors.small_models import (
    cross_validated,
    cross_validated_together,
    predicted_classes,
)

Arrays = Mapping[str, npt.NDArray[Any]]
_VIEW_AND_FAULT = (
    ("front", "knee_valgus"),
    ("front", "knee_varus"),
    ("front", "torso_lateral_lean"),
    ("side", "squat_depth"),
    ("side", "forward_lean"),
    ("side", "lumbar_flexion"),
)
# The measure that shows a fault by its name, unfitted; sign 1: a higher value is the fault. Grades
# of depth above 0 go with deeper squats.
_MEASURE_OF_FAULT: dict[str, tuple[str, float]] = {
    "knee_valgus": ("valgus_min", -1.0),
    "torso_lateral_lean": ("torso_lateral_peak", 1.0),
    "squat_depth": ("knee_min_angle", -1.0),
    "forward_lean": ("torso_lean_peak", 1.0),
}
# Chosen before the frames were looked at: the ratio of knees to ankles as in the exercise squat, a
# stance between three quarters and one and a half shoulder widths, thighs that are not below
# horizontal, and a trunk that appears longer than the shank.
_KNEES_NARROW, _FEET_NARROW, _FEET_WIDE, _DEEP, _BENT = 0.75, 0.75, 1.5, 0.0, 1.0


def load_table(path: Path) -> dict[str, npt.NDArray[Any]]:
    """Arrays of a packed file; ``ValueError`` if it cannot be read."""
    try:
        with np.load(path, allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except (OSError, ValueError) as error:
        raise ValueError(f"{path} is not a readable array file (.npz): {error}") from error


def squat_frames(table: Arrays) -> dict[str, object]:
    """Six classes of squat frames, trained on one half of the clips and tested on the other."""
    features = _frame_features(table["landmarks"].astype(float), _places(table["landmark_names"]))
    names = [str(name) for name in table["label_names"]]
    report: dict[str, object] = {}
    unfitted = named_by_rules(table)
    for half in ("validation", "test"):
        rows = table["split"] == half
        report[f"{half} by rules"] = _class_figures(table["label"][rows], unfitted[rows], names)
    for learn, test in (("validation", "test"), ("test", "validation")):
        learning, testing = table["split"] == learn, table["split"] == test
        truth = table["label"][testing].astype(int)
        predictions = predicted_classes(
            (features[learning], table["label"][learning]), features[testing]
        )
        report[f"{learn} to {test}"] = {
            model: _class_figures(truth, found, names) for model, found in predictions.items()
        }
    return report


def _class_figures(
    truth: npt.NDArray[Any], found: npt.NDArray[Any], names: list[str]
) -> dict[str, object]:
    classes = {"labels": range(len(names)), "zero_division": 0.0}
    return {
        "macro_f1": float(f1_score(truth, found, average="macro", **classes)),
        "f1": dict(zip(names, f1_score(truth, found, average=None, **classes), strict=True)),
    }


def named_by_rules(table: Arrays) -> npt.NDArray[np.int_]:
    """Class of each frame by limits of its ratios, the most conspicuous fault last."""
    features = _frame_features(table["landmarks"].astype(float), _places(table["landmark_names"]))
    names = table["label_names"].tolist()
    knees, feet, thigh, trunk = (features[:, column] for column in (0, 1, 4, 5))
    found = np.full(len(features), names.index("correct"))
    for fault, shown in (
        ("knees_too_narrow", knees < _KNEES_NARROW),
        ("feet_too_wide", feet > _FEET_WIDE),
        ("feet_too_narrow", feet < _FEET_NARROW),
        ("too_deep", thigh < _DEEP),
        ("back_bent", trunk < _BENT),
    ):
        found[shown] = names.index(fault)
    return found


def _places(names: npt.NDArray[Any]) -> dict[str, int]:
    return {str(name): index for index, name in enumerate(names)}


def _frame_features(landmarks: FloatArray, at: Mapping[str, int]) -> FloatArray:
    """Ratios and centred landmarks, independent of the image size and the camera distance.

    Widths are relative to the shoulders and heights to the body, because the aspect ratio of the
    image is unknown.
    """

    def width(name: str) -> FloatArray:
        apart: FloatArray = np.abs(
            landmarks[:, at[f"left_{name}"]] - landmarks[:, at[f"right_{name}"]]
        )
        return apart[:, 0]

    def height(name: str) -> FloatArray:
        return _middle(landmarks, at, name)[:, 1]

    ankles, knees, shoulders = width("ankle"), width("knee"), width("shoulder")
    leg = height("ankle") - height("knee")
    ratios = np.stack(
        [
            knees / ankles,
            ankles / shoulders,
            knees / shoulders,
            width("hip") / shoulders,
            (height("knee") - height("hip")) / leg,
            (height("hip") - height("shoulder")) / leg,
            (height("shoulder") - landmarks[:, at["nose"], 1]) / leg,
            (knees - ankles) / shoulders,
        ],
        axis=-1,
    )
    scale = np.stack([shoulders, np.abs(height("ankle") - height("shoulder"))], axis=-1)
    centred = (landmarks[:, :, :2] - _middle(landmarks, at, "hip")[:, None]) / scale[:, None]
    return np.concatenate([ratios, centred.reshape(len(landmarks), -1)], axis=-1)


def squat_features(table: Arrays) -> dict[str, object]:
    """Manually labelled faults from the published features; folds by clip.

    The forests are trained on one fault, the additional trees on all faults of the view. Their mean
    was chosen on other assignments of the same clips to folds.
    """
    report: dict[str, object] = {}
    for view, fault in _VIEW_AND_FAULT:
        names = [str(name) for name in table[f"{view}_label_names"]]
        features, clips = table[f"{view}_features"].astype(float), table[f"{view}_video"]
        truths, column = (table[f"{view}_labels"] > 0).astype(int), names.index(fault)
        truth = truths[:, column]
        predictions = cross_validated(features, truth, clips)
        together = cross_validated_together(features, truths, column, clips)
        predictions["forests_together"] = (predictions["forests"] + together) / 2
        entry: dict[str, object] = {
            "repetitions": len(truth),
            "with_fault": int(truth.sum()),
            "auc": {model: auc(truth, p) for model, p in predictions.items()},
            "accuracy": {model: accuracy(truth, p) for model, p in predictions.items()},
            "macro_f1": {model: macro_f1(truth, p) for model, p in predictions.items()},
        }
        if fault in _MEASURE_OF_FAULT:
            entry["auc_of_measure"] = auc_of_measure(table, view, fault)
        report[fault] = entry
    return report


def auc_of_measure(table: Arrays, view: str, fault: str) -> dict[str, float]:
    """AUC of the one measure that shows a fault, without fitting."""
    measure, sign = _MEASURE_OF_FAULT[fault]
    values = table[f"{view}_features"][:, table[f"{view}_feature_names"].tolist().index(measure)]
    grades = table[f"{view}_labels"][:, table[f"{view}_label_names"].tolist().index(fault)]
    return {measure: auc((grades > 0).astype(int), sign * values.astype(float))}


def gym_frames(table: Arrays) -> dict[str, object]:
    """Curl, lunge and plank: one measure each without fitting; the curl also with small models."""
    curl = {
        part: _curl_features(
            table[f"bicep_{part}_landmarks"].astype(float),
            _places(table[f"bicep_{part}_landmark_names"]),
        )
        for part in ("train", "test")
    }
    label = {part: (table[f"bicep_{part}_label"] == "L").astype(int) for part in curl}
    predictions = predicted_classes((curl["train"], label["train"]), curl["test"])
    lunge = table["lunge_test_landmarks"].astype(float)
    plank = table["plank_test_landmarks"].astype(float)
    lunge_over = (table["lunge_test_label"] == "L").astype(int)
    sag = _hip_sag(plank, _places(table["plank_test_landmark_names"]))
    high, low = (table["plank_test_label"] == letter for letter in "HL")
    return {
        "curl_leaning_back": {
            "auc_of_lean": auc(label["test"], curl["test"][:, 0]),
            "accuracy": {
                model: float((found == label["test"]).mean())
                for model, found in predictions.items()
            },
        },
        "lunge_knee_over_toe": {
            "auc_of_knees_past_toes": auc(
                lunge_over, _knee_past_toes(lunge, _places(table["lunge_test_landmark_names"]))
            )
        },
        "plank": {
            "auc_of_hip_height_for_high": auc(high.astype(int), sag),
            "auc_of_hip_height_for_low": auc(low.astype(int), -sag),
        },
    }


def _middle(landmarks: FloatArray, at: Mapping[str, int], name: str) -> FloatArray:
    middle: FloatArray = (
        landmarks[:, at[f"left_{name}"], :2] + landmarks[:, at[f"right_{name}"], :2]
    ) / 2
    return middle


def _curl_features(landmarks: FloatArray, at: Mapping[str, int]) -> FloatArray:
    """Backward lean of the trunk, and position of the head relative to it."""
    hip, shoulder = _middle(landmarks, at, "hip"), _middle(landmarks, at, "shoulder")
    nose = landmarks[:, at["nose"], :2]
    trunk = shoulder - hip
    facing = np.sign(nose[:, 0] - shoulder[:, 0])
    back = -facing * trunk[:, 0] / np.abs(trunk[:, 1])
    return np.stack([back, facing * (nose - shoulder)[:, 0] / np.abs(trunk[:, 1])], axis=-1)


def _knee_past_toes(landmarks: FloatArray, at: Mapping[str, int]) -> FloatArray:
    """Knee travel past the toes of the front leg, over the height of the shank."""
    ahead, front = [], []
    toes_of_both = _middle(landmarks, at, "foot_index") - _middle(landmarks, at, "heel")
    facing = np.sign(toes_of_both[:, 0])
    for side in ("left", "right"):
        knee, ankle, toe = (
            landmarks[:, at[f"{side}_{name}"], :2] for name in ("knee", "ankle", "foot_index")
        )
        shank = np.maximum(np.abs((ankle - knee)[:, 1]), 0.02)
        ahead.append(facing * (knee - toe)[:, 0] / shank)
        front.append(facing * ankle[:, 0])
    of_front: FloatArray = np.where(front[0] > front[1], ahead[0], ahead[1])
    return of_front


def _hip_sag(landmarks: FloatArray, at: Mapping[str, int]) -> FloatArray:
    """Height of the hips above the line from shoulders to ankles, over its length."""
    shoulder, hip, ankle = (_middle(landmarks, at, n) for n in ("shoulder", "hip", "ankle"))
    along = (hip - shoulder)[:, 0] / (ankle - shoulder)[:, 0]
    line = shoulder[:, 1] + along * (ankle - shoulder)[:, 1]
    above: FloatArray = (line - hip[:, 1]) / np.abs((ankle - shoulder)[:, 0])
    return above
