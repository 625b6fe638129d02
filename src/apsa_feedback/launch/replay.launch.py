"""A rosbag2 bag with images or skeletons through the same nodes, with the same answer each time."""

from launch.actions import OpaqueFunction

from apsa_feedback.bringup.launching import OUTPUT_ARGUMENTS, coach_actions
from apsa_perception.bringup.launching import COMMON_ARGUMENTS, PLAYBACK_ARGUMENTS, declare, text
from apsa_perception.sources.select import select_source
from launch import LaunchContext, LaunchDescription

BAG_ARGUMENTS = {
    "bag": ("", "bag folder, .mcap file or .db3 file"),
    "image_topic": ("", "topic within the bag; empty: the only one there is"),
}


def start(context: LaunchContext) -> list:
    """Return the nodes that the arguments ask for."""
    return coach_actions(context, select_source(text(context, "bag"), text(context, "image_topic")))


def generate_launch_description() -> LaunchDescription:
    """Return the description."""
    arguments = {**BAG_ARGUMENTS, **PLAYBACK_ARGUMENTS, **COMMON_ARGUMENTS, **OUTPUT_ARGUMENTS}
    return LaunchDescription([*declare(arguments), OpaqueFunction(function=start)])
