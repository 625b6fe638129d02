"""The robot's action: goals replace each other, and stopping cancels, also before the answer."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

pytest.importorskip("rclpy", reason="rclpy is not installed")
pytest.importorskip("control_msgs.action", reason="control_msgs is not installed")

import rclpy
from control_msgs.action import FollowJointTrajectory
from rclpy.action import ActionServer, CancelResponse
from rclpy.callback_groups import ReentrantCallbackGroup
from rclpy.executors import MultiThreadedExecutor
from rclpy.node import Node

from apsa_feedback.outputs.robot_link import ACTION, ActionLink
from apsa_feedback.robot.retarget import Motion

LIMIT_S = 10.0


class Controller:
    """Takes goals and holds each until it is cancelled or its time is over."""

    def __init__(self) -> None:
        self.node = Node("controller")
        self.goals: list[Any] = []
        self.ends: list[str] = []
        self.server = ActionServer(
            self.node, FollowJointTrajectory, ACTION, self._execute,
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
def scene() -> Iterator[tuple[Controller, ActionLink, Callable[[Callable[[], bool]], None]]]:
    rclpy.init()
    controller, node = Controller(), Node("coach")
    link = ActionLink(node, ["elbow"])
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
    yield controller, link, until
    executor.shutdown()
    link.close()
    controller.server.destroy()
    rclpy.shutdown()


def test_a_motion_becomes_a_goal_and_stopping_cancels_it(scene: Any) -> None:
    controller, link, until = scene
    link.send(Motion((0.5,), 2.0))
    until(lambda: len(controller.goals) == 1)
    (point,) = controller.goals[0].points
    assert list(controller.goals[0].joint_names) == ["elbow"]
    assert (list(point.positions), point.time_from_start.sec) == ([0.5], 2)
    link.send(Motion((), 0.0))
    until(lambda: controller.ends == ["cancelled"])


def test_a_goal_that_is_stopped_before_it_was_accepted_is_cancelled(scene: Any) -> None:
    controller, link, until = scene
    link.send(Motion((0.5,), 2.0))
    link.send(Motion((), 0.0))
    until(lambda: controller.ends == ["cancelled"])
