"""Which nodes make up the suite: read by the launch files and by the composed runner."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from apsa_perception.sources.select import Source, SourceKind

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
    """What a user chooses; None and empty strings leave the value of the parameter files.

    Attributes:
        source: recording or camera that this graph itself publishes, or an image topic.
        camera_info_topic: used where the source is a topic.
        exercise: name of the exercise.
        person: pseudonym of the exerciser.
        rate: times real time for recordings; 0 = as fast as consumers follow.
        loop: begin a recording anew at its end.
        use_sim_time: nodes follow /clock.
    """

    source: Source
    camera_info_topic: str = CAMERA_INFO_TOPIC
    exercise: str = ""
    person: str = ""
    rate: float | None = None
    loop: bool | None = None
    use_sim_time: bool = False


def awaiting(subscribers: Mapping[str, int]) -> dict[str, Any]:
    """Return the parameter that makes a node wait for the subscribers of its topics."""
    return {"consumers": [f"{topic}={count}" for topic, count in sorted(subscribers.items())]}


def perception_graph(options: PerceptionOptions, watchers: Mapping[str, int]) -> list[NodeSpec]:
    """Return the nodes from source to assessment, consumers first.

    Args:
        options: the user's choices.
        watchers: number of subscribers outside this graph by topic, which the nodes wait for.
    """
    source = options.source
    plays = source.kind is not SourceKind.TOPIC
    common = {"use_sim_time": True} if options.use_sim_time else {}
    chosen = {"exercise": options.exercise, "person": options.person}
    chosen = {name: value for name, value in chosen.items() if value}
    told = ("quality", "repetitions", "session")
    judged = {name: watchers[name] for name in told if name in watchers}
    # A source that plays a recording hears of each frame that has been judged.
    judged["errors"] = watchers.get("errors", 0) + plays
    skeletons = {"skeletons": watchers.get("skeletons", 0) + 1}
    nodes = [
        NodeSpec(
            "apsa_perception",
            "assessment_node",
            "AssessmentNode",
            {**common, **chosen, **awaiting(judged)},
        )
    ]
    if not source.has_skeletons:
        nodes.append(_pose_node(options, {**common, **awaiting(skeletons)}))
    if plays:
        played = skeletons if source.has_skeletons else {"image": 1}
        nodes.append(_source_node(options, {**common, **awaiting(played)}))
    return nodes


def _source_node(options: PerceptionOptions, common: dict[str, Any]) -> NodeSpec:
    source = options.source
    is_bag = source.kind is SourceKind.BAG
    rate = None if options.rate is None else float(options.rate)
    chosen = {"rate": rate, "loop": options.loop, "image_topic": source.image_topic or None}
    return NodeSpec(
        "apsa_perception",
        "bag_source" if is_bag else "video_source",
        "BagSource" if is_bag else "VideoSource",
        {**common, "source": source.path}
        | {name: value for name, value in chosen.items() if value is not None},
    )


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
