"""Makes a robot follow the person, or demonstrate a movement, within the limits of its joints."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import inf

import numpy as np

from apsa_feedback.outputs.robot.human_angles import ANGLES, other_side, posture_angles
from apsa_feedback.outputs.robot.joint_map import RobotJoint, RobotMap
from apsa_feedback.outputs.robot.movement import Movement
from apsa_perception.model.skeleton import Skeleton
from apsa_perception.model.time import to_nanoseconds, to_seconds

STATE_TIMEOUT_S = 0.5
"""Joint states that are older than this are no longer valid."""
_CALM_SHARE = 0.5
"""Share of a joint's maximum velocity that a demonstration uses."""
_POINT_S = 0.06
"""Seconds between the positions of a demonstration."""
_SHORTEST_S = 1e-3
"""Least time between two positions: the times of a trajectory must rise."""


@dataclass(frozen=True)
class Motion:
    """A trajectory; its last position is held.

    Attributes:
        points: seconds from now, rising, and positions in the order of the joint map.
    """

    points: tuple[tuple[float, tuple[float, ...]], ...]

    @property
    def duration_s(self) -> float:
        """Seconds to the last position."""
        return self.points[-1][0]


class Retargeter:
    """Returns the next positions of the robot's joints for each posture of the person.

    Each position is clamped to the limits of the joint. It may differ from the previous position,
    and from the measured one, by no more than the joint's maximum velocity allows. A joint whose
    angle is not observed on the person keeps its position. The robot is not moved before joint
    states have arrived for all joints, nor ``STATE_TIMEOUT_S`` after the last ones: from an
    unknown position no velocity limit can be kept.

    Args:
        robot: the joints and their limits.
        clock_s: seconds of a monotonic clock. It is independent of the stamps: the robot moves in
            real time even while a bag is replayed at another rate.
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
        """Joints without valid joint states."""
        since_s = self._clock_s() - STATE_TIMEOUT_S
        return [j.name for j in self._robot.joints if self._measured_s.get(j.name, -inf) < since_s]

    @property
    def followed(self) -> frozenset[str]:
        """Angles of the person that the robot's joints follow."""
        return frozenset(self._followed.values())

    @property
    def demonstrating(self) -> bool:
        """Whether a movement or a gesture is being shown."""
        return bool(self._to_show) or self._shown_until_ns is not None

    def measured(self, positions: Mapping[str, float]) -> None:
        """Take measured positions by joint; joints that are not in the map are ignored."""
        known = {name: at for name, at in positions.items() if name in self._followed}
        self._measured |= known
        self._measured_s |= dict.fromkeys(known, self._clock_s())

    def demonstrate(self, movement: Movement) -> None:
        """Show a movement from the next step on, instead of following the person.

        The robot first moves to its start. The movement keeps its timing, except where a joint
        needs more time.
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
        """Start the gesture of a cue, if it has one and nothing is being shown."""
        gesture = self._robot.gestures.get(cue_key)
        if gesture is not None and not self.demonstrating:
            self._to_show = [(0.0, gesture.posture), (gesture.hold_s, gesture.posture)]

    def step(self, stamp_ns: int, skeleton: Skeleton) -> Motion | None:
        """Return the motion that replaces the previous one.

        None while the previous one continues: on the way back into the limits, during a
        demonstration, and without valid joint states, after a stop.
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
            way_back_s = self._start_from_measured()
            if way_back_s > 0:
                # The controller may have commanded another position than the measured one.
                way_back_s = max(way_back_s, self._robot.reach_s)
            self._arrival_ns = stamp_ns + to_nanoseconds(way_back_s)
            if way_back_s > 0:
                return self._motion(way_back_s)
        if stamp_ns < self._arrival_ns or last is None:
            return None
        # The controller gets reach_s for each position, so a longer step would exceed the velocity.
        seconds = min(to_seconds(stamp_ns - last), self._robot.reach_s)
        targets = self._joints(posture_angles(skeleton))
        for joint in self._robot.joints:
            now = self._positions[joint.name]
            reach = joint.max_velocity * seconds
            way = targets.get(joint.name, now) - now
            position = now + min(max(way, -reach), reach)
            self._positions[joint.name] = joint.clamp(self._near_robot(joint, position))
        return self._motion(self._robot.reach_s)

    def stop(self) -> Motion | None:
        """Return the motion that holds the robot at its position; None if it already stands.

        Without valid joint states it is led to the last measured position, and given the time
        since then, so that it keeps its velocity limit wherever it has moved.
        """
        self._to_show, self._shown_until_ns = [], None
        if not self._moving:
            return None
        self._moving = False
        unseen_s = self._clock_s() - min(self._measured_s.values())
        return self._motion(max(self._start_from_measured(), unseen_s, self._robot.reach_s))

    def _near_robot(self, joint: RobotJoint, position: float) -> float:
        """Clamp to what the joint can reach from its measured position in ``reach_s``.

        Stamps may run ahead of the robot, as in a bag that is replayed fast.
        """
        at = self._measured[joint.name]
        reach = joint.max_velocity * self._robot.reach_s
        return min(max(position, at - reach), at + reach)

    def _start_from_measured(self) -> float:
        """Start from the measured positions; return the seconds needed back into the limits."""
        self._positions = {j.name: j.clamp(self._measured[j.name]) for j in self._robot.joints}
        return max(
            abs(self._measured[j.name] - self._positions[j.name]) / j.max_velocity
            for j in self._robot.joints
        )

    def _show(self, stamp_ns: int) -> Motion:
        """The complete demonstration as one motion from the measured positions."""
        self._start_from_measured()
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
        self._shown_until_ns = stamp_ns + to_nanoseconds(motion.duration_s)
        return motion

    def _joints(self, angles: Mapping[str, float]) -> dict[str, float]:
        return {
            joint.name: joint.follow(angles[self._followed[joint.name]])
            for joint in self._robot.joints
            if self._followed[joint.name] in angles
        }

    def _motion(self, reach_s: float) -> Motion:
        return Motion(((reach_s, tuple(self._positions[j.name] for j in self._robot.joints)),))
