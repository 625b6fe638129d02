"""A body that follows recorded joints: directions from the recording, lengths from the body.

Bone directions are those of the recording, so its angles stay; bone lengths are those of the body,
so that one recording serves bodies of any build. Clavicles and head follow the recorded change from
the person's own neutral direction, because joint centres of sensors differ there. The twist of a
limb comes from the plane of its elbow or knee where that is bent, otherwise from the trunk.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d

from apsa_perception.model.joints import JOINT_COUNT, Joint
from apsa_perception.model.skeleton import FloatArray
from apsa_training.camera.axes import frames, shortest_rotation, unit
from apsa_training.camera.body import Body, Segment

_UP = np.array([0.0, 0.0, 1.0])
_BENT = (0.2, 0.5)  # sine of the joint angle from which, and up to which, its plane is trusted
_SMOOTH_FRAMES = 2.0
_LYING_DEG = 55.0
_FLESH_M = 0.09  # from the floor to the lowest joint of a person who lies
_RAISED_M = (0.05, 0.15)  # ankle above its height on the floor: the foot leaves it


@dataclass(frozen=True)
class Motion:
    """A body in motion.

    Attributes:
        joints: ``(T, 20, 3)`` joint centres, laboratory axes, metres; the floor is z = 0.
        rotations: ``(T, 15, 3, 3)`` rotation of each segment from rest.
        origins: ``(T, 15, 3)`` where the segment's upper joint is.
    """

    joints: FloatArray
    rotations: FloatArray
    origins: FloatArray


def follow(body: Body, recorded: FloatArray) -> Motion:
    """Let a body follow a recording.

    Who begins upright stands on the feet throughout; who begins lying rests on the lowest joint,
    and the feet follow the shanks.

    Args:
        body: who moves.
        recorded: ``(T, 20, 3)`` joints, laboratory axes, pelvis-relative.
    """
    lying = lies(recorded[0])
    rotations = _rotations(body, recorded, lying)
    joints, origins = _forward(body, rotations)
    path = _path_on_floor(joints) if lying else _pelvis_path(body, joints)
    return Motion(joints + path[:, None], rotations, origins + path[:, None])


def lies(joints: FloatArray) -> bool:
    """Whether the trunk of a frame ``(20, 3)`` is far from upright, in laboratory axes."""
    trunk = unit(joints[Joint.NECK] - joints[Joint.PELVIS])
    return float(trunk[2]) < math.cos(math.radians(_LYING_DEG))


def skin(body: Body, motion: Motion, frame: int) -> FloatArray:
    """Vertices ``(V, 3)`` of a frame by linear blend skinning."""
    turns = motion.rotations[frame]
    shifts = motion.origins[frame] - np.einsum("sij,sj->si", turns, _rest_origins(body))
    blend = body.weights @ np.concatenate([turns.reshape(-1, 9), shifts], axis=1)
    turned = np.einsum("vij,vj->vi", blend[:, :9].reshape(-1, 3, 3), body.vertices)
    return np.asarray(turned + blend[:, 9:])


_ORIGIN: dict[Segment, Joint] = {
    Segment.PELVIS: Joint.PELVIS, Segment.CHEST: Joint.SPINE, Segment.HEAD: Joint.NECK,
    Segment.LEFT_CLAVICLE: Joint.NECK, Segment.RIGHT_CLAVICLE: Joint.NECK,
    Segment.LEFT_UPPER_ARM: Joint.LEFT_SHOULDER, Segment.RIGHT_UPPER_ARM: Joint.RIGHT_SHOULDER,
    Segment.LEFT_FOREARM: Joint.LEFT_ELBOW, Segment.RIGHT_FOREARM: Joint.RIGHT_ELBOW,
    Segment.LEFT_THIGH: Joint.LEFT_HIP, Segment.RIGHT_THIGH: Joint.RIGHT_HIP,
    Segment.LEFT_SHANK: Joint.LEFT_KNEE, Segment.RIGHT_SHANK: Joint.RIGHT_KNEE,
    Segment.LEFT_FOOT: Joint.LEFT_ANKLE, Segment.RIGHT_FOOT: Joint.RIGHT_ANKLE,
}  # fmt: skip
_ENDS: dict[Segment, tuple[Joint, ...]] = {
    Segment.PELVIS: (Joint.SPINE, Joint.LEFT_HIP, Joint.RIGHT_HIP), Segment.CHEST: (Joint.NECK,),
    Segment.HEAD: (Joint.HEAD,),
    Segment.LEFT_CLAVICLE: (Joint.LEFT_SHOULDER,), Segment.RIGHT_CLAVICLE: (Joint.RIGHT_SHOULDER,),
    Segment.LEFT_UPPER_ARM: (Joint.LEFT_ELBOW,), Segment.RIGHT_UPPER_ARM: (Joint.RIGHT_ELBOW,),
    Segment.LEFT_FOREARM: (Joint.LEFT_WRIST, Joint.LEFT_HAND),
    Segment.RIGHT_FOREARM: (Joint.RIGHT_WRIST, Joint.RIGHT_HAND),
    Segment.LEFT_THIGH: (Joint.LEFT_KNEE,), Segment.RIGHT_THIGH: (Joint.RIGHT_KNEE,),
    Segment.LEFT_SHANK: (Joint.LEFT_ANKLE,), Segment.RIGHT_SHANK: (Joint.RIGHT_ANKLE,),
    Segment.LEFT_FOOT: (Joint.LEFT_FOOT,), Segment.RIGHT_FOOT: (Joint.RIGHT_FOOT,),
}  # fmt: skip


def _rest_origins(body: Body) -> FloatArray:
    return np.stack([body.joints[_ORIGIN[segment]] for segment in Segment])


def _forward(body: Body, rotations: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Joint centres and segment origins from rotations, the pelvis at 0."""
    joints = np.zeros((len(rotations), JOINT_COUNT, 3))
    for segment in Segment:  # parents come first
        start = _ORIGIN[segment]
        for end in _ENDS[segment]:
            offset = body.joints[end] - body.joints[start]
            joints[:, end] = joints[:, start] + rotations[:, segment] @ offset
    return joints, np.stack([joints[:, _ORIGIN[segment]] for segment in Segment], axis=1)


