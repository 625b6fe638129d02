"""Connection to a robot's controller: messages on a topic, or goals of an action."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from builtin_interfaces.msg import Duration
from rclpy.action import ActionClient
from trajectory_msgs.msg import JointTrajectory, JointTrajectoryPoint

from apsa_feedback.outputs.robot.once_logger import OnceLogger
from apsa_feedback.outputs.robot.retargeter import Motion
from apsa_perception.model.time import NS_PER_S, to_nanoseconds

TOPIC = "joint_trajectory"
ACTION = "follow_joint_trajectory"


class Link(Protocol):
    """A connection to a controller; logs if no controller listens."""

    def send(self, motion: Motion) -> None:
        """Start a motion now, in place of the previous one."""

    def stop(self, motion: Motion) -> None:
        """End the current motion; the one given leads to the present position of the robot."""

    def close(self) -> None:
        """Destroy the publisher or client."""


class TopicLink:
    """Publishes ``trajectory_msgs/JointTrajectory`` on ``<controller>/joint_trajectory``.

    Points have no velocities: a controller then interpolates linearly to the position, while a
    spline to rest would exceed the mean speed by half. A stop sends the position to hold, because
    ros2_control's joint_trajectory_controller refuses a trajectory without points.
    """

    def __init__(
        self, node: Any, controller: str, joints: list[str], log: Callable[[str], None]
    ) -> None:
        self._node, self._joints = node, joints
        # Not a lifecycle publisher: the stop command must also be sent while the node deactivates.
        self._publisher = node.create_publisher(JointTrajectory, f"{controller}/{TOPIC}", 10)
        self._absence = OnceLogger(log)

    def send(self, motion: Motion) -> None:
        """Publish the motion."""
        heard = self._publisher.get_subscription_count() > 0
        self._absence.update("" if heard else _unheard("topic", self._publisher.topic_name))
        self._publisher.publish(_trajectory(self._joints, motion))

    def stop(self, motion: Motion) -> None:
        """Publish the position to hold."""
        self._publisher.publish(_trajectory(self._joints, motion))

    def close(self) -> None:
        """Destroy the publisher."""
        self._node.destroy_publisher(self._publisher)


class ActionLink:
    """Sends goals of ``control_msgs/FollowJointTrajectory``.

    They go to ``<controller>/follow_joint_trajectory``; each replaces the previous one. A stop
    cancels the goal: the joint_trajectory_controller then holds the robot, or decelerates it first
    if it is configured so.
    """

    def __init__(
        self, node: Any, controller: str, joints: list[str], log: Callable[[str], None]
    ) -> None:
        try:
            from control_msgs.action import FollowJointTrajectory
        except ImportError:
            raise ValueError(
                "robot.interface is 'action', but control_msgs is not installed; "
                "install it or use 'topic'"
            ) from None
        self._kind = FollowJointTrajectory
        self._joints = joints
        self._log = log
        self._refusal_logged = False
        self._absence = OnceLogger(log)
        self._name = node.resolve_topic_name(f"{controller}/{ACTION}")
        self._client = ActionClient(node, self._kind, self._name)
        self._goal: Any = None
        self._stopped = True

    @property
    def ready(self) -> bool:
        """Whether a controller offers the action."""
        return bool(self._client.server_is_ready())

    def send(self, motion: Motion) -> None:
        """Send a goal if a controller offers the action."""
        self._stopped = False
        ready = self.ready
        self._absence.update("" if ready else _unheard("action", self._name))
        if ready:
            goal = self._kind.Goal(trajectory=_trajectory(self._joints, motion))
            self._client.send_goal_async(goal).add_done_callback(self._answered)

    def stop(self, motion: Motion) -> None:
        """Cancel the current goal, and those that are not accepted yet."""
        self._stopped = True
        if self._goal is not None:
            self._goal.cancel_goal_async()

    def close(self) -> None:
        """Destroy the client."""
        self._client.destroy()

    def _answered(self, future: Any) -> None:
        goal = future.result()
        if not goal.accepted:
            if not self._refusal_logged:
                self._refusal_logged = True
                self._log(
                    "robot: the controller rejects the goals; compare its joints with the map"
                )
            return
        self._goal = goal
        if self._stopped:  # in the meantime
            goal.cancel_goal_async()


LINKS: Mapping[str, type[TopicLink] | type[ActionLink]] = {"topic": TopicLink, "action": ActionLink}


def _unheard(kind: str, name: str) -> str:
    return (
        f"it does not move because no controller listens on the {kind} {name}; start the "
        "controller, or set robot.controller to its name"
    )


def _trajectory(joints: list[str], motion: Motion) -> JointTrajectory:
    points = [
        JointTrajectoryPoint(positions=list(positions), time_from_start=_duration(seconds))
        for seconds, positions in motion.points
    ]
    # An empty stamp asks the controller to start immediately.
    return JointTrajectory(joint_names=joints, points=points)


def _duration(seconds: float) -> Duration:
    nanoseconds = to_nanoseconds(seconds)
    return Duration(sec=nanoseconds // NS_PER_S, nanosec=nanoseconds % NS_PER_S)
