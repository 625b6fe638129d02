"""The whole coach. Without arguments it listens to /camera/image_raw."""

from launch.actions import OpaqueFunction

from apsa_feedback.bringup.launching import (
    OUTPUT_ARGUMENTS,
    RECORD_ARGUMENTS,
    coach_actions,
    record_action,
)
from apsa_perception.bringup.launching import (
    COMMON_ARGUMENTS,
    PLAYBACK_ARGUMENTS,
    SOURCE_ARGUMENTS,
    chosen_source,
    declare,
)
from launch import LaunchContext, LaunchDescription


def start(context: LaunchContext) -> list:
    """Return the nodes that the arguments ask for."""
    return [*coach_actions(context, chosen_source(context)), *record_action(context)]


def generate_launch_description() -> LaunchDescription:
    """Return the description."""
    arguments = {
        **SOURCE_ARGUMENTS,
        **PLAYBACK_ARGUMENTS,
        **COMMON_ARGUMENTS,
        **OUTPUT_ARGUMENTS,
        **RECORD_ARGUMENTS,
    }
    return LaunchDescription([*declare(arguments), OpaqueFunction(function=start)])
