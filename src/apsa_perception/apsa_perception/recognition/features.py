"""Kinematic features of one repetition, by which exercises are told apart.

Directions of limbs, joint angles and places of hands and feet in the body frame: at rest, in eight
phases as changes from rest, and their extremes. Lengths are in torso lengths; neither duration nor
frame rate matters.
"""

import numpy as np

from apsa_perception.model.joints import Joint
from apsa_perception.model.skeleton import FloatArray

PHASES = 8
WINDOW_PHASES = 32
"""Phases of the window that features are taken of."""

_EDGE = 2
_EXTREMES = (0.03, 0.97)
_SHORTEST = 1e-3
_TRUNK = (Joint.NECK, Joint.PELVIS)
_SIDES = ("LEFT", "RIGHT")
_DIRECTIONS = np.array(
    [
        (Joint.PELVIS, Joint.NECK),
        (Joint.RIGHT_SHOULDER, Joint.LEFT_SHOULDER),
        (Joint.RIGHT_HIP, Joint.LEFT_HIP),
    ]
    + [
        (Joint[f"{side}_{start}"], Joint[f"{side}_{end}"])
        for side in _SIDES
        for start, end in (
            ("SHOULDER", "ELBOW"),
            ("ELBOW", "WRIST"),
            ("HIP", "KNEE"),
            ("KNEE", "ANKLE"),
        )
    ]
)
_ANGLES = np.array(
    [
        (
            (Joint[f"{side}_{first}"], Joint[f"{side}_{middle}"]),
            (Joint[f"{side}_{middle}"], Joint[f"{side}_{last}"]),
        )
        for side in _SIDES
        for first, middle, last in (("SHOULDER", "ELBOW", "WRIST"), ("HIP", "KNEE", "ANKLE"))
    ]
    + [
        ((Joint[f"{side}_{first}"], Joint[f"{side}_{last}"]), _TRUNK)
        for side in _SIDES
        for first, last in (("SHOULDER", "ELBOW"), ("HIP", "KNEE"))
    ]
)
_REACHES = np.array(
    [
        (Joint[f"{side}_{start}"], Joint[f"{side}_{end}"])
        for side in _SIDES
        for start, end in (("SHOULDER", "WRIST"), ("HIP", "ANKLE"))
    ]
    + [(Joint.RIGHT_ANKLE, Joint.LEFT_ANKLE), (Joint.RIGHT_WRIST, Joint.LEFT_WRIST)]
)


def repetition_features(windows: FloatArray) -> FloatArray:
    """Return the features of repetitions.

    Args:
        windows: ``(N, WINDOW_PHASES, 20, 3)`` body frame, torso lengths.

    Returns:
        ``(N, F)``.
    """
    directions = _units(windows[..., _DIRECTIONS[:, 1], :] - windows[..., _DIRECTIONS[:, 0], :])
    first, second = (
        windows[..., _ANGLES[:, k, 1], :] - windows[..., _ANGLES[:, k, 0], :] for k in range(2)
    )
    cosines = (_units(first) * _units(second)).sum(axis=-1)
    angles = np.arccos(np.clip(cosines, -1.0, 1.0))
    reaches = windows[..., _REACHES[:, 1], :] - windows[..., _REACHES[:, 0], :]
    count = windows.shape[:-2]
    values = np.concatenate(
        [directions.reshape(*count, -1), angles, reaches.reshape(*count, -1)], axis=-1
    )
    rest = np.concatenate([values[:, :_EDGE], values[:, -_EDGE:]], axis=1).mean(axis=1)
    phases = values.reshape(len(values), PHASES, -1, values.shape[-1]).mean(axis=2)
    low, high = np.quantile(values, _EXTREMES, axis=1)
    changes = [(phases - rest[:, None]).reshape(len(values), -1), low - rest, high - rest]
    features: FloatArray = np.concatenate([rest, *changes], axis=1)
    return features


def _units(vectors: FloatArray) -> FloatArray:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    units: FloatArray = vectors / np.maximum(lengths, _SHORTEST)
    return units
