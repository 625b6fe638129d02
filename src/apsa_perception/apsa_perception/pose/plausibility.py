"""Correction of brief errors of a pose model: swapped sides and jumping joints."""

from collections import deque

import numpy as np
import numpy.typing as npt

from apsa_perception.model.joints import JOINT_COUNT, Joint
from apsa_perception.model.skeleton import BoolArray, CanonicalPose, FloatArray
from apsa_perception.model.time import to_nanoseconds, to_seconds

IndexArray = npt.NDArray[np.intp]

MAX_SPEED = 5.0
"""Largest speed of a joint relative to the pelvis in m/s; only punches and throws are faster."""

MAX_LEG_SPEED = 3.0
"""The same for legs: that of the supporting foot when running at 3 m/s.

Of the exercises, only kicks are faster.
"""

NOISE_M = 0.05
"""Additional displacement in metres: jitter of a monocular model between two frames."""

MAX_SWAP_S = 2.0
"""How long sides stay swapped against the output of the model.

A swap lasts as long as the posture that provokes it, which is a part of a repetition. If it lasts
longer, the sides were wrong before, and the output of the model is used as it is.
"""

MIN_LEG_LENGTH = 0.85
"""Least length of a leg seen from the side, relative to its median over ``LENGTH_MEMORY_S``.

Bone lengths are constant. A monocular model keeps those of thigh and shank within 8-13 %, also in
deep squats; where it merges both legs, they shrink by 20-35 %. In a frontal view a thigh raised
towards the camera shrinks as well, but its position in the picture is correct.
"""

LENGTH_MEMORY_S = 2.0
"""Window of the median leg length; a lasting change is accepted after half of it."""

_LIMBS: tuple[tuple[tuple[Joint, ...], tuple[Joint, ...]], ...] = (
    (
        (Joint.LEFT_KNEE, Joint.LEFT_ANKLE, Joint.LEFT_FOOT),
        (Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE, Joint.RIGHT_FOOT),
    ),
    (
        (Joint.LEFT_SHOULDER, Joint.LEFT_ELBOW, Joint.LEFT_WRIST, Joint.LEFT_HAND),
        (Joint.RIGHT_SHOULDER, Joint.RIGHT_ELBOW, Joint.RIGHT_WRIST, Joint.RIGHT_HAND),
    ),
)
_HIPS = (
    np.array([Joint.LEFT_HIP, Joint.RIGHT_HIP]),
    np.array([Joint.RIGHT_HIP, Joint.LEFT_HIP]),
)
_LEGS = tuple(np.array(side) for side in _LIMBS[0])
_BONES = (
    (np.array([Joint.LEFT_HIP, Joint.RIGHT_HIP]), np.array([Joint.LEFT_KNEE, Joint.RIGHT_KNEE])),
    (
        np.array([Joint.LEFT_KNEE, Joint.RIGHT_KNEE]),
        np.array([Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE]),
    ),
)
_LEFT_TRUNK = np.array([Joint.LEFT_SHOULDER, Joint.LEFT_HIP])
_RIGHT_TRUNK = np.array([Joint.RIGHT_SHOULDER, Joint.RIGHT_HIP])
_SPEEDS = np.full(JOINT_COUNT, MAX_SPEED)
_SPEEDS[np.concatenate(_LEGS)] = MAX_LEG_SPEED
_GROUPS = tuple(np.array(left + right) for left, right in _LIMBS)
_SWAPPED = tuple(np.array(right + left) for left, right in _LIMBS)


