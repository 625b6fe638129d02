"""Which joints count in a family of exercises, and which must be seen to judge it."""

import numpy as np

from apsa_perception.apsa.sides import ONE_SIDED_FAMILIES
from apsa_perception.apsa.weights import ModelHeader
from apsa_perception.model.joints import JOINT_COUNT, Joint
from apsa_perception.model.skeleton import BoolArray, FloatArray

_MOVING_SHARE = 0.25
_BODY_JOINTS = (Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER, Joint.LEFT_HIP, Joint.RIGHT_HIP)
_LEGS = (Joint.LEFT_KNEE, Joint.RIGHT_KNEE, Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE)
_ENDS = (Joint.LEFT_HAND, Joint.RIGHT_HAND, Joint.LEFT_FOOT, Joint.RIGHT_FOOT, Joint.HEAD)


def judged_joints(header: ModelHeader, family_name: str) -> BoolArray:
    """``(20,)`` joints that count in a family."""
    judged = np.ones(JOINT_COUNT, dtype=np.bool_)
    judged[[Joint[name.upper()] for name in header.ignored.get(family_name, ())]] = False
    return judged


def essential_joints(template: FloatArray) -> BoolArray:
    """``(20,)`` joints that the exercise moves, and those that orient the body."""
    moved = np.linalg.norm(np.ptp(template, axis=0), axis=-1)
    essential: BoolArray = moved > _MOVING_SHARE * moved.max()
    essential[list(_ENDS)] = False
    essential[list(_BODY_JOINTS)] = True
    return essential


def replaceable_joints(family_name: str) -> BoolArray:
    """``(20,)`` joints of which those of the other leg tell enough.

    Where both feet stay on the floor a knee hardly moves without the other one, so that from the
    side the near leg is enough (docs/quality.md).
    """
    replaceable = np.zeros(JOINT_COUNT, dtype=np.bool_)
    replaceable[list(_LEGS)] = family_name not in ONE_SIDED_FAMILIES
    return replaceable
