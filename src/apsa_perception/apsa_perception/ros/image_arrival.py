"""What happens to the images on their way to the pose node: a sentence for /diagnostics."""

import time

from rclpy.node import Node

from apsa_perception.imaging.clock_offset import RECORDED_S
from apsa_perception.imaging.frame_gaps import BUSY_SHARE, FrameGaps, loss_sentence
from apsa_perception.imaging.processor_wait import ProcessorWait
from apsa_perception.model.time import to_seconds
from apsa_perception.ros.diagnostics import Diagnostics

OWN_SOURCES = frozenset({"video_source", "bag_source"})
"""Nodes of the suite that play recordings and cameras; they have the DDS profile."""


class ImageArrival:
    """Notices images that were lost.

    Args:
        node: node that receives them.
        diagnostics: where the share of lost images is shown.
        topic: resolved name of their topic.
    """

    def __init__(self, node: Node, diagnostics: Diagnostics, topic: str) -> None:
        self._node = node
        self._diagnostics = diagnostics
        self._topic = topic
        self._gaps = FrameGaps()
        self._is_recorded = False
        self._busy_before = (time.monotonic(), 0.0)
        self._processor = ProcessorWait()

    def add(self, stamp_ns: int) -> None:
        """Take the stamp of an image that has arrived."""
        self._gaps.add(stamp_ns)
        age_s = to_seconds(self._node.get_clock().now().nanoseconds - stamp_ns)
        self._is_recorded = age_s > RECORDED_S

    def warning(self, model_s: float) -> str:
        """Return the sentence about lost images; empty if there is nothing to say.

        Args:
            model_s: seconds that the pose model has computed since its start.
        """
        now_s = time.monotonic()
        before_s, model_before_s = self._busy_before
        self._busy_before = (now_s, model_s)
        busy_share = (model_s - model_before_s) / max(now_s - before_s, 1e-3)
        waiting_share = self._processor.share()
        lost_share = self._gaps.lost_share()
        self._diagnostics.show("share of lost images", f"{lost_share:.2f}")
        publishers = self._publishers()
        if publishers and publishers <= OWN_SOURCES:
            # Nothing is lost on the way: the recording lacks it, or there is no time for it.
            if self._is_recorded and busy_share <= BUSY_SHARE:
                return ""
            busy_share = 1.0
        sentence = loss_sentence(lost_share, busy_share, waiting_share, self._is_recorded)
        if sentence:
            self._node.get_logger().warning(sentence, throttle_duration_sec=60.0)
        return sentence

    def _publishers(self) -> set[str]:
        return {each.node_name for each in self._node.get_publishers_info_by_topic(self._topic)}
