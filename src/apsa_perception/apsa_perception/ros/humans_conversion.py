"""People as REP-155 has them: messages of hri_msgs, and frames. It needs hri_msgs and tf2_msgs.

REP-155, "Conventions, Topics, Interfaces for Perception in Human-Robot Interaction", names a body
``body_<id>``, its parts ``<part>_<id>``, and wants x forward, z towards the head.
"""

from collections.abc import Sequence

import numpy as np
from geometry_msgs.msg import Quaternion, Transform, TransformStamped, Vector3
from hri_msgs.msg import (
    IdsList,
    NormalizedPointOfInterest2D,
    NormalizedRegionOfInterest2D,
    Skeleton2D,
)
from std_msgs.msg import Header
from tf2_msgs.msg import TFMessage

from apsa_perception.model.joints import Joint
from apsa_perception.model.skeleton import BoolArray, FloatArray, Skeleton

PARTS = {
    "head": Joint.HEAD,
    "l_shoulder": Joint.LEFT_SHOULDER,
    "l_elbow": Joint.LEFT_ELBOW,
    "l_wrist": Joint.LEFT_WRIST,
    "l_hip": Joint.LEFT_HIP,
    "l_knee": Joint.LEFT_KNEE,
    "l_ankle": Joint.LEFT_ANKLE,
    "r_shoulder": Joint.RIGHT_SHOULDER,
    "r_elbow": Joint.RIGHT_ELBOW,
    "r_wrist": Joint.RIGHT_WRIST,
    "r_hip": Joint.RIGHT_HIP,
    "r_knee": Joint.RIGHT_KNEE,
    "r_ankle": Joint.RIGHT_ANKLE,
}
"""Names of REP-155 for the joints that have one."""

_POINTS = {
    Skeleton2D.NECK: Joint.NECK,
    Skeleton2D.RIGHT_SHOULDER: Joint.RIGHT_SHOULDER,
    Skeleton2D.RIGHT_ELBOW: Joint.RIGHT_ELBOW,
    Skeleton2D.RIGHT_WRIST: Joint.RIGHT_WRIST,
    Skeleton2D.LEFT_SHOULDER: Joint.LEFT_SHOULDER,
    Skeleton2D.LEFT_ELBOW: Joint.LEFT_ELBOW,
    Skeleton2D.LEFT_WRIST: Joint.LEFT_WRIST,
    Skeleton2D.RIGHT_HIP: Joint.RIGHT_HIP,
    Skeleton2D.RIGHT_KNEE: Joint.RIGHT_KNEE,
    Skeleton2D.RIGHT_ANKLE: Joint.RIGHT_ANKLE,
    Skeleton2D.LEFT_HIP: Joint.LEFT_HIP,
    Skeleton2D.LEFT_KNEE: Joint.LEFT_KNEE,
    Skeleton2D.LEFT_ANKLE: Joint.LEFT_ANKLE,
}
_MIN_LENGTH_M = 1e-3


def id_of(body_id: int) -> str:
    """Return the id of a body; REP-155 recommends that it starts with a letter."""
    return f"p{body_id}"


def ids_to_msg(skeletons: Sequence[Skeleton], header: Header) -> IdsList:
    """Return the ids of the bodies in an image."""
    return IdsList(header=header, ids=[id_of(skeleton.body_id) for skeleton in skeletons])


def region_to_msg(skeleton: Skeleton, header: Header) -> NormalizedRegionOfInterest2D | None:
    """Return where a body is in the picture; None if nothing of it is seen there."""
    places, seen = _in_picture(skeleton)
    if not seen.any():
        return None
    low, high = places[seen].min(axis=0).tolist(), places[seen].max(axis=0).tolist()
    return NormalizedRegionOfInterest2D(
        header=header,
        xmin=low[0],
        ymin=low[1],
        xmax=high[0],
        ymax=high[1],
        c=float(skeleton.confidence[seen].mean()),
    )


