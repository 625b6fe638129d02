"""Nodes that wait for those who listen, and sources that lose no frame."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from apsa_msgs.msg import ExerciseErrorArray, SkeletonArray
from rclpy.node import Node
from sensor_msgs.msg import Image

from apsa_perception.nodes.assessment_node import AssessmentNode
from apsa_perception.nodes.video_source import VideoSource
from apsa_perception.ros import consumers
from apsa_perception.ros.conversion import header, to_ns
from apsa_perception.ros.parameter_file import ParameterError
from apsa_perception.ros.qos import IMAGES, LATCHED, RESULTS
from support.bench import Bench


def listens(bench: Bench) -> bool:
    """Whether the assessment subscribes to skeletons."""
    return bench.peer.count_subscribers("skeletons") > 0


def test_a_node_listens_only_when_its_answers_are_heard(bench: Bench) -> None:
    node = bench.start(AssessmentNode, consumers=["errors=peer", "errors=another"])
    errors: list[ExerciseErrorArray] = []
    bench.peer.create_subscription(ExerciseErrorArray, "errors", errors.append, RESULTS)
    bench.spin_for(0.5)
    assert not node.has_begun
    assert not listens(bench)

    another = Node("another", namespace="apsa")
    another.create_subscription(ExerciseErrorArray, "errors", lambda _: None, RESULTS)
    bench.spin_until(lambda: listens(bench))
    skeletons = bench.peer.create_publisher(SkeletonArray, "skeletons", RESULTS)
    bench.spin_until(lambda: skeletons.get_subscription_count() > 0)
    skeletons.publish(SkeletonArray(header=header(1, "camera_optical_frame")))
    bench.spin_until(lambda: len(errors) > 0)
    another.destroy_node()


@pytest.mark.faults
def test_a_recorder_does_not_count_as_a_consumer(bench: Bench) -> None:
    recorder = Node("recorder", namespace="apsa")
    for _ in range(3):
        recorder.create_subscription(ExerciseErrorArray, "errors", lambda _: None, RESULTS)
    node = bench.start(AssessmentNode, consumers=["errors=peer"])
    bench.spin_for(0.5)
    assert not node.has_begun

    bench.peer.create_subscription(ExerciseErrorArray, "errors", lambda _: None, RESULTS)
    bench.spin_until(lambda: listens(bench))
    recorder.destroy_node()


def test_a_subscriber_with_another_qos_holds_nobody_up(bench: Bench) -> None:
    bench.peer.create_subscription(ExerciseErrorArray, "errors", lambda _: None, LATCHED)
    bench.start(AssessmentNode, consumers=["errors=another"])
    another = Node("another", namespace="apsa")
    another.create_subscription(ExerciseErrorArray, "errors", lambda _: None, RESULTS)
    bench.spin_until(lambda: listens(bench))
    another.destroy_node()


def test_a_node_that_is_stopped_while_it_waits_does_not_begin_later(bench: Bench) -> None:
    node = bench.start(AssessmentNode, consumers=["errors=peer"])
    node.trigger_deactivate()
    bench.peer.create_subscription(ExerciseErrorArray, "errors", lambda _: None, RESULTS)
    bench.spin_for(0.3)
    assert not listens(bench)

    node.trigger_activate()
    bench.spin_until(lambda: listens(bench))


def test_a_node_warns_before_it_starts_without_its_consumers(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(consumers, "WARN_S", 0.3)
    monkeypatch.setattr(consumers, "LIMIT_S", 1.5)
    bench.start(AssessmentNode, consumers=["errors=nobody"])
    bench.spin_for(0.8)
    assert not listens(bench)
    bench.spin_until(lambda: listens(bench))
    text = capfd.readouterr().err
    assert text.count("waiting for up to 1.5 s") == 1
    assert "/apsa/errors (/apsa/nobody): subscribers are missing" in text
    assert "starting without them" in text


@pytest.mark.parametrize("entry", ["errors", "errors=", "=peer", "errors=2"])
def test_an_entry_that_is_no_topic_and_node_is_refused(bench: Bench, entry: str) -> None:
    with pytest.raises(ParameterError, match=f"has {re.escape(repr(entry))}; expected topic=node"):
        bench.start(AssessmentNode, consumers=[entry])


def test_the_first_frame_is_sent_again_until_it_is_answered(
    bench: Bench, clip: Callable[[str], Path]
) -> None:
    heard: list[int] = []
    answers = bench.peer.create_publisher(ExerciseErrorArray, "errors", RESULTS)

    def take(image: Image) -> None:
        stamp_ns = to_ns(image.header.stamp)
        missed = not heard
        heard.append(stamp_ns)
        if not missed:
            answers.publish(ExerciseErrorArray(header=image.header))

    bench.peer.create_subscription(Image, "image", take, IMAGES)
    bench.start(
        VideoSource, source=str(clip("squat_front.mp4")), rate=0.0, consumers=["image=peer"]
    )
    bench.spin_until(lambda: len(heard) >= 4)
    assert heard[0] == heard[1] < heard[2] < heard[3]
