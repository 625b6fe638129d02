"""People in constructed postures: standing, lying, prone, from the angles of their joints."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from apsa_perception.model.joints import JOINT_COUNT, Joint
from apsa_perception.model.skeleton import FloatArray, Skeleton
from support.figures import PERIOD_NS, SECOND_NS, SIZE, Frames

_PIXELS_PER_METRE = 200.0
_PER_SIDE = ("hip_flexion", "hip_abduction", "knee_flexion", "shoulder_flexion")
_PER_SIDE += ("shoulder_abduction", "elbow_flexion", "elbow_ahead", "ankle_flexion")


@dataclass(frozen=True)
class Pose:
    """Angles in degrees; a pair is left and right.

    Attributes:
        lean: of the trunk forwards: 0 upright, 90 prone, -90 on the back.
        roll: about the line of the trunk: 90 lies on the right side, the left side up.
        side_lean: of the trunk to the left, against the legs.
        pelvis_drop: slope of the line of the hips, positive with the left one lower.
        spine_flexion: of the upper trunk against the lower one.
        hip_flexion: thigh in front of the trunk line; negative behind.
        hip_abduction: leg to the outside.
        knee_flexion: 0 straight.
        ankle_flexion: 0 with the foot at a right angle to the shank, positive with the toes down.
        shoulder_flexion: upper arm in front of the hanging arm; 180 overhead.
        shoulder_abduction: upper arm to the outside.
        elbow_flexion: 0 straight.
        elbow_ahead: the same, of an arm held out to the side, the forearm to the front.
    """

    lean: float = 0.0
    roll: float = 0.0
    side_lean: float = 0.0
    pelvis_drop: float = 0.0
    spine_flexion: float = 0.0
    hip_flexion: tuple[float, float] = (0.0, 0.0)
    hip_abduction: tuple[float, float] = (2.0, 2.0)
    knee_flexion: tuple[float, float] = (5.0, 5.0)
    ankle_flexion: tuple[float, float] = (0.0, 0.0)
    shoulder_flexion: tuple[float, float] = (5.0, 5.0)
    shoulder_abduction: tuple[float, float] = (10.0, 10.0)
    elbow_flexion: tuple[float, float] = (10.0, 10.0)
    elbow_ahead: tuple[float, float] = (0.0, 0.0)

    def towards(self, other: "Pose", share: float) -> "Pose":
        """Return the pose a share 0..1 of the way to another one."""
        changed = {}
        for name, start in vars(self).items():
            first, last = np.array(start), np.array(getattr(other, name))
            value = first + share * (last - first)
            changed[name] = tuple(value.tolist()) if value.ndim else float(value)
        return replace(self, **changed)

    def joints(self) -> FloatArray:
        """Joints ``(20, 3)`` in metres from the pelvis: x forwards, y left, z up."""
        lean = math.radians(self.lean)
        up = np.array([math.sin(lean), 0.0, math.cos(lean)])
        front = np.array([math.cos(lean), 0.0, -math.sin(lean)])
        left = np.array([0.0, 1.0, 0.0])
        if self.roll:
            turn = math.radians(self.roll)
            front, left = (
                math.cos(turn) * front - math.sin(turn) * left,
                math.cos(turn) * left + math.sin(turn) * front,
            )
        aside, bend = math.radians(self.side_lean), math.radians(self.spine_flexion)
        low = math.cos(aside) * up + math.sin(aside) * left
        across = math.cos(aside) * left - math.sin(aside) * up
        upper = math.cos(bend) * low + math.sin(bend) * front
        upper_front = math.cos(bend) * front - math.sin(bend) * low
        drop = math.radians(self.pelvis_drop)
        hips = math.cos(drop) * left - math.sin(drop) * up
        body = np.zeros((JOINT_COUNT, 3))
        body[Joint.SPINE] = 0.24 * low
        body[Joint.NECK] = body[Joint.SPINE] + 0.26 * upper
        body[Joint.HEAD] = body[Joint.NECK] + 0.2 * upper
        for index, (sign, shoulder, hip) in enumerate(
            (
                (1.0, Joint.LEFT_SHOULDER, Joint.LEFT_HIP),
                (-1.0, Joint.RIGHT_SHOULDER, Joint.RIGHT_HIP),
            )
        ):
            values = {name: math.radians(getattr(self, name)[index]) for name in _PER_SIDE}
            outward = sign * across
            body[shoulder] = body[Joint.NECK] + 0.18 * outward - 0.03 * upper
            flexion, out = values["shoulder_flexion"], values["shoulder_abduction"]
            arm = _limb(upper, upper_front, outward, flexion, out)
            forearm = _limb(upper, upper_front, outward, flexion + values["elbow_flexion"], out)
            if values["elbow_ahead"]:
                ahead = _limb(upper, upper_front, outward, flexion + math.pi / 2, 0.0)
                bend = values["elbow_ahead"]
                forearm = math.cos(bend) * arm + math.sin(bend) * ahead
            body[shoulder + 1] = body[shoulder] + 0.29 * arm
            body[shoulder + 2] = body[shoulder + 1] + 0.25 * forearm
            body[shoulder + 3] = body[shoulder + 2] + 0.08 * forearm
            outward = sign * left
            body[hip] = 0.1 * sign * hips
            flexion, out = values["hip_flexion"], values["hip_abduction"]
            thigh = _limb(up, front, outward, flexion, out)
            shank = _limb(up, front, outward, flexion - values["knee_flexion"], out)
            toes = flexion - values["knee_flexion"] + math.pi / 2 - values["ankle_flexion"]
            body[hip + 1] = body[hip] + 0.42 * thigh
            body[hip + 2] = body[hip + 1] + 0.42 * shank
            body[hip + 3] = body[hip + 2] + 0.15 * _limb(up, front, outward, toes, out)
        return body


def _limb(
    up: FloatArray, front: FloatArray, outward: FloatArray, flexion: float, out: float
) -> FloatArray:
    within = -math.cos(flexion) * up + math.sin(flexion) * front
    return math.cos(out) * within + math.sin(out) * outward


def seen(
    pose: Pose,
    stamp_ns: int = 0,
    *,
    turn_deg: float = 90.0,
    hidden: Iterable[Joint] = (),
    body_id: int = 1,
) -> Skeleton:
    """A person in a picture without perspective; turned by 90 they face to the right of it.

    Args:
        pose: the posture.
        stamp_ns: stamp.
        turn_deg: 0 faces the camera, 90 shows the left side.
        hidden: joints that are not observed.
        body_id: number of the person.
    """
    body = pose.joints()
    turn = math.radians(turn_deg)
    facing = np.array([-math.sin(turn), 0.0, -math.cos(turn)])
    to_left = np.array([math.cos(turn), 0.0, -math.sin(turn)])
    positions = body @ np.stack([facing, to_left, np.array([0.0, -1.0, 0.0])])
    pixels = np.array(SIZE) / 2 + _PIXELS_PER_METRE * positions[:, :2]
    observed = np.ones(JOINT_COUNT, dtype=np.bool_)
    observed[list(hidden)] = False
    confidence = np.where(observed, 0.9, 0.1)
    return Skeleton(stamp_ns, body_id, positions, pixels, confidence, observed, SIZE)


def through(*steps: tuple[float, Pose], turn_deg: float = 90.0) -> Frames:
    """Frames at 25 a second of a person who goes from pose to pose.

    Args:
        steps: seconds at which a pose is reached, from 0 on; between two the change is smooth.
        turn_deg: as for ``seen``.
    """
    frames: Frames = []
    for stamp in range(PERIOD_NS, round(steps[-1][0] * SECOND_NS) + PERIOD_NS, PERIOD_NS):
        frames.append((stamp, [seen(at(stamp / SECOND_NS, steps), stamp, turn_deg=turn_deg)]))
    return frames


def at(second: float, steps: tuple[tuple[float, Pose], ...]) -> Pose:
    """The pose at a second of a sequence of poses."""
    before = max(
        (one for one in steps if one[0] <= second), key=lambda one: one[0], default=steps[0]
    )
    after = min((one for one in steps if one[0] > second), key=lambda one: one[0], default=before)
    span = after[0] - before[0]
    share = (second - before[0]) / span if span > 0 else 0.0
    return before[1].towards(after[1], share * share * (3.0 - 2.0 * share))


STANDING = Pose()
WALL_SIT = Pose(hip_flexion=(88.0, 88.0), knee_flexion=(88.0, 88.0))
PLANK = Pose(
    lean=78.0, hip_flexion=(0.0, 0.0), knee_flexion=(3.0, 3.0), shoulder_flexion=(80.0, 80.0),
    shoulder_abduction=(0.0, 0.0), elbow_flexion=(90.0, 90.0),
)  # fmt: skip
KNEELING = Pose(
    lean=75.0, hip_flexion=(75.0, 75.0), knee_flexion=(90.0, 90.0), shoulder_flexion=(85.0, 85.0),
    shoulder_abduction=(0.0, 0.0),
)  # fmt: skip
