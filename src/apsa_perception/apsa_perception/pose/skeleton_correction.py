"""Skeletons that agree with their pictures and keep the lengths of their bones.

A pose model estimates joints in space and in the picture separately, and across the view those in
the picture are far more accurate: in space elbows and knees read too straight or too bent although
the picture shows them right (``docs/camera.md``). So each joint is moved to the line of sight
through its place in the picture, at the depth that the model gave it. Then all joints are moved a
little, mostly in depth, so that the bones keep the person's lengths.
"""

import math
from collections.abc import Sequence

import numpy as np

from apsa_perception.model.joints import JOINT_COUNT, Joint
from apsa_perception.model.skeleton import CanonicalPose, FloatArray
from apsa_perception.model.time import to_seconds
from apsa_perception.pose.bone_lengths import BONE_VECTORS, BONES, BoneLengths
from apsa_perception.pose.root import fitted_root, image_points

ASSUMED_FOV_DEG = 60.0
"""Field of view along the longer side of a picture.

Video files are judged without their camera's matrix and must get the same answers, so the field of
view of a calibrated camera is not used either. It hardly matters: drawn people seen with 45 to 80
degrees had the same errors whether this or the true one was used.
"""
DELAY_S = 0.2
"""Time constant with which a correction follows; places in the picture jitter more than joints."""

# Standard deviations in metres: of places across the view, seen and inferred; of depth; of the
# depth between the ends of a bone; of the lengths of bones, and of feet and hands, which bend.
_ACROSS_M, _INFERRED_M, _DEPTH_M, _BONE_DEPTH_M, _LENGTH_M = 0.02, 0.1, 0.2, 0.06, 0.03
_BENDING = 3.0
_STEPS = 2
_SHORTEST_M = 0.02
_HIPS = [Joint.LEFT_HIP, Joint.RIGHT_HIP]

_PAIRS = BONE_VECTORS[:, :, None] * BONE_VECTORS[:, None, :]
_LENGTH_WEIGHTS = np.array(
    [
        1.0 / (_LENGTH_M * (_BENDING if end.name.endswith(("FOOT", "HAND")) else 1.0)) ** 2
        for _, end in BONES
    ]
)
_DIAGONAL = np.arange(3 * JOINT_COUNT)


def assumed_intrinsics(image_size: tuple[int, int], camera: FloatArray | None = None) -> FloatArray:
    """``(3, 3)`` pinhole matrix of a picture with the assumed field of view.

    Args:
        image_size: width and height in pixels.
        camera: ``(3, 3)`` usable pinhole matrix of a calibrated camera. Its line of sight through
            the middle of the picture is kept: a principal point off the middle turns the view.
    """
    width, height = image_size
    focal = max(image_size) / 2.0 / math.tan(math.radians(ASSUMED_FOV_DEG) / 2.0)
    x, y = width / 2.0, height / 2.0
    if camera is not None:
        x += (camera[0, 2] - x) * focal / camera[0, 0]
        y += (camera[1, 2] - y) * focal / camera[1, 1]
    return np.array([[focal, 0.0, x], [0.0, focal, y], [0.0, 0.0, 1.0]])


