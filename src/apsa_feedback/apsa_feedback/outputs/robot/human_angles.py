"""Joint angles of a person in the convention of humanoid robots.

All in radians; ``<side>_`` is the person's own side.

- ``shoulder_pitch``: upper arm in the sagittal plane of the trunk; 0 hangs, positive forwards,
  pi overhead.
- ``shoulder_roll``: upper arm out of that plane; positive away from the body. Pitch first, then
  roll, is the order of the two shoulder axes of most humanoid arms.
- ``shoulder_elevation``: angle between upper arm and trunk downwards, whatever the plane.
- ``elbow_flexion``, ``hip_flexion``, ``knee_flexion``: pi minus the inner angle; 0 is straight.
"""

import numpy as np

from apsa_perception.model.joints import Joint
from apsa_perception.model.skeleton import FloatArray, Skeleton

SIDES = ("left", "right")
_OF_A_SIDE = (
    "shoulder_pitch",
    "shoulder_roll",
    "shoulder_elevation",
    "elbow_flexion",
    "hip_flexion",
    "knee_flexion",
)
ANGLES: tuple[str, ...] = tuple(f"{side}_{name}" for side in SIDES for name in _OF_A_SIDE)
"""Names of all angles."""

_OTHER_SIDE = {
    f"{side}_{name}": f"{other}_{name}"
    for side, other in (SIDES, SIDES[::-1])
    for name in _OF_A_SIDE
}

_MIN_LENGTH_M = 1e-3
_MIN_IN_PLANE = float(np.sin(np.radians(10.0)))
"""Pitch is undefined for an upper arm within 10 degrees of the lateral axis."""


def pitch_of(ahead: FloatArray, down: FloatArray) -> FloatArray:
    """Return the pitch of an upper arm from its direction, ``-pi/2 .. 3/2 pi``.

    It wraps where no arm can point, straight back, and not overhead, where arms do sway.
    """
    return (np.arctan2(ahead, down) + np.pi / 2) % (2 * np.pi) - np.pi / 2


def other_side(name: str) -> str:
    """Return the name of the same angle on the other side."""
    return _OTHER_SIDE[name]


def posture_angles(skeleton: Skeleton) -> dict[str, float]:
    """Return the angles that are well defined and whose joints are all observed, by name."""
    angles: dict[str, float] = {}
    axes = _trunk_axes(skeleton)
    for side in SIDES:
        shoulder, elbow, wrist, hip, knee, ankle = (
            Joint[f"{side}_{name}".upper()]
            for name in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
        )
        if axes is not None and _observed(skeleton, shoulder, elbow):
            angles |= _shoulder(skeleton, axes, side, shoulder, elbow)
        for name, chain in (
            ("elbow_flexion", (shoulder, elbow, wrist)),
            ("hip_flexion", (shoulder, hip, knee)),
            ("knee_flexion", (hip, knee, ankle)),
        ):
            value = _flexion(skeleton, *chain)
            if value is not None:
                angles[f"{side}_{name}"] = value
    return angles


def _trunk_axes(skeleton: Skeleton) -> tuple[FloatArray, FloatArray, FloatArray] | None:
    """Forward, left and up of the trunk as unit vectors, or None if it is not observed."""
    shoulders = (Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER)
    if not _observed(skeleton, *shoulders, Joint.LEFT_HIP, Joint.RIGHT_HIP):
        return None
    positions = skeleton.positions
    up = _unit(positions[Joint.NECK] - positions[Joint.PELVIS])
    across = positions[Joint.LEFT_SHOULDER] - positions[Joint.RIGHT_SHOULDER]
    if up is None:
        return None
    left = _unit(across - (across @ up) * up)
    return None if left is None else (np.cross(left, up), left, up)


def _shoulder(
    skeleton: Skeleton,
    axes: tuple[FloatArray, FloatArray, FloatArray],
    side: str,
    shoulder: Joint,
    elbow: Joint,
) -> dict[str, float]:
    forward, left, up = axes
    arm = _unit(skeleton.positions[elbow] - skeleton.positions[shoulder])
    if arm is None:
        return {}
    outwards = float(arm @ left) * (1.0 if side == "left" else -1.0)
    ahead, down = float(arm @ forward), float(-arm @ up)
    angles = {
        f"{side}_shoulder_roll": float(np.arcsin(np.clip(outwards, -1.0, 1.0))),
        f"{side}_shoulder_elevation": float(np.arccos(np.clip(down, -1.0, 1.0))),
    }
    if np.hypot(ahead, down) >= _MIN_IN_PLANE:
        angles[f"{side}_shoulder_pitch"] = float(pitch_of(np.array(ahead), np.array(down)))
    return angles


def _flexion(skeleton: Skeleton, first: Joint, middle: Joint, last: Joint) -> float | None:
    if not _observed(skeleton, first, middle, last):
        return None
    positions = skeleton.positions
    one = _unit(positions[first] - positions[middle])
    two = _unit(positions[last] - positions[middle])
    if one is None or two is None:
        return None
    return float(np.pi - np.arccos(np.clip(one @ two, -1.0, 1.0)))


def _observed(skeleton: Skeleton, *joints: Joint) -> bool:
    return all(skeleton.observed[joint] for joint in joints)


def _unit(vector: FloatArray) -> FloatArray | None:
    length = float(np.linalg.norm(vector))
    return None if length < _MIN_LENGTH_M else vector / length
