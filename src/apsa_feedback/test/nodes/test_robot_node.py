"""The robot output with real messages and the simulated robot."""

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from support.feedback_cases import book, error, live, ns, repetition, session
from support.robot_cases import EXERCISE, FPS, MAP_FILE, OUT_S, at_rate, done, raises

pytest.importorskip("rclpy", reason="rclpy is not installed")

from sensor_msgs.msg import JointState
from std_msgs.msg import String
from std_srvs.srv import Trigger
from trajectory_msgs.msg import JointTrajectory

from apsa_feedback.commands import record_reference as reference
from apsa_feedback.nodes.robot_simulator import RobotSimulator
from apsa_feedback.outputs.base import OutputContext
from apsa_feedback.outputs.robot.joint_map import RobotMap
from apsa_feedback.outputs.robot.output import RobotOutput
from apsa_feedback.outputs.robot.retargeter import STATE_TIMEOUT_S
from apsa_feedback.outputs.robot.settings import RobotSettings
from apsa_feedback.stream.events import Event, SkeletonFrame
from apsa_feedback.stream.views import View
from apsa_perception.model.codes import ErrorCode, SessionState, Side
from apsa_perception.model.results import ErrorSet, QualityResult
from apsa_perception.model.skeleton import Skeleton
from apsa_perception.ros.qos import IMAGES, RESULTS
from support.bench import Bench
from support.stage import Stage

PITCH = "left_shoulder_pitch_joint"
RAISING = replace(session(), exercise=EXERCISE)


class RobotScene:
    """The robot output, the simulated robot, and somebody who asks it to show how."""

    def __init__(self, stage: Stage, **simulated: Any) -> None:
        self.stage = stage
        self.simulator = stage.bench.add(RobotSimulator, **simulated)
        self.demonstrate = stage.peer.create_client(Trigger, "robot/demonstrate")
        stage.start()
        stage.spin_until(self.demonstrate.service_is_ready)

    def ask(self) -> tuple[bool, str]:
        """Ask for a demonstration."""
        future = self.demonstrate.call_async(Trigger.Request())
        self.stage.spin_until(future.done)
        return future.result().success, future.result().message

    def show(self, postures: list[Skeleton], start: float) -> float:
        """Show the person at the real rate; return how far up (deg) the robot's left arm came."""
        highest = 0.0
        for at, each in at_rate(postures, FPS, start):
            frame = SkeletonFrame(ns(at), (replace(each, stamp_ns=ns(at)),), (640, 480))
            self.stage.publish(frame)
            self.stage.publish(live(at))
            self.stage.spin_for(1.0 / FPS)
            highest = min(highest, self.simulator.robot.positions[PITCH])
        return -math.degrees(highest)

    def nobody(self, frames: int, start: float) -> None:
        """Show frames without anybody at the real rate."""
        for i in range(frames):
            at = start + i / FPS
            self.stage.publish(SkeletonFrame(ns(at), (), (640, 480)))
            self.stage.publish(live(at, body_id=0))
            self.stage.spin_for(1.0 / FPS)


def verdict(*errors: Any) -> list[Event]:
    """What the assessment says of the raise of both arms from 0 s on."""
    _, quality, found = repetition(2 * OUT_S, 1, *errors)
    assert isinstance(quality, QualityResult)
    assert isinstance(found, ErrorSet)
    judged = [replace(quality, exercise=EXERCISE), replace(found, exercise=EXERCISE)]
    return [done(side=Side.BOTH), *judged]


def test_the_robot_follows_while_the_session_runs_and_holds_when_it_pauses(
    stage: Callable[..., Stage],
) -> None:
    scene = RobotScene(stage(outputs=["robot"]))
    moves: list[JointTrajectory] = []
    scene.stage.peer.create_subscription(
        JointTrajectory, "robot/joint_trajectory", moves.append, 10
    )
    scene.simulator.start()
    scene.stage.spin_until(lambda: scene.stage.peer.count_subscribers("robot/joint_states") > 0)
    scene.stage.play(RAISING)
    raised = [raises(90.0, 90.0)[round(OUT_S * FPS)]]
    assert scene.show(raised * 50, 0.0) > 45.0
    scene.stage.play(replace(session(3.0, SessionState.PAUSED), exercise=EXERCISE))
    scene.stage.spin_for(0.6)
    held, before = scene.simulator.robot.positions, len(moves)
    scene.show(raises(0.0, 0.0)[:10], 3.1)
    assert len(moves) == before
    assert scene.simulator.robot.positions == pytest.approx(held, abs=1e-3)
    assert scene.simulator.robot.violations == []


