"""Whether a page asks about the last set after the end, for which a recording waits."""

from collections.abc import Callable
from typing import Any

from std_msgs.msg import Bool

from apsa_perception.model.codes import RatingState, SessionState
from apsa_perception.model.results import SessionStatus
from apsa_perception.ros.qos import LATCHED, publisher


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

    def take(self, session: SessionStatus) -> None:
        """Take a state of the session."""
        asked = session.rating.state is RatingState.ASKED
        self._open = session.state is SessionState.CLOSED and asked
        self.update()

    def update(self) -> None:
        """Publish, if a page was opened or closed since."""
        asking = self._stored and self._open and self._can_answer()
        if asking != self._asking:
            self._asking = asking
            self._publisher.publish(Bool(data=asking))

    def close(self) -> None:
        """Destroy the publisher."""
        self._node.destroy_lifecycle_publisher(self._publisher)
