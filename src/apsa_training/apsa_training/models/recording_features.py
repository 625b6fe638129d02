"""Features of a whole recording, independent of its length and speed."""

import numpy as np
import numpy.typing as npt
import torch
from scipy.ndimage import median_filter
from scipy.signal import savgol_filter

from apsa_perception.apsa.features import FEATURE_NAMES, features_of
from apsa_perception.apsa.window import canonical_body
from apsa_perception.model.body_frame import mirror_body
from apsa_perception.model.joints import Joint
from apsa_perception.model.skeleton import DEFAULT_UP, FloatArray
from apsa_training.data.sequences import MotionSequence
from apsa_training.data.window_set import USABLE_CONFIDENCE

_MEDIAN_FRAMES = 5
_SMOOTH_FRAMES = 11
_PERCENTILES = (2, 10, 25, 50, 75, 90, 98)
_DEEPEST = 10.0  # per cent of the frames
Features = npt.NDArray[np.float64]


def whole_body(sequence: MotionSequence) -> FloatArray:
    """``(T, 20, 3)`` torso lengths in the body frame, outliers removed, smoothed over 0.4 s."""
    body, _ = canonical_body(
        sequence.positions, sequence.stamps_s, sequence.confidence >= USABLE_CONFIDENCE, DEFAULT_UP
    )
    filtered = median_filter(body, size=(_MEDIAN_FRAMES, 1, 1))
    smooth: FloatArray = savgol_filter(
        filtered, min(_SMOOTH_FRAMES, len(filtered) // 2 * 2 - 1), 2, axis=0
    )
    return smooth


def summary(body: FloatArray) -> Features:
    """Percentiles, range and standard deviation over time of every measure.

    Averaged over the body and its mirror image, so that the affected side has no influence.
    """
    both = np.stack([body, mirror_body(body)]).astype(np.float32)
    values = features_of(torch.from_numpy(both)).numpy().astype(np.float64)
    at = np.percentile(values, _PERCENTILES, axis=1)
    parts = [*at, at[-1] - at[0], values.std(axis=1)]
    return np.stack(parts, axis=-1).mean(axis=0).ravel()


def squat_measures(body: FloatArray) -> dict[str, Features]:
    """Features for each squat fault, by the fault's name in KIMORE.

    Chosen from the meaning of the names. Depth: height of thighs and pelvis and angle of the knees
    in the deepest tenth of the frames. Width: distance of knees and of feet there, in torso
    lengths, in shoulder widths and relative to each other. Trunk: forward and lateral lean.
    """
    values = dict(zip(FEATURE_NAMES, _measured(body), strict=True))
    knee = (values["left_knee"] + values["right_knee"]) / 2
    deep = knee <= np.percentile(knee, _DEEPEST)
    pelvis = -body[:, [Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE], 2].mean(axis=1)
    thighs = body[:, [Joint.LEFT_KNEE, Joint.RIGHT_KNEE], 2].mean(axis=1)
    shoulders = np.linalg.norm(body[:, Joint.LEFT_SHOULDER] - body[:, Joint.RIGHT_SHOULDER], axis=1)
    knees, feet = values["knee_distance"], values["ankle_distance"]
    shank = np.abs(values["left_shank_x"] + values["right_shank_x"]) / 2
    lean = np.arctan2(np.abs(values["trunk_x"]), values["trunk_z"])
    side = np.abs(np.arctan2(values["trunk_y"], values["trunk_z"]))
    bend = np.hypot(
        values["head_x"] - values["trunk_x"], values["head_z"] - values["trunk_z"]
    )  # fmt: skip
    head = values["head_x"]

    def at_depth(value: FloatArray) -> float:
        return float(value[deep].mean())

    width = [at_depth(knees / shoulders), at_depth(feet / shoulders)]
    depth = [
        at_depth(thighs),
        at_depth(pelvis) / float(np.percentile(pelvis, 95)),
        float(np.percentile(knee, 5)),
    ]
    trunk = [
        at_depth(lean),
        float(np.median(lean)),
        at_depth(side),
        float(np.percentile(side, 95)),
        at_depth(head) - float(np.median(head[~deep])),
        at_depth(bend),
    ]
    chosen = {
        "too_shallow": depth,
        "knees_too_close": [at_depth(knees), at_depth(feet), *width, at_depth(knees / feet)],
        "feet_too_close": [at_depth(feet), float(np.median(feet)), width[1]],
        "knees_too_far_forward": [at_depth(shank), *width, at_depth(thighs)],
        "torso_incorrect": trunk,
        "balance_wobbly": [float(side.std()), float(np.percentile(side, 95)), float(head.std())],
    }
    return {fault: np.array(numbers) for fault, numbers in chosen.items()}


def _measured(body: FloatArray) -> FloatArray:
    """``(M, T)``."""
    values = features_of(torch.from_numpy(body[None].astype(np.float32)))[0]
    return values.numpy().astype(np.float64).T
