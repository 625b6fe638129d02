"""Options of the user reach the nodes; all others stay with the parameter files."""

from typing import Any

import pytest

from apsa_feedback.bringup.graph import CoachOptions, coach_graph, coach_options
from apsa_perception.bringup.graph import (
    PerceptionOptions,
    perception_graph,
    perception_options,
)
from apsa_perception.bringup.options import OptionError
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


def test_people_are_published_for_other_software_only_if_it_is_asked_for() -> None:
    topic = Source(SourceKind.TOPIC, "/camera/image_raw/compressed", compressed=True)
    assert "humans_node" not in parameters(CoachOptions(perception_options({}, topic)))
    chosen = coach_options({"humans": "true"}, topic)
    (node,) = (each for each in coach_graph(chosen) if each.executable == "humans_node")
    assert node.remappings == {"image": topic.path}
    assert node.parameters["image_transport"] == "compressed"


@pytest.mark.parametrize(
    ("kind", "changes", "waits"),
    [
        (SourceKind.DEVICE, {}, True),
        (SourceKind.TOPIC, {}, False),
        (SourceKind.TOPIC, {"wait_until_ready": True}, True),
        (SourceKind.BAG, {}, False),
        (SourceKind.FILE, {}, False),
        (SourceKind.BAG, {"wait_until_ready": True}, True),
        (SourceKind.DEVICE, {"wait_until_ready": False}, False),
    ],
)
def test_a_start_waits_for_the_person_with_a_camera_and_not_in_recordings(
    kind: SourceKind, changes: dict[str, bool], waits: bool
) -> None:
    chosen = PerceptionOptions(Source(kind, "source"), programme="knee", **changes)
    of = parameters(CoachOptions(chosen))["assessment_node"]
    assert of.get("wait_until_ready", False) is waits
    assert ("wait_until_ready" in of) is (waits or bool(changes))
    assert of["programme"] == "knee"


@pytest.mark.parametrize(
    ("kind", "changes", "live"),
    [
        (SourceKind.DEVICE, {}, True),
        (SourceKind.DEVICE, {"wait_until_ready": False}, True),
        (SourceKind.TOPIC, {}, False),
        (SourceKind.TOPIC, {"wait_until_ready": True}, True),
        (SourceKind.BAG, {"wait_until_ready": True}, False),
        (SourceKind.FILE, {}, False),
    ],
)
def test_the_screen_knows_whether_the_viewer_stands_before_the_camera(
    kind: SourceKind, changes: dict[str, bool], live: bool
) -> None:
    chosen = PerceptionOptions(Source(kind, "source"), **changes)
    of = parameters(CoachOptions(chosen))["feedback_node"]
    assert of.get("screen.live_camera", False) is live


def test_the_graph_can_be_divided_between_two_machines() -> None:
    camera = Source(SourceKind.DEVICE, "/dev/video0")
    chosen = perception_options({"assessment": "false"}, camera)
    there = {node.executable: node for node in perception_graph(chosen, {})}
    assert there.keys() == {"video_source", "pose_node"}
    assert there["pose_node"].parameters["consumers"] == ["dropped=video_source"]
    topic = Source(SourceKind.TOPIC, "/apsa/image/compressed", compressed=True)
    here = parameters(coach_options({"pose": "false"}, topic))
    assert here.keys() == {"assessment_node", "feedback_node", "console_node"}
    assert here["feedback_node"]["image_transport"] == "compressed"


def test_without_the_pose_node_no_recording_can_be_played() -> None:
    with pytest.raises(OptionError, match="pose is false, but source is bag; expected an image"):
        coach_options({"pose": "false"}, BAG)
