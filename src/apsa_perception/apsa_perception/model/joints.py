"""The canonical 20-joint body: joint ids, names and the kinematic tree.

The ids equal the constants of ``apsa_msgs/Joint3D``. Left and right are the person's own.
"""

from enum import IntEnum


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
"""Kinematic tree: each joint but the pelvis, and the joint it hangs from."""


def mirror_joint(joint: Joint) -> Joint:
    """Return the joint's twin on the other side; midline joints are their own twin."""
    if joint.name.startswith("LEFT_"):
        return Joint["RIGHT_" + joint.name[5:]]
    if joint.name.startswith("RIGHT_"):
        return Joint["LEFT_" + joint.name[6:]]
    return joint


MIRROR: tuple[Joint, ...] = tuple(mirror_joint(joint) for joint in Joint)
"""``positions[:, MIRROR]`` swaps left and right."""
