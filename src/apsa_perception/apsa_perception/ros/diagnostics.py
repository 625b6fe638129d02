"""Counters of a node, published on /diagnostics once a second."""

from collections import Counter

from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus, KeyValue
from rclpy.clock import Clock, ClockType
from rclpy.event_handler import PublisherEventCallbacks
from rclpy.node import Node

LASTING_FAILURES = 10
"""Failures of a callback in a row, without a success, that are shown as an error."""


class Diagnostics:
    """Counts what a node processed and dropped.

    Dropped input and failed callbacks raise the level to WARN, a callback that only fails to ERROR.
    """

    def __init__(self, node: Node) -> None:
        self._node = node
        self._counts: Counter[str] = Counter()
        self._drops: Counter[str] = Counter()
        self._dropped_before = 0
        self._failures: Counter[str] = Counter()
        self._failing: Counter[str] = Counter()
        self._values: dict[str, str] = {}
        self._publisher = node.create_publisher(
            DiagnosticArray,
            "/diagnostics",
            10,
            event_callbacks=PublisherEventCallbacks(use_default_callbacks=False),
        )
        self._timer = node.create_timer(
            1.0, self._publish, clock=Clock(clock_type=ClockType.STEADY_TIME)
        )

    def count(self, what: str) -> None:
        """Count processed input."""
        self._counts[what] += 1

    def show(self, key: str, value: object) -> None:
        """Publish a value until it is replaced."""
        self._values[key] = str(value)

    def drop(self, reason: str, sentence: str) -> None:
        """Count dropped input and log the sentence at most every five seconds."""
        self._drops[reason] += 1
        self._node.get_logger().warning(sentence, throttle_duration_sec=5.0)

    def dropped(self, reason: str) -> int:
        """Return how often input was dropped for this reason."""
        return self._drops[reason]

    def failed(self, name: str) -> None:
        """Count a failed callback."""
        self._failures[name] += 1
        self._failing[name] += 1

    def succeeded(self, name: str) -> None:
        """Note that a callback works, or works again."""
        self._failing.pop(name, None)

    def failures(self, name: str) -> int:
        """Return how often a callback failed."""
        return self._failures[name]

    @property
    def lasting_failures(self) -> list[str]:
        """Callbacks that failed so often in a row that it is an error."""
        return sorted(n for n, count in self._failing.items() if count >= LASTING_FAILURES)

    def _publish(self) -> None:
        dropped = sum(self._drops.values()) + sum(self._failures.values())
        recent = dropped - self._dropped_before
        self._dropped_before = dropped
        status = DiagnosticStatus(
            name=self._node.get_fully_qualified_name(),
            hardware_id="none",
            level=DiagnosticStatus.WARN if recent else DiagnosticStatus.OK,
            message=f"{recent} messages dropped in the last second" if recent else "running",
        )
        if lasting := self.lasting_failures:
            status.level = DiagnosticStatus.ERROR
            status.message = f"fails every time: {', '.join(lasting)}"
        pairs = [*self._values.items()]
        pairs += [(name, str(count)) for name, count in sorted(self._counts.items())]
        pairs += [(f"dropped: {name}", str(count)) for name, count in sorted(self._drops.items())]
        pairs += [(f"failed: {name}", str(count)) for name, count in sorted(self._failures.items())]
        status.values = [KeyValue(key=key, value=value) for key, value in pairs]
        message = DiagnosticArray(status=[status])
        message.header.stamp = self._node.get_clock().now().to_msg()
        self._publisher.publish(message)
