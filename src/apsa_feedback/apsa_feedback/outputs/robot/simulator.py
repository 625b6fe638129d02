"""Simulated joints with limits and lag, moved by joint trajectories."""

from collections.abc import Sequence
from dataclasses import dataclass

from apsa_feedback.outputs.robot.joint_map import RobotMap

Waypoint = tuple[float, Sequence[float]]
"""Seconds since the start of the trajectory, and positions in the order of its joints."""


@dataclass
class _Joint:
    low: float
    high: float
    fastest: float
    at: float
    speed: float = 0.0


class SimulatedRobot:
    """Follows trajectories as a controller does: linear interpolation, then a first-order lag.

    A trajectory starts at the desired position of the previous one, not at the measured position,
    as in ros2_control with ``interpolate_from_desired_state``.

    Positions are clamped to the limits. Velocities are not: those beyond the limit are listed in
    ``violations``, so that a test of the commands can fail.

    Args:
        robot: joints, limits and initial positions (home).
        lag_s: time constant of the drives.
    """

    def __init__(self, robot: RobotMap, lag_s: float) -> None:
        self._joints = {j.name: _Joint(j.low, j.high, j.max_velocity, j.home) for j in robot.joints}
        self._lag_s = lag_s
        self._names: tuple[str, ...] = ()
        self._path: list[Waypoint] = []
        self._elapsed_s = 0.0
        self.violations: list[str] = []
        """One sentence per command beyond the limits."""

    @property
    def positions(self) -> dict[str, float]:
        """Position of each joint."""
        return {name: joint.at for name, joint in self._joints.items()}

    @property
    def speeds(self) -> dict[str, float]:
        """Velocity of each joint."""
        return {name: joint.speed for name, joint in self._joints.items()}

    def command(self, names: Sequence[str], points: Sequence[Waypoint]) -> None:
        """Take a trajectory in place of the previous one; without points: stop.

        Raises:
            ValueError: a joint is unknown, or the number of positions or the times are wrong.
        """
        unknown = [name for name in names if name not in self._joints]
        if unknown:
            raise ValueError(f"unknown joints {', '.join(unknown)}")
        times = [at for at, _ in points]
        if any(len(positions) != len(names) for _, positions in points) or times != sorted(times):
            raise ValueError("each point needs one position per joint, and times must rise")
        led_to = dict(zip(self._names, self._goal(), strict=True))
        here = (0.0, [led_to.get(name, self._joints[name].at) for name in names])
        self._names, self._path, self._elapsed_s = tuple(names), [here, *points], 0.0
        for _, positions in points:
            for name, position in zip(names, positions, strict=True):
                joint = self._joints[name]
                if not joint.low - 1e-6 <= position <= joint.high + 1e-6:
                    self.violations.append(
                        f"{name} to {position:.3f}; limits: {joint.low:g} to {joint.high:g}"
                    )

    def step(self, seconds: float) -> None:
        """Advance the simulation."""
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
                    f"{name} at {abs(joint.speed):.2f} rad/s; limit: {joint.fastest:g}"
                )

    def _goal(self) -> Sequence[float]:
        """Desired positions at this time."""
        for (begin, first), (end, last) in zip(self._path, self._path[1:], strict=False):
            if self._elapsed_s < end:
                share = (self._elapsed_s - begin) / (end - begin)
                return [a + share * (b - a) for a, b in zip(first, last, strict=True)]
        return self._path[-1][1] if self._path else ()
