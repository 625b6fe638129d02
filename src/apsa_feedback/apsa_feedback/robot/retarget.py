"""Makes a robot follow the person within the limits it is given."""

from dataclasses import dataclass

from apsa_feedback.robot.angles import other_side, posture_angles
from apsa_feedback.robot.joint_map import Gesture, RobotMap
from apsa_perception.skeleton.types import Skeleton

_LONGEST_STEP_S = 0.2
"""After a gap in the stamps the robot goes on as if no more time had passed."""


@dataclass(frozen=True)
class Motion:
    """Positions to be reached, and in how many seconds from now; in the order of the map."""

    positions: tuple[float, ...]
    reach_s: float


class Retargeter:
    """Gives the next positions of the robot's joints for each posture of the person.

    Each position is clamped to the joint's limits, and may differ from the one before by no more
    than the joint's speed allows in the time between the stamps. Where the robot stands at first
    is not known, so it is sent home first, in the time that its slowest joint may need from one
    limit to the other, and follows only after that; this slow way is not interrupted. An angle
    that is not seen keeps its joint where it is.

    Args:
        robot: the joints and their limits.
    """

    def __init__(self, robot: RobotMap) -> None:
        self._robot = robot
        self._positions = {joint.name: joint.home for joint in robot.joints}
        self._last_ns: int | None = None
        self._at_home_ns: int | None = None
        self._gesture: Gesture | None = None
        self._gesture_end_ns: int | None = None
        self._moving = False

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
        if self._at_home_ns is None or (last is not None and stamp_ns < last):
            return self._go_home(stamp_ns)
        if stamp_ns < self._at_home_ns or last is None:
            return None
        seconds = min((stamp_ns - last) * 1e-9, _LONGEST_STEP_S)
        targets = self._targets(stamp_ns, skeleton)
        for joint in self._robot.joints:
            now = self._positions[joint.name]
            reach = joint.max_velocity * seconds
            way = targets.get(joint.name, now) - now
            self._positions[joint.name] = joint.clamp(now + min(max(way, -reach), reach))
        self._moving = True
        return self._motion(self._robot.reach_s)

    def stop(self) -> Motion | None:
        """Return the motion that holds the robot where it is; None if it does already.

        The next step goes on from there: the robot has not been moved by anybody else meanwhile.
        """
        self._gesture = None
        if not self._moving:
            return None
        self._moving = False
        return self._motion(self._robot.reach_s)

    def _go_home(self, stamp_ns: int) -> Motion:
        self._at_home_ns = stamp_ns + round(self.homing_s * 1e9)
        self._positions = {joint.name: joint.home for joint in self._robot.joints}
        return self._motion(self.homing_s)

    def _targets(self, stamp_ns: int, skeleton: Skeleton) -> dict[str, float]:
        if self._gesture is not None:
            if self._gesture_end_ns is None:
                self._gesture_end_ns = stamp_ns + round(self._gesture.hold_s * 1e9)
            if stamp_ns < self._gesture_end_ns:
                return dict(self._gesture.posture)
            self._gesture = None
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

    def _motion(self, reach_s: float) -> Motion:
        return Motion(tuple(self._positions[j.name] for j in self._robot.joints), reach_s)
