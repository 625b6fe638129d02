"""Takes back what a pose model gets wrong for a few frames: mixed-up sides and leaping joints."""

from collections import deque

import numpy as np
import numpy.typing as npt

from apsa_perception.model.joints import JOINT_COUNT, Joint
from apsa_perception.model.skeleton import BoolArray, CanonicalPose, FloatArray

IndexArray = npt.NDArray[np.intp]

MAX_SPEED = 5.0
"""Metres a second that a joint may move relative to the pelvis; only punches and throws are faster.
"""

MAX_LEG_SPEED = 3.0
"""The same for legs: the standing foot of somebody who runs at 3 m/s does just that.

Of the exercises only kicks are faster.
"""

NOISE_M = 0.05
"""Metres that a joint may move on top of it: jitter of a monocular model between two frames."""

MAX_MIX_UP_S = 2.0
"""How long sides stay exchanged against the model's word before it is believed after all.

A mix-up lasts as long as the posture that provokes it, which is a part of a repetition. If the
model keeps to its word for longer, the sides were wrong before.
"""

MIN_LEG_LENGTH = 0.85
"""Least length of a leg seen from the side over its median of the last ``LENGTH_MEMORY_S``.

Bones keep their length. A monocular model keeps that of thigh and shank within 8-13 %, also in
deep squats; where it lays one leg upon the other, it loses 20-35 %. From the front a thigh lifted
towards the camera shrinks as well, and its place is right in the picture.
"""

LENGTH_MEMORY_S = 2.0
"""How long a leg's length is remembered, wrong ones too: one that stays is believed after half."""

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
_EXCHANGES = tuple(np.array(right + left) for left, right in _LIMBS)


class PlausibilityGuard:
    """Keeps one person's joints within reach of where they were.

    Legs and arms are looked at separately; hips go with the legs. Where a pair leaves its reach,
    and would move less than half as far with left and right exchanged, the sides are exchanged
    until the opposite happens. A joint that is still out of reach keeps its last position and
    counts as inferred, with confidence 0, and so does the leg that it belongs to: half a leg of
    one side and half of the other would bend a knee that is straight. The reach grows with time,
    so that a joint that stays there is soon believed. A leg that has shrunk is treated alike.
    """

    def __init__(self) -> None:
        self._last: CanonicalPose | None = None
        self._seen_ns = np.zeros(JOINT_COUNT, dtype=np.int64)
        self._exchanged_ns: list[int | None] = [None] * len(_GROUPS)
        self._leg_lengths: deque[tuple[int, FloatArray]] = deque()

    def update(self, pose: CanonicalPose, stamp_ns: int) -> CanonicalPose:
        """Return the pose with sides and leaps taken back; stamps increase."""
        if self._last is None:
            self._seen_ns[:] = stamp_ns
            self._last = pose
            return pose
        reach = NOISE_M + _SPEEDS * 1e-9 * (stamp_ns - self._seen_ns)
        order = self._order(pose, self._last.positions, reach, stamp_ns)
        pose = CanonicalPose(
            pose.positions[order], pose.pixels[order], pose.confidence[order], pose.observed[order]
        )
        moved = np.linalg.norm(pose.positions - self._last.positions, axis=-1)
        leaps = moved > reach
        for leg, shrunk in zip(_LEGS, self._shrunk(pose.positions, stamp_ns), strict=True):
            leaps[leg] = shrunk or leaps[leg].any()
        self._seen_ns[~leaps] = stamp_ns
        self._last = CanonicalPose(
            positions=np.where(leaps[:, None], self._last.positions, pose.positions),
            pixels=np.where(leaps[:, None], self._last.pixels, pose.pixels),
            confidence=np.where(leaps, 0.0, pose.confidence),
            observed=pose.observed & ~leaps,
        )
        return self._last

    def _shrunk(self, positions: FloatArray, stamp_ns: int) -> BoolArray:
        """Which leg, left and right, is too short to be true."""
        lengths = np.zeros(2)
        for upper, lower in _BONES:
            lengths += np.linalg.norm(positions[upper] - positions[lower], axis=-1)
        self._leg_lengths.append((stamp_ns, lengths))
        while stamp_ns - self._leg_lengths[0][0] > LENGTH_MEMORY_S * 1e9:
            self._leg_lengths.popleft()
        if not _from_side(positions):
            return np.zeros(2, dtype=np.bool_)
        usual = np.median([past for _, past in self._leg_lengths], axis=0)
        shrunk: BoolArray = lengths < MIN_LEG_LENGTH * usual
        return shrunk

    def _order(
        self, pose: CanonicalPose, last: FloatArray, reach: FloatArray, stamp_ns: int
    ) -> IndexArray:
        """Return which joint of the pose to take for each joint.

        Where sides have been exchanged for too long, takes the model's word and widens ``reach``.
        """
        order = np.arange(JOINT_COUNT)
        for i, (group, exchange) in enumerate(zip(_GROUPS, _EXCHANGES, strict=True)):
            since = self._exchanged_ns[i]
            if since is not None and stamp_ns - since > MAX_MIX_UP_S * 1e9:
                self._exchanged_ns[i] = None
                reach[group] = np.inf
                continue
            as_before, other = (group, exchange) if since is None else (exchange, group)
            kept = _mean_distance(pose.positions[as_before], last[group])
            swapped = _mean_distance(pose.positions[other], last[group])
            if kept > reach[group].mean() and swapped < kept / 2:
                self._exchanged_ns[i] = stamp_ns if since is None else None
                as_before = other
            order[group] = as_before
        hips, exchange = _HIPS
        if self._exchanged_ns[0] is not None:
            kept = _mean_distance(pose.positions[hips], last[hips])
            if _mean_distance(pose.positions[exchange], last[hips]) < kept:
                order[hips] = exchange
        return order


def _from_side(positions: FloatArray) -> bool:
    """Whether the line of shoulders and hips goes more along the view than across it."""
    across = positions[_LEFT_TRUNK].sum(axis=0) - positions[_RIGHT_TRUNK].sum(axis=0)
    return bool(abs(across[2]) > abs(across[0]))


def _mean_distance(a: FloatArray, b: FloatArray) -> float:
    return float(np.linalg.norm(a - b, axis=-1).mean())
