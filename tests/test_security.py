"""The SROS2 policy allows what the nodes use, and the launch files use its enclaves."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
import rclpy

import security_policy
from apsa_feedback.bringup.graph import NODES
from apsa_perception.bringup.graph import enclave
from support.paths import ROOT

POLICY = ROOT / security_policy.POLICY


@pytest.fixture
def ros() -> Iterator[None]:
    rclpy.init()
    yield
    rclpy.shutdown()


@pytest.mark.usefixtures("ros")
def test_the_policy_is_that_of_the_nodes() -> None:
    pytest.importorskip("hri_msgs", reason="hri_msgs is not installed")
    text = POLICY.read_text(encoding="utf-8")
    assert text == security_policy.policy(ROOT), "python tools/security_policy.py"


def test_every_node_of_the_launch_files_has_an_enclave() -> None:
    contexts = ElementTree.parse(POLICY).iter("context")
    paths = {context.get("path") for context in contexts}
    assert {enclave("/apsa/", node) for node in NODES} | {"/apsa/operator"} == paths
    assert enclave("", "pose_node") == "/pose_node"


def test_an_action_is_a_rule_of_its_own() -> None:
    profile = ElementTree.Element("profile")
    access = security_policy.Access(reply={"/apsa/run/_action/send_goal", "/apsa/stop_session"})
    security_policy._add_rules(profile, access)
    assert [each.text for each in profile.iter("service")] == ["/apsa/stop_session"]
    (actions,) = profile.iter("actions")
    assert actions.attrib == {"execute": "ALLOW"}
    assert [each.text for each in actions] == ["/apsa/run"]


@pytest.mark.slow
def test_sros2_makes_the_keys_of_every_enclave(tmp_path: Path) -> None:
    pytest.importorskip("sros2", reason="sros2 is not installed")
    ros2 = shutil.which("ros2")
    if ros2 is None:
        pytest.skip("ros2 is not on PATH: this is no ROS install")
    make = [ros2, "security", "generate_artifacts", "-k", str(tmp_path), "-p", str(POLICY)]
    subprocess.run(make, check=True)
    made = {path.parent.name for path in (tmp_path / "enclaves").rglob("permissions.p7s")}
    assert made == {*NODES, "operator"}
