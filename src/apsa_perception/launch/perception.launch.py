"""Camera to errors without feedback: for integrators who bring their own."""

from launch.actions import OpaqueFunction

from apsa_perception.bringup.graph import PerceptionOptions, perception_graph
from apsa_perception.bringup.launching import (
    COMMON_ARGUMENTS,
    SOURCE_ARGUMENTS,
    chosen_source,
    declare,
    flag,
    graph_actions,
    text,
)
from launch import LaunchContext, LaunchDescription


def start(context: LaunchContext) -> list:
    """Return the nodes that the arguments ask for."""
    options = PerceptionOptions(
        source=chosen_source(context),
        camera_info_topic=text(context, "camera_info_topic"),
        exercise=text(context, "exercise"),
        use_sim_time=flag(context, "use_sim_time"),
    )
    return graph_actions(context, perception_graph(options, {}))


def generate_launch_description() -> LaunchDescription:
    """Return the description."""
    arguments = declare({**SOURCE_ARGUMENTS, **COMMON_ARGUMENTS})
    return LaunchDescription([*arguments, OpaqueFunction(function=start)])