@pytest.mark.slow
def test_the_robot_shows_the_corrected_repetition_on_request(
    stage: Callable[..., Stage], tmp_path: Path
) -> None:
    nimble = tmp_path / "nimble.yaml"
    nimble.write_text(MAP_FILE.read_text().replace("max_velocity: 1.5", "max_velocity: 5.0"))
    scene = RobotScene(stage(outputs=["robot"], **{"robot.map": str(nimble)}), map=str(nimble))
    assert scene.ask() == (False, "the session is not running; start it first")
    scene.stage.play(RAISING)
    scene.stage.spin_for(1.0)  # what arrives is passed on when nothing follows for 0.25 s
    refused, why = scene.ask()
    assert not refused
    assert why.startswith("it does not move without joint states on /apsa/robot/joint_states")
    scene.simulator.start()
    scene.stage.spin_until(lambda: scene.ask()[1].startswith("nobody is seen"))
    scene.show(raises(0.0, 0.0)[:3], 0.0)
    assert scene.ask() == (True, f"showing '{EXERCISE}' as defined")
    scene.stage.play(replace(session(0.0, SessionState.PAUSED), exercise=EXERCISE), RAISING)
    followed_to = scene.show(raises(80.0, 80.0), 0.0)
    scene.stage.play(*verdict(error(ErrorCode.INSUFFICIENT_RANGE)))
    scene.show(raises(0.0, 0.0)[:5], 2 * OUT_S + 0.1)
    told = f"showing repetition 1 of '{EXERCISE}' without insufficient_range"
    assert scene.ask() == (True, told)
    shown_to = scene.show(raises(0.0, 0.0) * 2, 2 * OUT_S + 1.0)
    assert followed_to < 85.0
    assert shown_to > 140.0  # of 150, which the person did not reach
    assert scene.simulator.robot.violations == []


def test_a_demonstration_outlives_a_moment_without_the_person_and_no_more(
    stage: Callable[..., Stage],
) -> None:
    scene = RobotScene(stage(outputs=["robot"]))
    scene.simulator.start()
    scene.stage.play(RAISING)
    scene.stage.spin_until(lambda: scene.ask()[1].startswith("nobody is seen"))
    still = raises(0.0, 0.0)
    scene.show(still[:3], 0.0)
    assert scene.ask()[0]
    begun = scene.show(still[:20], 0.12)
    scene.nobody(5, 0.92)  # 0.2 s
    went_on = scene.show(still[:10], 1.12)
    assert went_on > begun + 5.0
    scene.nobody(20, 1.52)  # 0.8 s
    held = scene.simulator.robot.positions
    scene.nobody(10, 2.32)
    assert scene.simulator.robot.positions == pytest.approx(held, abs=1e-3)
    scene.show(still[:3], 2.72)
    assert scene.ask()[0]
    scene.show(still[:50], 2.84)
    scene.stage.spin_for(1.0)  # no frames at all
    held = scene.simulator.robot.positions
    assert held[PITCH] < -0.05
    scene.stage.spin_for(0.4)
    assert scene.simulator.robot.positions == pytest.approx(held, abs=1e-3)
    assert scene.ask()[1].startswith("nobody is seen")
    assert scene.simulator.robot.violations == []


def output(bench: Bench, **changes: Any) -> tuple[RobotOutput, list[str]]:
    """The output on a node of the bench while the session runs, and what it logs."""
    log: list[str] = []
    settings = RobotSettings(**changes)
    opened = RobotOutput.open(OutputContext(book(), settings, log.append, node=bench.peer))
    opened.show_event(RAISING)
    return opened, log


@pytest.mark.faults
def test_a_robot_that_falls_silent_is_stopped_and_why_is_said_once(bench: Bench) -> None:
    simulator = bench.start(RobotSimulator)
    moves: list[JointTrajectory] = []
    bench.peer.create_subscription(JointTrajectory, "robot/joint_trajectory", moves.append, 10)
    robot, log = output(bench)
    bench.spin_until(lambda: bench.peer.count_publishers("robot/joint_states") > 0)
    bench.spin_for(0.5)
    raised = raises(90.0, 90.0)[round(OUT_S * FPS)]

    def show(start: float, frames: int) -> None:
        for at, each in at_rate([raised] * frames, FPS, start):
            robot.show_view(View(ns(at), (each,), live=live(at)))
            bench.spin_for(1.0 / FPS)

    show(0.0, 15)
    followed = len(moves)
    assert log == []
    simulator.trigger_deactivate()
    show(0.6, round((STATE_TIMEOUT_S + 0.3) * FPS))
    silent = len(moves)
    show(2.0, 10)
    assert len(moves) == silent > followed > 5
    assert moves[-1].points[0].time_from_start.nanosec >= STATE_TIMEOUT_S * 1e9
    assert len(log) == 1
    assert "/apsa/robot/joint_states at least every 0.5 s" in log[0]
    assert PITCH in log[0]
    simulator.trigger_activate()
    bench.spin_for(0.2)
    show(3.0, 10)
    assert len(moves) > silent
    assert len(log) == 1
    robot.close()


