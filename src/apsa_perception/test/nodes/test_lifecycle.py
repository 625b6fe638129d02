"""Nodes that a lifecycle manager stops, starts again, and tries again."""

import gc
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from apsa_msgs.msg import ExerciseErrorArray, SkeletonArray
from apsa_msgs.srv import StopSession
from rclpy.lifecycle import TransitionCallbackReturn
from sensor_msgs.msg import Image

from apsa_perception.nodes.assessment_node import AssessmentNode
from apsa_perception.nodes.video_source import VideoSource
from apsa_perception.ros.conversion import header, to_ns
from apsa_perception.ros.diagnostics import LASTING_FAILURES
from apsa_perception.ros.qos import IMAGES, RESULTS
from support.bench import Bench, open_bench
from support.paths import ROOT


def test_a_refused_configuration_can_be_tried_again(bench: Bench, tmp_path: Path) -> None:
    node = bench.add(AssessmentNode, exercises_dir=str(tmp_path), exercise="nod")
    assert node.trigger_configure() != TransitionCallbackReturn.SUCCESS
    assert "no exercise files" in node.failure
    shipped = ROOT / "config/exercises/squat.yaml"
    text = shipped.read_text().replace("name: squat", "name: nod")
    (tmp_path / "nod.yaml").write_text(text)
    assert node.trigger_configure() == TransitionCallbackReturn.SUCCESS
    assert node.failure == ""


@pytest.mark.faults
def test_a_failing_callback_is_counted_logged_once_and_ends_nothing(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = bench.start(AssessmentNode, model="none")
    logged: list[str] = []
    monkeypatch.setattr(node.guard, "_log", logged.append)
    good = node._assessor.update

    def fail(*_: object) -> None:
        raise RuntimeError("out of order")

    answers: list[ExerciseErrorArray] = []
    bench.peer.create_subscription(ExerciseErrorArray, "errors", answers.append, RESULTS)
    skeletons = bench.peer.create_publisher(SkeletonArray, "skeletons", RESULTS)
    bench.spin_until(lambda: skeletons.get_subscription_count() == 1)
    monkeypatch.setattr(node._assessor, "update", fail)
    for count in range(1, LASTING_FAILURES + 1):
        skeletons.publish(SkeletonArray(header=header(count * 10**8, "camera")))
        bench.spin_until(lambda count=count: node.diagnostics.failures("skeletons") == count)
    assert node.diagnostics.lasting_failures == ["skeletons"]
    assert len(logged) == 1
    assert "RuntimeError: out of order" in logged[0]
    assert "Traceback" in logged[0]
    monkeypatch.setattr(node._assessor, "update", good)
    skeletons.publish(SkeletonArray(header=header(10**10, "camera")))
    bench.spin_until(lambda: len(answers) == 1)
    assert node.diagnostics.lasting_failures == []


@pytest.mark.faults
def test_a_failing_service_answers_that_it_failed(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = bench.start(AssessmentNode, model="none")

    def fail() -> None:
        raise RuntimeError("out of order")

    monkeypatch.setattr(type(node._assessor), "stop", lambda _: fail())
    client = bench.peer.create_client(StopSession, "stop_session")
    bench.spin_until(client.service_is_ready)
    for count in (1, 2):
        future = client.call_async(StopSession.Request())
        bench.spin_until(future.done)
        assert not future.result().success
        assert "RuntimeError" in future.result().message
        assert node.diagnostics.failures("stop_session") == count


@pytest.mark.faults
def test_a_failing_timer_is_called_again(bench: Bench) -> None:
    node = bench.start(AssessmentNode, model="none")
    calls: list[int] = []

    def work() -> None:
        calls.append(1)
        raise KeyError("nothing")

    node.create_timer(0.01, work)
    bench.spin_until(lambda: len(calls) > 2)
    assert node.diagnostics.failures("timer work") >= 2


def threads() -> int:
    """Threads of this process, those of the middleware included."""
    return len(list(Path("/proc/self/task").iterdir()))


def test_a_destroyed_node_leaves_no_participant_to_the_garbage_collector() -> None:
    counts = []
    gc.disable()
    try:
        for _ in range(3):
            with open_bench() as bench:
                bench.start(AssessmentNode)
                running = threads()
            counts.append(threads())
            assert counts[-1] < running
    finally:
        gc.enable()
    # The first participant of a process starts threads that stay.
    assert counts[2] <= counts[1]


def test_a_source_that_was_stopped_plays_again_from_the_beginning_and_in_time(
    bench: Bench, clip: Callable[[str], Path]
) -> None:
    heard: list[tuple[int, bytes]] = []
    answers = bench.peer.create_publisher(ExerciseErrorArray, "errors", RESULTS)

    def take(image: Image) -> None:
        heard.append((to_ns(image.header.stamp), bytes(image.data)))
        answers.publish(ExerciseErrorArray(header=image.header))

    bench.peer.create_subscription(Image, "image", take, IMAGES)
    source = bench.start(
        VideoSource, source=str(clip("squat_front.mp4")), rate=1.0, consumers=["image=peer"]
    )
    bench.spin_until(lambda: len(heard) >= 5)
    began = time.monotonic()
    source.trigger_deactivate()
    assert time.monotonic() - began < 1.0
    assert not source.done
    bench.spin_for(1.0)
    (first_ns, picture), (second_ns, _) = heard[:2]
    heard.clear()
    source.trigger_activate()
    bench.spin_until(lambda: bool(heard))
    bench.spin_for(0.5)
    stamps = [stamp_ns for stamp_ns, _ in heard]
    assert stamps == sorted(stamps)
    assert stamps[0] >= first_ns
    assert heard[0][1] == picture
    in_time = 0.5e9 / (second_ns - first_ns)
    assert 0.4 * in_time < len(heard) < 1.4 * in_time + 2
