"""What goes wrong is said in one sentence, with exit code 2 and without a traceback."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from apsa_msgs.msg import ExerciseErrorArray, SkeletonArray
from rclpy.serialization import serialize_message
from sensor_msgs.msg import Image

from apsa_perception.ros.conversion import header
from apsa_perception.ros.qos import RESULTS
from support.bag_writer import BagWriter
from support.bench import open_bench
from support.figures import Frames
from support.skeleton_bags import (
    FRAME,
    START_NS,
    at_one_time,
    clip_bag,
    spoilt_bag,
    without_a_clock,
)

from .conftest import Outcome, run_coach

PROGRAMME = """
name: mine
title: Mine
description: A file that lacks how long the exercise is done.
exercises:
  - {exercise: squat, rest: 30}
"""


def assert_refused(outcome: Outcome, *words: str) -> None:
    """One sentence with these words, exit code 2."""
    assert outcome.code == 2
    assert "Traceback" not in outcome.stderr
    assert len(outcome.stderr.strip().splitlines()) == 1
    for word in words:
        assert word in outcome.stderr


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("nowhere.mp4", ("nowhere.mp4 not found", "SOURCE can be")),
        ("/dev/video98765", ("/dev/video98765 not found", "SOURCE can be")),
        ("98765", ("98765 not found", "SOURCE can be")),
        (".", ("not a bag", "expected")),
    ],
)
@pytest.mark.faults
def test_a_source_that_is_not_there(source: str, words: tuple[str, ...], tmp_path: Path) -> None:
    assert_refused(run_coach(source, "squat", tmp_path), *words)


@pytest.mark.faults
def test_a_file_that_is_no_video(tmp_path: Path) -> None:
    file = tmp_path / "clip.mp4"
    file.write_bytes(b"this is not a video" * 100)
    assert_refused(run_coach(str(file), "squat", tmp_path), "clip.mp4", "expected a video file")


@pytest.mark.faults
def test_a_damaged_bag(tmp_path: Path) -> None:
    file = tmp_path / "session.mcap"
    file.write_bytes(b"\x89MCAP0\r\n" + b"\x00" * 64)
    assert_refused(run_coach(str(file), "squat", tmp_path), "session.mcap", "damaged")


@pytest.mark.faults
def test_a_recording_of_which_no_frame_can_be_used(tmp_path: Path) -> None:
    recording = tmp_path / "depth"
    with BagWriter(recording, {}) as bag:
        for index in range(5):
            stamp_ns = START_NS + index * 40_000_000
            depth = Image(header=header(stamp_ns, FRAME), height=4, width=4, encoding="16UC1")
            depth.step, depth.data = 8, bytes(32)
            data = serialize_message(depth)
            bag.write("/camera/depth", "sensor_msgs/msg/Image", stamp_ns, data)
    outcome = run_coach(str(recording), "squat", tmp_path)
    assert outcome.code == 2
    assert "unknown image encoding '16UC1'; expected one of rgb8" in outcome.stderr
    assert outcome.stderr.splitlines()[-1].startswith(f"no frame of {recording} could be used")


def _in_millimetres(message: SkeletonArray) -> None:
    for joint in message.skeletons[0].joints:
        joint.position.x *= 1000.0
        joint.position.y *= 1000.0


def _without_a_number(message: SkeletonArray) -> None:
    message.skeletons[0].body_id = 0


@pytest.mark.faults
@pytest.mark.parametrize(
    ("spoil", "count", "why"),
    [
        (_in_millimetres, "no", "position -250 m; expected -10 to 10"),
        (_without_a_number, "no", "body_id 0; expected the number of a person, from 1"),
        (without_a_clock, "no", "the stamp is 0; expected the time"),
        (at_one_time, "only one", "does not increase"),
    ],
)
def test_skeletons_of_which_none_can_be_used_are_refused(
    spoil: Callable[[SkeletonArray], None], count: str, why: str, tmp_path: Path
) -> None:
    bag = spoilt_bag(tmp_path / "bag", spoil)
    outcome = run_coach(str(bag), "squat", tmp_path)
    assert outcome.code == 2
    assert why in outcome.stderr
    assert outcome.stderr.splitlines()[-1].startswith(f"{count} frame of {bag} could be used")


@pytest.mark.faults
def test_an_unknown_exercise(clip: Callable[[str], Path], tmp_path: Path) -> None:
    outcome = run_coach(str(clip("squat_front.mp4")), "yoga", tmp_path)
    assert_refused(outcome, "yoga", "squat", "lunge")


@pytest.mark.faults
def test_a_programme_file_with_a_mistake(clip: Callable[[str], Path], tmp_path: Path) -> None:
    programmes = tmp_path / ".apsa" / "programmes"
    programmes.mkdir(parents=True)
    (programmes / "mine.yaml").write_text(PROGRAMME)
    environment = {**os.environ, "HOME": str(tmp_path), "PROGRAMME": "mine", "OUTPUTS": "none"}
    environment.pop("ROS_DISTRO", None)  # the coach of this process, not ros2 launch
    sample = str(clip("squat_front.mp4"))
    command = [sys.executable, "-m", "apsa_feedback.commands.coach", "--sample", sample]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    sentence = "mine.yaml:6: exercises[0] needs 'repetitions' or 'seconds'"
    assert_refused(Outcome(done.returncode, done.stdout, done.stderr, []), sentence)
    assert done.stderr.startswith(sentence)


@pytest.mark.faults
def test_an_unknown_output(clip: Callable[[str], Path], tmp_path: Path) -> None:
    outcome = run_coach(str(clip("squat_front.mp4")), "squat", tmp_path, "--outputs", "hologram")
    assert_refused(outcome, "hologram", "screen", "speech", "robot")


@pytest.mark.faults
def test_a_parameter_outside_its_range(clip: Callable[[str], Path], tmp_path: Path) -> None:
    file = tmp_path / "params.yaml"
    file.write_text("/**/assessment_node:\n  ros__parameters:\n    camera_pitch_deg: 90.0\n")
    source = str(clip("squat_front.mp4"))
    outcome = run_coach(source, "squat", tmp_path, "--params-file", str(file))
    assert_refused(outcome, "camera_pitch_deg", "-60 to 60")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, ("params.yaml cannot be used", "docs/parameters.md")),
        ("assessment_node:\n  exercise: squat\n", ("cannot be used", "ros__parameters")),
        (
            "/**/assessment_node:\n  ros__parameters:\n    exercse: lunge\n",
            ("no parameter exercse", "did you mean exercise"),
        ),
        (
            "/**/assesment_node:\n  ros__parameters:\n    exercise: lunge\n",
            ("no node assesment_node", "/**/assessment_node"),
        ),
        (
            "assessment_node:\n  ros__parameters:\n    exercise: lunge\n",
            ("without a namespace", "write /**/assessment_node"),
        ),
    ],
)
@pytest.mark.faults
def test_an_unusable_parameter_file(
    text: str | None, words: tuple[str, ...], clip: Callable[[str], Path], tmp_path: Path
) -> None:
    file = tmp_path / "params.yaml"
    if text is not None:
        file.write_text(text)
    source = str(clip("squat_front.mp4"))
    assert_refused(run_coach(source, "squat", tmp_path, "--params-file", str(file)), *words)


@pytest.mark.faults
def test_another_coach_on_the_same_topics(clip: Callable[[str], Path], tmp_path: Path) -> None:
    with open_bench() as bench:
        bench.peer.create_publisher(ExerciseErrorArray, "errors", RESULTS)
        outcome = run_coach(str(clip("squat_front.mp4")), "squat", tmp_path)
    assert_refused(outcome, "another coach runs in ROS domain", "ROS_DOMAIN_ID")


@pytest.mark.faults
def test_a_rate_that_is_no_number(clip: Callable[[str], Path], tmp_path: Path) -> None:
    outcome = run_coach(str(clip("squat_front.mp4")), "squat", tmp_path, "--rate", "fast")
    assert_refused(outcome, "rate is 'fast'; expected a number")


@pytest.mark.faults
def test_a_disk_that_is_full(clip_frames: Callable[[str], Frames], tmp_path: Path) -> None:
    bag = str(clip_bag(tmp_path / "bag", clip_frames("squat_front")))
    outcome = run_coach(bag, "squat", tmp_path, "--json", "/dev/full")
    assert outcome.code == 2
    assert "Traceback" not in outcome.stderr
    assert outcome.stderr.count("results can no longer be written to /dev/full") == 1
    assert "Session summary" in outcome.stdout


@pytest.mark.faults
def test_a_report_that_cannot_be_written(
    clip_frames: Callable[[str], Frames], tmp_path: Path
) -> None:
    folder, results = tmp_path / "reports", tmp_path / "results.jsonl"
    bag = str(clip_bag(tmp_path / "bag", clip_frames("squat_front")))

    def remove() -> None:
        end_s = time.monotonic() + 120.0
        while not results.exists() or not results.stat().st_size:
            assert time.monotonic() < end_s, "no results were written"
            time.sleep(0.01)
        folder.rmdir()

    with ThreadPoolExecutor(1) as pool:
        removed = pool.submit(remove)
        outcome = run_coach(bag, "squat", tmp_path, "--report", str(folder))
        removed.result(0.0)
    assert outcome.code == 3
    assert outcome.stderr.count("report: writing failed: FileNotFoundError") == 1
    assert "Traceback" not in outcome.stderr
    assert len(outcome.messages("repetitions")) == 3


@pytest.mark.faults
def test_a_results_file_that_cannot_be_written(clip: Callable[[str], Path], tmp_path: Path) -> None:
    source = str(clip("squat_front.mp4"))
    outcome = run_coach(source, "squat", tmp_path, "--json", str(tmp_path / "no" / "file.jsonl"))
    assert_refused(outcome, "no/file.jsonl")
