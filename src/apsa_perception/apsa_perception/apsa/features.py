"""Kinematic features of a canonical window, differentiable, and their excursions from rest.

A repetition begins and ends at rest, so that both ends of a window show the person's own rest
posture. Features are relative to it, because people sit, stand and hold themselves differently,
and that is not judged.

All lengths are in torso lengths (pelvis to neck), all angles in radians, so that neither body size
nor the scale of the skeleton matters. Durations and speeds are left out: in the training data they
separate patients from controls, not incorrect from correct repetitions.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from apsa_perception.apsa.prior import LIMB_NAMES, limb_of_joint
from apsa_perception.model.joints import MIRROR, Joint

J = Joint
Vector = tuple[Joint, Joint]

_TRUNK: Vector = (J.NECK, J.PELVIS)
_LEFT_ANGLES: tuple[tuple[str, Vector, Vector], ...] = (
    ("elbow", (J.LEFT_ELBOW, J.LEFT_SHOULDER), (J.LEFT_ELBOW, J.LEFT_WRIST)),
    ("elevation", (J.LEFT_SHOULDER, J.LEFT_ELBOW), _TRUNK),
    ("wrist", (J.LEFT_ELBOW, J.LEFT_WRIST), (J.LEFT_WRIST, J.LEFT_HAND)),
    ("knee", (J.LEFT_KNEE, J.LEFT_HIP), (J.LEFT_KNEE, J.LEFT_ANKLE)),
    ("hip", (J.LEFT_HIP, J.LEFT_KNEE), _TRUNK),
)
_LEFT_DIRECTIONS: tuple[tuple[str, Vector], ...] = (
    ("upper_arm", (J.LEFT_SHOULDER, J.LEFT_ELBOW)),
    ("forearm", (J.LEFT_ELBOW, J.LEFT_WRIST)),
    ("thigh", (J.LEFT_HIP, J.LEFT_KNEE)),
    ("shank", (J.LEFT_KNEE, J.LEFT_ANKLE)),
)
_MIDLINE_DIRECTIONS: tuple[tuple[str, Vector], ...] = (
    ("trunk", (J.PELVIS, J.NECK)),
    ("upper_spine", (J.SPINE, J.NECK)),
    ("head", (J.NECK, J.HEAD)),
    ("shoulder_line", (J.RIGHT_SHOULDER, J.LEFT_SHOULDER)),
    ("hip_line", (J.RIGHT_HIP, J.LEFT_HIP)),
)
_LEFT_REACHES: tuple[tuple[str, Vector], ...] = (
    ("reach", (J.LEFT_SHOULDER, J.LEFT_WRIST)),
    ("stance", (J.LEFT_HIP, J.LEFT_ANKLE)),
    ("shrug", (J.NECK, J.LEFT_SHOULDER)),
)
_DISTANCES: tuple[tuple[str, Vector], ...] = (
    ("ankle_distance", (J.LEFT_ANKLE, J.RIGHT_ANKLE)),
    ("knee_distance", (J.LEFT_KNEE, J.RIGHT_KNEE)),
    ("wrist_distance", (J.LEFT_WRIST, J.RIGHT_WRIST)),
    ("elbow_distance", (J.LEFT_ELBOW, J.RIGHT_ELBOW)),
)
_SIDE_DIFFERENCES = ("elevation", "elbow", "hip", "knee")
EXCURSIONS = ("low", "high", "mean", "middle")
REST = "rest"


@dataclass(frozen=True)
class Feature:
    """One feature: its name, the joints it needs, the limb it belongs to."""

    name: str
    joints: frozenset[Joint]
    limb: int


def _mirrored(vector: Vector) -> Vector:
    return MIRROR[vector[0]], MIRROR[vector[1]]


def _both(items: tuple[tuple[str, Vector], ...]) -> list[tuple[str, Vector]]:
    left = [("left_" + name, vector) for name, vector in items]
    return left + [("right_" + name, _mirrored(vector)) for name, vector in items]


_ANGLES = [("left_" + name, a, b) for name, a, b in _LEFT_ANGLES]
_ANGLES += [("right_" + name, _mirrored(a), _mirrored(b)) for name, a, b in _LEFT_ANGLES]
_DIRECTIONS = _both(_LEFT_DIRECTIONS) + list(_MIDLINE_DIRECTIONS)
_REACHES = _both(_LEFT_REACHES)


def _catalogue() -> tuple[Feature, ...]:
    limb = limb_of_joint()
    trunk = LIMB_NAMES.index("trunk")
    found: list[Feature] = []
    for name, a, b in _ANGLES:
        found.append(Feature(name, frozenset((*a, *b)), limb[a[0]]))
    for group in (_DIRECTIONS, _REACHES):
        for name, (start, end) in group:
            side = limb[end] if name.startswith(("left_", "right_")) else trunk
            found += [Feature(f"{name}_{axis}", frozenset((start, end)), side) for axis in "xyz"]
    for name, (start, end) in _DISTANCES:
        found.append(Feature(name, frozenset((start, end)), limb[start]))
    by_name = {feature.name: feature for feature in found}
    for name in _SIDE_DIFFERENCES:
        left, right = by_name["left_" + name], by_name["right_" + name]
        found.append(Feature(name + "_difference", left.joints | right.joints, left.limb))
    return tuple(found)


FEATURES: tuple[Feature, ...] = _catalogue()
FEATURE_NAMES: tuple[str, ...] = tuple(feature.name for feature in FEATURES)

_VECTORS: tuple[list[Vector], ...] = (
    [a for _, a, _ in _ANGLES],
    [b for _, _, b in _ANGLES],
    [vector for _, vector in _DIRECTIONS],
    [vector for _, vector in _REACHES],
    [vector for _, vector in _DISTANCES],
)
_COUNTS = [len(group) for group in _VECTORS]
_STARTS, _ENDS = torch.tensor([list(vector) for group in _VECTORS for vector in group]).T
_ANGLE_NAMES = [name for name, _, _ in _ANGLES]
_LEFT_OF_DIFFERENCE, _RIGHT_OF_DIFFERENCE = (
    torch.tensor([_ANGLE_NAMES.index(side + name) for name in _SIDE_DIFFERENCES])
    for side in ("left_", "right_")
)
_NEEDS = torch.tensor(
    [[joint in feature.joints for joint in Joint] for feature in FEATURES], dtype=torch.float32
)
_TINY = 1e-6


def features_of(window: Tensor) -> Tensor:
    """Return the features of every frame of canonical windows.

    Args:
        window: ``(B, K, 20, 3)`` body frame, torso lengths.

    Returns:
        ``(B, K, M)`` in the order of ``FEATURES``.
    """
    vectors = window.index_select(-2, _ENDS) - window.index_select(-2, _STARTS)
    first, second, ends, reaches, gaps = vectors.split(_COUNTS, dim=-2)
    cross = torch.linalg.cross(first, second).square().sum(-1).add(_TINY).sqrt()
    angles = torch.atan2(cross, (first * second).sum(-1))
    directions = ends / ends.square().sum(-1, keepdim=True).add(_TINY).sqrt()
    distances = gaps.square().sum(-1).add(_TINY).sqrt()
    left, right = (
        angles.index_select(-1, side) for side in (_LEFT_OF_DIFFERENCE, _RIGHT_OF_DIFFERENCE)
    )
    parts = [angles, directions.flatten(-2), reaches.flatten(-2), distances, left - right]
    return torch.cat(parts, dim=-1)


def at_rest(values: Tensor) -> Tensor:
    """Return the person's own rest, the mean of both ends: ``(B, K, ...)`` -> ``(B, 1, ...)``."""
    edge = max(1, values.shape[1] // 16)
    ends = torch.cat([values[:, :edge], values[:, -edge:]], dim=1)
    return ends.mean(1, keepdim=True)


def excursions(features: Tensor) -> Tensor:
    """Excursions of features from rest: ``(B, K, M)`` -> ``(B, M, 4)``, see ``EXCURSIONS``."""
    away = features - at_rest(features)
    phases = away.shape[1]
    middle = away[:, phases * 3 // 8 : phases * 5 // 8].mean(1)
    return torch.stack([away.amin(1), away.amax(1), away.mean(1), middle], dim=-1)


def feature_validity(joint_valid: Tensor) -> Tensor:
    """Return which features are valid: ``(B, 20)`` 0/1 joints -> ``(B, M)`` 0/1."""
    missing = (1.0 - joint_valid) @ _NEEDS.T
    return (missing < 0.5).to(joint_valid.dtype)
