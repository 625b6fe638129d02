"""The aggregator of /diagnostics is started where it is installed."""

from pathlib import Path

import pytest
import yaml

pytest.importorskip("launch_ros", reason="launch_ros is not importable: this is no ROS install")

from apsa_feedback.bringup.graph import NODES
from apsa_perception.bringup.launching import aggregator_actions
from support.paths import ROOT


def test_it_is_started_only_if_it_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert aggregator_actions() == []
    index = tmp_path / "share" / "ament_index" / "resource_index" / "packages"
    index.mkdir(parents=True)
    (index / "diagnostic_aggregator").touch()
    monkeypatch.setenv("AMENT_PREFIX_PATH", str(tmp_path), prepend=":")
    (node,) = aggregator_actions()
    assert (node.node_package, node.node_executable) == ("diagnostic_aggregator", "aggregator_node")


def test_every_node_has_an_analyzer() -> None:
    content = yaml.safe_load((ROOT / "config" / "diagnostics.yaml").read_text())
    analyzers = content["/**"]["ros__parameters"]
    groups = [each["contains"] for each in analyzers.values() if isinstance(each, dict)]
    names = [name for group in groups for name in group]
    assert sorted(names) == sorted(f"/{name}" for name in NODES)
