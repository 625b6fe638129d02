"""What the commands that write a file read, refuse and leave out."""

import argparse
import math
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("rclpy", reason="rclpy is not installed")

from apsa_msgs.msg import Session, SkeletonArray
from rclpy.serialization import serialize_message
from sensor_msgs.msg import Image

from apsa_perception.assessment.settings import AssessmentSettings
from apsa_perception.commands import assess_range, teach_in
from apsa_perception.commands.arguments import params_file_argument, user_settings
from apsa_perception.commands.frames import add_source_arguments, frames_of
from apsa_perception.ros.conversion import header, skeletons_to_msg
from apsa_perception.ros.qos import RESULTS
from support.bag_writer import BagWriter
from support.bench import Bench
from support.figures import figure
from support.paths import ROOT
from support.skeleton_bags import TOPIC, skeleton_bag


def test_pictures_that_the_node_drops_are_left_out_by_the_commands(tmp_path: Path) -> None:
    def picture(second: int, width: int = 32) -> tuple[int, Image]:
        at_ns = second * 10**9
        head = header(at_ns, "camera_optical_frame")
        data = bytes(32 * 32 * 3)
        return at_ns, Image(
            header=head, height=32, width=width, encoding="rgb8", step=3 * 32, data=data
        )

    with BagWriter(tmp_path / "bag", {}, "mcap") as bag:
        for at_ns, one in (picture(1), picture(1), picture(2, width=64), picture(3)):
            bag.write("/image", "sensor_msgs/msg/Image", at_ns, serialize_message(one))
    assert [stamp for stamp, _ in frames_of(str(tmp_path / "bag"))] == [10**9, 3 * 10**9]


def test_a_message_that_the_node_drops_is_left_out_and_told_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def message(second: int, frame_id: str = "camera_optical_frame") -> SkeletonArray:
        at_ns = second * 10**9
        return skeletons_to_msg([figure(at_ns)], header(at_ns, frame_id), (640, 480), "test")

    short = message(5)
    short.skeletons[0].joints.pop()
    messages = [message(1), message(2, frame_id=""), message(3), message(3), short, message(6)]
    bag = skeleton_bag(tmp_path / "bag", messages)
    assert [stamp // 10**9 for stamp, _ in frames_of(str(bag))] == [1, 3, 6]
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 2
    assert told[0].startswith("skipped frames: 2, such as: skeleton 1 has 19 joints; ")
    assert told[1].startswith("skipped frames: 1, such as: stamp 3000000000 ns does not increase")


@pytest.mark.parametrize("source", ["/dev/video0", "0"])
def test_a_camera_is_taught_in_by_a_number_of_repetitions_only(
    source: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    camera = ["--source", source, "--folder", str(tmp_path)]
    assert teach_in.main([*camera, "--name", "my_squat"]) == 2
    told = f"the camera {source} never ends; set --repetitions to the number to record\n"
    assert capsys.readouterr().err == told
    assert assess_range.main([*camera, "--exercise", "squat", "--person", "7"]) == 2
    told = f"the camera {source} never ends; record a clip or a bag first\n"
    assert capsys.readouterr().err == told


def test_the_name_of_an_installed_exercise_is_taken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["--source", "nowhere.mp4", "--folder", str(tmp_path), "--name", "squat"]
    assert teach_in.main(command) == 2
    assert (
        "the name 'squat' belongs to an installed exercise; choose another one"
        in capsys.readouterr().err
    )


def test_control_c_says_what_becomes_of_what_was_seen(bench: Bench, tmp_path: Path) -> None:
    publisher = bench.peer.create_publisher(SkeletonArray, TOPIC, RESULTS)
    command = [sys.executable, "-m", "apsa_perception.commands.teach_in", "--source", TOPIC]
    command += ["--name", "live_squat", "--folder", str(tmp_path)]
    # Whoever runs the tests in the background may have it ignored.
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    give_up = time.monotonic() + 30.0
    while publisher.get_subscription_count() == 0:
        assert time.monotonic() < give_up
        bench.spin_for(0.1)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert errors == "stopped: nothing was written\n"
    assert process.returncode == 130
    assert list(tmp_path.iterdir()) == []


def test_a_topic_of_another_type_is_refused(bench: Bench, tmp_path: Path) -> None:
    bench.peer.create_publisher(Session, "/other", RESULTS)
    command = [sys.executable, "-m", "apsa_perception.commands.teach_in", "--source", "/other"]
    command += ["--name", "other", "--folder", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert "/other has type apsa_msgs/msg/Session; expected one of" in done.stderr


def test_a_command_uses_the_parameter_file_of_the_coach(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    params = tmp_path / "params.yaml"
    params.write_text(
        "/**/assessment_node:\n"
        "  ros__parameters: {camera_pitch_deg: 12.0, minimum_confidence: 0.7}\n"
        f"/**:\n  ros__parameters: {{own_exercises_dir: {tmp_path / 'own'}, mirrored: true}}\n"
        "/**/pose_node:\n  ros__parameters: {filter.beta: 3.0, pose.backend: none_such}\n"
    )
    parser = argparse.ArgumentParser()
    add_source_arguments(parser)
    params_file_argument(parser)
    settings = user_settings(
        parser.parse_args(["--source", "clip.mp4", "--params-file", str(params)])
    )
    assert settings.pose.mirrored
    assert settings.pose.filter.beta == 3.0
    chosen = AssessmentSettings.of(settings.assessment)
    assert (chosen.camera_pitch_deg, chosen.minimum_confidence) == (12.0, 0.7)
    clip = ["--source", str(ROOT / "tests" / "media" / "squat_front.mp4")]
    command = [*clip, "--name", "my_squat", "--params-file", str(params)]
    assert teach_in.main(command) == 2
    assert "pose backend 'none_such' is not installed" in capsys.readouterr().err
    assert not (tmp_path / "own").exists()


def test_confidence_and_folder_of_the_parameter_file_decide_what_is_recorded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def squat(index: int) -> SkeletonArray:
        at_ns = index * 40_000_000
        bend = 175.0 - 45.0 * (1.0 - math.cos(index / 25 * math.pi))
        people = [figure(at_ns, knee_deg=(bend, bend))]
        return skeletons_to_msg(people, header(at_ns, "camera"), (640, 480), "test")

    messages = [squat(index) for index in range(200)]
    bag = str(skeleton_bag(tmp_path / "bag", messages))
    params = tmp_path / "params.yaml"
    for confidence, code in ((1.0, 2), (0.5, 0)):
        params.write_text(
            f"/**:\n  ros__parameters: {{minimum_confidence: {confidence}, "
            f"own_exercises_dir: {tmp_path / 'own'}}}\n"
        )
        command = ["--source", bag, "--name", "my_squat", "--params-file", str(params)]
        assert teach_in.main(command) == code, capsys.readouterr().err
    assert [path.name for path in (tmp_path / "own").iterdir()] == ["my_squat.yaml"]
