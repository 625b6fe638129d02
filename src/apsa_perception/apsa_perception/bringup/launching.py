"""The graph as launch actions, for the launch files."""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from launch.actions import DeclareLaunchArgument, SetEnvironmentVariable, Shutdown
from launch.substitutions import LaunchConfiguration
from launch_ros.actions import Node

from apsa_perception.bringup.graph import NodeSpec
from apsa_perception.bringup.options import Option, flag
from apsa_perception.model.paths import share_dir
from apsa_perception.ros.parameter_file import check_file
from launch import LaunchContext


def declare(options: Iterable[Option]) -> list[DeclareLaunchArgument]:
    """Return launch arguments for options."""
    return [
        DeclareLaunchArgument(one.name, default_value=one.default, description=one.help)
        for one in options
    ]


def values_of(context: LaunchContext, options: Iterable[Option]) -> dict[str, str]:
    """Return the values of launch arguments by the name of their option."""
    return {one.name: str(LaunchConfiguration(one.name).perform(context)) for one in options}


def graph_actions(
    values: Mapping[str, str], specs: Sequence[NodeSpec], nodes: Mapping[str, type]
) -> list[Any]:
    """Return the actions that start a graph; the launch ends when one of its nodes ends.

    Args:
        values: values of the options by name.
        specs: the nodes.
        nodes: settings data classes of all nodes that the parameter file may be for, by name.

    Raises:
        ParameterError: the parameter file has a misspelt name.
    """
    profile = str(share_dir("apsa_perception") / "config" / "fastdds.xml")
    respawn = bool(flag(values, "use_respawn"))
    params_file = values["params_file"]
    if params_file:
        check_file(Path(params_file), nodes)
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
            namespace=values["namespace"],
            parameters=[*([params_file] if params_file else []), spec.parameters],
            remappings=list(spec.remappings.items()),
            arguments=["--ros-args", "--log-level", values["log_level"]],
            output="screen",
            respawn=respawn,
            respawn_delay=2.0,
            on_exit=None if respawn else Shutdown(reason=f"{spec.executable} ended"),
        )
        for spec in specs
    ]
    return actions
