"""A robot's joints with limits and lag, moved by joint trajectories."""

from collections.abc import Sequence
from dataclasses import dataclass

from apsa_feedback.outputs.robot.joint_map import RobotMap

Waypoint = tuple[float, Sequence[float]]
"""Seconds since the trajectory began, and positions in the order of its joints."""


@dataclass
class _Joint:
    low: float
    high: float
    fastest: float
    at: float
    speed: float = 0.0


class SimulatedRobot:
    """Follows trajectories as a controller does: straight lines in time, then a first-order lag.

    A trajectory begins where the one before it has led to, not where the drives are behind it, as
    ros2_control's controller has it with ``interpolate_from_desired_state``.

    Positions end at the limits. Speeds are not cut: what was asked for too fast shows in
    ``violations``, so that a test of what is sent can fail.

    Args:
        robot: joints, limits, and where they stand at first (home).
        lag_s: time constant of the drives.
    """

    def __init__(self, robot: RobotMap, lag_s: float) -> None:
        self._joints = {j.name: _Joint(j.low, j.high, j.max_velocity, j.home) for j in robot.joints}
        self._lag_s = lag_s
        self._names: tuple[str, ...] = ()
        self._path: list[Waypoint] = []
        self._elapsed_s = 0.0
        self.violations: list[str] = []
        """One sentence for each command beyond the limits."""

    @property
    def positions(self) -> dict[str, float]:
        """Where the joints are."""
        return {name: joint.at for name, joint in self._joints.items()}

    @property
    def speeds(self) -> dict[str, float]:
        """How fast the joints are."""
        return {name: joint.speed for name, joint in self._joints.items()}

    def command(self, names: Sequence[str], points: Sequence[Waypoint]) -> None:
        """Take a trajectory in place of the one before; without points: stop.

        Raises:
            ValueError: a joint is unknown, or positions and times do not fit.
        """
        unknown = [name for name in names if name not in self._joints]
        if unknown:
            raise ValueError(f"unknown joints {', '.join(unknown)}")
        times = [at for at, _ in points]
        if any(len(positions) != len(names) for _, positions in points) or times != sorted(times):
            raise ValueError("each point needs a position for each joint, and times must rise")
        led_to = dict(zip(self._names, self._goal(), strict=True))
        here = (0.0, [led_to.get(name, self._joints[name].at) for name in names])
        self._names, self._path, self._elapsed_s = tuple(names), [here, *points], 0.0
        for _, positions in points:
            for name, position in zip(names, positions, strict=True):
                joint = self._joints[name]
                if not joint.low - 1e-6 <= position <= joint.high + 1e-6:
                    self.violations.append(
                        f"{name} to {position:.3f}; allowed are {joint.low:g} to {joint.high:g}"
                    )

    def step(self, seconds: float) -> None:
        """Let time pass."""
        self._elapsed_s += seconds
        goals = dict(zip(self._names, self._goal(), strict=True))
        share = seconds / (self._lag_s + seconds)
        for name, joint in self._joints.items():
            before = joint.at
            joint.at = min(max(before + share * (goals.get(name, before) - before), joint.low),
                           joint.high)  # fmt: skip
            joint.speed = (joint.at - before) / seconds
            if abs(joint.speed) > joint.fastest * 1.001:
                self.violations.append(
                    f"{name} at {abs(joint.speed):.2f} rad/s; allowed are {joint.fastest:g}"
                )

    def _goal(self) -> Sequence[float]:
        """Positions asked for now."""
        for (begin, first), (end, last) in zip(self._path, self._path[1:], strict=False):
            if self._elapsed_s < end:
                share = (self._elapsed_s - begin) / (end - begin)
                return [a + share * (b - a) for a, b in zip(first, last, strict=True)]
        return self._path[-1][1] if self._path else ()