def _rotations(body: Body, recorded: FloatArray, lying: bool) -> FloatArray:
    rest = body.joints
    turns = np.empty((len(recorded), len(Segment), 3, 3))

    def trunk(joints: FloatArray, low: Joint, high: Joint, left: Joint, right: Joint) -> FloatArray:
        up, side = joints[..., high, :] - joints[..., low, :], joints[..., left, :]
        return frames(up, side - joints[..., right, :])

    for segment, marks in (
        (Segment.PELVIS, (Joint.PELVIS, Joint.SPINE, Joint.LEFT_HIP, Joint.RIGHT_HIP)),
        (Segment.CHEST, (Joint.SPINE, Joint.NECK, Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER)),
    ):
        turns[:, segment] = trunk(recorded, *marks) @ trunk(rest, *marks).T
    chest, pelvis = turns[:, Segment.CHEST], turns[:, Segment.PELVIS]
    turns[:, Segment.HEAD] = _relative(chest, recorded[:, Joint.HEAD] - recorded[:, Joint.NECK])
    for side in ("LEFT_", "RIGHT_"):
        joint = {name: Joint[side + name] for name in _LIMB_JOINTS}
        to_shoulder = recorded[:, joint["SHOULDER"]] - recorded[:, Joint.NECK]
        turns[:, Segment[f"{side}CLAVICLE"]] = _relative(chest, to_shoulder)
        for trunk_turn, names, outward in (
            (chest, ("SHOULDER", "ELBOW", "WRIST", "UPPER_ARM", "FOREARM"), None),
            (pelvis, ("HIP", "KNEE", "ANKLE", "THIGH", "SHANK"), np.array([0.0, 1.0, 0.0])),
        ):
            ends = tuple(joint[name] for name in names[:3])
            upper, lower = _limb(rest, recorded, trunk_turn, ends, outward)
            turns[:, Segment[side + names[3]]] = upper
            turns[:, Segment[side + names[4]]] = lower
        shank = turns[:, Segment[f"{side}SHANK"]]
        turns[:, Segment[f"{side}FOOT"]] = shank if lying else _foot(shank, recorded, side)
    return turns


