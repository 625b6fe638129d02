"""The nodes of the suite: read by the launch files and by the composed runner."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from apsa_perception.bringup.options import (
    CAMERA_INFO_TOPIC,
    IMAGE_TOPIC,
    OptionError,
    flag,
    number,
)
from apsa_perception.sources.select import Source, SourceKind, select_source

RESPAWN_DELAY_S = 0.5
"""Pause before a node that crashed is started again: the launch handles the end of one that is not
to be started again, and the middleware of the others notices that the old process is gone."""


@dataclass(frozen=True)
class NodeSpec:
    """One node: its code, parameters and remappings.

    ``respawns``: whether it continues its work when it is started again after a crash; a recording
    would start from its beginning.
    """

    package: str
    executable: str
    class_name: str
    parameters: dict[str, Any] = field(default_factory=dict)
    remappings: dict[str, str] = field(default_factory=dict)
    respawns: bool = True


@dataclass(frozen=True)
class PerceptionOptions:
    """Choices of a user; None and empty strings leave the value of the parameter files.

    Attributes:
        source: recording or camera that this graph publishes, or an image topic.
        camera_info_topic: used where the source is a topic.
        exercise: name of the exercise.
        programme: name of the programme, instead of one exercise.
        person: pseudonym of the exerciser.
        rate: times real time for recordings; 0: as fast as the nodes keep up.
        loop: start a recording again at its end.
        use_sim_time: nodes follow /clock.
        wait_until_ready: wait for the person at the start; None: with a camera device only,
            because a recording does not wait, and a topic may be played from one.
        pose: find the skeletons in this graph; else another machine publishes them.
        assessment: judge them in this graph; else another machine does.
        humans: publish the people in view by REP-155, too.
    """

    source: Source
    camera_info_topic: str = CAMERA_INFO_TOPIC
    exercise: str = ""
    programme: str = ""
    person: str = ""
    rate: float | None = None
    loop: bool | None = None
    use_sim_time: bool = False
    wait_until_ready: bool | None = None
    pose: bool = True
    assessment: bool = True
    humans: bool = False

    @property
    def waits(self) -> bool:
        """Whether a start waits until the person is ready."""
        if self.wait_until_ready is not None:
            return self.wait_until_ready
        return self.source.kind is SourceKind.DEVICE

    @property
    def live(self) -> bool:
        """Whether the person stands before the camera now, as far as the choices tell."""
        kind = self.source.kind
        return kind is SourceKind.DEVICE or (kind is SourceKind.TOPIC and self.waits)


def chosen_source(values: Mapping[str, str]) -> Source:
    """Return the source of the options ``source`` and ``image_topic``.

    Raises:
        SourceError: it does not exist.
    """
    topic = values.get("image_topic", "")
    if values.get("source"):
        return select_source(values["source"], topic)
    topic = topic or IMAGE_TOPIC
    return Source(SourceKind.TOPIC, topic, compressed=topic.endswith("/compressed"))


def perception_options(values: Mapping[str, str], source: Source) -> PerceptionOptions:
    """Return the choices from the values of options by name.

    Raises:
        OptionError: a value cannot be used.
    """
    pose = flag(values, "pose") is not False
    if not pose and source.kind is not SourceKind.TOPIC:
        raise OptionError(
            f"pose is false, but source is {source.path}; expected an image topic, "
            "or a source on the machine that finds the skeletons"
        )
    return PerceptionOptions(
        source=source,
        camera_info_topic=values.get("camera_info_topic", CAMERA_INFO_TOPIC),
        exercise=values.get("exercise", ""),
        programme=values.get("programme", ""),
        person=values.get("person", ""),
        rate=number(values, "rate"),
        loop=flag(values, "loop"),
        use_sim_time=bool(flag(values, "use_sim_time")),
        wait_until_ready=flag(values, "wait_until_ready"),
        pose=pose,
        assessment=flag(values, "assessment") is not False,
        humans=bool(flag(values, "humans")),
    )


def enclave(namespace: str, node: str) -> str:
    """Return the SROS2 enclave of a node; it has no effect while security is off."""
    return "/" + "/".join(filter(None, (namespace.strip("/"), node)))


def awaiting(subscribers: Mapping[str, Iterable[str]]) -> dict[str, Any]:
    """Return the parameter that makes a node wait for the nodes that subscribe to its topics."""
    entries = [f"{topic}={node}" for topic, nodes in subscribers.items() for node in nodes]
    return {"consumers": sorted(entries) or [""]}


def perception_graph(
    options: PerceptionOptions, watchers: Mapping[str, Sequence[str]]
) -> list[NodeSpec]:
    """Return the nodes from source to assessment, consumers first.

    Args:
        options: the user's choices.
        watchers: nodes outside this graph that subscribe, by topic; its nodes wait for them.
    """
    source = options.source
    plays = source.kind is not SourceKind.TOPIC
    player = (_player(source),) if plays else ()
    common = {"use_sim_time": True} if options.use_sim_time else {}
    chosen: dict[str, Any] = {
        "exercise": options.exercise,
        "programme": options.programme,
        "person": options.person,
    }
    chosen = {name: value for name, value in chosen.items() if value}
    if options.waits or options.wait_until_ready is not None:
        chosen["wait_until_ready"] = options.waits
    results = ("quality", "repetitions", "holds", "session")
    judged = {name: watchers[name] for name in results if name in watchers}
    # A source that plays a recording subscribes to the errors of each frame, or its drop.
    judged["errors"] = (*watchers.get("errors", ()), *player)
    assessed = ("assessment_node",) if options.assessment else ()
    skeletons = {"skeletons": (*watchers.get("skeletons", ()), *assessed)}
    dropped = {"dropped": player}
    nodes = []
    if options.humans:
        nodes.append(_image_subscriber("humans_node", "HumansNode", options, common))
    if options.assessment:
        awaited = awaiting({**judged, **dropped})
        nodes.append(
            NodeSpec(
                "apsa_perception",
                "assessment_node",
                "AssessmentNode",
                {**common, **chosen, **awaited},
            )
        )
    if options.pose and not source.has_skeletons:
        nodes.append(_pose_node(options, {**common, **awaiting({**skeletons, **dropped})}))
    if plays:
        played = skeletons if source.has_skeletons else {"image": ("pose_node",)}
        nodes.append(_source_node(options, {**common, **awaiting(played)}))
    return nodes


def _player(source: Source) -> str:
    """The name of the node that plays a recording or a camera."""
    return "bag_source" if source.kind is SourceKind.BAG else "video_source"


def _source_node(options: PerceptionOptions, common: dict[str, Any]) -> NodeSpec:
    source = options.source
    is_bag = source.kind is SourceKind.BAG
    rate = None if options.rate is None else float(options.rate)
    chosen = {"rate": rate, "loop": options.loop, "image_topic": source.image_topic or None}
    return NodeSpec(
        "apsa_perception",
        _player(source),
        "BagSource" if is_bag else "VideoSource",
        {**common, "source": source.path}
        | {name: value for name, value in chosen.items() if value is not None},
        respawns=source.kind is SourceKind.DEVICE,
    )


def _image_subscriber(
    name: str, class_name: str, options: PerceptionOptions, parameters: dict[str, Any]
) -> NodeSpec:
    source = options.source
    transport = "compressed" if source.compressed else "raw"
    return NodeSpec(
        "apsa_perception",
        name,
        class_name,
        {**parameters, "image_transport": transport},
        {"image": source.path} if source.kind is SourceKind.TOPIC else {},
    )


def _pose_node(options: PerceptionOptions, parameters: dict[str, Any]) -> NodeSpec:
    node = _image_subscriber("pose_node", "PoseNode", options, parameters)
    if options.source.kind is SourceKind.TOPIC:
        node.remappings["camera_info"] = options.camera_info_topic
    return node
