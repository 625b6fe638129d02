"""The graph as launch actions; used by the launch files alone."""

import os
from collections.abc import Sequence
from typing import Any

from launch.actions import DeclareLaunchArgument, SetEnvironmentVariable, Shutdown
from launch.substitutions import LaunchConfiguration
from launch_ros.actions import Node

from apsa_perception.bringup.graph import CAMERA_INFO_TOPIC, IMAGE_TOPIC, NodeSpec
from apsa_perception.model.paths import share_dir
from apsa_perception.ros.node_settings import NAMESPACE
from apsa_perception.sources.select import Source, SourceKind, select_source
from launch import LaunchContext

TRUE_WORDS = ("true", "1", "yes", "on")
FALSE_WORDS = ("false", "0", "no", "off")

COMMON_ARGUMENTS = {
    "namespace": (NAMESPACE, "namespace of all nodes and topics"),
    "exercise": ("", "name of the exercise; empty: that of the parameters"),
    "params_file": ("", "parameter file with what differs from the defaults in config/"),
    "use_sim_time": ("false", "nodes follow /clock"),
    "use_respawn": ("false", "start a node again when it dies"),
    "log_level": ("info", "debug, info, warn, error or fatal"),
}
SOURCE_ARGUMENTS = {
    "source": ("", "video file, bag, camera such as /dev/video0 or image topic; empty: a topic"),
    "image_topic": (
        "",
        f"images to listen to, .../compressed too; empty: {IMAGE_TOPIC}; of a bag: "
        "the topic in it; empty: the only one",
    ),
    "camera_info_topic": (CAMERA_INFO_TOPIC, "camera_info that belongs to image_topic"),
}
PLAYBACK_ARGUMENTS = {
    "rate": ("", "times real time; 0 = as fast as the nodes follow; empty: that of the parameters"),
    "loop": ("", "begin a recording anew at its end; empty: that of the parameters"),
}


def declare(arguments: dict[str, tuple[str, str]]) -> list[DeclareLaunchArgument]:
    """Return launch arguments from names, defaults and descriptions."""
    return [
        DeclareLaunchArgument(name, default_value=default, description=description)
        for name, (default, description) in arguments.items()
    ]


def text(context: LaunchContext, name: str) -> str:
    """Return the value of a launch argument."""
    return str(LaunchConfiguration(name).perform(context))


def optional_flag(context: LaunchContext, name: str) -> bool | None:
    """Return a launch argument as a truth value; None where it is empty."""
    return flag(context, name) if text(context, name) else None


def flag(context: LaunchContext, name: str) -> bool:
    """Return a launch argument as a truth value.

    Raises:
        ValueError: it is neither a word for true nor for false.
    """
    value = text(context, name).lower()
    if value not in TRUE_WORDS + FALSE_WORDS:
        raise ValueError(f"{name}:={value} is not allowed; allowed are true and false")
    return value in TRUE_WORDS


def chosen_source(context: LaunchContext) -> Source:
    """Return the source that the arguments name.

    Raises:
        SourceError: it does not exist.
    """
    named, topic = text(context, "source"), text(context, "image_topic")
    if named:
        return select_source(named, topic)
    topic = topic or IMAGE_TOPIC
    return Source(SourceKind.TOPIC, topic, compressed=topic.endswith("/compressed"))


def graph_actions(context: LaunchContext, specs: Sequence[NodeSpec]) -> list[Any]:
    """Return the actions that start a graph; the launch ends when any node of it ends."""
    profile = str(share_dir("apsa_perception") / "config" / "fastdds.xml")
    respawn = flag(context, "use_respawn")
    params_file = text(context, "params_file")
    actions: list[Any] = [
        SetEnvironmentVariable(name, os.environ.get(name, default))
        for name, default in (
            ("ROS_AUTOMATIC_DISCOVERY_RANGE", "LOCALHOST"),
            ("FASTRTPS_DEFAULT_PROFILES_FILE", profile),
            ("PYTHONUNBUFFERED", "1"),
        )
    ]
    actions += [
        Node(
            package=spec.package,
            executable=spec.executable,
            name=spec.executable,
            namespace=text(context, "namespace"),
            parameters=[*([params_file] if params_file else []), spec.parameters],
            remappings=list(spec.remappings.items()),
            arguments=["--ros-args", "--log-level", text(context, "log_level")],
            output="screen",
            respawn=respawn,
            respawn_delay=2.0,
            on_exit=None if respawn else Shutdown(reason=f"{spec.executable} ended"),
        )
        for spec in specs
    ]
    return actions