_LIMB_JOINTS = ("SHOULDER", "ELBOW", "WRIST", "HIP", "KNEE", "ANKLE")


def _relative(chest: FloatArray, direction: FloatArray) -> FloatArray:
    """The chest's rotation with the change of a direction from its median in the chest."""
    within = np.einsum("tji,tj->ti", chest, unit(direction))
    neutral = np.broadcast_to(np.median(within, axis=0), within.shape)
    return np.asarray(chest @ shortest_rotation(neutral, within))


def _limb(
    rest: FloatArray,
    recorded: FloatArray,
    trunk: FloatArray,
    marks: tuple[Joint, ...],
    hinge_at_rest: FloatArray | None,
) -> tuple[FloatArray, FloatArray]:
    """Rotations of the upper and the lower part of an arm or leg that bends about one hinge."""
    start, middle, end = marks
    rest_upper, rest_lower = unit(rest[middle] - rest[start]), unit(rest[end] - rest[middle])
    if hinge_at_rest is None:
        hinge_at_rest = unit(np.cross(rest_upper, rest_lower))
    upper = unit(recorded[:, middle] - recorded[:, start])
    lower = unit(recorded[:, end] - recorded[:, middle])
    plane = np.cross(upper, lower)
    sine = np.linalg.norm(plane, axis=1, keepdims=True)
    trust = np.clip((sine - _BENT[0]) / (_BENT[1] - _BENT[0]), 0.0, 1.0)
    within = np.einsum("tji,tj->ti", trunk, upper)
    swing = trunk @ shortest_rotation(np.broadcast_to(rest_upper, within.shape), within)
    hinge = trust * unit(plane) + (1.0 - trust) * (swing @ hinge_at_rest)
    hinge = unit(gaussian_filter1d(hinge, _SMOOTH_FRAMES, axis=0, mode="nearest"))
    return (
        frames(upper, hinge) @ frames(rest_upper, hinge_at_rest).T,
        frames(lower, hinge) @ frames(rest_lower, hinge_at_rest).T,
    )


def _foot(shank: FloatArray, recorded: FloatArray, side: str) -> FloatArray:
    """The sole stays level on the floor and turns with the shank above it."""
    left = shank[..., :, 1]
    heading = np.cross(left, _UP)
    heading[:, 2] = 0.0
    heading = unit(gaussian_filter1d(heading, 2 * _SMOOTH_FRAMES, axis=0, mode="nearest"))
    level = np.stack(
        [heading, np.cross(_UP, heading), np.broadcast_to(_UP, heading.shape)], axis=-1
    )
    height = recorded[:, Joint[f"{side}ANKLE"], 2]
    lowest = recorded[:, [Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE], 2].min(axis=1)
    raised = np.clip((height - lowest - _RAISED_M[0]) / (_RAISED_M[1] - _RAISED_M[0]), 0.0, 1.0)
    mixed = (1.0 - raised)[:, None, None] * level + raised[:, None, None] * shank
    return frames(mixed[..., 0], mixed[..., 1])


def _path_on_floor(joints: FloatArray) -> FloatArray:
    """Where the pelvis must be so that the lowest joint is just above the floor."""
    path = np.zeros((len(joints), 3))
    path[:, 2] = gaussian_filter1d(_FLESH_M - joints[..., 2].min(axis=1), _SMOOTH_FRAMES)
    return path


def _pelvis_path(body: Body, joints: FloatArray) -> FloatArray:
    """Where the pelvis must be so that the lower foot stands on the floor and does not slide."""
    ankles = joints[:, [Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE]]
    lowest = ankles[..., 2].min(axis=1, keepdims=True)
    support = np.exp(-(ankles[..., 2] - lowest) / 0.02)
    support /= support.sum(axis=1, keepdims=True)
    steps = np.diff(ankles[..., :2], axis=0)
    held = (0.5 * (support[1:] + support[:-1]))[..., None]
    path = np.zeros((len(joints), 3))
    path[1:, :2] = -np.cumsum((held * steps).sum(axis=1), axis=0)
    path[:, :2] -= path[:, :2].mean(axis=0)
    standing = float(body.joints[[Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE], 2].mean())
    path[:, 2] = gaussian_filter1d(standing - lowest[:, 0], _SMOOTH_FRAMES, mode="nearest")
    return path
