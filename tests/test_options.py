"""One table of options feeds launch files, command line, make and its help."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("rclpy", reason="rclpy is not installed")

from apsa_feedback.bringup.graph import coach_options
from apsa_feedback.bringup.options import OPTIONS
from apsa_feedback.commands.coach import command_arguments, launch_arguments, values_from
from apsa_feedback.commands.composed import add_options
from apsa_perception.bringup.graph import chosen_source
from apsa_perception.bringup.options import COMMAND, LAUNCH_FILES, Kind, OptionError, options_for
from support.paths import ROOT

CHOSEN = {
    "SOURCE": "/camera/image_raw/compressed",
    "EXERCISE": "lunge",
    "PROGRAMME": "knee",
    "OUTPUTS": "speech,report",
    "JSON": "results.jsonl",
    "RATE": "0.5",
    "PARAMS": "my.yaml",
    "REPORT": "reports",
    "PERSON": "P-017",
    "IMAGE_TOPIC": "/left",
    "WAIT": "false",
    "HUMANS": "true",
}


def test_every_option_has_one_entry_and_a_description() -> None:
    names = [option.name for option in OPTIONS]
    assert len(set(names)) == len(names)
    assert all(option.help and option.places for option in OPTIONS)


def test_the_make_variables_are_those_of_the_table() -> None:
    assert {option.variable for option in OPTIONS if option.variable} == set(CHOSEN)
    helped = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True
    )
    for option in OPTIONS:
        if option.variable:
            assert f"  {option.variable:16} {option.help}\n" in helped.stdout


def test_the_command_line_has_the_options_of_the_table() -> None:
    parser = argparse.ArgumentParser()
    add_options(parser)
    parsed = vars(parser.parse_args([]))
    assert parsed == {option.name: option.default for option in options_for(OPTIONS, COMMAND)}


def test_make_variables_reach_the_graph_through_the_command_line() -> None:
    parser = argparse.ArgumentParser()
    add_options(parser)
    values = {**values_from(CHOSEN), "loop": "true"}
    parsed = vars(parser.parse_args(command_arguments(values)))
    options = coach_options(parsed, chosen_source(parsed))
    assert options.outputs == ("speech", "report")
    assert (options.json, options.report) == ("results.jsonl", "reports")
    perception = options.perception
    assert (perception.exercise, perception.person) == ("lunge", "P-017")
    assert perception.programme == "knee"
    assert perception.wait_until_ready is False
    assert perception.humans
    assert (perception.rate, perception.loop, perception.source.compressed) == (0.5, True, True)


def test_files_of_launch_arguments_are_absolute() -> None:
    arguments = launch_arguments(values_from({**CHOSEN, "SOURCE": "Makefile"}))
    for name, file in (
        ("json", "results.jsonl"),
        ("params_file", "my.yaml"),
        ("report", "reports"),
    ):
        assert f"{name}:={Path(file).resolve()}" in arguments
    assert f"source:={Path('Makefile').resolve()}" in arguments
    assert "image_topic:=/left" in arguments


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"rate": "fast"}, "rate is 'fast'; expected a number"),
        ({"loop": "maybe"}, "loop is 'maybe'; expected true or false"),
    ],
)
def test_a_value_that_is_none_is_refused(values: dict[str, str], sentence: str) -> None:
    with pytest.raises(OptionError, match=sentence):
        coach_options(values, chosen_source({}))


def test_a_launch_file_declares_the_options_of_the_table() -> None:
    pytest.importorskip("launch_ros", reason="launch_ros is not importable: this is no ROS install")
    from launch.launch_description_sources import get_launch_description_from_python_launch_file

    for path in (ROOT / "src").glob("*/launch/*.launch.py"):
        assert path.name in LAUNCH_FILES
        description = get_launch_description_from_python_launch_file(str(path))
        declared = {each.name: each.description for each in description.get_launch_arguments()}
        wanted = options_for(OPTIONS, path.name)
        assert declared == {option.name: option.help for option in wanted}


def test_a_mistake_in_a_variable_is_one_sentence_and_code_two(tmp_path: Path) -> None:
    environment = {**os.environ, "RATE": "fast", "OUTPUTS": "none"}
    command = [
        sys.executable,
        "-m",
        "apsa_feedback.commands.coach",
        "--sample",
        "samples/squat.mp4",
    ]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (2, "rate is 'fast'; expected a number\n")


def test_flags_have_a_truth_value_or_none_as_default() -> None:
    assert {one.default for one in OPTIONS if one.kind is Kind.FLAG} <= {"", "false", "true"}


def test_on_a_ros_install_ros2_launch_gets_the_options(tmp_path: Path) -> None:
    launcher = tmp_path / "ros2"
    launcher.write_text('#!/bin/sh\necho "$@"\nexit 3\n')
    launcher.chmod(0o755)
    environment = {**os.environ, "ROS_DISTRO": "jazzy", "OUTPUTS": "none", "JSON": "x.jsonl"}
    environment["PATH"] = f"{tmp_path}{os.pathsep}{environment['PATH']}"
    sample = ROOT / "samples" / "squat.mp4"
    command = [sys.executable, "-m", "apsa_feedback.commands.coach", "--sample", str(sample)]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.stdout.split() == [
        "launch",
        "apsa_feedback",
        "coach.launch.py",
        "outputs:=none",
        f"json:={tmp_path / 'x.jsonl'}",
        f"source:={sample}",
    ]
    assert done.returncode == 3
