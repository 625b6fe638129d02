"""Nodes that a lifecycle manager stops, starts again, and tries again."""

import gc
import time
from collections.abc import Callable
from pathlib import Path

from apsa_msgs.msg import ExerciseErrorArray
from rclpy.lifecycle import TransitionCallbackReturn
from sensor_msgs.msg import Image

from apsa_perception.nodes.assessment_node import AssessmentNode
from apsa_perception.nodes.video_source import VideoSource
from apsa_perception.ros.conversion import to_ns
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
        VideoSource, source=str(clip("squat_front.mp4")), rate=1.0, consumers=["image=1"]
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
