"""Whether a page asks about the last set after the end, for which a recording waits."""

import math
import time
from collections.abc import Callable
from typing import Any

from std_msgs.msg import Bool

from apsa_perception.model.codes import RatingState, SessionState
from apsa_perception.model.results import SessionStatus
from apsa_perception.ros.qos import LATCHED, publisher

_COMES_BACK_S = 5.0
"""So long a page that was closed may only have been reloaded, or its phone asleep."""


class LastQuestions:
    """Publishes ``asking`` (latched): somebody is asked who can answer, and the answer is stored.

    Args:
        node: lifecycle node that publishes.
        can_answer: whether a page is open that asks.
        stored: whether answers are stored, in the report of the set.
    """

    def __init__(self, node: Any, can_answer: Callable[[], bool], stored: bool) -> None:
        self._node = node
        self._publisher = publisher(node, Bool, "asking", LATCHED)
        self._can_answer = can_answer
        self._stored = stored
        self._open = False
        self._asking = False
        self._answerable_at = -math.inf

    def take(self, session: SessionStatus) -> None:
        """Take a state of the session."""
        asked = session.rating.state is RatingState.ASKED
        self._open = session.state is SessionState.CLOSED and asked
        self.update()

    def update(self) -> None:
        """Publish, if a page was opened or closed since."""
        now = time.monotonic()
        if self._can_answer():
            self._answerable_at = now
        there = now - self._answerable_at < _COMES_BACK_S
        asking = self._stored and self._open and there
        if asking != self._asking:
            self._asking = asking
            self._publisher.publish(Bool(data=asking))

    def close(self) -> None:
        """Destroy the publisher."""
        self._node.destroy_lifecycle_publisher(self._publisher)
