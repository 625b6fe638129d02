"""Camera to errors without feedback, for integrators who bring their own."""

from launch.actions import OpaqueFunction

from apsa_perception.bringup.graph import chosen_source, perception_graph, perception_options
from apsa_perception.bringup.launching import declare, graph_actions, values_of
from apsa_perception.bringup.node_settings import NODES
from apsa_perception.bringup.options import OPTIONS, PERCEPTION, options_for
from launch import LaunchContext, LaunchDescription

CHOICES = options_for(OPTIONS, PERCEPTION)


def start(context: LaunchContext) -> list:
    """Return the nodes that the arguments ask for."""
    values = values_of(context, CHOICES)
    options = perception_options(values, chosen_source(values))
    return graph_actions(values, perception_graph(options, {}), NODES)


def generate_launch_description() -> LaunchDescription:
    """Return the description."""
    return LaunchDescription([*declare(CHOICES), OpaqueFunction(function=start)])
