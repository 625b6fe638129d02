"""Generates the SROS2 policy from what the nodes publish, subscribe, offer and call.

    python tools/security_policy.py

Every node is started alone, with all that it can have: the robot output, the parameters, the
lifecycle. An enclave for each; ``operator`` may read everything and control the session.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import rclpy
from rclpy.parameter import Parameter

from apsa_feedback.nodes.console_node import ConsoleNode
from apsa_feedback.nodes.feedback_node import FeedbackNode
from apsa_feedback.nodes.robot_simulator import RobotSimulator
from apsa_perception.bringup.options import CAMERA_INFO_TOPIC, IMAGE_TOPIC
from apsa_perception.nodes.assessment_node import AssessmentNode
from apsa_perception.nodes.bag_source import ENDPOINTS
from apsa_perception.nodes.humans_node import BODIES, BODY_TOPICS, HumansNode
from apsa_perception.nodes.pose_node import PoseNode
from apsa_perception.nodes.video_source import VideoSource
from apsa_perception.ros.lifecycle import CoachNode
from apsa_perception.ros.node_settings import NAMESPACE
from apsa_perception.ros.process import prepare_middleware

POLICY = Path("src/apsa_feedback/config/sros2/coach.policy.xml")
_ACTION = "/_action/"
_IMAGES = (IMAGE_TOPIC, f"{IMAGE_TOPIC}/compressed")


@dataclass
class Access:
    """Names that a node may use."""

    publish: set[str] = field(default_factory=set)
    subscribe: set[str] = field(default_factory=set)
    reply: set[str] = field(default_factory=set)
    request: set[str] = field(default_factory=set)


def started(root: Path) -> list[tuple[type[CoachNode], dict[str, Any]]]:
    """The nodes, and the parameters with which each has all its topics."""
    return [
        (VideoSource, {"source": str(root / "samples" / "squat.mp4"), "consumers": ["image=none"]}),
        (PoseNode, {}),
        (HumansNode, {}),
        (AssessmentNode, {"model": "none"}),
        (FeedbackNode, {"outputs": ["robot"]}),
        (ConsoleNode, {}),
        (RobotSimulator, {}),
    ]


def accesses(root: Path) -> dict[str, Access]:
    """Return what each node uses, by its name."""
    found = {}
    for kind, parameters in started(root):
        with _running(kind, parameters) as node:
            found[kind.NAME] = _access(node)
    _add_what_is_used_at_times(found)
    return found


@contextmanager
def _running(kind: type[CoachNode], parameters: dict[str, Any]) -> Iterator[CoachNode]:
    overrides = [Parameter(name, value=value) for name, value in parameters.items()]
    node = kind(namespace=NAMESPACE, parameter_overrides=overrides)
    try:
        node.start()
        yield node
    finally:
        node.trigger_shutdown()
        node.destroy_node()


def _access(node: CoachNode) -> Access:
    own = (node.get_name(), node.get_namespace())
    return Access(
        *(
            {name for name, _ in look_up(*own)}
            for look_up in (
                node.get_publisher_names_and_types_by_node,
                node.get_subscriber_names_and_types_by_node,
                node.get_service_names_and_types_by_node,
                node.get_client_names_and_types_by_node,
            )
        )
    )


def _add_what_is_used_at_times(found: dict[str, Access]) -> None:
    """Add the topics of a source while it plays, of a screen, and of launch arguments."""
    found["video_source"].subscribe |= {f"/{NAMESPACE}/errors", f"/{NAMESPACE}/dropped"}
    video = found["video_source"]
    played = {f"/{NAMESPACE}/{topic}" for _, topic, _ in ENDPOINTS.values()}
    found["bag_source"] = Access(
        *(
            {name.replace("/video_source/", "/bag_source/") for name in names}
            for names in (video.publish | played, video.subscribe, video.reply, video.request)
        )
    )
    found["feedback_node"].subscribe |= {f"/{NAMESPACE}/image", *_IMAGES}
    found["pose_node"].subscribe |= {*_IMAGES, CAMERA_INFO_TOPIC}
    found["humans_node"].subscribe |= {f"/{NAMESPACE}/image", *_IMAGES}
    found["humans_node"].publish |= {f"{BODIES}/*/{topic}" for topic in BODY_TOPICS}
    for access in found.values():
        access.subscribe.add("/clock")  # with use_sim_time


def policy(root: Path) -> str:
    """Return the policy."""
    found = accesses(root)
    published = {name for access in found.values() for name in access.publish}
    offered = {name for access in found.values() for name in access.reply}
    found["operator"] = Access(
        publish={"/rosout", "/parameter_events"}, subscribe=published, request=offered
    )
    document = ElementTree.Element("policy", version="0.2.0")
    contexts = ElementTree.SubElement(document, "contexts")
    for node, access in sorted(found.items()):
        context = ElementTree.SubElement(contexts, "context", path=f"/{NAMESPACE}/{node}")
        profiles = ElementTree.SubElement(context, "profiles")
        where = {"ns": f"/{NAMESPACE}", "node": node}
        _add_rules(ElementTree.SubElement(profiles, "profile", where), access)
    ElementTree.indent(document)
    text = ElementTree.tostring(document, encoding="unicode")
    comment = "<!-- Generated by tools/security_policy.py; docs/security.md explains its use. -->"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{comment}\n{text}\n'


def _add_rules(profile: ElementTree.Element, access: Access) -> None:
    rules = [
        ("topic", "publish", access.publish),
        ("topic", "subscribe", access.subscribe),
        ("service", "reply", access.reply),
        ("service", "request", access.request),
        ("action", "execute", access.reply),
        ("action", "call", access.request),
    ]
    for kind, verb, names in rules:
        if kind == "action":
            chosen = {name.partition(_ACTION)[0] for name in names if _ACTION in name}
        else:
            chosen = {name for name in names if _ACTION not in name}
        if chosen:
            group = ElementTree.SubElement(profile, f"{kind}s", {verb: "ALLOW"})
            for name in sorted(chosen):
                ElementTree.SubElement(group, kind).text = name


def main() -> None:
    """Write the policy."""
    root = Path(__file__).resolve().parents[1]
    prepare_middleware()
    rclpy.init()
    text = policy(root)
    rclpy.shutdown()
    (root / POLICY).parent.mkdir(exist_ok=True)
    (root / POLICY).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
