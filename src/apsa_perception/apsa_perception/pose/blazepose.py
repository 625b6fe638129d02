"""Mapping of BlazePose's 33 landmarks to the canonical 20-joint body.

Landmark order: Bazarevsky et al., BlazePose: On-device Real-time Body Pose Tracking, 2020, as
MediaPipe Pose numbers it. Left and right are the person's own in both.
"""

import numpy as np

from apsa_perception.model.joints import JOINT_COUNT, Joint
from apsa_perception.model.skeleton import CanonicalPose, FloatArray

BLAZEPOSE_LANDMARKS = 33

VISIBILITY_LIMIT = 0.5
"""Least visibility of a visible landmark; MediaPipe's own threshold for drawing one.

Landmarks outside the picture usually have visibilities below 0.4, but not always, so that the
position in the picture is checked as well.
"""

BORDER_MARGIN = 0.02
"""Margin along the picture's border that counts as outside, as a share of width and height.

A landmark beyond the border is often placed on it; 2 % is about the model's error in pixels for a
person who fills the picture.
"""

_LEFT_HIP, _RIGHT_HIP = 23, 24
_LEFT_SHOULDER, _RIGHT_SHOULDER = 11, 12

BLAZEPOSE_PARTS: dict[Joint, tuple[int, ...]] = {
    Joint.PELVIS: (_LEFT_HIP, _RIGHT_HIP),
    Joint.SPINE: (_LEFT_HIP, _RIGHT_HIP, _LEFT_SHOULDER, _RIGHT_SHOULDER),
    Joint.NECK: (_LEFT_SHOULDER, _RIGHT_SHOULDER),
    Joint.HEAD: (7, 8),
    Joint.LEFT_SHOULDER: (_LEFT_SHOULDER,),
    Joint.LEFT_ELBOW: (13,),
    Joint.LEFT_WRIST: (15,),
    Joint.LEFT_HAND: (17, 19),
    Joint.RIGHT_SHOULDER: (_RIGHT_SHOULDER,),
    Joint.RIGHT_ELBOW: (14,),
    Joint.RIGHT_WRIST: (16,),
    Joint.RIGHT_HAND: (18, 20),
    Joint.LEFT_HIP: (_LEFT_HIP,),
    Joint.LEFT_KNEE: (25,),
    Joint.LEFT_ANKLE: (27,),
    Joint.LEFT_FOOT: (31,),
    Joint.RIGHT_HIP: (_RIGHT_HIP,),
    Joint.RIGHT_KNEE: (26,),
    Joint.RIGHT_ANKLE: (28,),
    Joint.RIGHT_FOOT: (32,),
}
"""Landmarks whose mean is the joint: ears for the head, index and little finger for a hand."""

_IS_PART = np.zeros((JOINT_COUNT, BLAZEPOSE_LANDMARKS), dtype=np.bool_)
for _joint, _parts in BLAZEPOSE_PARTS.items():
    _IS_PART[_joint, list(_parts)] = True
_WEIGHTS = _IS_PART / _IS_PART.sum(axis=1, keepdims=True)


def blazepose_to_canonical(
    world: FloatArray,
    pixels: FloatArray,
    visibility: FloatArray,
    image_size: tuple[int, int],
) -> CanonicalPose:
    """Convert BlazePose landmarks to canonical joints.

    BlazePose's world axes are those of the camera's optical frame (x right, y down, z away), so
    that no rotation is needed.

    The confidence of a joint is the least visibility of its landmarks; it is observed if all of
    them are.

    Args:
        world: ``(..., 33, 3)`` metres.
        pixels: ``(..., 33, 2)`` pixels, possibly outside the picture.
        visibility: ``(..., 33)`` 0..1.
        image_size: width and height of the picture in pixels.
    """
    positions = _WEIGHTS @ np.asarray(world, dtype=np.float64)
    size = np.asarray(image_size, dtype=np.float64)
    inside = ((pixels >= BORDER_MARGIN * size) & (pixels <= (1 - BORDER_MARGIN) * size)).all(-1)
    seen = inside & (visibility >= VISIBILITY_LIMIT)
    return CanonicalPose(
        positions=positions - positions[..., Joint.PELVIS : Joint.PELVIS + 1, :],
        pixels=_WEIGHTS @ np.asarray(pixels, dtype=np.float64),
        confidence=np.where(_IS_PART, visibility[..., None, :], 1.0).min(axis=-1),
        observed=np.asarray(np.where(_IS_PART, seen[..., None, :], True).all(axis=-1)),
    )
