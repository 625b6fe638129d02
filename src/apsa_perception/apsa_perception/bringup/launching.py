"""The graph as launch actions, for the launch files."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ament_index_python.packages import PackageNotFoundError, get_package_prefix
from launch.actions import DeclareLaunchArgument, SetEnvironmentVariable
from launch.logging import get_logger
from launch.substitutions import LaunchConfiguration
from launch_ros.actions import Node

from apsa_perception.bringup.graph import RESPAWN_DELAY_S, NodeSpec, enclave
from apsa_perception.bringup.node_exits import NodeExits
from apsa_perception.bringup.options import Option, flag, log_level
from apsa_perception.model.paths import share_dir
from apsa_perception.model.suggestions import spelt_like
from apsa_perception.ros.interruption import LAUNCHED
from apsa_perception.ros.parameter_file import check_file, read_settings
from launch import LaunchContext

_AGGREGATOR = "diagnostic_aggregator"


def declare(options: Iterable[Option]) -> list[DeclareLaunchArgument]:
    """Return launch arguments for options."""
    return [
        DeclareLaunchArgument(one.name, default_value=one.default, description=one.help)
        for one in options
    ]


def values_of(context: LaunchContext, options: Iterable[Option]) -> dict[str, str]:
    """Return the values of launch arguments by the name of their option.

    ``ros2 launch`` ignores an argument that is not declared: one that seems misspelt is a warning.
    """
    names = [one.name for one in options]
    for given in sorted(set(context.launch_configurations) - set(names)):
        if meant := spelt_like(given, names):
            sentence = f"there is no launch argument {given}; did you mean {meant}?"
            get_logger("launch").warning(sentence)
    return {name: str(LaunchConfiguration(name).perform(context)) for name in names}


def graph_actions(
    values: Mapping[str, str], specs: Sequence[NodeSpec], nodes: Mapping[str, type]
) -> list[Any]:
    """Return the actions that start a graph.

    A node that crashes is started again and continues the session. The launch ends when a node ends
    as intended, or refuses to start.

    Args:
        values: values of the options by name.
        specs: the nodes.
        nodes: settings data classes of all nodes that the parameter file may be for, by name.

    Raises:
        ParameterError: the parameter file, or a value in it, cannot be used.
        OptionError: the value of an option cannot be used.
    """
    chosen = values["params_file"]
    if chosen:
        check_file(Path(chosen), nodes)
    settings: dict[str, Any] = {
        spec.executable: read_settings(
            nodes[spec.executable],
            spec.executable,
            Path(chosen) if chosen else None,
            spec.parameters,
        )
        for spec in specs
    }
    profile = str(share_dir("apsa_perception") / "config" / "fastdds.xml")
    state = tempfile.mkdtemp(prefix="apsa-")
    atexit.register(shutil.rmtree, state, ignore_errors=True)
    exits = NodeExits()
    actions: list[Any] = [
        SetEnvironmentVariable(name, os.environ.get(name, default))
        for name, default in (
            ("ROS_AUTOMATIC_DISCOVERY_RANGE", "LOCALHOST"),
            ("FASTRTPS_DEFAULT_PROFILES_FILE", profile),
            ("PYTHONUNBUFFERED", "1"),
            (LAUNCHED, str(os.getpid())),
        )
    ]
    for spec in specs:
        respawns = bool(flag(values, "use_respawn")) and spec.respawns
        needs_folder = getattr(settings[spec.executable], "state_dir", None) == ""
        kept = {"state_dir": state} if needs_folder else {}
        node = Node(
            package=spec.package,
            executable=spec.executable,
            name=spec.executable,
            namespace=values["namespace"],
            # One file of values, after the user's: rclpy goes by the first place of a node's name.
            parameters=[*([chosen] if chosen else []), {**kept, **spec.parameters}],
            remappings=list(spec.remappings.items()),
            arguments=[
                *("--ros-args", "--log-level", log_level(values)),
                *("--enclave", enclave(values["namespace"], spec.executable)),
            ],
            output="screen",
            respawn=respawns,
            respawn_delay=RESPAWN_DELAY_S,
            on_exit=exits.on_exit(spec.executable, respawns),
        )
        actions += [exits.watch(spec.executable, node), node]
    return [*actions, *aggregator_actions()]


def aggregator_actions() -> list[Any]:
    """Return the aggregator of /diagnostics, if it is installed."""
    try:
        get_package_prefix(_AGGREGATOR)
    except PackageNotFoundError:
        return []
    analyzers = share_dir("apsa_perception") / "config" / "diagnostics.yaml"
    return [
        Node(
            package=_AGGREGATOR,
            executable="aggregator_node",
            parameters=[str(analyzers)],
            output="screen",
        )
    ]