class PlausibilityGuard:
    """Keeps the joints of one person within reach of their last positions.

    Legs and arms are checked separately; hips belong to the legs. If a pair of limbs leaves its
    reach, and would move less than half as far with left and right swapped, the sides are swapped
    until the opposite happens. A joint that is still out of reach keeps its last position and
    counts as inferred with confidence 0, and so does its whole leg: half a leg of each side would
    bend a straight knee. The reach grows with time, so that a joint that stays is soon accepted. A
    leg that has shrunk is treated in the same way.
    """

    def __init__(self) -> None:
        self._last: CanonicalPose | None = None
        self._seen_ns = np.zeros(JOINT_COUNT, dtype=np.int64)
        self._swapped_ns: list[int | None] = [None] * len(_GROUPS)
        self._leg_lengths: deque[tuple[int, FloatArray]] = deque()

    def update(self, pose: CanonicalPose, stamp_ns: int) -> CanonicalPose:
        """Return the corrected pose; stamps increase."""
        if self._last is None:
            self._seen_ns[:] = stamp_ns
            self._last = pose
            return pose
        reach = NOISE_M + _SPEEDS * to_seconds(stamp_ns - self._seen_ns)
        order = self._order(pose, self._last.positions, reach, stamp_ns)
        pose = CanonicalPose(
            pose.positions[order], pose.pixels[order], pose.confidence[order], pose.observed[order]
        )
        moved = np.linalg.norm(pose.positions - self._last.positions, axis=-1)
        jumps = moved > reach
        for leg, shrunk in zip(_LEGS, self._shrunk(pose.positions, stamp_ns), strict=True):
            jumps[leg] = shrunk or jumps[leg].any()
        self._seen_ns[~jumps] = stamp_ns
        self._last = CanonicalPose(
            positions=np.where(jumps[:, None], self._last.positions, pose.positions),
            pixels=np.where(jumps[:, None], self._last.pixels, pose.pixels),
            confidence=np.where(jumps, 0.0, pose.confidence),
            observed=pose.observed & ~jumps,
        )
        return self._last

    def _shrunk(self, positions: FloatArray, stamp_ns: int) -> BoolArray:
        """Whether the left and the right leg are implausibly short, ``(2,)``."""
        lengths = np.zeros(2)
        for upper, lower in _BONES:
            lengths += np.linalg.norm(positions[upper] - positions[lower], axis=-1)
        self._leg_lengths.append((stamp_ns, lengths))
        while stamp_ns - self._leg_lengths[0][0] > to_nanoseconds(LENGTH_MEMORY_S):
            self._leg_lengths.popleft()
        if not _from_side(positions):
            return np.zeros(2, dtype=np.bool_)
        usual = np.median([past for _, past in self._leg_lengths], axis=0)
        shrunk: BoolArray = lengths < MIN_LEG_LENGTH * usual
        return shrunk

    def _order(
        self, pose: CanonicalPose, last: FloatArray, reach: FloatArray, stamp_ns: int
    ) -> IndexArray:
        """Return the index of the joint of the pose to use for each joint.

        Where sides have been swapped for too long, the pose is used as it is and ``reach`` widened.
        """
        order = np.arange(JOINT_COUNT)
        for i, (group, swapped_group) in enumerate(zip(_GROUPS, _SWAPPED, strict=True)):
            since = self._swapped_ns[i]
            if since is not None and stamp_ns - since > to_nanoseconds(MAX_SWAP_S):
                self._swapped_ns[i] = None
                reach[group] = np.inf
                continue
            as_before, other = (group, swapped_group) if since is None else (swapped_group, group)
            kept = _mean_distance(pose.positions[as_before], last[group])
            swapped = _mean_distance(pose.positions[other], last[group])
            if kept > reach[group].mean() and swapped < kept / 2:
                self._swapped_ns[i] = stamp_ns if since is None else None
                as_before = other
            order[group] = as_before
        hips, swapped_hips = _HIPS
        if self._swapped_ns[0] is not None:
            kept = _mean_distance(pose.positions[hips], last[hips])
            if _mean_distance(pose.positions[swapped_hips], last[hips]) < kept:
                order[hips] = swapped_hips
        return order


def _from_side(positions: FloatArray) -> bool:
    """Whether shoulders and hips are aligned with the view rather than across it."""
    across = positions[_LEFT_TRUNK].sum(axis=0) - positions[_RIGHT_TRUNK].sum(axis=0)
    return bool(abs(across[2]) > abs(across[0]))


def _mean_distance(a: FloatArray, b: FloatArray) -> float:
    return float(np.linalg.norm(a - b, axis=-1).mean())
