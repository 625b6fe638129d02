"""The anatomical prior."""

import numpy as np

from apsa_perception.apsa.prior import (
    LIMB_NAMES,
    LIMBS,
    joint_mask,
    limb_mask,
    limb_of_joint,
    temporal_mask,
)
from apsa_perception.model.joints import JOINT_COUNT, MIRROR, PARENTS, Joint


def test_joint_mask_is_symmetric_and_keeps_self() -> None:
    mask = joint_mask()
    assert mask.shape == (JOINT_COUNT, JOINT_COUNT)
    assert (mask == mask.T).all()
    assert mask.diagonal().all()


def test_joint_mask_treats_both_sides_alike() -> None:
    mask = joint_mask()
    twin = [int(joint) for joint in MIRROR]
    assert (mask == mask[np.ix_(twin, twin)]).all()


def test_joint_mask_keeps_neighbours_twins_and_chains() -> None:
    mask = joint_mask()
    assert all(mask[child, parent] for child, parent in PARENTS.items())
    assert all(mask[joint, MIRROR[joint]] for joint in Joint)
    assert mask[Joint.LEFT_HIP, Joint.LEFT_ANKLE]
    assert mask[Joint.SPINE, Joint.RIGHT_ELBOW]


def test_joint_mask_prunes_implausible_pairs() -> None:
    mask = joint_mask()
    assert not mask[Joint.LEFT_FOOT, Joint.RIGHT_HAND]
    assert not mask[Joint.HEAD, Joint.LEFT_ANKLE]
    assert mask.mean() < 0.4, "a sparse prior"


def test_every_joint_belongs_to_one_limb() -> None:
    members = [joint for joints in LIMBS.values() for joint in joints]
    assert sorted(members) == sorted(Joint)
    assert limb_of_joint()[Joint.RIGHT_KNEE] == LIMB_NAMES.index("right_leg")
    assert (limb_mask() == limb_mask().T).all()
    assert not limb_mask()[LIMB_NAMES.index("left_arm"), LIMB_NAMES.index("right_leg")]


def test_temporal_mask_is_local_and_strided() -> None:
    mask = temporal_mask(8, radius=1, stride=4)
    assert mask[3].tolist() == [False, False, True, True, True, False, False, True]
