"""How motions reach a robot's controller: as messages on a topic, or as goals of an action."""

from collections.abc import Mapping
from typing import Any, Protocol

from builtin_interfaces.msg import Duration
from rclpy.action import ActionClient
from trajectory_msgs.msg import JointTrajectory, JointTrajectoryPoint

from apsa_feedback.robot.retarget import Motion

TOPIC = "robot/joint_trajectory"
ACTION = "robot/follow_joint_trajectory"


class Link(Protocol):
    """The way to a controller."""

    def send(self, motion: Motion) -> None:
        """Begin a motion now, in place of the one before."""

    def close(self) -> None:
        """Destroy what belongs to the node."""


class TopicLink:
    """Publishes ``trajectory_msgs/JointTrajectory``.

    Points carry no velocities: a controller then goes straight to the position in the time given,
    while a spline to rest would exceed the mean speed by half.
    """

    def __init__(self, node: Any, joints: list[str]) -> None:
        self._node, self._joints = node, joints
        # Not a lifecycle publisher: the command to stop must get through at the very end, too.
        self._publisher = node.create_publisher(JointTrajectory, TOPIC, 10)

    def send(self, motion: Motion) -> None:
        """Publish; a stop at an unknown place has no points."""
        self._publisher.publish(_trajectory(self._joints, motion))

    def close(self) -> None:
        """Destroy the publisher."""
        self._node.destroy_publisher(self._publisher)


class ActionLink:
    """Sends ``control_msgs/FollowJointTrajectory`` goals; each replaces the one before."""

    def __init__(self, node: Any, joints: list[str]) -> None:
        try:
            from control_msgs.action import FollowJointTrajectory
        except ImportError:
            raise ValueError(
                "robot.interface is 'action', but control_msgs is not installed; "
                "install it or use 'topic'"
            ) from None
        self._kind = FollowJointTrajectory
        self._joints = joints
        self._client = ActionClient(node, self._kind, ACTION)
        self._goal: Any = None
        self._stopped = True

    @property
    def ready(self) -> bool:
        """Whether a controller offers the action."""
        return bool(self._client.server_is_ready())

    def send(self, motion: Motion) -> None:
        """Send a goal; a stop at an unknown place cancels the goal under way."""
        self._stopped = not motion.positions
        if self._stopped:
            if self._goal is not None:
                self._goal.cancel_goal_async()
        elif self.ready:
            goal = self._kind.Goal(trajectory=_trajectory(self._joints, motion))
            self._client.send_goal_async(goal).add_done_callback(self._accepted)

    def close(self) -> None:
        """Destroy the client."""
        self._client.destroy()

    def _accepted(self, future: Any) -> None:
        self._goal = future.result()
        if self._stopped:  # meanwhile
            self._goal.cancel_goal_async()


LINKS: Mapping[str, type[TopicLink] | type[ActionLink]] = {"topic": TopicLink, "action": ActionLink}


def _trajectory(joints: list[str], motion: Motion) -> JointTrajectory:
    nanoseconds = round(motion.reach_s * 1e9)
    point = JointTrajectoryPoint(
        positions=list(motion.positions),
        time_from_start=Duration(sec=nanoseconds // 10**9, nanosec=nanoseconds % 10**9),
    )
    # An empty stamp asks the controller to begin at once.
    return JointTrajectory(joint_names=joints, points=[point] if motion.positions else [])
