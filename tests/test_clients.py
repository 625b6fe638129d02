"""The examples for other clients fit the messages, topics and services."""

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from ament_index_python.packages import PackageNotFoundError, get_package_prefix
from apsa_msgs import msg, srv

from apsa_perception.model.joints import JOINT_COUNT
from apsa_perception.ros.conversion import header, skeletons_to_msg
from apsa_perception.ros.qos import RESULTS
from support.bench import Bench
from support.figures import figure
from support.paths import ROOT

EXAMPLE = ROOT / "docs" / "example_cpp"
PAGE = (ROOT / "docs" / "clients.md").read_text(encoding="utf-8")
TOPICS = (ROOT / "docs" / "topics.md").read_text(encoding="utf-8")


def include_options(package: str) -> list[str]:
    """Options for the headers of a package and of what it depends on."""
    folders = Path(get_package_prefix(package), "include").iterdir()
    return [option for folder in folders for option in ("-isystem", str(folder))]


def test_what_reads_the_messages_compiles_and_names_the_reason(tmp_path: Path) -> None:
    compiler = shutil.which("c++")
    if compiler is None:
        pytest.skip("no C++ compiler")
    program = tmp_path / "main.cpp"
    program.write_text(
        '#include <iostream>\n#include "quality_text.hpp"\n'
        "int main() {\n"
        "  apsa_msgs::msg::ExerciseQuality quality;\n"
        '  quality.exercise = "squat"; quality.repetition = 3; quality.reason = "no legs";\n'
        "  std::cout << quality_text(quality) << std::endl;\n"
        '  quality.grade = quality.GOOD; quality.score = 0.5F; quality.model_name = "rules";\n'
        "  std::cout << quality_text(quality) << std::endl;\n"
        "  std::cout << session_text(apsa_msgs::msg::Session()) << std::endl;\n"
        "}\n",
        encoding="utf-8",
    )
    packages = ("apsa_msgs", "std_msgs")
    options = [option for package in packages for option in include_options(package)]
    warnings = ["-std=c++17", "-Wall", "-Wextra", "-Werror"]
    command = [compiler, *warnings, f"-I{EXAMPLE}", *options, str(program), "-o", "program"]
    subprocess.run(command, cwd=tmp_path, check=True)
    said = subprocess.run([tmp_path / "program"], capture_output=True, text=True, check=True)
    assert said.stdout.splitlines() == [
        "squat, repetition 3: not judged: no legs",
        "squat, repetition 3: good, score 0.5 by rules",
        ", 0 repetitions, 0 good",
    ]


@pytest.mark.slow
def test_the_example_builds(tmp_path: Path) -> None:
    try:
        get_package_prefix("rclcpp")
    except PackageNotFoundError:
        pytest.skip("rclcpp is not installed")
    shutil.copytree(EXAMPLE, tmp_path / "src" / "apsa_cpp_example")
    build = [sys.executable, "-m", "colcon", "build", "--base-paths", "src"]
    subprocess.run(build, cwd=tmp_path, env=dict(os.environ), check=True)
    program = "install/apsa_cpp_example/lib/apsa_cpp_example/quality_listener"
    assert (tmp_path / program).is_file()


def test_the_python_example_shows_the_joints_of_a_real_message(
    bench: Bench, tmp_path: Path
) -> None:
    (example,) = re.findall(r"```python\n(import rclpy\n.*?)```", PAGE, re.DOTALL)
    log = tmp_path / "log.txt"
    message = skeletons_to_msg([figure(10**9)], header(10**9, "camera"), (640, 480), "test")
    publisher = bench.peer.create_publisher(msg.SkeletonArray, "skeletons", RESULTS)
    with log.open("w") as file:
        process = subprocess.Popen([sys.executable, "-c", example], stdout=file, stderr=file)
    try:
        give_up = time.monotonic() + 60.0
        published = False
        while log.read_text().count("]") < JOINT_COUNT + 1:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < give_up, log.read_text()
            if not published and publisher.get_subscription_count():
                publisher.publish(message)
                published = True
            bench.spin_for(0.1)
    finally:
        process.kill()
        process.wait()
    shown = log.read_text()
    assert ": 1: [[" in shown
    numbers = re.findall(r"-?\d+\.\d*(?:e-?\d+)?", shown.partition(": 1: [[")[2])
    positions = np.array(numbers, dtype=float).reshape(JOINT_COUNT, 3)
    np.testing.assert_allclose(positions, figure(10**9).positions, atol=1e-6)


def test_topics_and_services_of_the_examples_exist_with_their_types() -> None:
    web = re.findall(r'name: "/apsa/(\w+)", \w+Type: "apsa_msgs/(?:msg|srv)/(\w+)"', PAGE)
    source = (EXAMPLE / "quality_listener.cpp").read_text(encoding="utf-8")
    native = re.findall(r'apsa_msgs::msg::(\w+)>\(\s*"/apsa/(\w+)"', source)
    pairs = [*web, *((topic, name) for name, topic in native)]
    assert len(pairs) == 4
    for topic, name in pairs:
        assert hasattr(msg, name) or hasattr(srv, name)
        assert f"`{topic}`" in TOPICS


def test_the_fields_of_the_web_example_exist() -> None:
    assert set(re.findall(r"each\.(\w+)", PAGE)) <= set(
        msg.ExerciseQuality.get_fields_and_field_types()
    )
    assert "exercise" in srv.StartSession.Request.get_fields_and_field_types()
    assert set(re.findall(r"answer\.(\w+)", PAGE)) <= set(
        srv.StartSession.Response.get_fields_and_field_types()
    )
