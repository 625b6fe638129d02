"""The action link: goals replace each other; a stop cancels them, accepted or not."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

pytest.importorskip("rclpy", reason="rclpy is not installed")
pytest.importorskip("control_msgs.action", reason="control_msgs is not installed")

import rclpy
from control_msgs.action import FollowJointTrajectory
from rclpy.action import ActionServer, CancelResponse, GoalResponse
from rclpy.callback_groups import ReentrantCallbackGroup
from rclpy.executors import MultiThreadedExecutor
from rclpy.node import Node

from apsa_feedback.outputs.robot.link import ACTION, ActionLink
from apsa_feedback.outputs.robot.retargeter import Motion

LIMIT_S = 10.0


class Controller:
    """Accepts goals and keeps each until it is cancelled or finished."""

    def __init__(self) -> None:
        self.node = Node("controller")
        self.goals: list[Any] = []
        self.ends: list[str] = []
        self.server = self.offer()

    def offer(self) -> ActionServer:
        """Offer the action."""
        return ActionServer(
            self.node, FollowJointTrajectory, f"arm/{ACTION}", self._execute,
            goal_callback=lambda goal: (
                GoalResponse.ACCEPT if goal.trajectory.points[0].positions[0] < 1.0
                else GoalResponse.REJECT
            ),
            cancel_callback=lambda _: CancelResponse.ACCEPT,
            callback_group=ReentrantCallbackGroup(),
        )  # fmt: skip

    def _execute(self, goal: Any) -> Any:
        self.goals.append(goal.request.trajectory)
        end = time.monotonic() + 3.0
        while not goal.is_cancel_requested and time.monotonic() < end:
            time.sleep(0.01)
        if goal.is_cancel_requested:
            goal.canceled()
            self.ends.append("cancelled")
        else:
            goal.succeed()
            self.ends.append("done")
        return FollowJointTrajectory.Result()


@pytest.fixture
def scene() -> Iterator[
    tuple[Controller, ActionLink, Callable[[Callable[[], bool]], None], list[str]]
]:
    rclpy.init()
    controller, node = Controller(), Node("coach")
    told: list[str] = []
    link = ActionLink(node, "arm", ["elbow"], told.append)
    executor = MultiThreadedExecutor(4)
    executor.add_node(controller.node)
    executor.add_node(node)
    thread = threading.Thread(target=executor.spin, daemon=True)
    thread.start()

    def until(done: Callable[[], bool]) -> None:
        end = time.monotonic() + LIMIT_S
        while not done():
            assert time.monotonic() < end, "waited in vain"
            time.sleep(0.01)

    until(lambda: link.ready)
    yield controller, link, until, told
    executor.shutdown()
    link.close()
    controller.server.destroy()
    rclpy.shutdown()


def test_a_motion_becomes_a_goal_and_stopping_cancels_it(scene: Any) -> None:
    controller, link, until, _ = scene
    link.send(Motion(((2.0, (0.5,)),)))
    until(lambda: len(controller.goals) == 1)
    (point,) = controller.goals[0].points
    assert list(controller.goals[0].joint_names) == ["elbow"]
    assert (list(point.positions), point.time_from_start.sec) == ([0.5], 2)
    link.stop(Motion(((0.1, (0.2,)),)))
    until(lambda: controller.ends == ["cancelled"])
    assert len(controller.goals) == 1


def test_goals_stopped_before_their_acceptance_are_cancelled(scene: Any) -> None:
    controller, link, until, _ = scene
    link.send(Motion(((2.0, (0.5,)),)))
    link.send(Motion(((2.0, (0.6,)),)))
    link.stop(Motion(((0.1, (0.2,)),)))
    until(lambda: controller.ends == ["cancelled", "cancelled"])


def test_a_controller_that_rejects_goals_is_logged_once(scene: Any) -> None:
    controller, link, until, told = scene
    link.send(Motion(((2.0, (3.0,)),)))
    until(lambda: len(told) == 1)
    assert "refuses" in told[0]
    link.send(Motion(((2.0, (3.0,)),)))
    link.send(Motion(((2.0, (0.5,)),)))
    until(lambda: len(controller.goals) == 1)
    link.stop(Motion(((0.1, (0.2,)),)))
    until(lambda: controller.ends == ["cancelled"])
    assert len(told) == 1


def test_a_missing_action_server_is_logged_once_each_time(scene: Any) -> None:
    controller, link, until, told = scene
    motion = Motion(((0.1, (0.5,)),))
    for times in (1, 2):
        controller.server.destroy()
        until(lambda: not link.ready)
        link.send(motion)
        link.send(motion)
        assert len(told) == times
        controller.server = controller.offer()
        until(lambda: link.ready)
        link.send(motion)
        until(lambda times=times: len(controller.goals) == times)
    assert told[0] == (
        "robot: it does not move because no controller listens on the action "
        "/arm/follow_joint_trajectory; start the controller, or set robot.controller to its name"
    )
