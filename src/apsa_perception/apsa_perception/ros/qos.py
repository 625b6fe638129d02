"""The QoS profiles of the suite, and endpoints that log how to fix a mismatch."""

from collections.abc import Callable
from typing import Any

from rclpy.event_handler import (
    PublisherEventCallbacks,
    QoSOfferedIncompatibleQoSInfo,
    QoSRequestedIncompatibleQoSInfo,
    SubscriptionEventCallbacks,
)
from rclpy.node import Node
from rclpy.publisher import Publisher
from rclpy.qos import (
    DurabilityPolicy,
    QoSProfile,
    ReliabilityPolicy,
    qos_policy_name_from_kind,
)
from rclpy.qos_overriding_options import QoSOverridingOptions
from rclpy.subscription import Subscription

IMAGES = QoSProfile(depth=1, reliability=ReliabilityPolicy.BEST_EFFORT)
"""Only the newest image matters; matches reliable and best-effort publishers."""

RESULTS = QoSProfile(depth=100, reliability=ReliabilityPolicy.RELIABLE)
"""No message is lost, even while a subscriber is busy for a second or two."""

LATCHED = QoSProfile(
    depth=1,
    reliability=ReliabilityPolicy.RELIABLE,
    durability=DurabilityPolicy.TRANSIENT_LOCAL,
)
"""Late subscribers receive the last message."""

EVERY_LATCHED = QoSProfile(
    depth=100,
    reliability=ReliabilityPolicy.RELIABLE,
    durability=DurabilityPolicy.TRANSIENT_LOCAL,
)
"""For subscribers of a latched topic that must miss no message while they are busy."""


def publisher(node: Any, message_type: type, topic: str, profile: QoSProfile) -> Publisher:
    """Create a lifecycle publisher whose QoS can be overridden by parameters."""
    resolved = node.resolve_topic_name(topic)

    def incompatible(info: QoSOfferedIncompatibleQoSInfo) -> None:
        node.get_logger().warning(
            f"a subscriber of {resolved} requests a QoS that this publisher does not offer "
            f"({qos_policy_name_from_kind(info.last_policy_kind)}); subscribe with reliability "
            f"{profile.reliability.name.lower()} and durability {profile.durability.name.lower()}, "
            f"or set qos_overrides.{resolved}.publisher.* of {node.get_name()}"
        )

    result: Publisher = node.create_lifecycle_publisher(
        message_type,
        topic,
        profile,
        event_callbacks=PublisherEventCallbacks(
            incompatible_qos=incompatible, use_default_callbacks=False
        ),
        qos_overriding_options=QoSOverridingOptions.with_default_policies(),
    )
    return result


def subscription(
    node: Node,
    message_type: type,
    topic: str,
    callback: Callable[[Any], None],
    profile: QoSProfile,
    serialized: bool = False,
) -> Subscription:
    """Create a subscription whose QoS can be overridden by parameters.

    Args:
        node: node to subscribe from.
        message_type: type of the messages.
        topic: name of the topic.
        callback: takes each message.
        profile: the QoS.
        serialized: whether the callback takes the bytes of a message instead.
    """
    resolved = node.resolve_topic_name(topic)

    def incompatible(info: QoSRequestedIncompatibleQoSInfo) -> None:
        node.get_logger().warning(
            f"a publisher of {resolved} does not offer the requested QoS "
            f"({qos_policy_name_from_kind(info.last_policy_kind)}): nothing arrives from it; "
            f"set qos_overrides.{resolved}.subscription.reliability to best_effort, "
            f"or .durability to volatile, for {node.get_name()}"
        )

    return node.create_subscription(
        message_type,
        topic,
        callback,
        profile,
        raw=serialized,
        event_callbacks=SubscriptionEventCallbacks(
            incompatible_qos=incompatible, use_default_callbacks=False
        ),
        qos_overriding_options=QoSOverridingOptions.with_default_policies(),
    )
