"""Makes a robot follow the person, or show the exercise, within the limits it is given."""

from collections.abc import Mapping
from dataclasses import dataclass

from apsa_feedback.robot.angles import ANGLES, other_side, posture_angles
from apsa_feedback.robot.demonstration import Demonstration
from apsa_feedback.robot.joint_map import Gesture, RobotJoint, RobotMap
from apsa_perception.skeleton.types import Skeleton

_BLIND_SHARE = 0.5
"""Share of the allowed speed that is used where the robot does not tell where it is.

A joint lags behind what it is told, and the controller makes up for it. Half leaves room for a lag
as long as the time in which each position is to be reached.
"""


@dataclass(frozen=True)
class Motion:
    """Positions to be reached, and in how many seconds from now; in the order of the map.

    Without positions: stop wherever the robot is.
    """

    positions: tuple[float, ...]
    reach_s: float


class Retargeter:
    """Gives the next positions of the robot's joints for each posture of the person.

    Each position is clamped to the joint's limits, and may differ from the one before by no more
    than the joint's speed allows in the time between the stamps. It starts where the robot is
    known to stand. Where that is not known, the robot is first sent home in the time that its
    slowest joint may need from one limit to the other, and follows only after that; stopped on
    that way, it begins the way anew. An angle that is not seen keeps its joint where it is.

    Args:
        robot: the joints and their limits.
    """

    def __init__(self, robot: RobotMap) -> None:
        self._robot = robot
        self._positions = {joint.name: joint.home for joint in robot.joints}
        self._last_ns: int | None = None
        self._arrival_ns: int | None = None
        self._gesture: Gesture | None = None
        self._gesture_end_ns: int | None = None
        self._demonstration: Demonstration | None = None
        self._demonstration_ns: int | None = None
        self._measured: dict[str, float] = {}
        self._moving = False

    @property
    def demonstrating(self) -> bool:
        """Whether an exercise is being shown."""
        return self._demonstration is not None

    def measured(self, positions: Mapping[str, float]) -> None:
        """Take where the robot stands, by joint; joints of others are left out."""
        names = {joint.name for joint in self._robot.joints}
        self._measured |= {name: at for name, at in positions.items() if name in names}

    def demonstrate(self, demonstration: Demonstration) -> None:
        """Show an exercise from the next step on, instead of following the person."""
        self._demonstration, self._demonstration_ns = demonstration, None

    @property
    def homing_s(self) -> float:
        """Seconds that the way home takes from anywhere."""
        return max((j.high - j.low) / j.max_velocity for j in self._robot.joints)

    def gesture(self, cue_key: str) -> None:
        """Take the posture that underlines a cue, if there is one for it."""
        gesture = self._robot.gestures.get(cue_key)
        if gesture is not None:
            self._gesture, self._gesture_end_ns = gesture, None

    def step(self, stamp_ns: int, skeleton: Skeleton) -> Motion | None:
        """Return where to move now, or None while the robot is on its way home."""
        last, self._last_ns = self._last_ns, stamp_ns
        if last is not None and stamp_ns < last:
            self._arrival_ns, self._moving = None, False
        if not self._moving and self._place_known:
            way_back_s = self._take_place()
            if way_back_s > 0:
                return self._approach(stamp_ns, way_back_s)
            self._arrival_ns = last = stamp_ns
        elif self._arrival_ns is None:
            self._positions = {joint.name: joint.home for joint in self._robot.joints}
            return self._approach(stamp_ns, self.homing_s)
        if stamp_ns < self._arrival_ns or last is None:
            return None
        # A longer way could not be gone at the allowed speed in the time that the controller gets.
        seconds = min((stamp_ns - last) * 1e-9, self._robot.reach_s)
        targets = self._targets(stamp_ns, skeleton)
        for joint in self._robot.joints:
            now = self._positions[joint.name]
            reach = joint.max_velocity * seconds * (1.0 if self._place_known else _BLIND_SHARE)
            way = targets.get(joint.name, now) - now
            position = now + min(max(way, -reach), reach)
            self._positions[joint.name] = joint.clamp(self._near_robot(joint, position))
        self._moving = True
        return self._motion(self._robot.reach_s)

    def stop(self) -> Motion | None:
        """Return the motion that holds the robot where it is; None if it does already."""
        self._gesture = self._demonstration = None
        if not self._moving:
            return None
        self._moving = False
        if self._place_known:
            return self._motion(max(self._take_place(), self._robot.reach_s))
        if (self._arrival_ns or 0) > (self._last_ns or 0):
            self._arrival_ns = None
            return Motion((), 0.0)
        return self._motion(self._robot.reach_s / _BLIND_SHARE)

    @property
    def _place_known(self) -> bool:
        return len(self._measured) == len(self._robot.joints)

    def _near_robot(self, joint: RobotJoint, position: float) -> float:
        """Keep to what the joint can reach in time from where it was last seen.

        Stamps may run ahead of the robot, as in a recording that is played fast.
        """
        at = self._measured.get(joint.name)
        if at is None:
            return position
        reach = joint.max_velocity * self._robot.reach_s
        return min(max(position, at - reach), at + reach)

    def _take_place(self) -> float:
        """Start from where the robot stands; return the seconds it needs back into its limits."""
        self._positions = {j.name: j.clamp(self._measured[j.name]) for j in self._robot.joints}
        return max(
            abs(self._measured[j.name] - self._positions[j.name]) / j.max_velocity
            for j in self._robot.joints
        )

    def _approach(self, stamp_ns: int, seconds: float) -> Motion:
        self._arrival_ns = stamp_ns + round(seconds * 1e9)
        self._moving = True
        return self._motion(seconds)

    def _targets(self, stamp_ns: int, skeleton: Skeleton) -> dict[str, float]:
        if self._gesture is not None:
            if self._gesture_end_ns is None:
                self._gesture_end_ns = stamp_ns + round(self._gesture.hold_s * 1e9)
            if stamp_ns < self._gesture_end_ns:
                return dict(self._gesture.posture)
            self._gesture = None
        angles = self._shown(stamp_ns)
        if angles is None:
            angles = posture_angles(skeleton)
        followed = {
            joint: other_side(joint.angle) if self._robot.mirror else joint.angle
            for joint in self._robot.joints
        }
        return {
            joint.name: joint.follow(angles[angle])
            for joint, angle in followed.items()
            if angle in angles
        }

    def _shown(self, stamp_ns: int) -> dict[str, float] | None:
        """Angles of the demonstration, None without one or after its end."""
        if self._demonstration is None:
            return None
        if self._demonstration_ns is None:
            self._demonstration_ns = stamp_ns
        seconds = (stamp_ns - self._demonstration_ns) * 1e-9
        if seconds > self._demonstration.duration_s:
            self._demonstration = None
            return None
        return dict.fromkeys(ANGLES, 0.0) | self._demonstration.at(seconds)

    def _motion(self, reach_s: float) -> Motion:
        return Motion(tuple(self._positions[j.name] for j in self._robot.joints), reach_s)
