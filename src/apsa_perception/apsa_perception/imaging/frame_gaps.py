"""Pictures that never arrived, told from the gaps between the stamps of those that did."""

from collections import deque

import numpy as np

_WINDOW = 150
_FEWEST = 40
_PERIOD_PERCENTILE = 10.0
_NEAR = 0.25
_REGULAR_SHARE = 0.8
_CHANGING_SHARE = 0.1
_WORTH_A_WARNING = 0.1
_BUSY = 0.8


def loss_sentence(lost_share: float, busy_share: float) -> str:
    """Return what is wrong and what helps; empty if few pictures are lost.

    Args:
        lost_share: share 0..1 of the pictures that is missing.
        busy_share: share of its time that the pose model computes; near 1 it is what loses them.
    """
    if lost_share < _WORTH_A_WARNING:
        return ""
    if busy_share > _BUSY:
        return (
            f"{lost_share:.0%} of the images are skipped: the pose model has no time for more; "
            "pose.model: lite is faster"
        )
    return (
        f"{lost_share:.0%} of the images did not arrive; a camera driver in another shell needs "
        "FASTRTPS_DEFAULT_PROFILES_FILE, see docs/running.md"
    )


class FrameGaps:
    """Estimates the share of lost pictures.

    A camera's pictures are equally far apart. Where some are lost, gaps of one, two or three
    periods follow each other without order. A camera that changes its frame rate has long rows of
    equal gaps instead, and one whose gaps are no multiples of a period has no rate to compare with;
    neither counts as loss.
    """

    def __init__(self) -> None:
        self._gaps_ns: deque[int] = deque(maxlen=_WINDOW)
        self._last_ns: int | None = None

    def add(self, stamp_ns: int) -> None:
        """Take the stamp of a picture; one that is not later starts again."""
        if self._last_ns is not None:
            if stamp_ns > self._last_ns:
                self._gaps_ns.append(stamp_ns - self._last_ns)
            else:
                self._gaps_ns.clear()
        self._last_ns = stamp_ns

    def lost_share(self) -> float:
        """Return the share 0..1 of the last pictures that is missing; 0 if it cannot be told."""
        if len(self._gaps_ns) < _FEWEST:
            return 0.0
        gaps = np.array(self._gaps_ns, dtype=np.float64)
        periods = gaps / np.percentile(gaps, _PERIOD_PERCENTILE)
        steps = np.maximum(np.rint(periods), 1.0)
        near = np.abs(periods - steps) < _NEAR
        changing = steps[1:] != steps[:-1]
        if near.mean() < _REGULAR_SHARE or changing.mean() < _CHANGING_SHARE:
            return 0.0
        return float(1.0 - len(steps) / steps.sum())
