"""Kinematic measures of a canonical window, differentiable, and their statistics over time.

All lengths are in torso lengths (pelvis to neck), all angles in radians, so that neither body
size nor an error of the skeleton's scale matters. Durations and speeds per second do not enter:
in the training data they tell patients from controls, not right from wrong.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from apsa_perception.apsa.prior import LIMB_NAMES, limb_of_joint
from apsa_perception.skeleton.joints import MIRROR, Joint

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
STATISTICS = ("min", "max", "range", "mean", "deviation", "start", "end", "path", "roughness")


@dataclass(frozen=True)
class Measure:
    """One measured quantity: its name, the joints it needs, the limb it speaks for."""

    name: str
    joints: frozenset[Joint]
    limb: int


def _twin(vector: Vector) -> Vector:
    return MIRROR[vector[0]], MIRROR[vector[1]]


def _both(items: tuple[tuple[str, Vector], ...]) -> list[tuple[str, Vector]]:
    left = [("left_" + name, vector) for name, vector in items]
    return left + [("right_" + name, _twin(vector)) for name, vector in items]


_ANGLES = [("left_" + name, a, b) for name, a, b in _LEFT_ANGLES]
_ANGLES += [("right_" + name, _twin(a), _twin(b)) for name, a, b in _LEFT_ANGLES]
_DIRECTIONS = _both(_LEFT_DIRECTIONS) + list(_MIDLINE_DIRECTIONS)
_REACHES = _both(_LEFT_REACHES)


def _catalogue() -> tuple[Measure, ...]:
    limb = limb_of_joint()
    trunk = LIMB_NAMES.index("trunk")
    found: list[Measure] = []
    for name, a, b in _ANGLES:
        found.append(Measure(name, frozenset((*a, *b)), limb[a[0]]))
    for group in (_DIRECTIONS, _REACHES):
        for name, (start, end) in group:
            side = limb[end] if name.startswith(("left_", "right_")) else trunk
            found += [Measure(f"{name}_{axis}", frozenset((start, end)), side) for axis in "xyz"]
    for name, (start, end) in _DISTANCES:
        found.append(Measure(name, frozenset((start, end)), limb[start]))
    by_name = {measure.name: measure for measure in found}
    for name in _SIDE_DIFFERENCES:
        left, right = by_name["left_" + name], by_name["right_" + name]
        found.append(Measure(name + "_difference", left.joints | right.joints, left.limb))
    return tuple(found)


MEASURES: tuple[Measure, ...] = _catalogue()
MEASURE_NAMES: tuple[str, ...] = tuple(measure.name for measure in MEASURES)

_ANGLE_ENDS = torch.tensor([[*a, *b] for _, a, b in _ANGLES])
_DIRECTION_ENDS = torch.tensor([list(vector) for _, vector in _DIRECTIONS])
_REACH_ENDS = torch.tensor([list(vector) for _, vector in _REACHES])
_DISTANCE_ENDS = torch.tensor([list(vector) for _, vector in _DISTANCES])
_ANGLE_NAMES = [name for name, _, _ in _ANGLES]
_LEFT_OF_DIFFERENCE = [_ANGLE_NAMES.index("left_" + name) for name in _SIDE_DIFFERENCES]
_RIGHT_OF_DIFFERENCE = [_ANGLE_NAMES.index("right_" + name) for name in _SIDE_DIFFERENCES]
_NEEDS = torch.tensor(
    [[joint in measure.joints for joint in Joint] for measure in MEASURES], dtype=torch.float32
)
_TINY = 1e-6


def measure(window: Tensor) -> Tensor:
    """Measure every frame of canonical windows.

    Args:
        window: ``(B, K, 20, 3)`` body frame, torso lengths.

    Returns:
        ``(B, K, M)`` in the order of ``MEASURES``.
    """
    first = window[..., _ANGLE_ENDS[:, 1], :] - window[..., _ANGLE_ENDS[:, 0], :]
    second = window[..., _ANGLE_ENDS[:, 3], :] - window[..., _ANGLE_ENDS[:, 2], :]
    cross = torch.linalg.cross(first, second).square().sum(-1).add(_TINY).sqrt()
    angles = torch.atan2(cross, (first * second).sum(-1))
    ends = window[..., _DIRECTION_ENDS[:, 1], :] - window[..., _DIRECTION_ENDS[:, 0], :]
    directions = ends / ends.square().sum(-1, keepdim=True).add(_TINY).sqrt()
    reaches = window[..., _REACH_ENDS[:, 1], :] - window[..., _REACH_ENDS[:, 0], :]
    gaps = window[..., _DISTANCE_ENDS[:, 1], :] - window[..., _DISTANCE_ENDS[:, 0], :]
    distances = gaps.square().sum(-1).add(_TINY).sqrt()
    differences = angles[..., _LEFT_OF_DIFFERENCE] - angles[..., _RIGHT_OF_DIFFERENCE]
    parts = [angles, directions.flatten(-2), reaches.flatten(-2), distances, differences]
    return torch.cat(parts, dim=-1)


def statistics(measures: Tensor) -> Tensor:
    """Summarise measures over the window: ``(B, K, M)`` -> ``(B, M, 9)``, see ``STATISTICS``."""
    low, high = measures.amin(1), measures.amax(1)
    edge = max(1, measures.shape[1] // 16)
    change = measures[:, 1:] - measures[:, :-1]
    parts = [
        low,
        high,
        high - low,
        measures.mean(1),
        measures.var(1, unbiased=False).add(_TINY).sqrt(),
        measures[:, :edge].mean(1),
        measures[:, -edge:].mean(1),
        change.abs().sum(1),
        (change[:, 1:] - change[:, :-1]).abs().sum(1),
    ]
    return torch.stack(parts, dim=-1)


def measure_validity(joint_valid: Tensor) -> Tensor:
    """Which measures can be taken: ``(B, 20)`` 0/1 joints -> ``(B, M)`` 0/1."""
    missing = (1.0 - joint_valid) @ _NEEDS.T
    return (missing < 0.5).to(joint_valid.dtype)
