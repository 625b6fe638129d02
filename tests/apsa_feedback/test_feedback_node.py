"""The feedback node with real messages: what it says, to whom, and what it survives."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import lamp
import numpy as np
import pytest
from feedback_cases import error, live, ns, repetition, session, skeleton

pytest.importorskip("rclpy", reason="rclpy is not installed")

import rclpy
from apsa_msgs.msg import (
    Cue,
    ExerciseErrorArray,
    ExerciseQuality,
    Repetition,
    Session,
    SkeletonArray,
)
from apsa_msgs.srv import PauseSession, SetExercise
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from rclpy.parameter import Parameter
from sensor_msgs.msg import Image
from std_srvs.srv import Trigger
from trajectory_msgs.msg import JointTrajectory
from visualization_msgs.msg import MarkerArray

from apsa_feedback.events import Event, SkeletonFrame
from apsa_feedback.nodes.feedback_node import FeedbackNode
from apsa_feedback.nodes.robot_simulator import RobotSimulator
from apsa_perception.codes import SessionState
from apsa_perception.nodes.convert import header, skeletons_to_msg
from apsa_perception.nodes.convert_results import (
    errors_to_msg,
    quality_to_msg,
    repetition_to_msg,
    session_to_msg,
)
from apsa_perception.nodes.parameters import ParameterError
from apsa_perception.nodes.qos import IMAGES, LATCHED, RESULTS
from apsa_perception.results import ErrorSet, QualityResult, RepetitionResult, SessionStatus

HAS_CONTROL_MSGS = find_spec("control_msgs") is not None
FRAME = "camera_optical_frame"
LIMIT_S = 10.0
TOPICS = {
    "skeletons": SkeletonArray,
    "errors": ExerciseErrorArray,
    "quality": ExerciseQuality,
    "repetitions": Repetition,
    "session": Session,
}


class Stage:
    """The node, and a peer that plays the assessment and listens."""

    def __init__(self, **parameters: Any) -> None:
        overrides = {"outputs": ["lamp"], "robot.map": "generic_arms", **parameters}
        self.executor = SingleThreadedExecutor()
        self.peer = Node("peer", namespace="apsa")
        self.node = FeedbackNode(
            namespace="apsa",
            parameter_overrides=[Parameter(name, value=v) for name, v in overrides.items()],
        )
        self.executor.add_node(self.peer)
        self.executor.add_node(self.node)
        self.cues: list[Cue] = []
        self.peer.create_subscription(Cue, "cue", self.cues.append, RESULTS)
        self.publishers = {
            topic: self.peer.create_publisher(
                kind, topic, LATCHED if topic == "session" else RESULTS
            )
            for topic, kind in TOPICS.items()
        }

    def start(self) -> Any:
        """Activate the node, wait for the match, return the lamp."""
        self.node.start()
        self.spin_until(
            lambda: (
                self.peer.count_publishers("cue") > 0
                and all(p.get_subscription_count() for p in self.publishers.values())
            )
        )
        lamps = __import__("lamp_output").LampOutput.opened
        return lamps[-1] if lamps else None

    def publish(self, event: Event) -> None:
        """Publish a result as its message."""
        match event:
            case SkeletonFrame():
                stamp = header(event.stamp_ns, FRAME)
                message = skeletons_to_msg(event.skeletons, stamp, (640, 480), "test")
                self.publishers["skeletons"].publish(message)
            case ErrorSet():
                self.publishers["errors"].publish(errors_to_msg(event, FRAME))
            case QualityResult():
                self.publishers["quality"].publish(quality_to_msg(event, FRAME))
            case RepetitionResult():
                self.publishers["repetitions"].publish(repetition_to_msg(event, FRAME))
            case SessionStatus():
                self.publishers["session"].publish(session_to_msg(event, FRAME))

    def play(self, *events: Event) -> None:
        """Publish results in turn, the node running meanwhile."""
        for event in events:
            self.publish(event)
            self.spin_for(0.01)

    def spin_until(self, done: Callable[[], bool]) -> None:
        give_up = time.monotonic() + LIMIT_S
        while not done():
            assert time.monotonic() < give_up, "waited in vain"
            self.executor.spin_once(timeout_sec=0.02)

    def spin_for(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.executor.spin_once(timeout_sec=seconds / 4)

    def said(self) -> list[str]:
        """Keys of the cues so far."""
        return [cue.key for cue in self.cues]

    def close(self) -> None:
        self.executor.shutdown()
        self.node.trigger_shutdown()
        self.node.destroy_node()
        self.peer.destroy_node()


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Stage]]:
    """Makes stages; a fresh ROS context for each test."""
    lamp.install(tmp_path, monkeypatch)
    __import__("lamp_output")
    rclpy.init()
    stages: list[Stage] = []

    def make(**parameters: Any) -> Stage:
        stages.append(Stage(**parameters))
        return stages[-1]

    yield make
    for each in stages:
        each.close()
    rclpy.shutdown()


def test_an_error_becomes_a_cue_on_the_topic_and_on_the_output(
    stage: Callable[..., Stage],
) -> None:
    scene = stage()
    device = scene.start()
    scene.play(session(), live(0.0), live(3.0, error()), live(3.1))
    scene.spin_until(lambda: len(scene.cues) == 2)
    cue = scene.cues[1]
    assert (cue.key, cue.error_code, cue.body_id, cue.id) == ("knee_valgus", 100, 1, 2)
    assert cue.text == "Push your knees outwards."
    assert list(cue.outputs) == ["lamp"]
    assert cue.header.stamp.sec == 3
    assert [each.key for each in device.cues] == ["session_started", "knee_valgus"]


def test_an_output_that_raises_does_not_stop_the_node(stage: Callable[..., Stage]) -> None:
    scene = stage()
    scene.start()
    scene.play(session(), live(0.0), live(3.0, error()), *repetition(9.0, 5), live(9.0), live(9.1))
    scene.spin_until(lambda: "count" in scene.said() or "praise_corrected" in scene.said())
    assert scene.node.diagnostics.dropped("output lamp") == 1


def test_messages_that_make_no_sense_are_dropped_and_counted(stage: Callable[..., Stage]) -> None:
    scene = stage()
    scene.start()
    scene.play(session(), live(0.0))
    broken = errors_to_msg(live(1.0, error()), FRAME)
    broken.errors[0].code = 999
    scene.publishers["errors"].publish(broken)
    scene.publishers["skeletons"].publish(SkeletonArray())
    scene.play(live(3.0, error()), live(3.1))
    scene.spin_until(lambda: scene.said() == ["session_started", "knee_valgus"])
    assert scene.node.diagnostics.dropped("errors") == 1
    assert scene.node.diagnostics.dropped("skeletons") == 1


def test_the_end_of_a_session_is_told_although_no_frame_follows(
    stage: Callable[..., Stage],
) -> None:
    scene = stage()
    scene.start()
    scene.play(session(), live(0.0), session(0.0, SessionState.CLOSED, repetitions=3))
    scene.spin_until(lambda: "session_ended" in scene.said())


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"outputs": ["siren"]}, "there is no output 'siren'; installed are .*lamp"),
        ({"locale": "fr"}, "locale 'fr'; allowed are de, en, es, zh"),
        ({"policy.error_repeat_s": 1.0}, "error_repeat_s"),
        pytest.param(
            {"outputs": ["robot"], "robot.interface": "action"},
            "control_msgs is not installed; install it or use 'topic'",
            marks=pytest.mark.skipif(HAS_CONTROL_MSGS, reason="control_msgs is installed"),
        ),
        ({"outputs": ["robot"], "robot.map": "tank"}, "no robot map 'tank'.*generic_arms"),
        ({"outputs": ["screen"], "screen.host": "0.0.0.0"}, "screen.token"),
    ],
)
def test_what_cannot_be_had_is_refused_in_one_sentence(
    stage: Callable[..., Stage], parameters: dict[str, Any], sentence: str
) -> None:
    scene = stage(**parameters)
    with pytest.raises(ParameterError, match=sentence) as caught:
        scene.node.start()
    assert "\n" not in str(caught.value)


def test_images_are_subscribed_to_only_while_an_output_wants_them(
    stage: Callable[..., Stage],
) -> None:
    scene = stage()
    device = scene.start()
    images = scene.peer.create_publisher(Image, "image", IMAGES)
    scene.spin_for(0.3)
    assert images.get_subscription_count() == 0
    for watched in (True, False, True):
        device.watched = watched
        scene.spin_until(lambda: images.get_subscription_count() == int(device.watched))
    picture = np.full((480, 640, 3), 7, dtype=np.uint8)
    message = Image(
        header=header(ns(1.0), FRAME), width=640, height=480, encoding="rgb8", step=1920,
        data=picture.tobytes(),
    )  # fmt: skip
    images.publish(message)
    scene.play(skeleton(1.0), live(1.0))
    scene.spin_until(lambda: bool(device.views))
    assert np.array_equal(device.views[0].picture, picture)
    assert device.views[0].image_size == (640, 480)


def test_what_a_person_asks_for_on_an_output_reaches_the_session(
    stage: Callable[..., Stage],
) -> None:
    scene = stage()
    asked: list[str] = []

    def pause(_: Any, response: PauseSession.Response) -> PauseSession.Response:
        asked.append("pause")
        response.success = True
        return response

    scene.peer.create_service(PauseSession, "pause_session", pause)
    device = scene.start()
    scene.spin_for(0.5)
    device.context.commands["pause"]()
    scene.spin_until(lambda: asked == ["pause"])
    device.context.commands["start"]()  # nobody offers it: said in the log, nothing else
    scene.spin_for(0.1)


def test_the_language_chosen_on_an_output_is_that_of_the_session(
    stage: Callable[..., Stage],
) -> None:
    scene = stage()
    device = scene.start()
    assert device.context.languages["de"] == "Deutsch"
    device.context.commands["language"]("de")
    scene.spin_for(0.1)
    scene.play(session(), live(0.0), live(3.0, error()), live(3.1))
    scene.spin_until(lambda: len(scene.cues) == 2)
    assert (scene.cues[1].locale, scene.cues[1].text) == ("de", "Drück die Knie nach außen.")
    assert device.books == ["de"]
    device.context.commands["language"]("../de")  # said in the log, nothing else
    scene.spin_for(0.1)
    assert device.books == ["de"]


def test_the_exercise_chosen_on_an_output_reaches_the_session(stage: Callable[..., Stage]) -> None:
    scene = stage()
    asked: list[str] = []

    def choose(request: SetExercise.Request, response: Any) -> Any:
        asked.append(request.exercise)
        response.success = True
        return response

    scene.peer.create_service(SetExercise, "set_exercise", choose)
    device = scene.start()
    scene.spin_for(0.5)
    device.context.commands["exercise"]("lunge")
    scene.spin_until(lambda: asked == ["lunge"])


def test_what_was_spoken_is_published_with_when_it_began(stage: Callable[..., Stage]) -> None:
    scene = stage()
    spoken: list[Cue] = []
    scene.peer.create_subscription(Cue, "spoken", spoken.append, RESULTS)
    device = scene.start()
    scene.spin_until(lambda: scene.peer.count_publishers("spoken") == 1)
    scene.play(session(), live(0.0), live(0.1))
    scene.spin_until(lambda: bool(device.cues))
    now = scene.node.get_clock().now().nanoseconds
    device.context.spoken(device.cues[0], time.monotonic() - 2.0)
    scene.spin_until(lambda: bool(spoken))
    stamp = spoken[0].header.stamp
    assert (spoken[0].key, list(spoken[0].outputs)) == ("session_started", ["lamp"])
    assert stamp.sec * 10**9 + stamp.nanosec == pytest.approx(now - 2 * 10**9, abs=5 * 10**8)


def test_the_robot_follows_while_the_session_runs_and_holds_when_it_pauses(
    stage: Callable[..., Stage],
) -> None:
    scene = stage(outputs=["robot"])
    moves: list[JointTrajectory] = []
    scene.peer.create_subscription(JointTrajectory, "robot/joint_trajectory", moves.append, 10)
    scene.start()
    scene.spin_until(lambda: scene.peer.count_publishers("robot/joint_trajectory") == 1)
    scene.spin_for(0.3)
    person = skeleton(0.0)
    body = person.skeletons[0]
    standing = replace(body, positions=np.random.default_rng(2).normal(size=(20, 3)))
    scene.play(session())
    for step in range(40):
        seconds = step * 0.1
        frame = SkeletonFrame(ns(seconds), (replace(standing, stamp_ns=ns(seconds)),), (640, 480))
        scene.play(frame, live(seconds))
    scene.spin_until(lambda: len(moves) > 5)
    scene.play(session(4.0, SessionState.PAUSED))
    scene.spin_for(0.6)
    before = len(moves)
    assert list(moves[-1].points[0].positions) == list(moves[-2].points[0].positions)
    scene.play(skeleton(4.1), live(4.1), skeleton(4.2), live(4.2))
    scene.spin_for(0.3)
    assert len(moves) == before


def test_the_robot_shows_the_exercise_on_request_and_a_simulated_one_keeps_its_limits(
    stage: Callable[..., Stage],
) -> None:
    scene = stage(outputs=["robot"])
    simulator = RobotSimulator(namespace="apsa")
    scene.executor.add_node(simulator)
    scene.start()
    simulator.start()
    demonstrate = scene.peer.create_client(Trigger, "robot/demonstrate")
    scene.spin_until(demonstrate.service_is_ready)

    def ask() -> Trigger.Response:
        future = demonstrate.call_async(Trigger.Request())
        scene.spin_until(future.done)
        return future.result()

    refused = ask()
    assert (refused.success, refused.message) == (
        False,
        "the session does not run; start it first",
    )
    raising = replace(session(), exercise="arm_raise")
    scene.play(raising, skeleton(0.0), live(0.0), live(0.1))
    scene.spin_for(0.2)
    assert ask().success
    lowest = 0.0
    for step in range(90):
        scene.play(skeleton(0.2 + step / 30), live(0.2 + step / 30))
        scene.spin_for(0.02)
        lowest = min(lowest, simulator.robot.positions["left_shoulder_pitch_joint"])
    assert lowest < -0.5  # on its way to level, although the person does not move
    assert simulator.robot.violations == []
    scene.play(replace(session(4.0, SessionState.PAUSED), exercise="arm_raise"))
    scene.spin_for(0.6)
    held = simulator.robot.positions
    scene.spin_for(0.3)
    assert simulator.robot.positions == pytest.approx(held, abs=1e-3)
    simulator.trigger_shutdown()
    simulator.destroy_node()


def test_markers_are_published_while_somebody_listens(stage: Callable[..., Stage]) -> None:
    scene = stage()
    scene.start()
    seen: list[MarkerArray] = []
    scene.play(skeleton(1.0), live(1.0))
    scene.peer.create_subscription(MarkerArray, "markers", seen.append, RESULTS)
    scene.spin_until(lambda: scene.node.count_subscribers("markers") == 1)
    scene.spin_for(0.3)
    scene.play(skeleton(2.0), live(2.0, error()))
    scene.spin_until(lambda: bool(seen))
    assert [(m.header.frame_id, m.header.stamp.sec) for m in seen[0].markers] == [(FRAME, 2)] * 4


def test_outputs_rest_while_the_node_is_inactive_and_are_closed_in_the_end(
    stage: Callable[..., Stage],
) -> None:
    scene = stage()
    device = scene.start()
    scene.node.trigger_deactivate()
    assert (device.stopped, device.closed) == (1, 0)
    scene.node.trigger_cleanup()
    assert device.closed == 1
    scene.node.start()
    scene.play(session(), live(0.0), live(0.1))
    scene.spin_until(lambda: scene.said() == ["session_started"])
