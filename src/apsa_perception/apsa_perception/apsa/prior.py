"""The anatomical prior: which joints may attend to which, and the limb of each joint.

This is our own mask, not a published one. Pairs are kept for the reasons listed below; all others,
such as left foot and right hand, are implausible causes of an execution error and are pruned. The
network learns the strength of each kept pair, never the set.
"""

from itertools import combinations

import numpy as np

from apsa_perception.model.joints import JOINT_COUNT, MIRROR, PARENTS, Joint
from apsa_perception.model.skeleton import BoolArray

J = Joint

LEFT_CHAINS: tuple[tuple[Joint, ...], ...] = (
    (J.LEFT_HIP, J.LEFT_KNEE, J.LEFT_ANKLE, J.LEFT_FOOT),
    (J.PELVIS, J.LEFT_HIP, J.LEFT_KNEE, J.LEFT_ANKLE),
    (J.SPINE, J.LEFT_HIP, J.LEFT_KNEE),
    (J.LEFT_SHOULDER, J.LEFT_ELBOW, J.LEFT_WRIST, J.LEFT_HAND),
    (J.SPINE, J.NECK, J.LEFT_SHOULDER, J.LEFT_ELBOW, J.LEFT_WRIST),
    (J.HEAD, J.NECK, J.LEFT_SHOULDER),
    (J.LEFT_SHOULDER, J.LEFT_HIP),
    (J.LEFT_SHOULDER, J.RIGHT_HIP),
)
"""Functional chains of the left side; those of the right side are mirrored."""

MIDLINE_CHAINS: tuple[tuple[Joint, ...], ...] = (
    (J.PELVIS, J.SPINE, J.NECK, J.HEAD),
    (J.LEFT_HIP, J.PELVIS, J.RIGHT_HIP),
    (J.LEFT_SHOULDER, J.NECK, J.RIGHT_SHOULDER),
)

LIMBS: dict[str, tuple[Joint, ...]] = {
    "trunk": (J.PELVIS, J.SPINE, J.NECK, J.HEAD),
    "left_arm": (J.LEFT_SHOULDER, J.LEFT_ELBOW, J.LEFT_WRIST, J.LEFT_HAND),
    "right_arm": (J.RIGHT_SHOULDER, J.RIGHT_ELBOW, J.RIGHT_WRIST, J.RIGHT_HAND),
    "left_leg": (J.LEFT_HIP, J.LEFT_KNEE, J.LEFT_ANKLE, J.LEFT_FOOT),
    "right_leg": (J.RIGHT_HIP, J.RIGHT_KNEE, J.RIGHT_ANKLE, J.RIGHT_FOOT),
}
"""The second level of the hierarchy; each joint belongs to exactly one limb."""

LIMB_NAMES: tuple[str, ...] = tuple(LIMBS)

LIMB_NEIGHBOURS: tuple[tuple[str, str], ...] = (
    ("trunk", "left_arm"),
    ("trunk", "right_arm"),
    ("trunk", "left_leg"),
    ("trunk", "right_leg"),
    ("left_arm", "right_arm"),
    ("left_leg", "right_leg"),
)


def joint_mask() -> BoolArray:
    """Return the ``(20, 20)`` mask: True where one joint may attend to the other; symmetric."""
    mask = np.eye(JOINT_COUNT, dtype=np.bool_)
    pairs = [(child, parent) for child, parent in PARENTS.items()]
    pairs += [(joint, MIRROR[joint]) for joint in Joint]
    chains = LEFT_CHAINS + MIDLINE_CHAINS
    chains += tuple(tuple(MIRROR[joint] for joint in chain) for chain in LEFT_CHAINS)
    for chain in chains:
        pairs += combinations(chain, 2)
    for a, b in pairs:
        mask[a, b] = mask[b, a] = True
    return mask


def limb_mask() -> BoolArray:
    """Return the ``(5, 5)`` mask over limbs, in the order of ``LIMBS``; symmetric."""
    mask = np.eye(len(LIMBS), dtype=np.bool_)
    for a, b in LIMB_NEIGHBOURS:
        i, j = LIMB_NAMES.index(a), LIMB_NAMES.index(b)
        mask[i, j] = mask[j, i] = True
    return mask


def limb_of_joint() -> tuple[int, ...]:
    """Return the limb index of each canonical joint."""
    index = {joint: i for i, joints in enumerate(LIMBS.values()) for joint in joints}
    return tuple(index[joint] for joint in Joint)


def temporal_mask(steps: int, radius: int, stride: int) -> BoolArray:
    """Return the ``(steps, steps)`` mask: steps within the radius or at multiples of the stride."""
    lag = np.abs(np.arange(steps)[:, None] - np.arange(steps)[None, :])
    mask: BoolArray = (lag <= radius) | (lag % stride == 0)
    return mask
