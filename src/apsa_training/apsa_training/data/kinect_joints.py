"""Convert depth-camera skeletons to the canonical 20-joint body.

Kinect v2 joint order and tracking states: Microsoft Kinect for Windows SDK 2.0, ``JointType`` and
``TrackingState``. UI-PRMD names: Vakanski et al., Data 2018, 3(1), 2; a name denotes the upper end
of its segment.
"""

import numpy as np
import numpy.typing as npt

from apsa_perception.model.joints import JOINT_COUNT, Joint
from apsa_perception.model.skeleton import BoolArray, FloatArray

KINECT_V2_NAMES: tuple[str, ...] = (
    "SpineBase", "SpineMid", "Neck", "Head",
    "ShoulderLeft", "ElbowLeft", "WristLeft", "HandLeft",
    "ShoulderRight", "ElbowRight", "WristRight", "HandRight",
    "HipLeft", "KneeLeft", "AnkleLeft", "FootLeft",
    "HipRight", "KneeRight", "AnkleRight", "FootRight",
    "SpineShoulder", "HandTipLeft", "ThumbLeft", "HandTipRight", "ThumbRight",
)  # fmt: skip
KINECT_V2_JOINTS = len(KINECT_V2_NAMES)

_SPINE_SHOULDER = KINECT_V2_NAMES.index("SpineShoulder")
KINECT_V2_TO_CANONICAL: npt.NDArray[np.intp] = np.arange(JOINT_COUNT)
"""Index of the Kinect joint for each canonical joint.

The orders agree except for the neck: the canonical neck is the midpoint of the shoulders, which is
Kinect's SpineShoulder. Kinect's Neck is higher.
"""
KINECT_V2_TO_CANONICAL[Joint.NECK] = _SPINE_SHOULDER

TRACKING_UNKNOWN = 255
_CONFIDENCE_OF_TRACKING = np.zeros(256)
_CONFIDENCE_OF_TRACKING[[1, 2, TRACKING_UNKNOWN]] = [0.5, 1.0, 0.5]
_OBSERVED_OF_TRACKING = np.zeros(256, dtype=np.bool_)
_OBSERVED_OF_TRACKING[[2, TRACKING_UNKNOWN]] = True

UI_PRMD_NAMES: tuple[str, ...] = (
    "Waist", "Spine", "Chest", "Neck", "Head", "HeadTip",
    "LeftCollar", "LeftUpperArm", "LeftForearm", "LeftHand",
    "RightCollar", "RightUpperArm", "RightForearm", "RightHand",
    "LeftUpperLeg", "LeftLowerLeg", "LeftFoot", "LeftToes",
    "RightUpperLeg", "RightLowerLeg", "RightFoot", "RightToes",
)  # fmt: skip
UI_PRMD_JOINTS = len(UI_PRMD_NAMES)
UI_PRMD_PARENTS: tuple[int, ...] = (
    -1, 0, 1, 2, 3, 4, 2, 6, 7, 8, 2, 10, 11, 12, 0, 14, 15, 16, 0, 18, 19, 20,
)  # fmt: skip

_UI_PRMD_SOURCES: dict[Joint, str] = {
    Joint.PELVIS: "Waist",
    Joint.SPINE: "Spine",
    Joint.NECK: "Neck",
    Joint.LEFT_SHOULDER: "LeftUpperArm",
    Joint.LEFT_ELBOW: "LeftForearm",
    Joint.LEFT_WRIST: "LeftHand",
    Joint.RIGHT_SHOULDER: "RightUpperArm",
    Joint.RIGHT_ELBOW: "RightForearm",
    Joint.RIGHT_WRIST: "RightHand",
    Joint.LEFT_HIP: "LeftUpperLeg",
    Joint.LEFT_KNEE: "LeftLowerLeg",
    Joint.LEFT_ANKLE: "LeftFoot",
    Joint.LEFT_FOOT: "LeftToes",
    Joint.RIGHT_HIP: "RightUpperLeg",
    Joint.RIGHT_KNEE: "RightLowerLeg",
    Joint.RIGHT_ANKLE: "RightFoot",
    Joint.RIGHT_FOOT: "RightToes",
}
_HAND_PER_FOREARM = 0.3  # length of the hand over that of the forearm, to place a missing joint


def kinect_to_canonical(positions: npt.NDArray[np.floating]) -> FloatArray:
    """Convert Kinect v2 skeletons to canonical ones, pelvis-relative in camera optical axes.

    Kinect camera space has x to the sensor's left, y up and z away from the sensor, so the optical
    frame (x right, y down, z away) is half a turn about z.

    Args:
        positions: ``(T, 25, 3)`` metres in Kinect camera space.

    Returns:
        ``(T, 20, 3)`` metres.
    """
    canonical = positions[:, KINECT_V2_TO_CANONICAL].astype(np.float64) * (-1.0, -1.0, 1.0)
    relative: FloatArray = canonical - canonical[:, :1]
    return relative


def kinect_confidence(tracking: npt.NDArray[np.integer]) -> tuple[FloatArray, BoolArray]:
    """Confidence 0..1 and observed flags ``(T, 20)`` of Kinect tracking states ``(T, 25)``."""
    states = np.asarray(tracking)[:, KINECT_V2_TO_CANONICAL]
    return _CONFIDENCE_OF_TRACKING[states], _OBSERVED_OF_TRACKING[states]


def ui_prmd_to_canonical(positions_cm: npt.NDArray[np.floating]) -> tuple[FloatArray, BoolArray]:
    """Convert UI-PRMD joints to canonical skeletons, pelvis-relative in camera optical axes.

    The source has y up and the person at negative z. It has no hand tip: the forearm is extended
    and the hand marked as not observed. The head is the midpoint of its segment.

    Args:
        positions_cm: ``(T, 22, 3)`` absolute positions, centimetres.

    Returns:
        ``(T, 20, 3)`` metres and ``(T, 20)`` observed.
    """
    source = np.asarray(positions_cm, dtype=np.float64) * (0.01, -0.01, -0.01)
    index = {name: i for i, name in enumerate(UI_PRMD_NAMES)}
    canonical = np.empty((len(source), JOINT_COUNT, 3))
    for joint, name in _UI_PRMD_SOURCES.items():
        canonical[:, joint] = source[:, index[name]]
    canonical[:, Joint.HEAD] = (source[:, index["Head"]] + source[:, index["HeadTip"]]) / 2
    observed = np.ones(canonical.shape[:2], dtype=np.bool_)
    for hand, wrist, elbow in (
        (Joint.LEFT_HAND, Joint.LEFT_WRIST, Joint.LEFT_ELBOW),
        (Joint.RIGHT_HAND, Joint.RIGHT_WRIST, Joint.RIGHT_ELBOW),
    ):
        forearm = canonical[:, wrist] - canonical[:, elbow]
        canonical[:, hand] = canonical[:, wrist] + _HAND_PER_FOREARM * forearm
        observed[:, hand] = False
    return canonical - canonical[:, :1], observed
