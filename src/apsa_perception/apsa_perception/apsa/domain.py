"""Where skeletons come from: a camera or a depth sensor."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from apsa_perception.model.joints import Joint
from apsa_perception.model.skeleton import FloatArray

_SHORTEST = 1e-3
_HIPS = [Joint.LEFT_HIP, Joint.RIGHT_HIP]
_SHOULDERS = [Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER]
_LIMBS = (
    ("SHOULDER", "ELBOW"),
    ("ELBOW", "WRIST"),
    ("WRIST", "HAND"),
    ("HIP", "KNEE"),
    ("KNEE", "ANKLE"),
    ("ANKLE", "FOOT"),
)
_BONES = (
    ((Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER),),
    ((Joint.LEFT_HIP, Joint.RIGHT_HIP),),
    *(
        tuple((Joint[f"{side}_{start}"], Joint[f"{side}_{end}"]) for side in ("LEFT", "RIGHT"))
        for start, end in _LIMBS
    ),
)


class Domain(StrEnum):
    """Where a skeleton comes from, as model files name it; each has its own errors."""

    DEPTH_SENSOR = "depth_sensor"
    CAMERA = "camera"


@dataclass(frozen=True)
class CameraRecognition:
    """Tells skeletons of a camera's pose estimation from others by their proportions.

    Attributes:
        weights: ``(8,)`` of the logistic regression.
        bias: its constant.
    """

    weights: tuple[float, ...]
    bias: float

    def is_camera(self, positions: FloatArray) -> bool:
        """Whether ``(T, 20, 3)`` joints come from a camera and were not refined."""
        return float(proportions(positions) @ np.array(self.weights)) + self.bias > 0.0


def proportions(positions: FloatArray) -> FloatArray:
    """``(8,)`` logarithms of median bone lengths of ``(T, 20, 3)`` joints, in torso lengths."""
    torso = positions[:, _SHOULDERS].mean(axis=1) - positions[:, _HIPS].mean(axis=1)
    unit = max(float(np.median(np.linalg.norm(torso, axis=1))), _SHORTEST)
    lengths = [
        np.mean(
            [
                np.median(np.linalg.norm(positions[:, end] - positions[:, start], axis=1))
                for start, end in pairs
            ]
        )
        for pairs in _BONES
    ]
    return np.log(np.maximum(np.array(lengths) / unit, _SHORTEST))
