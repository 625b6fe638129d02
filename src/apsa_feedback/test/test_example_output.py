"""The example package in docs/, installed as documented, in a running feedback node."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from support.paths import ROOT

EXAMPLE = ROOT / "docs" / "example_output"
RUN = """
import sys, time, rclpy
from apsa_feedback.nodes.feedback_node import FeedbackNode
from apsa_msgs.msg import ExerciseError, ExerciseErrorArray, Session
from apsa_perception.ros.parameter_file import ParameterError
from apsa_perception.ros.qos import LATCHED, RESULTS
from rclpy.parameter import Parameter
rclpy.init()
outputs = Parameter("outputs", value=["lamp"])
node = FeedbackNode(cli_args=["--ros-args", *sys.argv[1:]], parameter_overrides=[outputs])
try:
    node.start()
except ParameterError as error:
    sys.exit(str(error))
def look():
    print(open("lamp").read())
peer = rclpy.create_node("peer")
sessions = peer.create_publisher(Session, "session", LATCHED)
errors = peer.create_publisher(ExerciseErrorArray, "errors", RESULTS)
severe = ExerciseError(code=ExerciseError.TOO_FAST, name="too_fast", severity=ExerciseError.SEVERE)
look()
give_up = time.monotonic() + 20.0
second = 0
while open("lamp").read() != "red" and time.monotonic() < give_up:
    second += 1
    session = Session(session_id="s1", state=Session.RUNNING, exercise="squat")
    found = ExerciseErrorArray(body_id=1, exercise="squat", errors=[severe])
    session.header.stamp.sec = found.header.stamp.sec = second
    sessions.publish(session)
    errors.publish(found)
    rclpy.spin_once(node, timeout_sec=0.1)
look()
node.trigger_shutdown()
look()
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which pip has installed the example."""
    pytest.importorskip("rclpy", reason="rclpy is not installed")
    folder = tmp_path_factory.mktemp("example")
    source = shutil.copytree(EXAMPLE, folder / "source")  # pip leaves a build folder behind
    pip = [sys.executable, "-m", "pip", "install", "--no-deps", "--no-build-isolation", "--quiet"]
    environment = {**os.environ, "PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    subprocess.run(
        [*pip, "--target", str(folder / "site"), str(source)], check=True, env=environment
    )
    return folder / "site"


@pytest.fixture
def run(installed: Path, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    def start(*arguments: str) -> subprocess.CompletedProcess[str]:
        path = os.pathsep.join([str(installed), os.environ.get("PYTHONPATH", "")])
        return subprocess.run(
            [sys.executable, "-c", RUN, *arguments],
            env={**os.environ, "PYTHONPATH": path},
            cwd=tmp_path, capture_output=True, text=True, timeout=60,
        )  # fmt: skip

    return start


def test_the_example_is_found_by_name_and_gets_its_parameters(
    run: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    text = (EXAMPLE / "lamp.yaml").read_text()
    parameters = tmp_path / "lamp.yaml"
    parameters.write_text(text.replace("/tmp/lamp", str(tmp_path / "lamp")))
    done = run("--params-file", str(parameters))
    assert (done.returncode, done.stdout.split()) == (0, ["off", "red", "off"]), done.stderr


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("''", "lamp.path is empty; expected the file of the lamp"),
        ("3", "lamp.path has the wrong type"),
    ],
)
def test_what_the_example_refuses_is_one_sentence(
    run: Callable[..., subprocess.CompletedProcess[str]], value: str, sentence: str
) -> None:
    done = run("-p", f"lamp.path:={value}")
    assert done.returncode == 1
    assert sentence in done.stderr.splitlines()[-1]
