"""Makes a robot follow the person, or show a movement, within the limits it is given."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import inf

import numpy as np

from apsa_feedback.outputs.robot.angles import ANGLES, other_side, posture_angles
from apsa_feedback.outputs.robot.joint_map import RobotJoint, RobotMap
from apsa_feedback.outputs.robot.movement import Movement
from apsa_perception.model.skeleton import Skeleton

TOLD_S = 0.5
"""For so long a joint is taken to stand where it was last told to."""
_CALM_SHARE = 0.5
"""Share of a joint's speed that a demonstration uses."""
_POINT_S = 0.06
"""Time between the positions of a demonstration."""
_SHORTEST_S = 1e-3
"""Times must rise, also from the last position but one."""


@dataclass(frozen=True)
class Motion:
    """Positions to be passed, the last one to be held.

    Attributes:
        points: seconds from now, rising, and positions in the order of the map.
    """

    points: tuple[tuple[float, tuple[float, ...]], ...]

    @property
    def duration_s(self) -> float:
        """Seconds to the last position."""
        return self.points[-1][0]


class Retargeter:
    """Gives the next positions of the robot's joints for each posture of the person.

    Each position is clamped to the joint's limits, and may differ from the one before, and from
    where the joint was last seen, by no more than the joint's speed allows. An angle of the person
    that is not seen keeps its joint where it is. As long as the robot has not told where all its
    joints stand, or not for ``TOLD_S``, it is not moved: from an unknown place no speed can be
    kept.

    Args:
        robot: the joints and their limits.
        clock_s: seconds of a clock that never runs back. It is not that of the stamps: the robot
            is there now, also while a recording is played at another pace.
    """

    def __init__(self, robot: RobotMap, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._robot = robot
        self._clock_s = clock_s
        self._followed = {
            joint.name: other_side(joint.angle) if robot.mirror else joint.angle
            for joint in robot.joints
        }
        self._positions: dict[str, float] = {}
        self._measured: dict[str, float] = {}
        self._measured_s: dict[str, float] = {}
        self._last_ns: int | None = None
        self._arrival_ns = 0
        self._moving = False
        self._to_show: list[tuple[float, Mapping[str, float]]] = []
        self._shown_until_ns: int | None = None

    @property
    def unknown(self) -> list[str]:
        """Joints of which the robot does not tell where they stand, or no longer does."""
        since_s = self._clock_s() - TOLD_S
        return [j.name for j in self._robot.joints if self._measured_s.get(j.name, -inf) < since_s]

    @property
    def followed(self) -> frozenset[str]:
        """The angles of the person that the robot's joints follow."""
        return frozenset(self._followed.values())

    @property
    def demonstrating(self) -> bool:
        """Whether a movement or a gesture is being shown."""
        return bool(self._to_show) or self._shown_until_ns is not None

    def measured(self, positions: Mapping[str, float]) -> None:
        """Take where the robot stands now, by joint; joints of others are left out."""
        known = {name: at for name, at in positions.items() if name in self._followed}
        self._measured |= known
        self._measured_s |= dict.fromkeys(known, self._clock_s())

    def demonstrate(self, movement: Movement) -> None:
        """Show a movement from the next step on, instead of following the person.

        The robot goes to its beginning first. It is shown as fast as it is, and slower where a
        joint needs more time.
        """
        rest = dict.fromkeys(ANGLES, 0.0)
        times_s = [*np.arange(0.0, movement.duration_s, _POINT_S).tolist(), movement.duration_s]
        postures = [self._joints(rest | movement.at(at)) for at in times_s]
        self._to_show = [(0.0, postures[0])]
        for (before_s, before), (at_s, posture) in pairwise(zip(times_s, postures, strict=True)):
            needed_s = max(
                abs(posture[joint.name] - before[joint.name]) / (_CALM_SHARE * joint.max_velocity)
                for joint in self._robot.joints
            )
            ends_s = self._to_show[-1][0] + max(at_s - before_s, needed_s, _SHORTEST_S)
            self._to_show.append((ends_s, posture))

    def gesture(self, cue_key: str) -> None:
        """Take the posture that underlines a cue, if there is one and nothing is being shown."""
        gesture = self._robot.gestures.get(cue_key)
        if gesture is not None and not self.demonstrating:
            self._to_show = [(0.0, gesture.posture), (gesture.hold_s, gesture.posture)]

    def step(self, stamp_ns: int, skeleton: Skeleton) -> Motion | None:
        """Return where to move from now on, in place of what was to be done before.

        None while nothing replaces it: on the way back into the limits, during a demonstration, and
        as long as the robot does not tell where it stands; then it is stopped first.
        """
        last, self._last_ns = self._last_ns, stamp_ns
        if self.unknown:
            return self.stop()
        if last is None or stamp_ns < last:
            self._moving, self._shown_until_ns = False, None
        if self._shown_until_ns is not None:
            if stamp_ns < self._shown_until_ns:
                return None
            self._moving, self._shown_until_ns = False, None
        if self._to_show:
            return self._show(stamp_ns)
        if not self._moving:
            self._moving, last = True, stamp_ns
            way_back_s = self._take_place()
            if way_back_s > 0:
                # The controller may have led a joint elsewhere than to where it is seen.
                way_back_s = max(way_back_s, self._robot.reach_s)
            self._arrival_ns = stamp_ns + round(way_back_s * 1e9)
            if way_back_s > 0:
                return self._motion(way_back_s)
        if stamp_ns < self._arrival_ns or last is None:
            return None
        # A longer way could not be gone at the allowed speed in the time that the controller gets.
        seconds = min((stamp_ns - last) * 1e-9, self._robot.reach_s)
        targets = self._joints(posture_angles(skeleton))
        for joint in self._robot.joints:
            now = self._positions[joint.name]
            reach = joint.max_velocity * seconds
            way = targets.get(joint.name, now) - now
            position = now + min(max(way, -reach), reach)
            self._positions[joint.name] = joint.clamp(self._near_robot(joint, position))
        return self._motion(self._robot.reach_s)

    def stop(self) -> Motion | None:
        """Return the motion that holds the robot where it is; None if it does already.

        If it no longer tells that, it is led to where it was last seen, in the time in which it can
        have gone astray: no faster than it may.
        """
        self._to_show, self._shown_until_ns = [], None
        if not self._moving:
            return None
        self._moving = False
        unseen_s = self._clock_s() - min(self._measured_s.values())
        return self._motion(max(self._take_place(), unseen_s, self._robot.reach_s))

    def _near_robot(self, joint: RobotJoint, position: float) -> float:
        """Keep to what the joint can reach in time from where it was last seen.

        Stamps may run ahead of the robot, as in a recording that is played fast.
        """
        at = self._measured[joint.name]
        reach = joint.max_velocity * self._robot.reach_s
        return min(max(position, at - reach), at + reach)

    def _take_place(self) -> float:
        """Start from where the robot stands; return the seconds it needs back into its limits."""
        self._positions = {j.name: j.clamp(self._measured[j.name]) for j in self._robot.joints}
        return max(
            abs(self._measured[j.name] - self._positions[j.name]) / j.max_velocity
            for j in self._robot.joints
        )

    def _show(self, stamp_ns: int) -> Motion:
        """The whole of what is to be shown, as one motion from where the robot stands."""
        self._take_place()
        joints = self._robot.joints
        path = [
            (at, tuple(j.clamp(posture.get(j.name, self._positions[j.name])) for j in joints))
            for at, posture in self._to_show
        ]
        way_s = self._robot.reach_s + max(
            abs(first - self._measured[joint.name]) / (_CALM_SHARE * joint.max_velocity)
            for first, joint in zip(path[0][1], joints, strict=True)
        )
        motion = Motion(tuple((way_s + at, posture) for at, posture in path))
        self._to_show, self._moving = [], True
        self._shown_until_ns = stamp_ns + round(motion.duration_s * 1e9)
        return motion

    def _joints(self, angles: Mapping[str, float]) -> dict[str, float]:
        return {
            joint.name: joint.follow(angles[self._followed[joint.name]])
            for joint in self._robot.joints
            if self._followed[joint.name] in angles
        }

    def _motion(self, reach_s: float) -> Motion:
        return Motion(((reach_s, tuple(self._positions[j.name] for j in self._robot.joints)),))
