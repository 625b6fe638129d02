"""The start of the assessment node: what it refuses, loads and warns about."""

import subprocess
import sys
from typing import Any

import pytest
from apsa_msgs.msg import ExerciseErrorArray, SkeletonArray
from rclpy.qos import QoSProfile, ReliabilityPolicy

from apsa_perception.nodes.assessment_node import AssessmentNode
from apsa_perception.ros.parameter_file import ParameterError
from apsa_perception.ros.qos import RESULTS
from support.bench import Bench
from support.skeleton_peer import Peer


def test_another_coach_on_the_same_topics_is_named_once(
    bench: Bench, peer: Peer, capfd: pytest.CaptureFixture[str]
) -> None:
    bench.spin_for(1.5)
    assert "another coach" not in capfd.readouterr().err
    bench.peer.create_publisher(ExerciseErrorArray, "errors", RESULTS)
    bench.spin_for(2.5)
    assert capfd.readouterr().err.count("another coach publishes on /apsa/errors") == 1


def test_an_incompatible_subscriber_is_told_the_fix(
    bench: Bench, peer: Peer, capfd: pytest.CaptureFixture[str]
) -> None:
    offered = QoSProfile(depth=1, reliability=ReliabilityPolicy.BEST_EFFORT)
    bench.peer.create_publisher(SkeletonArray, "skeletons", offered)
    bench.spin_for(1.0)
    said = capfd.readouterr().err
    assert "nothing arrives from it" in said
    assert "qos_overrides./apsa/skeletons.subscription.reliability" in said


@pytest.mark.parametrize(
    "start",
    ['AssessmentNode(parameter_overrides=[Parameter("model", value="none")]).start()',
     "AssessmentNode().trigger_configure()"],
    ids=["without a network", "not yet active"],
)  # fmt: skip
def test_torch_is_not_loaded(start: str) -> None:
    program = f"""
import sys, rclpy
from rclpy.parameter import Parameter
from apsa_perception.nodes.assessment_node import AssessmentNode
rclpy.init()
{start}
sys.exit("torch" in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"exercise": "yoga"}, "yoga"),
        ({"camera_pitch_deg": 75.0}, "-60 to 60"),
        ({"model": "nowhere.safetensors"}, "nowhere.safetensors"),
        ({"exercises_dir": "nowhere"}, "nowhere"),
    ],
)
def test_wrong_parameters_are_refused_in_one_sentence(
    bench: Bench, parameters: dict[str, Any], words: str
) -> None:
    with pytest.raises(ParameterError, match=words):
        bench.start(AssessmentNode, **{"model": "none", **parameters})
