"""Tells movements of both legs alike, such as a squat, from those of one leg, such as a lunge."""

import numpy as np

from apsa_perception.model.joints import Joint
from apsa_perception.model.skeleton import FloatArray

ONE_LEGGED = frozenset({"hurdle_step", "inline_lunge", "straight_leg_raise"})
"""Families in which the hips bend differently."""

_LEAST_DIFFERENCE_DEG = 15.0
"""Of the hip angles, exceeded in a tenth of a repetition.

In UI-PRMD 98 % of the inline lunges, hurdle steps and leg raises exceed 18 degrees; half of the
squats of UI-PRMD and of KIMORE stay below 6, and nine in ten below 14.
"""


def legs_move_alike(positions: FloatArray) -> bool:
    """Whether both hips bend alike in a repetition; False if that is not known.

    Args:
        positions: ``(T, 20, 3)``, as of a skeleton.
    """
    left, right = (
        _hip_angles_deg(positions, hip, knee)
        for hip, knee in (
            (Joint.LEFT_HIP, Joint.LEFT_KNEE),
            (Joint.RIGHT_HIP, Joint.RIGHT_KNEE),
        )
    )
    difference = np.abs(left - right)
    if np.isnan(difference).any():
        return False
    return bool(np.percentile(difference, 90) < _LEAST_DIFFERENCE_DEG)


def _hip_angles_deg(positions: FloatArray, hip: Joint, knee: Joint) -> FloatArray:
    """Angle of the trunk and a thigh in each frame; NaN if they have no length."""
    trunk = positions[:, Joint.NECK] - positions[:, Joint.PELVIS]
    thigh = positions[:, knee] - positions[:, hip]
    lengths = np.linalg.norm(trunk, axis=1) * np.linalg.norm(thigh, axis=1)
    cosines = (trunk * thigh).sum(axis=1) / np.where(lengths > 0.0, lengths, np.nan)
    return np.degrees(np.arccos(np.clip(cosines, -1.0, 1.0)))