def test_a_topic_that_no_controller_takes_is_named_once(bench: Bench) -> None:
    robot, log = output(bench, controller="arms")
    joints = [joint.name for joint in RobotMap.load(MAP_FILE).joints]
    states = bench.peer.create_publisher(JointState, "robot/joint_states", IMAGES)
    bench.spin_until(lambda: states.get_subscription_count() == 1)
    states.publish(JointState(name=joints, position=[0.0] * len(joints)))
    bench.spin_for(0.2)
    for at, each in at_rate(raises(90.0, 90.0)[:10], FPS):
        robot.show_view(View(ns(at), (each,), live=live(at)))
    assert len(log) == 1
    assert "no controller listens on the topic /apsa/arms/joint_trajectory; start" in log[0]
    robot.close()


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("demonstrate_on", ["knee_valgus", "dance"], "robot.demonstrate_on has 'dance'"),
        ("joint_states", "bad name", "robot.joint_states is 'bad name'"),
        ("controller", "bad name", "robot.controller is 'bad name'"),
    ],
)
def test_a_parameter_that_makes_no_sense_is_refused_and_leaves_nothing_behind(
    stage: Callable[..., Stage], name: str, value: Any, told: str
) -> None:
    node = stage(outputs=["robot"], **{f"robot.{name}": value}).node
    before = [len(list(each)) for each in (node.publishers, node.subscriptions, node.services)]
    node.trigger_configure()
    assert told in node.failure
    assert "\n" not in node.failure
    after = [len(list(each)) for each in (node.publishers, node.subscriptions, node.services)]
    assert after == before


def test_the_controller_and_its_states_may_be_called_otherwise(stage: Callable[..., Stage]) -> None:
    scene = stage(
        outputs=["robot"], **{"robot.controller": "/arms", "robot.joint_states": "/joint_states"}
    )
    moves: list[JointTrajectory] = []
    scene.peer.create_subscription(JointTrajectory, "/arms/joint_trajectory", moves.append, RESULTS)
    told: list[str] = []
    for topic in ("robot/speech", "robot/gesture"):
        scene.peer.create_subscription(String, topic, lambda m: told.append(m.data), RESULTS)
    states = scene.peer.create_publisher(JointState, "/joint_states", IMAGES)
    scene.start()
    scene.spin_until(lambda: states.get_subscription_count() == 1)
    robot = RobotMap.load(MAP_FILE)
    names = [joint.name for joint in robot.joints]
    scene.spin_for(0.2)
    scene.play(RAISING)
    for at, each in at_rate(raises(0.0, 0.0)[:10], FPS):
        states.publish(JointState(name=names, position=[joint.home for joint in robot.joints]))
        scene.play(SkeletonFrame(ns(at), (replace(each, stamp_ns=ns(at)),), (640, 480)), live(at))
    scene.spin_until(lambda: bool(moves))
    assert list(moves[0].joint_names) == names
    scene.spin_until(lambda: len(told) == 2)
    assert set(told) == {scene.cues[0].text, "session_started"}


def test_a_reference_may_be_of_an_own_exercise_and_is_recorded_from_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / ".apsa" / "exercises"
    own.mkdir(parents=True)
    file = (MAP_FILE.parents[1] / "exercises" / "arm_raise.yaml").read_text(encoding="utf-8")
    (own / "my_raise.yaml").write_text(file.replace("arm_raise", "my_raise"), encoding="utf-8")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    for name, told in (("squat", "no.mp4"), ("my_raise", "no.mp4"), ("dance", "my_raise")):
        command = ["--source", "no.mp4", "--exercise", name, "--folder", "references"]
        assert reference.main(command) == 2
        assert told in capsys.readouterr().err
    camera = ["--source", "/dev/video0", "--exercise", "squat", "--folder", "references"]
    assert reference.main(camera) == 2
    assert capsys.readouterr().err.startswith("the camera /dev/video0 never ends; record")
