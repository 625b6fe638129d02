"""The coach as launch actions, for the launch files."""

import os
from collections.abc import Mapping
from typing import Any

from ament_index_python.packages import PackageNotFoundError, get_package_prefix
from launch.actions import ExecuteProcess

from apsa_feedback.bringup.graph import NODES, coach_graph, coach_options
from apsa_perception.bringup.launching import graph_actions
from apsa_perception.bringup.options import IMAGE_TOPIC, OptionError, flag
from apsa_perception.sources.select import Source

_RECORDER = "ros2bag"
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
    """Return the recorder that the options ask for, if any.

    Raises:
        OptionError: nothing could be recorded there.
    """
    folder = values["record"]
    if not folder:
        return []
    if os.path.lexists(folder):
        raise OptionError(
            f"record is {folder}, which exists; expected a folder that does not exist yet"
        )
    try:
        get_package_prefix(_RECORDER)
    except PackageNotFoundError:
        raise OptionError(
            f"record needs the package {_RECORDER}, which is not installed; "
            "expected rosbag2, such as ros-jazzy-rosbag2"
        ) from None
    namespace = values["namespace"].strip("/")
    topics = [f"/{namespace}/{topic}" for topic in RECORDED]
    if flag(values, "record_images"):
        topics += [values["image_topic"] or IMAGE_TOPIC, values["camera_info_topic"]]
        topics += [f"/{namespace}/image", f"/{namespace}/camera_info"]
    return [ExecuteProcess(cmd=["ros2", "bag", "record", "-o", folder, *topics], output="screen")]
