"""Which nodes make up the suite: read by the launch files and by the composed runner."""

from dataclasses import dataclass, field
from typing import Any

from apsa_perception.sources.select import Source, SourceKind

NAMESPACE = "apsa"
IMAGE_TOPIC = "/camera/image_raw"
CAMERA_INFO_TOPIC = "/camera/camera_info"


@dataclass(frozen=True)
class NodeSpec:
    """One node: where its code is, and how it is set up."""

    package: str
    executable: str
    class_name: str
    parameters: dict[str, Any] = field(default_factory=dict)
    remappings: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PerceptionOptions:
    """What a user chooses; empty strings leave the value of the parameter files.

    Attributes:
        source: recording or camera that this graph itself publishes, or an image topic.
        camera_info_topic: used where the source is a topic.
        exercise: name of the exercise.
        rate: times real time for recordings; 0 = as fast as consumers follow.
        loop: begin a recording anew at its end.
        use_sim_time: nodes follow /clock.
    """

    source: Source
    camera_info_topic: str = CAMERA_INFO_TOPIC
    exercise: str = ""
    rate: float = 1.0
    loop: bool = False
    use_sim_time: bool = False


def perception_graph(options: PerceptionOptions, watchers: dict[str, int]) -> list[NodeSpec]:
    """Return the nodes from source to assessment, consumers first.

    Args:
        options: the user's choices.
        watchers: subscribers outside this graph, by topic, that a recording waits for.
    """
    source = options.source
    common = {"use_sim_time": True} if options.use_sim_time else {}
    exercise = {"exercise": options.exercise} if options.exercise else {}
    nodes = [
        NodeSpec("apsa_perception", "assessment_node", "AssessmentNode", {**common, **exercise})
    ]
    consumers = dict(watchers)
    consumers["skeletons"] = consumers.get("skeletons", 0) + 1
    consumers["errors"] = consumers.get("errors", 0) + 1
    if not source.has_skeletons:
        nodes.append(_pose_node(options, common))
        consumers["image"] = consumers.get("image", 0) + 1
    else:
        consumers.pop("image", None)
    if source.kind is SourceKind.TOPIC:
        return nodes
    playback = {
        **common,
        "source": source.path,
        "rate": float(options.rate),
        "loop": options.loop,
        "consumers": [f"{topic}={count}" for topic, count in sorted(consumers.items())],
    }
    if source.kind is SourceKind.BAG:
        nodes.append(NodeSpec("apsa_perception", "bag_source", "BagSource", playback))
    else:
        nodes.append(NodeSpec("apsa_perception", "video_source", "VideoSource", playback))
    return nodes


def _pose_node(options: PerceptionOptions, common: dict[str, Any]) -> NodeSpec:
    source = options.source
    remappings = {}
    if source.kind is SourceKind.TOPIC:
        remappings = {"image": source.path, "camera_info": options.camera_info_topic}
    transport = "compressed" if source.compressed else "raw"
    return NodeSpec(
        "apsa_perception",
        "pose_node",
        "PoseNode",
        {**common, "image_transport": transport},
        remappings,
    )
