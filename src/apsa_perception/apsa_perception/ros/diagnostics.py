"""Counters of a node, published on /diagnostics once a second."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus, KeyValue
from rclpy.clock import Clock, ClockType
from rclpy.event_handler import PublisherEventCallbacks
from rclpy.node import Node

from apsa_perception.imaging.clock_offset import RECORDED_S
from apsa_perception.model.time import to_seconds

LASTING_FAILURES = 10
"""Failures of a callback in a row, without a success, that are shown as an error."""

SILENCE_S = 2.0
"""Seconds without expected input that are shown as a warning."""


@dataclass
class _Input:
    """What arrived of one kind: seconds are of the monotonic clock."""

    count: int = 0
    published: int = 0
    last_s: float = field(default_factory=time.monotonic)
    age_s: float | None = None


class Diagnostics:
    """Counts what a node processed and dropped, with rates and ages.

    Dropped input, failed callbacks, missing input and what ``watch`` finds raise the level to WARN,
    a callback that only fails to ERROR.
    """

    def __init__(self, node: Node) -> None:
        self._node = node
        self._inputs: dict[str, _Input] = {}
        self._expected: str | None = None
        self._watched: Callable[[], str] | None = None
        self._drops: Counter[str] = Counter()
        self._drops_before: Counter[str] = Counter()
        self._last_drop = ""
        self._failures: Counter[str] = Counter()
        self._failing: Counter[str] = Counter()
        self._values: dict[str, str] = {}
        self._published_s = time.monotonic()
        self._publisher = node.create_publisher(
            DiagnosticArray,
            "/diagnostics",
            10,
            event_callbacks=PublisherEventCallbacks(use_default_callbacks=False),
        )
        self._timer = node.create_timer(
            1.0, self._publish, clock=Clock(clock_type=ClockType.STEADY_TIME)
        )

    def count(self, what: str, stamp_ns: int | None = None) -> None:
        """Count processed input.

        Args:
            what: kind of input, such as ``images``.
            stamp_ns: its stamp, if its age is of interest.
        """
        self.arrived(what, stamp_ns)
        self._inputs[what].count += 1

    def arrived(self, what: str, stamp_ns: int | None = None) -> None:
        """Note input that may be dropped yet; arguments as for ``count``."""
        entry = self._inputs.setdefault(what, _Input())
        entry.last_s = time.monotonic()
        if stamp_ns is not None:
            age_s = to_seconds(self._node.get_clock().now().nanoseconds - stamp_ns)
            entry.age_s = age_s if 0.0 <= age_s < RECORDED_S else None

    def expect(self, what: str | None) -> None:
        """Warn from now on when this input is missing for ``SILENCE_S``; None: expect nothing."""
        self._expected = what
        if what is not None:
            self._inputs.setdefault(what, _Input()).last_s = time.monotonic()

    def watch(self, check: Callable[[], str] | None) -> None:
        """Warn with what a check returns, once a second, unless it is empty; None: no check."""
        self._watched = check

    def show(self, key: str, value: object) -> None:
        """Publish a value until it is replaced."""
        self._values[key] = str(value)

    def drop(self, reason: str, sentence: str) -> None:
        """Count dropped input and log the sentence at most every five seconds."""
        self._drops[reason] += 1
        self._last_drop = sentence
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
        level, text = self._level(self._watched() if self._watched else "")
        status = DiagnosticStatus(
            name=self._node.get_fully_qualified_name(),
            hardware_id="none",
            level=level,
            message=text,
            values=[KeyValue(key=key, value=value) for key, value in self._pairs()],
        )
        message = DiagnosticArray(status=[status])
        message.header.stamp = self._node.get_clock().now().to_msg()
        self._publisher.publish(message)

    def _level(self, warning: str) -> tuple[bytes, str]:
        """Level and sentence for what happened since the last message."""
        lost = self._drops + Counter({f"{name} failed": n for name, n in self._failures.items()})
        recent, self._drops_before = lost - self._drops_before, lost
        if lasting := self.lasting_failures:
            return DiagnosticStatus.ERROR, f"fails every time: {', '.join(lasting)}"
        if (silent_s := self._silence_s()) >= SILENCE_S:
            return DiagnosticStatus.WARN, f"no {self._expected} for {silent_s:.0f} s"
        if recent:
            causes = ", ".join(sorted(recent))
            total = sum(recent.values())
            return DiagnosticStatus.WARN, f"{total} messages dropped in the last second: {causes}"
        if warning:
            return DiagnosticStatus.WARN, warning
        return DiagnosticStatus.OK, "running"

    def _silence_s(self) -> float:
        if self._expected is None:
            return 0.0
        return time.monotonic() - self._inputs[self._expected].last_s

    def _pairs(self) -> list[tuple[str, str]]:
        now_s = time.monotonic()
        elapsed_s, self._published_s = max(now_s - self._published_s, 1e-3), now_s
        pairs = [*self._values.items()]
        for name, entry in sorted(self._inputs.items()):
            rate = (entry.count - entry.published) / elapsed_s
            entry.published = entry.count
            pairs += [
                (name, str(entry.count)),
                (f"{name} each second", f"{rate:.1f}"),
                (f"seconds since the last {name}", f"{now_s - entry.last_s:.1f}"),
            ]
            if entry.age_s is not None:
                pairs.append((f"age of the last {name} in seconds", f"{entry.age_s:.3f}"))
        pairs += [(f"dropped: {name}", str(count)) for name, count in sorted(self._drops.items())]
        if self._last_drop:
            pairs.append(("cause of the last drop", self._last_drop))
        pairs += [(f"failed: {name}", str(count)) for name, count in sorted(self._failures.items())]
        return pairs
