"""The coach as launch actions; used by the launch files alone."""

from typing import Any

from launch.actions import ExecuteProcess

from apsa_feedback.bringup.graph import CoachOptions, coach_graph, outputs_from, rate_from
from apsa_perception.bringup.graph import CAMERA_INFO_TOPIC, IMAGE_TOPIC, PerceptionOptions
from apsa_perception.bringup.launching import flag, graph_actions, optional_flag, text
from apsa_perception.sources.select import Source
from launch import LaunchContext

OUTPUT_ARGUMENTS = {
    "outputs": ("", "comma-separated: screen, speech, robot, none; empty: those of the parameters"),
    "json": ("", "file for the results as one JSON object a line"),
    "report": ("", "folder for a report of each session; empty: that of the parameters"),
    "person": ("", "pseudonym, for own ranges and reports; empty: that of the parameters"),
}
RECORD_ARGUMENTS = {
    "record": ("", "folder for a rosbag2 recording of skeletons and results; empty: none"),
    "record_images": ("false", "record the images too"),
}
RECORDED = ("skeletons", "detections", "errors", "quality", "repetitions", "session", "cue")


def coach_actions(context: LaunchContext, source: Source) -> list[Any]:
    """Return the actions that start the whole coach."""
    given = context.launch_configurations
    options = CoachOptions(
        perception=PerceptionOptions(
            source=source,
            camera_info_topic=given.get("camera_info_topic", CAMERA_INFO_TOPIC),
            exercise=text(context, "exercise"),
            person=text(context, "person"),
            rate=rate_from(text(context, "rate")),
            loop=optional_flag(context, "loop"),
            use_sim_time=flag(context, "use_sim_time"),
        ),
        outputs=outputs_from(text(context, "outputs")),
        json=text(context, "json"),
        report=text(context, "report"),
    )
    return graph_actions(context, coach_graph(options))


def record_action(context: LaunchContext) -> list[Any]:
    """Return the recorder that the arguments ask for."""
    folder = text(context, "record")
    if not folder:
        return []
    namespace = text(context, "namespace").strip("/")
    topics = [f"/{namespace}/{topic}" for topic in RECORDED]
    if flag(context, "record_images"):
        topics += [text(context, "image_topic") or IMAGE_TOPIC, f"/{namespace}/image"]
    return [ExecuteProcess(cmd=["ros2", "bag", "record", "-o", folder, *topics], output="screen")]
