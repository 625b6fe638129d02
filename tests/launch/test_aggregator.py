"""The aggregator of /diagnostics is started where it is installed."""

from pathlib import Path

import pytest

pytest.importorskip("launch_ros", reason="launch_ros is not importable: this is no ROS install")

from apsa_perception.bringup.launching import aggregator_actions


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
