"""Latency of the coach: the time from the camera_info of a frame to its live errors."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from apsa_msgs.msg import ExerciseErrorArray
from rclpy.node import Node
from rclpy.qos import QoSProfile, ReliabilityPolicy
from sensor_msgs.msg import CameraInfo

from apsa_perception.ros.conversion import to_ns
from apsa_perception.ros.qos import RESULTS

_KEPT_STAMPS = 300


@dataclass
class Probe:
    """Times of the frames that were offered, and latencies in seconds by their time of arrival."""

    offered: list[float] = field(default_factory=list)
    arrivals: list[tuple[float, float]] = field(default_factory=list)
    began: dict[int, float] = field(default_factory=dict)

    def frame(self, message: CameraInfo) -> None:
        """Note when a frame was published."""
        now = time.monotonic()
        self.offered.append(now)
        self.began[to_ns(message.header.stamp)] = now
        while len(self.began) > _KEPT_STAMPS:
            del self.began[next(iter(self.began))]

    def listen(self, node: Node) -> None:
        """Hear the frames and the errors of the coach in the node's namespace."""
        every_frame = QoSProfile(depth=_KEPT_STAMPS, reliability=ReliabilityPolicy.BEST_EFFORT)
        node.create_subscription(CameraInfo, "camera_info", self.frame, every_frame)
        node.create_subscription(ExerciseErrorArray, "errors", self.errors, RESULTS)

    def errors(self, message: ExerciseErrorArray) -> None:
        """Take the live errors of a frame."""
        if message.scope != ExerciseErrorArray.LIVE:
            return
        began, now = self.began.pop(to_ns(message.header.stamp), None), time.monotonic()
        if began is not None:
            self.arrivals.append((now, now - began))


def percentiles(seconds: Sequence[float]) -> dict[str, float]:
    """Return median and 95th percentile in milliseconds."""
    low, high = np.percentile(np.asarray(seconds) * 1e3, [50, 95])
    return {"median_ms": round(float(low), 2), "p95_ms": round(float(high), 2)}
