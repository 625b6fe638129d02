"""Posture: one frame of one person as input of the measures."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from apsa_perception.biomechanics.standing import (
    STANDING,
    TRUNK,
    direction_deg,
    frontal_lean_deg,
    standing_lean_deg,
)
from apsa_perception.biomechanics.vectors import Vector, cross, dot, length, minus
from apsa_perception.biomechanics.view import BodyView, View
from apsa_perception.model.joints import PARENTS, Joint
from apsa_perception.model.skeleton import BoolArray, FloatArray, Skeleton

_CHILDREN = np.array([int(joint) for joint in PARENTS])
_PARENT_OF_CHILD = np.array([int(parent) for parent in PARENTS.values()])
_LENGTH_TOLERANCE = 0.4
# Least distance of an elbow in front of the shoulder line when it crosses the chest.
_BEFORE_CHEST_M = 0.05
_ARMS = tuple(
    (elbow, shoulder, other, np.array([elbow, wrist, hand]))
    for elbow, shoulder, other, wrist, hand in (
        (
            Joint.LEFT_ELBOW,
            Joint.LEFT_SHOULDER,
            Joint.RIGHT_SHOULDER,
            Joint.LEFT_WRIST,
            Joint.LEFT_HAND,
        ),
        (
            Joint.RIGHT_ELBOW,
            Joint.RIGHT_SHOULDER,
            Joint.LEFT_SHOULDER,
            Joint.RIGHT_WRIST,
            Joint.RIGHT_HAND,
        ),
    )
)


@dataclass(frozen=True)
class BodyReference:
    """The person's own upright posture, from the calibration.

    Attributes:
        up: ``(3,)`` unit vector, direction of the upright trunk in camera optical axes.
        bone_lengths: ``(20,)`` metres from each joint to its parent, 0 for the pelvis; NaN if the
            bone was not seen.
        rest_values: value of each measure when standing upright, by measure name and side.
    """

    up: FloatArray
    bone_lengths: FloatArray
    rest_values: dict[tuple[str, int], float]


@dataclass(frozen=True)
class Posture:
    """Input of the measures.

    Attributes:
        positions: ``(20, 3)`` metres, camera optical axes, relative to the pelvis.
        plane: ``(20, 2)`` the body in the image plane: pixels (x right, y down); without a picture
            the orthographic projection onto the body's frontal plane in metres (x to the person's
            left, y down).
        plane_up: ``(2,)`` unit vector of up in ``plane``.
        up: ``(3,)`` unit vector of world up.
        seen: ``(20,)`` which joints are reliable.
        confidence: ``(20,)`` 0..1.
        body_view: orientation of the body relative to the camera; None if unknown.
        depth_measured: whether depth was measured and not estimated from a picture, so that every
            view supports every measure.
        plane_scale: units of ``plane`` for each metre at the distance of the body.
    """

    positions: FloatArray
    plane: FloatArray
    plane_up: tuple[float, float]
    up: FloatArray
    seen: BoolArray
    confidence: FloatArray
    body_view: BodyView | None
    depth_measured: bool
    plane_scale: float = 1.0

    @cached_property
    def points(self) -> list[list[float]]:
        """``positions`` as plain floats, for arithmetic on single joints."""
        points: list[list[float]] = self.positions.tolist()
        return points

    @cached_property
    def places(self) -> list[list[float]]:
        """``plane`` as plain floats."""
        places: list[list[float]] = self.plane.tolist()
        return places

    @cached_property
    def visible(self) -> list[bool]:
        """``seen`` as plain truth values."""
        visible: list[bool] = self.seen.tolist()
        return visible

    @cached_property
    def certainty(self) -> list[float]:
        """``confidence`` as plain floats."""
        certainty: list[float] = self.confidence.tolist()
        return certainty

    @cached_property
    def upward(self) -> Vector:
        """``up`` as plain floats."""
        upward: list[float] = self.up.tolist()
        return upward

    @cached_property
    def trunk(self) -> Vector:
        """Vector ``(3,)`` from the pelvis to the base of the neck, metres."""
        return minus(self.points[Joint.NECK], self.points[Joint.PELVIS])

    @cached_property
    def trunk_lean_deg(self) -> float:
        """Lean of the trunk in the image plane, whatever the view; NaN without a picture of it."""
        return direction_deg(self.places[Joint.PELVIS], self.places[Joint.NECK], self.plane_up)

    @cached_property
    def standing_lean_deg(self) -> float:
        """Lean of a body that stands straight, in the image plane; NaN if it does not, or unseen.

        The direction is left open: a picture may be mirrored.
        """
        visible, places = self.visible, self.places
        if not all(visible[joint] and math.isfinite(sum(places[joint])) for joint in STANDING):
            return math.nan
        return standing_lean_deg(places, self.plane_up)

    @cached_property
    def frontal_lean_deg(self) -> float:
        """Lean of the trunk to a side in the image plane; NaN if unseen, or from the side."""
        visible, places = self.visible, self.places
        if not all(visible[joint] and math.isfinite(sum(places[joint])) for joint in TRUNK):
            return math.nan
        return frontal_lean_deg(places, self.plane_up)

    @property
    def view(self) -> View:
        """Class of the view."""
        return self.body_view.view if self.body_view else View.UNKNOWN


def bone_lengths(positions: FloatArray) -> FloatArray:
    """Distance in metres of each joint from its parent, ``(..., 20)``; 0 for the pelvis."""
    lengths = np.zeros(positions.shape[:-1])
    bones = positions[..., _CHILDREN, :] - positions[..., _PARENT_OF_CHILD, :]
    lengths[..., _CHILDREN] = np.linalg.norm(bones, axis=-1)
    return lengths


def reliable_joints(
    skeleton: Skeleton, min_confidence: float, reference: BodyReference | None
) -> BoolArray:
    """Return which joints ``(20,)`` are reliable.

    A joint is reliable if it is observed with enough confidence and, once the person is calibrated,
    if the bone that ends in it has kept its length within 40 %: a monocular model keeps bone
    lengths within about 10-20 %, swapped legs do not. An arm whose elbow lies inside the trunk is
    occluded by the body, and its position is estimated.
    """
    seen = skeleton.observed & (skeleton.confidence >= min_confidence)
    visible, points = seen.tolist(), skeleton.positions.tolist()
    for elbow, shoulder, other_shoulder, arm in _ARMS:
        if visible[elbow] and _inside_trunk(points, elbow, shoulder, other_shoulder):
            seen[arm] = False
    if reference is not None:
        lengths = bone_lengths(skeleton.positions)
        strange = np.abs(lengths - reference.bone_lengths) > (
            _LENGTH_TOLERANCE * reference.bone_lengths
        )
        seen = seen & ~strange
    return seen


def _inside_trunk(
    points: list[list[float]], elbow: Joint, shoulder: Joint, other_shoulder: Joint
) -> bool:
    """Whether the elbow is past the midline, below the shoulders and not in front of them."""
    across = minus(points[other_shoulder], points[shoulder])
    arm = minus(points[elbow], points[shoulder])
    if dot(arm, across) < 0.5 * dot(across, across):
        return False
    trunk = minus(points[Joint.NECK], points[Joint.PELVIS])
    if dot(arm, trunk) > 0.0:
        return False
    forward = cross(trunk, across)
    ahead = dot(arm, forward) * (-1.0 if shoulder is Joint.RIGHT_SHOULDER else 1.0)
    return ahead < _BEFORE_CHEST_M * length(forward)


def make_posture(
    skeleton: Skeleton,
    seen: BoolArray,
    up: FloatArray,
    body_view: BodyView | None,
    trust_depth_without_picture: bool,
) -> Posture:
    """Return the posture of a frame.

    Args:
        skeleton: the person.
        seen: ``(20,)`` from ``reliable_joints``.
        up: ``(3,)`` unit vector of world up in camera optical axes.
        body_view: from ``ViewEstimator``.
        trust_depth_without_picture: whether depth of skeletons without a picture is measured.
    """
    if skeleton.image_size != (0, 0):
        mirrored, scale = picture_of(skeleton)
        right, down = up[:2].tolist()
        size = max(math.hypot(right, down), 1e-6)
        return Posture(
            positions=skeleton.positions,
            plane=skeleton.pixels,
            plane_up=((-right if mirrored else right) / size, down / size),
            up=up,
            seen=seen,
            confidence=skeleton.confidence,
            body_view=body_view,
            depth_measured=False,
            plane_scale=scale,
        )
    if body_view is None:
        plane = skeleton.positions[:, :2]
    else:
        plane = skeleton.positions @ np.stack([body_view.left, -up], axis=1)
    return Posture(
        positions=skeleton.positions,
        plane=plane,
        plane_up=(0.0, -1.0),
        up=up,
        seen=seen,
        confidence=skeleton.confidence,
        body_view=body_view,
        depth_measured=trust_depth_without_picture,
    )


def picture_of(skeleton: Skeleton) -> tuple[bool, float]:
    """Whether x has opposite directions in the picture and in space, and pixels for each metre.

    The second is the spread of the joints in the picture over that in space; NaN without a spread.
    """
    pixels, positions = skeleton.pixels, skeleton.positions
    mirrored, scale = _pictured(pixels, positions)
    if not math.isfinite(scale):
        known = np.isfinite(pixels)
        across, both = known[:, 0], known.all(axis=1)
        mirrored, _ = _pictured(pixels[across], positions[across])
        _, scale = _pictured(pixels[both], positions[both])
    return mirrored, scale


def _pictured(pixels: FloatArray, positions: FloatArray) -> tuple[bool, float]:
    """``picture_of`` joints that all have pixels."""
    count = len(pixels)
    if not count:
        return False, math.nan
    columns = np.concatenate((pixels, positions, np.ones((count, 1))), axis=1)
    products = columns.T.dot(columns).tolist()
    x, y, right, down, _, _ = products[-1]
    # Sums of squared distances from the means, times the number of joints.
    seen = count * (products[0][0] + products[1][1]) - x * x - y * y
    metres = count * (products[2][2] + products[3][3]) - right * right - down * down
    scale = math.sqrt(seen / metres) if seen > 0.0 and metres > 0.0 else math.nan
    return count * products[0][2] < x * right, scale


def up_of_camera(pitch_rad: float) -> FloatArray:
    """World up ``(3,)`` in optical axes of a camera pitched down by ``pitch_rad``."""
    return np.array([0.0, -np.cos(pitch_rad), -np.sin(pitch_rad)])


def trunk_direction(positions: FloatArray) -> FloatArray:
    """Vector ``(..., 3)`` from the pelvis to the base of the neck, metres."""
    trunk: FloatArray = positions[..., Joint.NECK, :] - positions[..., Joint.PELVIS, :]
    return trunk
