"""The installed launch files, run by the real ``ros2 launch``."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("launch", reason="launch is not importable: this is no ROS install")
pytest.importorskip("launch_ros", reason="launch_ros is not importable: this is no ROS install")
ROS2 = shutil.which("ros2")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(ROS2 is None, reason="ros2 is not on PATH: this is no ROS install"),
]

BROKEN_PROGRAMME = """name: mine
title: Mine
description: A file that lacks how long the exercise is done.
exercises:
  - {exercise: squat, rest: 30}
"""


def ros2_launch(*arguments: str, timeout: float = 120.0) -> subprocess.CompletedProcess[str]:
    """Run ros2 launch to its end."""
    command = [str(ROS2), "launch", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=timeout)


@pytest.fixture
def started() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start ros2 launch in the background; interrupt it afterwards as Ctrl-C does."""
    processes: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [str(ROS2), "launch", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)
            process.wait(20.0)


def lines_until(process: subprocess.Popen[str], word: str, seconds: float) -> list[str]:
    """Output lines up to the one that holds the word."""
    assert process.stdout is not None
    lines = []
    give_up = time.monotonic() + seconds
    for line in process.stdout:
        lines.append(line)
        if word in line or time.monotonic() > give_up:
            break
    return lines


@pytest.mark.parametrize(
    ("package", "file", "arguments"),
    [
        (
            "apsa_feedback",
            "coach.launch.py",
            "namespace source image_topic camera_info_topic exercise outputs params_file "
            "use_sim_time use_respawn record report person log_level",
        ),
        ("apsa_perception", "perception.launch.py", "namespace source image_topic exercise"),
        ("apsa_feedback", "replay.launch.py", "bag rate loop exercise"),
    ],
)
def test_launch_files_are_installed_and_describe_their_arguments(
    package: str, file: str, arguments: str
) -> None:
    shown = ros2_launch(package, file, "--show-args")
    assert shown.returncode == 0, shown.stderr
    for name in arguments.split():
        assert f"'{name}':" in shown.stdout
    assert "no description given" not in shown.stdout


def by_topic(file: Path) -> dict[str, list[dict[str, Any]]]:
    """Recorded messages of each topic, without the time on the wall."""
    topics: dict[str, list[dict[str, Any]]] = {}
    for line in file.read_text().splitlines():
        record = json.loads(line)
        record["message"].pop("inference_time_ms", None)
        topics.setdefault(record["topic"], []).append(record["message"])
    return topics


def test_separate_processes_judge_a_clip_as_one_process_does(
    clip: Callable[[str], Path], tmp_path: Path
) -> None:
    apart, together = tmp_path / "apart.jsonl", tmp_path / "together.jsonl"
    choice = {"source": str(clip("squat_front_knees_in.mp4")), "exercise": "squat", "rate": "0"}
    choice["outputs"] = "none"
    ended = ros2_launch(
        "apsa_feedback",
        "coach.launch.py",
        *(f"{name}:={value}" for name, value in choice.items()),
        f"json:={apart}",
    )
    assert "Session summary" in ended.stdout
    command = [sys.executable, "-m", "apsa_feedback.commands.composed", "--json", str(together)]
    for name, value in choice.items():
        command += [f"--{name}", value]
    subprocess.run(command, check=True, capture_output=True, timeout=120.0)

    found = by_topic(apart)
    live = [message for message in found["/apsa/errors"] if message["scope"] == 0]
    assert len(live) == 250
    assert "knee_valgus" in [message["key"] for message in found["/apsa/cue"]]
    assert found == by_topic(together)


def test_coach_without_images_says_which_topics_exist(
    started: Callable[..., subprocess.Popen[str]],
) -> None:
    lines = lines_until(
        started("apsa_feedback", "coach.launch.py", "outputs:=none"), "no image on", 40.0
    )
    assert "/camera/image_raw" in lines[-1]
    assert "image_topic:=" in lines[-1]


def test_a_source_that_is_not_there_is_named() -> None:
    ended = ros2_launch("apsa_feedback", "coach.launch.py", "source:=nowhere.mp4")
    assert ended.returncode != 0
    assert "nowhere.mp4" in ended.stdout + ended.stderr
    assert "SOURCE can be" in ended.stdout + ended.stderr


@pytest.mark.parametrize(
    ("argument", "words"),
    [
        ("rate:=0", "bag is ''; expected a bag folder"),
        ("bag:=/camera/image_raw", "is a topic, not a recording; expected a bag folder"),
    ],
)
def test_a_replay_of_what_is_no_recording_is_refused(argument: str, words: str) -> None:
    ended = ros2_launch("apsa_feedback", "replay.launch.py", argument, "outputs:=none")
    assert ended.returncode != 0
    assert words in ended.stdout + ended.stderr


@pytest.mark.parametrize("section", ["/**/assessment_node", "/**", "/apsa/assessment_node"])
def test_an_argument_counts_instead_of_the_parameter_file(
    section: str, clip: Callable[[str], Path], tmp_path: Path
) -> None:
    file, results = tmp_path / "params.yaml", tmp_path / "results.jsonl"
    file.write_text(f"{section}:\n  ros__parameters:\n    exercise: lunge\n")
    arguments = [f"params_file:={file}", "exercise:=squat", f"json:={results}", "outputs:=none"]
    source = f"source:={clip('squat_front.mp4')}"
    ros2_launch("apsa_feedback", "coach.launch.py", source, "rate:=0", *arguments)
    assert {each["exercise"] for each in by_topic(results)["/apsa/session"]} == {"squat"}