class SkeletonCorrection:
    """Corrects the poses of one person, one after the other.

    Attributes:
        lengths: of the person's bones, learned from the poses.
    """

    def __init__(self) -> None:
        self.lengths = BoneLengths()
        self._change = np.zeros((JOINT_COUNT, 3))
        self._last_ns: int | None = None

    def correct(self, pose: CanonicalPose, stamp_ns: int, intrinsics: FloatArray) -> CanonicalPose:
        """Return the pose with its joints moved.

        Args:
            pose: the pose; its ``positions`` are metres, pelvis-relative, optical axes.
            stamp_ns: its stamp, later than that of the last one.
            intrinsics: ``(3, 3)`` pinhole matrix in the pixels of the pose.
        """
        root = fitted_root(pose.positions, pose.pixels, pose.observed, intrinsics)
        wanted = np.zeros((JOINT_COUNT, 3))
        if root is not None:
            joints = _on_lines_of_sight(pose, root, intrinsics)
            self.lengths.add(joints, pose.observed, stamp_ns)
            if self.lengths.median is not None:
                joints = _with_lengths(joints, pose, self.lengths.median)
            wanted = joints - joints[_HIPS].mean(axis=0) - pose.positions
            wanted += pose.positions[_HIPS].mean(axis=0)
        if self._last_ns is None:
            self._change = wanted
        else:
            share = 1.0 - math.exp(-to_seconds(stamp_ns - self._last_ns) / DELAY_S)
            self._change = self._change + share * (wanted - self._change)
        self._last_ns = stamp_ns
        return pose._replace(positions=pose.positions + self._change)


def corrected(
    poses: CanonicalPose, stamps_ns: Sequence[int], image_size: tuple[int, int]
) -> FloatArray:
    """Return the corrected joints of a recording, as ``PoseEstimator`` corrects them.

    Args:
        poses: ``(T, 20, ...)``.
        stamps_ns: ``(T,)``, rising.
        image_size: width and height in pixels.

    Returns:
        ``(T, 20, 3)`` metres.
    """
    correction, intrinsics = SkeletonCorrection(), assumed_intrinsics(image_size)
    frames = zip(*poses, stamps_ns, strict=True)
    return np.stack(
        [
            correction.correct(CanonicalPose(*pose), stamp_ns, intrinsics).positions
            for *pose, stamp_ns in frames
        ]
    )


def _on_lines_of_sight(pose: CanonicalPose, root: FloatArray, intrinsics: FloatArray) -> FloatArray:
    """The joints, those observed moved across the view to their places in the picture."""
    joints = pose.positions.copy()
    seen = pose.observed & np.isfinite(pose.pixels).all(axis=-1)
    depth = root[2] + joints[seen, 2:]
    joints[seen, :2] = image_points(pose.pixels[seen], intrinsics) * depth - root[:2]
    return joints


def _with_lengths(joints: FloatArray, pose: CanonicalPose, lengths: FloatArray) -> FloatArray:
    """The joints, moved so that bones have nearly the given lengths; by Gauss-Newton steps.

    Least squares of the distances from ``joints``, from the depth between the ends of each bone as
    the model gave it, and from the lengths, each in its standard deviation.
    """
    across = np.where(pose.observed, _ACROSS_M, _INFERRED_M) ** -2
    own = np.column_stack([across, across, np.full(JOINT_COUNT, _DEPTH_M**-2)])
    known = np.isfinite(lengths)
    stiff = np.where(known, _LENGTH_WEIGHTS, 0.0)
    goal = np.where(known, lengths, 0.0)
    depths = BONE_VECTORS @ pose.positions[:, 2]
    moved = joints
    for _ in range(_STEPS):
        vectors = BONE_VECTORS @ moved
        long = np.maximum(np.linalg.norm(vectors, axis=-1), _SHORTEST_M)
        along = vectors / long[:, None]
        pull = (stiff * (goal - long))[:, None] * along
        pull[:, 2] += (depths - vectors[:, 2]) / _BONE_DEPTH_M**2
        stiffness = stiff[:, None, None] * along[:, :, None] * along[:, None, :]
        stiffness[:, 2, 2] += _BONE_DEPTH_M**-2
        matrix = np.tensordot(_PAIRS, stiffness, axes=(0, 0)).transpose(0, 2, 1, 3)
        matrix = matrix.reshape(len(_DIAGONAL), -1)
        matrix[_DIAGONAL, _DIAGONAL] += own.ravel()
        force = own * (joints - moved) + BONE_VECTORS.T @ pull
        moved = moved + np.linalg.solve(matrix, force.ravel()).reshape(JOINT_COUNT, 3)
    return moved
