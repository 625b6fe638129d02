"""Options of the user reach the nodes; all others stay with the parameter files."""

from typing import Any

from apsa_feedback.bringup.graph import CoachOptions, coach_graph
from apsa_perception.bringup.graph import PerceptionOptions
from apsa_perception.sources.select import Source, SourceKind

BAG = Source(SourceKind.BAG, "bag", image_topic="/left/image_raw")


def parameters(options: CoachOptions) -> dict[str, dict[str, Any]]:
    return {node.executable: node.parameters for node in coach_graph(options)}


def test_nothing_chosen_overrides_no_parameter_file() -> None:
    of = parameters(CoachOptions(PerceptionOptions(Source(SourceKind.BAG, "bag"))))
    assert of["bag_source"].keys() == {"consumers", "source"}
    assert "outputs" not in of["feedback_node"]
    assert "exercise" not in of["assessment_node"]


def test_choices_reach_their_nodes() -> None:
    chosen = PerceptionOptions(BAG, exercise="squat", rate=0, loop=False)
    of = parameters(CoachOptions(chosen, outputs=("speech",)))
    assert of["bag_source"]["image_topic"] == "/left/image_raw"
    assert (of["bag_source"]["rate"], of["bag_source"]["loop"]) == (0.0, False)
    assert of["feedback_node"]["outputs"] == ["speech"]
    assert of["assessment_node"]["exercise"] == "squat"
