"""The whole coach. Without arguments it subscribes to /camera/image_raw."""

from launch.actions import OpaqueFunction

from apsa_feedback.bringup.launching import coach_actions, record_action
from apsa_feedback.bringup.options import OPTIONS
from apsa_perception.bringup.graph import chosen_source
from apsa_perception.bringup.launching import declare, values_of
from apsa_perception.bringup.options import COACH, options_for
from launch import LaunchContext, LaunchDescription

CHOICES = options_for(OPTIONS, COACH)


def start(context: LaunchContext) -> list:
    """Return the nodes that the arguments ask for."""
    values = values_of(context, CHOICES)
    return [*coach_actions(values, chosen_source(values)), *record_action(values)]


def generate_launch_description() -> LaunchDescription:
    """Return the description."""
    return LaunchDescription([*declare(CHOICES), OpaqueFunction(function=start)])