@pytest.mark.faults
@pytest.mark.parametrize(
    ("argument", "parameters", "words"),
    [
        ("params_file:=nowhere.yaml", "", "nowhere.yaml cannot be used"),
        ("params_file:={file}", "camera_pitch_deg: 90.0", "expected -60 to 60"),
        ("exercise:=yoga", "", "no exercise 'yoga'; expected one of"),
        ("log_level:=loud", "", "log_level is 'loud'; expected one of debug, info"),
        ("outputs:=hologram", "", "there is no output 'hologram'; expected one of"),
        ("programme:=mine", "own_programmes_dir: {folder}", "mine.yaml:5: exercises[0] needs"),
    ],
)
def test_a_refusal_is_the_last_thing_printed_and_the_exit_code(
    argument: str, parameters: str, words: str, clip: Callable[[str], Path], tmp_path: Path
) -> None:
    file = tmp_path / "params.yaml"
    (tmp_path / "mine.yaml").write_text(BROKEN_PROGRAMME)
    chosen = [f"params_file:={file}"] if "folder" in parameters else []
    parameters = parameters.format(folder=tmp_path)
    file.write_text(f"/**/assessment_node:\n  ros__parameters:\n    {parameters}\n")
    source = f"source:={clip('squat_front.mp4')}"
    ended = subprocess.run(
        [str(ROS2), "launch", "apsa_feedback", "coach.launch.py", source, "outputs:=none",
         argument.format(file=file), *chosen],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120.0,
    )  # fmt: skip
    assert ended.returncode == 1
    assert words in ended.stdout.strip().splitlines()[-1]


def children(pid: int) -> dict[str, int]:
    """Processes that a process started, by the name of the program."""
    found = {}
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        arguments = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
        found |= {Path(each.decode()).name: int(child) for each in arguments[:2]}
    return found


@pytest.mark.faults
def test_a_node_that_is_killed_is_started_again_with_its_session(
    started: Callable[..., subprocess.Popen[str]], clip: Callable[[str], Path]
) -> None:
    source = f"source:={clip('squat_front.mp4')}"
    process = started("apsa_feedback", "coach.launch.py", source, "outputs:=none", "rate:=1")
    lines = lines_until(process, " repetition    1  ", 60.0)
    os.kill(children(process.pid)["assessment_node"], signal.SIGKILL)
    lines += lines_until(process, "Session summary", 60.0)
    shown = "".join(lines)
    assert "the session continues after a crash, at 1 repetitions of squat" in shown
    assert shown.count(" repetition    1  ") == 1
    assert " repetition    2" in shown
    assert shown.count("“Let's start with squats.”") == 1
    assert process.wait(30.0) == 0


@pytest.mark.faults
def test_sigterm_ends_make_coach_with_its_nodes(clip: Callable[[str], Path]) -> None:
    sample = ["--sample", str(clip("squat_front.mp4"))]
    process = subprocess.Popen(
        [sys.executable, "-m", "apsa_feedback.commands.coach", *sample],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "ROS_DISTRO": "jazzy", "OUTPUTS": "none", "PYTHONUNBUFFERED": "1"},
    )
    lines_until(process, " repetition    1  ", 90.0)
    process.terminate()
    # The output ends when the last node has ended.
    ended, _ = process.communicate(timeout=60.0)
    assert "Session summary" in ended


def recording(folder: str) -> dict[str, str]:
    """Options of a recording with images."""
    values = {"record": folder, "namespace": "/apsa", "record_images": "true"}
    return values | {"image_topic": "/front/image_raw", "camera_info_topic": "/front/camera_info"}


def test_a_recording_with_images_has_camera_info_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from apsa_feedback.bringup.launching import record_action

    index = tmp_path / "share" / "ament_index" / "resource_index" / "packages"
    index.mkdir(parents=True)
    (index / "ros2bag").touch()
    monkeypatch.setenv("AMENT_PREFIX_PATH", str(tmp_path), prepend=":")
    (action,) = record_action(recording(str(tmp_path / "bag")))
    recorded = [part.text for argument in action.cmd for part in argument]
    assert {"/front/image_raw", "/front/camera_info"} <= set(recorded)
    assert {"/apsa/image", "/apsa/camera_info", "/apsa/skeletons"} <= set(recorded)


def test_a_recording_that_cannot_be_made_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from apsa_feedback.bringup.launching import record_action

    with pytest.raises(ValueError, match="which exists; expected a folder that does not exist yet"):
        record_action(recording(str(tmp_path)))
    monkeypatch.setenv("AMENT_PREFIX_PATH", str(tmp_path))
    with pytest.raises(ValueError, match="record needs the package ros2bag"):
        record_action(recording(str(tmp_path / "bag")))


def test_an_argument_that_seems_misspelt_is_named(
    started: Callable[..., subprocess.Popen[str]],
) -> None:
    process = started("apsa_feedback", "coach.launch.py", "excercise:=lunge", "outputs:=none")
    (*_, line) = lines_until(process, "excercise", 20.0)
    assert "there is no launch argument excercise; did you mean exercise?" in line
