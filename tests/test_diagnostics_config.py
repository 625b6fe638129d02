"""The configuration of diagnostic_aggregator: what that package reads (branch ros2-jazzy)."""

from typing import Any

import pytest
import yaml

from apsa_feedback.bringup.graph import NODES
from support.paths import ROOT

KINDS = {"type": str, "path": str, "contains": list, "timeout": float, "num_items": int}
"""Parameters of a GenericAnalyzer that we use; another type ends the aggregator."""
ALWAYS = "assessment"
"""The analyzer of the node that every launch has."""


@pytest.fixture(scope="module")
def parameters() -> dict[str, Any]:
    content = yaml.safe_load((ROOT / "config" / "diagnostics.yaml").read_text())
    (node,) = content
    # The aggregator calls itself "analyzers", whatever the launch file says.
    assert node == "/**"
    result: dict[str, Any] = content[node]["ros__parameters"]
    return result


@pytest.fixture(scope="module")
def analyzers(parameters: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {name: each for name, each in parameters.items() if isinstance(each, dict)}


def test_the_aggregator_can_read_it(
    parameters: dict[str, Any], analyzers: dict[str, dict[str, Any]]
) -> None:
    assert isinstance(parameters["path"], str)
    assert isinstance(parameters["pub_rate"], float)
    assert set(parameters) - set(analyzers) == {"path", "pub_rate"}
    for each in analyzers.values():
        assert each["type"] == "diagnostic_aggregator/GenericAnalyzer"
        assert {"type", "path", "contains"} <= set(each) <= set(KINDS)
        assert all(isinstance(value, KINDS[key]) for key, value in each.items())
    paths = [each["path"] for each in analyzers.values()]
    assert len(set(paths)) == len(paths)


@pytest.mark.parametrize("node", NODES)
@pytest.mark.parametrize("namespace", ["/apsa", "", "/ward/3"])
def test_the_status_of_each_node_has_one_analyzer(
    node: str, namespace: str, analyzers: dict[str, dict[str, Any]]
) -> None:
    status = f"{namespace}/{node}"
    matching = [
        name for name, each in analyzers.items() if any(part in status for part in each["contains"])
    ]
    assert len(matching) == 1


def test_a_node_that_is_not_started_is_no_error(analyzers: dict[str, dict[str, Any]]) -> None:
    """Without items an analyzer is stale, and one that is stale among others makes all an error."""
    optional = {name for name, each in analyzers.items() if each.get("num_items") == 0}
    assert optional == set(analyzers) - {ALWAYS}