def points_to_msg(skeleton: Skeleton, header: Header) -> Skeleton2D:
    """Return the joints in the picture; confidence 0 for those that are not seen or not found."""
    places, seen = _in_picture(skeleton)
    message = Skeleton2D(header=header)
    for index, joint in _POINTS.items():
        if seen[joint]:
            x, y = places[joint].tolist()
            confidence = float(skeleton.confidence[joint])
            message.skeleton[index] = NormalizedPointOfInterest2D(x=x, y=y, c=confidence)
    return message


def frames_to_msg(skeletons: Sequence[Skeleton], header: Header) -> TFMessage:
    """Return the frames of bodies, see ``frames_of``."""
    return TFMessage(transforms=[frame for body in skeletons for frame in frames_of(body, header)])


def frames_of(skeleton: Skeleton, header: Header) -> list[TransformStamped]:
    """Return the frames of a body and of its joints that are seen.

    Joints have the orientation of the body: one camera does not show how a limb is turned around
    its own axis.

    Args:
        skeleton: the body.
        header: of the image: stamp, and frame of the camera.

    Returns:
        No frames if the place of the pelvis before the camera, or which way it faces, is not known.
    """
    axes = body_axes(skeleton.positions)
    if skeleton.root is None or axes is None:
        return []
    own = id_of(skeleton.body_id)
    body = f"body_{own}"
    frames = [_frame(header, body, skeleton.root, quaternion(axes))]
    relative = (skeleton.positions - skeleton.positions[Joint.PELVIS]) @ axes
    stamp = Header(stamp=header.stamp, frame_id=body)
    upright = Quaternion(w=1.0)
    return frames + [
        _frame(stamp, f"{part}_{own}", relative[joint], upright)
        for part, joint in PARTS.items()
        if skeleton.observed[joint]
    ]


def body_axes(positions: FloatArray) -> FloatArray | None:
    """Return the axes of a body: x forward, y left, z towards the head.

    Args:
        positions: ``(20, 3)`` metres.

    Returns:
        ``(3, 3)`` with the axes as columns; None if hips and trunk have no length.
    """
    up = positions[Joint.NECK] - positions[Joint.PELVIS]
    left = positions[Joint.LEFT_HIP] - positions[Joint.RIGHT_HIP]
    forward = np.cross(left, up)
    lengths = np.linalg.norm(up), np.linalg.norm(forward)
    if min(lengths) < _MIN_LENGTH_M:
        return None
    z, x = up / lengths[0], forward / lengths[1]
    return np.stack([x, np.cross(z, x), z], axis=1)


def quaternion(axes: FloatArray) -> Quaternion:
    """Return the rotation with these axes as columns.

    Shepperd, "Quaternion from rotation matrix", Journal of Guidance and Control 1(3), 1978.
    """
    parts = np.array([*(2.0 * np.diag(axes) - np.trace(axes)), np.trace(axes)])
    largest = int(parts.argmax())
    if largest == 3:
        vector = np.array(
            [
                axes[2, 1] - axes[1, 2],
                axes[0, 2] - axes[2, 0],
                axes[1, 0] - axes[0, 1],
                1.0 + parts[3],
            ]
        )
    else:
        i, j, k = largest, (largest + 1) % 3, (largest + 2) % 3
        vector = np.empty(4)
        vector[i] = 1.0 + parts[i]
        vector[j] = axes[j, i] + axes[i, j]
        vector[k] = axes[k, i] + axes[i, k]
        vector[3] = axes[k, j] - axes[j, k]
    x, y, z, w = (vector / np.linalg.norm(vector)).tolist()
    return Quaternion(x=x, y=y, z=z, w=w)


def _frame(header: Header, child: str, place: FloatArray, rotation: Quaternion) -> TransformStamped:
    x, y, z = place.tolist()
    transform = Transform(translation=Vector3(x=x, y=y, z=z), rotation=rotation)
    return TransformStamped(header=header, child_frame_id=child, transform=transform)


def _in_picture(skeleton: Skeleton) -> tuple[FloatArray, BoolArray]:
    """``(20, 2)`` places as shares of the picture, and which joints are seen in it."""
    size = np.array(skeleton.image_size, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        places: FloatArray = skeleton.pixels / size
        within = ((places >= 0.0) & (places <= 1.0)).all(axis=1)
    return places, skeleton.observed & within
