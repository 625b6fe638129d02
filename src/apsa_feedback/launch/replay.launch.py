"""A rosbag2 bag with images or skeletons through the same nodes; every replay is the same."""

from launch.actions import OpaqueFunction

from apsa_feedback.bringup.launching import coach_actions
from apsa_feedback.bringup.options import OPTIONS
from apsa_perception.bringup.launching import declare, values_of
from apsa_perception.bringup.options import REPLAY, options_for
from apsa_perception.sources.select import select_recording
from launch import LaunchContext, LaunchDescription

CHOICES = options_for(OPTIONS, REPLAY)


def start(context: LaunchContext) -> list:
    """Return the nodes that the arguments ask for."""
    values = values_of(context, CHOICES)
    return coach_actions(values, select_recording(values["bag"], values["image_topic"]))


def generate_launch_description() -> LaunchDescription:
    """Return the description."""
    return LaunchDescription([*declare(CHOICES), OpaqueFunction(function=start)])
