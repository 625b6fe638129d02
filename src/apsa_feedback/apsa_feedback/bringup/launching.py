"""The coach as launch actions, for the launch files."""

from collections.abc import Mapping
from typing import Any

from launch.actions import ExecuteProcess

from apsa_feedback.bringup.graph import NODES, coach_graph, coach_options
from apsa_perception.bringup.launching import graph_actions
from apsa_perception.bringup.options import IMAGE_TOPIC, flag
from apsa_perception.sources.select import Source

RECORDED = (
    "skeletons",
    "detections",
    "errors",
    "quality",
    "repetitions",
    "holds",
    "session",
    "cue",
)


def coach_actions(values: Mapping[str, str], source: Source) -> list[Any]:
    """Return the actions that start the whole coach."""
    return graph_actions(values, coach_graph(coach_options(values, source)), NODES)


def record_action(values: Mapping[str, str]) -> list[Any]:
    """Return the recorder that the options ask for, if any."""
    folder = values["record"]
    if not folder:
        return []
    namespace = values["namespace"].strip("/")
    topics = [f"/{namespace}/{topic}" for topic in RECORDED]
    if flag(values, "record_images"):
        topics += [values["image_topic"] or IMAGE_TOPIC, values["camera_info_topic"]]
        topics += [f"/{namespace}/image", f"/{namespace}/camera_info"]
    return [ExecuteProcess(cmd=["ros2", "bag", "record", "-o", folder, *topics], output="screen")]
