"""A pose of a drawn figure, from the directions of its limbs."""

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from apsa_perception.model.joints import JOINT_COUNT, Joint
from apsa_perception.model.skeleton import FloatArray

_LOWER_TRUNK, _UPPER_TRUNK, _NECK = 0.24, 0.26, 0.2
_SHOULDER, _SHOULDER_DROP, _UPPER_ARM, _FOREARM, _HAND = 0.18, 0.03, 0.29, 0.25, 0.08
_HIP, _THIGH, _SHANK, _FOOT = 0.1, 0.42, 0.42, 0.15

Pair = tuple[float, float]


@dataclass(frozen=True)
class FigurePose:
    """Directions in degrees; a pair is left and right.

    Directions of limbs are in the room: 0 down, 90 forwards, 180 up, -90 backwards.

    Attributes:
        trunk: 0 upright, 90 prone, -90 on the back.
        tilt: of the trunk to the left.
        twist: of the shoulders to the left.
        roll: of the whole body to the right; 90 lies on the right side.
        thigh: direction.
        shank: direction.
        foot: direction of the toes.
        leg_out: of the leg to the outside.
        arm: direction of the upper arm.
        arm_out: of the upper arm to the outside; 90 sideways, 180 up.
        elbow: 0 straight.
        arm_turn: of the forearm about the upper arm, outwards or up.
    """

    trunk: float = 0.0
    tilt: float = 0.0
    twist: float = 0.0
    roll: float = 0.0
    thigh: Pair = (2.0, 2.0)
    shank: Pair = (-3.0, -3.0)
    foot: Pair = (90.0, 90.0)
    leg_out: Pair = (4.0, 4.0)
    arm: Pair = (3.0, 3.0)
    arm_out: Pair = (8.0, 8.0)
    elbow: Pair = (10.0, 10.0)
    arm_turn: Pair = (0.0, 0.0)

    def towards(self, other: "FigurePose", share: float) -> "FigurePose":
        """Return the pose a share 0..1 of the way to another one."""
        changed: dict[str, Any] = {}
        for name, start in vars(self).items():
            first, last = np.array(start), np.array(getattr(other, name))
            value = first + share * (last - first)
            changed[name] = tuple(value.tolist()) if value.ndim else float(value)
        return replace(self, **changed)

    def mirrored(self) -> "FigurePose":
        """The pose with left and right exchanged."""
        changed: dict[str, Any] = {name: -getattr(self, name) for name in ("tilt", "twist", "roll")}
        for name, value in vars(self).items():
            if isinstance(value, tuple):
                changed[name] = value[::-1]
        return replace(self, **changed)

    def joints(self) -> FloatArray:
        """Joints ``(20, 3)`` in metres from the pelvis: x forwards, y left, z up."""
        front, left, up = np.eye(3)
        trunk = math.radians(self.trunk)
        spine = math.cos(trunk) * up + math.sin(trunk) * front
        tilt, twist = math.radians(self.tilt), math.radians(self.twist)
        spine, across = (
            math.cos(tilt) * spine + math.sin(tilt) * left,
            math.cos(tilt) * left - math.sin(tilt) * spine,
        )
        across, ahead = (
            math.cos(twist) * across - math.sin(twist) * front,
            math.cos(twist) * front + math.sin(twist) * across,
        )
        body = np.zeros((JOINT_COUNT, 3))
        body[Joint.SPINE] = _LOWER_TRUNK * spine
        body[Joint.NECK] = body[Joint.SPINE] + _UPPER_TRUNK * spine
        body[Joint.HEAD] = body[Joint.NECK] + _NECK * spine
        for index, sign in enumerate((1.0, -1.0)):
            shoulder = Joint.RIGHT_SHOULDER if index else Joint.LEFT_SHOULDER
            body[shoulder] = body[Joint.NECK] + sign * _SHOULDER * across - _SHOULDER_DROP * spine
            upper, out = self.arm[index], self.arm_out[index]
            arm = _swing(-up, ahead, sign * across, upper, out)
            bend = _swing(-up, ahead, sign * across, upper + 90.0, 0.0)
            turn, elbow = math.radians(self.arm_turn[index]), math.radians(self.elbow[index])
            bend = math.cos(turn) * bend + sign * math.sin(turn) * np.cross(bend, arm)
            forearm = math.cos(elbow) * arm + math.sin(elbow) * bend
            body[shoulder + 1] = body[shoulder] + _UPPER_ARM * arm
            body[shoulder + 2] = body[shoulder + 1] + _FOREARM * forearm
            body[shoulder + 3] = body[shoulder + 2] + _HAND * forearm
            hip = Joint.RIGHT_HIP if index else Joint.LEFT_HIP
            body[hip] = sign * _HIP * left
            lengths = (_THIGH, self.thigh), (_SHANK, self.shank), (_FOOT, self.foot)
            for number, (length, angles) in enumerate(lengths):
                limb = _swing(-up, front, sign * left, angles[index], self.leg_out[index])
                body[hip + number + 1] = body[hip + number] + length * limb
        roll = math.radians(self.roll)
        y, z = body[:, 1], body[:, 2]
        rolled = (math.cos(roll) * y - math.sin(roll) * z, math.sin(roll) * y + math.cos(roll) * z)
        return np.stack([body[:, 0], *rolled], axis=1)


def _swing(
    down: FloatArray, front: FloatArray, outward: FloatArray, angle_deg: float, out_deg: float
) -> FloatArray:
    """Unit vector of a limb that is swung forwards, then lifted to the outside."""
    angle, out = math.radians(angle_deg), math.radians(out_deg)
    within = math.cos(angle) * down + math.sin(angle) * front
    swung: FloatArray = math.cos(out) * within + math.sin(out) * outward
    return swung
