"""What the feedback node receives: skeletons and results, as events."""

from collections.abc import Callable
from typing import Any

from apsa_msgs.msg import Session, SkeletonArray
from rclpy.subscription import Subscription

from apsa_feedback.nodes.result_topics import RESULT_TOPICS
from apsa_feedback.stream.events import Received, Result, SkeletonFrame, is_live
from apsa_perception.ros.journal import Journal
from apsa_perception.ros.lifecycle import CoachNode
from apsa_perception.ros.qos import EVERY_LATCHED, RESULTS, subscription
from apsa_perception.ros.skeleton_bytes import SkeletonReader


class EventReceiver:
    """Converts messages to events; those that are not usable are dropped and counted.

    Args:
        node: the node that subscribes.
        journal: keeps all results but live errors.
        take: takes each event, and the frame of its message.
    """

    def __init__(
        self, node: CoachNode, journal: Journal, take: Callable[[Received, str], None]
    ) -> None:
        self._node = node
        self._journal = journal
        self._take = take
        self._reader = SkeletonReader(lambda why: node.diagnostics.drop("bodies", why))

    def subscribe(self) -> list[Subscription]:
        """Return the subscriptions; the caller destroys them."""
        skeletons = subscription(
            self._node, SkeletonArray, "skeletons", self._on_skeletons, RESULTS, serialized=True
        )
        results = [
            subscription(
                self._node,
                kind,
                topic,
                self._receiver(topic, convert),
                EVERY_LATCHED if kind is Session else RESULTS,
            )
            for topic, (kind, convert) in RESULT_TOPICS.items()
        ]
        return [skeletons, *results]

    def _receiver(self, topic: str, convert: Callable[[Any], Result]) -> Callable[[Any], None]:
        def receive(message: Any) -> None:
            try:
                event = convert(message)
            except ValueError as error:
                self._drop(topic, error)
                return
            if not is_live(event):
                self._journal.add(topic, message)
            self._hand_on(topic, event, message.header.frame_id)

        return receive

    def _on_skeletons(self, data: bytes) -> None:
        try:
            stamp_ns, skeletons, frame_id, image_size = self._reader.read(data)
        except ValueError as error:
            self._drop("skeletons", error)
            return
        self._hand_on("skeletons", SkeletonFrame(stamp_ns, tuple(skeletons), image_size), frame_id)

    def _hand_on(self, topic: str, event: Received, frame_id: str) -> None:
        self._node.diagnostics.count(topic)
        self._take(event, frame_id)

    def _drop(self, topic: str, error: ValueError) -> None:
        self._node.diagnostics.drop(topic, f"a message on {topic} is not usable: {error}")
