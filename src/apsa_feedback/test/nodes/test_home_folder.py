"""Files and folders of the parameters may begin with ``~``, for the home folder."""

import shutil
from pathlib import Path

import pytest

pytest.importorskip("rclpy", reason="rclpy is not installed")

from apsa_msgs.msg import ExerciseErrorArray

from apsa_feedback.nodes.console_node import ConsoleNode
from apsa_feedback.nodes.feedback_node import FeedbackNode
from apsa_perception.nodes.assessment_node import AssessmentNode
from apsa_perception.ros.qos import RESULTS
from support.bench import Bench
from support.paths import ROOT


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder with one exercise, cues, a robot and the weights."""
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "exercises").mkdir()
    shutil.copy(ROOT / "config" / "exercises" / "squat.yaml", tmp_path / "exercises")
    shutil.copytree(ROOT / "config" / "cues", tmp_path / "cues")
    shutil.copy(ROOT / "config" / "robot" / "generic_arms.yaml", tmp_path / "arms.yaml")
    shutil.copy(ROOT / "models" / "apsa.safetensors", tmp_path / "mine.safetensors")
    return tmp_path


def test_the_assessment_finds_what_is_in_the_home_folder(bench: Bench) -> None:
    folders = {"exercises_dir": "~/exercises", "own_exercises_dir": "~/own"}
    bench.start(AssessmentNode, **folders, model="~/mine.safetensors")
    with pytest.raises(ValueError, match=r"no exercise 'lunge'; expected one of squat$"):
        bench.start(AssessmentNode, **folders, model="none", exercise="lunge")


def test_the_feedback_finds_what_is_in_the_home_folder(bench: Bench, home: Path) -> None:
    parameters = {"outputs": ["robot", "report"], "robot.map": "~/arms.yaml"}
    parameters |= {"report.dir": "~/reports", "speech.wav_dir": "~/spoken"}
    bench.start(FeedbackNode, exercises_dir="~/exercises", cues_dir="~/cues", **parameters)
    assert (home / "reports").is_dir()


def test_the_terminal_writes_to_the_home_folder(bench: Bench, home: Path) -> None:
    bench.start(ConsoleNode, json="~/results.jsonl")
    errors = bench.peer.create_publisher(ExerciseErrorArray, "errors", RESULTS)
    bench.spin_until(lambda: errors.get_subscription_count() > 0)
    errors.publish(ExerciseErrorArray())
    bench.spin_until((home / "results.jsonl").is_file)
