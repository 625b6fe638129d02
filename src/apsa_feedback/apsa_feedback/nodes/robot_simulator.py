"""A simulated robot: follows joint trajectories, publishes joint states."""

import sys
from typing import Any

from rclpy.clock import Clock, ClockType
from sensor_msgs.msg import JointState
from trajectory_msgs.msg import JointTrajectory

from apsa_feedback.bringup.node_settings import RobotSimulatorSettings
from apsa_feedback.outputs.robot.joint_map import RobotMap
from apsa_feedback.outputs.robot.output import map_file
from apsa_feedback.outputs.robot.simulator import SimulatedRobot
from apsa_perception.ros.lifecycle import CoachNode
from apsa_perception.ros.process import run
from apsa_perception.ros.qos import RESULTS, publisher, subscription


class RobotSimulator(CoachNode):
    """Simulates joints with limits and lag.

    Subscribes: robot/joint_trajectory. Publishes: robot/joint_states. Commands beyond the limits
    of the map are counted in /diagnostics and logged.
    """

    NAME = "robot_simulator"
    SETTINGS = RobotSimulatorSettings
    settings: RobotSimulatorSettings

    def configure(self) -> None:
        robot = RobotMap.load(map_file(self.settings.map))
        self.robot = SimulatedRobot(robot, self.settings.lag_s)
        self._reported = 0
        self._states = publisher(self, JointState, "robot/joint_states", RESULTS)

    def activate(self) -> None:
        self._commands = subscription(
            self, JointTrajectory, "robot/joint_trajectory", self._on_command, RESULTS
        )
        period = 1.0 / self.settings.rate_hz
        steady = Clock(clock_type=ClockType.STEADY_TIME)
        self._timer = self.create_timer(period, lambda: self._step(period), clock=steady)

    def deactivate(self) -> None:
        self.destroy_timer(self._timer)
        self.destroy_subscription(self._commands)

    def cleanup(self) -> None:
        self.destroy_lifecycle_publisher(self._states)

    def _on_command(self, message: JointTrajectory) -> None:
        points = [(_seconds(p.time_from_start), list(p.positions)) for p in message.points]
        try:
            self.robot.command(message.joint_names, points)
        except ValueError as error:
            self.diagnostics.drop("robot/joint_trajectory", str(error))
        else:
            self.diagnostics.count("commands")

    def _step(self, seconds: float) -> None:
        self.robot.step(seconds)
        for violation in self.robot.violations[self._reported :]:
            self.diagnostics.drop("limits", violation)
        self._reported = len(self.robot.violations)
        message = JointState(
            name=list(self.robot.positions),
            position=list(self.robot.positions.values()),
            velocity=list(self.robot.speeds.values()),
        )
        message.header.stamp = self.get_clock().now().to_msg()
        self._states.publish(message)


def _seconds(duration: Any) -> float:
    return float(duration.sec) + float(duration.nanosec) * 1e-9


def main() -> None:
    """Entry point."""
    sys.exit(run(RobotSimulator))


if __name__ == "__main__":
    main()
