"""Images that are received only while somebody needs them."""

from collections.abc import Callable
from typing import Any

from rclpy.node import Node
from rclpy.subscription import Subscription

from apsa_perception.ros.image_conversion import IMAGE_TYPES
from apsa_perception.ros.qos import IMAGES, subscription


class ImagesOnDemand:
    """Subscribes to ``image`` and unsubscribes.

    Args:
        node: node to subscribe from.
        transport: image transport, a key of ``IMAGE_TYPES``.
        callback: takes each image.
    """

    def __init__(self, node: Node, transport: str, callback: Callable[[Any], None]) -> None:
        self._node = node
        self._kind = IMAGE_TYPES[transport]
        self._callback = callback
        self._subscription: Subscription | None = None

    def want(self, wanted: bool) -> None:
        """Receive images from now on, or receive none."""
        if wanted and self._subscription is None:
            self._subscription = subscription(
                self._node, self._kind, "image", self._callback, IMAGES
            )
        elif not wanted and self._subscription is not None:
            self._node.destroy_subscription(self._subscription)
            self._subscription = None
