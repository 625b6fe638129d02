"""Named faults of published tables, told without fitting."""

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed")

from apsa_training.evaluation.named_errors.frame_tables import auc_of_measure, named_by_rules

NAMES = (
    "nose", "left_shoulder", "right_shoulder", "left_hip", "right_hip",
    "left_knee", "right_knee", "left_ankle", "right_ankle",
)  # fmt: skip
LABELS = (
    "correct",
    "feet_too_narrow",
    "feet_too_wide",
    "knees_too_narrow",
    "too_deep",
    "back_bent",
)

MEASURES = {
    "front": ("valgus_min", "torso_lateral_peak"),
    "side": ("knee_min_angle", "torso_lean_peak"),
}
FAULTS = {
    "front": ("knee_valgus", "knee_varus", "torso_lateral_lean"),
    "side": ("squat_depth", "forward_lean", "lumbar_flexion"),
}


def frame(feet: float, knees: float, hip_y: float = 0.6, shoulder_y: float = 0.3) -> np.ndarray:
    """Landmarks of a squat seen from the front, shoulders 0.2 apart, shank 0.2 high."""
    rows = [(0.5, shoulder_y - 0.12)]
    for width, y in ((0.2, shoulder_y), (0.12, hip_y), (knees, 0.7), (feet, 0.9)):
        rows += [(0.5 + width / 2, y), (0.5 - width / 2, y)]
    return np.array([(x, y, 0.0, 1.0) for x, y in rows])


def test_the_rules_name_every_fault_of_a_squat_frame() -> None:
    shown = [
        frame(0.2, 0.2),
        frame(0.1, 0.12),
        frame(0.36, 0.36),
        frame(0.2, 0.12),
        frame(0.2, 0.2, hip_y=0.75),
        frame(0.2, 0.2, hip_y=0.6, shoulder_y=0.45),
    ]
    table = {
        "landmarks": np.stack(shown),
        "landmark_names": np.array(NAMES),
        "label_names": np.array(LABELS),
    }
    assert named_by_rules(table).tolist() == [0, 1, 2, 3, 4, 5]


def test_a_fault_of_a_squat_has_the_auc_of_its_own_measure() -> None:
    random = np.random.default_rng(0)
    fault = np.tile([0, 1], 20)
    table: dict[str, np.ndarray] = {}
    for view, measures in MEASURES.items():
        signs = [-1.0 if name in ("valgus_min", "knee_min_angle") else 1.0 for name in measures]
        noise = random.normal(0.0, 0.1, (40, 2))
        table |= {
            f"{view}_features": fault[:, None] * signs + noise,
            f"{view}_feature_names": np.array(measures),
            f"{view}_labels": np.stack([fault] * 3, axis=1),
            f"{view}_label_names": np.array(FAULTS[view]),
        }
    assert auc_of_measure(table, "front", "knee_valgus") == {"valgus_min": 1.0}
    assert auc_of_measure(table, "side", "squat_depth") == {"knee_min_angle": 1.0}
