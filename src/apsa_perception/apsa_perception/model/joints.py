"""The canonical 20-joint body: joint ids, names, kinematic tree and left/right mirroring.

The ids equal the constants of ``apsa_msgs/Joint3D``. Left and right are the person's own.
"""

from enum import IntEnum

import numpy as np


class Joint(IntEnum):
    """A joint of the canonical body; the value is its index in every ``(..., 20, 3)`` array."""

    PELVIS = 0
    SPINE = 1
    NECK = 2
    HEAD = 3
    LEFT_SHOULDER = 4
    LEFT_ELBOW = 5
    LEFT_WRIST = 6
    LEFT_HAND = 7
    RIGHT_SHOULDER = 8
    RIGHT_ELBOW = 9
    RIGHT_WRIST = 10
    RIGHT_HAND = 11
    LEFT_HIP = 12
    LEFT_KNEE = 13
    LEFT_ANKLE = 14
    LEFT_FOOT = 15
    RIGHT_HIP = 16
    RIGHT_KNEE = 17
    RIGHT_ANKLE = 18
    RIGHT_FOOT = 19


JOINT_COUNT = len(Joint)
JOINT_NAMES: tuple[str, ...] = tuple(joint.name.lower() for joint in Joint)

PARENTS: dict[Joint, Joint] = {
    Joint.SPINE: Joint.PELVIS,
    Joint.NECK: Joint.SPINE,
    Joint.HEAD: Joint.NECK,
    Joint.LEFT_SHOULDER: Joint.NECK,
    Joint.LEFT_ELBOW: Joint.LEFT_SHOULDER,
    Joint.LEFT_WRIST: Joint.LEFT_ELBOW,
    Joint.LEFT_HAND: Joint.LEFT_WRIST,
    Joint.RIGHT_SHOULDER: Joint.NECK,
    Joint.RIGHT_ELBOW: Joint.RIGHT_SHOULDER,
    Joint.RIGHT_WRIST: Joint.RIGHT_ELBOW,
    Joint.RIGHT_HAND: Joint.RIGHT_WRIST,
    Joint.LEFT_HIP: Joint.PELVIS,
    Joint.LEFT_KNEE: Joint.LEFT_HIP,
    Joint.LEFT_ANKLE: Joint.LEFT_KNEE,
    Joint.LEFT_FOOT: Joint.LEFT_ANKLE,
    Joint.RIGHT_HIP: Joint.PELVIS,
    Joint.RIGHT_KNEE: Joint.RIGHT_HIP,
    Joint.RIGHT_ANKLE: Joint.RIGHT_KNEE,
    Joint.RIGHT_FOOT: Joint.RIGHT_ANKLE,
}
"""Kinematic tree: parent of each joint except the pelvis."""


LEFT_JOINTS = frozenset(joint for joint in Joint if joint.name.startswith("LEFT_"))
"""Joints of the person's own left side."""

RIGHT_JOINTS = frozenset(joint for joint in Joint if joint.name.startswith("RIGHT_"))
"""Joints of the person's own right side."""

_MIRRORED = {left: Joint[left.name.replace("LEFT_", "RIGHT_")] for left in LEFT_JOINTS}
_MIRRORED |= {right: left for left, right in _MIRRORED.items()}

MIRROR: tuple[Joint, ...] = tuple(_MIRRORED.get(joint, joint) for joint in Joint)
"""The joint of the other side for each joint; joints of the midline map to themselves."""

MIRROR_INDEX = np.array([int(joint) for joint in MIRROR])
"""``positions[:, MIRROR_INDEX]`` swaps left and right."""


def mirror_joint(joint: Joint) -> Joint:
    """Return the joint of the other side; a joint of the midline is its own mirror image."""
    return MIRROR[joint]
