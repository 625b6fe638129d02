"""Images that never arrived, estimated from the gaps between the stamps of those that did."""

from collections import deque
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from apsa_perception.model.stamps import MAX_STEP_S
from apsa_perception.model.time import to_nanoseconds, to_seconds

WINDOW_S = 10.0
"""Seconds of stamps that the share of lost images is estimated from."""

WARNING_SHARE = 0.1
"""Share of lost images that is worth a warning; docs/measured.md has the figures."""

BUSY_SHARE = 0.8
"""Share of its time from which the pose model is what loses images."""

WAITING_SHARE = 0.1
"""Share of its time, waiting for a processor, from which other work is taken for what loses images.

Our choice: beside one process that computes on the same processor it is over 0.3, without work
below 0.1 (``test_processor_wait.py``)."""

_FEWEST = 30
_PERIODS_S = np.geomspace(1.0 / 125.0, 1.0 / 3.0, 750)
_COMMON = 0.6
_REGULAR = 0.5
_IN_NO_ORDER = 0.5
_PAUSE = 10.0
_ONE_PERIOD = 1.5
"""Where the longest gap is a smaller multiple of the shortest one, none is two periods beside one
of a single period. So it is with nearly every camera, and the period, which takes milliseconds to
find, is not needed."""


def loss_sentence(
    lost_share: float, busy_share: float, waiting_share: float, recorded: bool = False
) -> str:
    """Return what is wrong and what helps; empty if few images are lost.

    Args:
        lost_share: share 0..1 of the images that is missing.
        busy_share: share of its time that the pose model computes.
        waiting_share: share of its time that the node waits for a processor.
        recorded: a recording is played, in which they may be missing.
    """
    if lost_share < WARNING_SHARE:
        return ""
    if busy_share > BUSY_SHARE:
        return (
            f"{lost_share:.0%} of the images are skipped: the pose model has no time for more; "
            "pose.model: lite is faster"
        )
    if waiting_share > WAITING_SHARE:
        return (
            f"{lost_share:.0%} of the images are lost: the node waits for a processor for "
            f"{waiting_share:.0%} of its time; end other programs, or choose pose.model: lite"
        )
    alternative = ", or are missing in the recording" if recorded else ""
    return (
        f"{lost_share:.0%} of the images did not arrive{alternative}; a camera driver or player in "
        "another shell needs FASTRTPS_DEFAULT_PROFILES_FILE, see docs/running.md"
    )


class FrameGaps:
    """Estimates the share of lost images.

    The images of a camera are one period apart, with some jitter. Where some are lost, gaps of one,
    two or more periods follow each other in no order. Long rows of equal gaps are a camera that
    changes its frame rate, gaps that share no period a camera without one, and a gap of more than
    ten periods or a second is a pause; these are not counted. A stream that loses exactly every
    second image looks like a camera of half the rate.
    """

    def __init__(self) -> None:
        self._stamps_ns: deque[int] = deque()

    def add(self, stamp_ns: int) -> None:
        """Take the stamp of an image; one that is not later starts again."""
        if self._stamps_ns and stamp_ns <= self._stamps_ns[-1]:
            self._stamps_ns.clear()
        self._stamps_ns.append(stamp_ns)
        while stamp_ns - self._stamps_ns[0] > to_nanoseconds(WINDOW_S):
            self._stamps_ns.popleft()

    def lost_share(self) -> float:
        """Return the share 0..1 of the last images that is missing; 0 if it cannot be estimated."""
        gaps_s = np.diff(to_seconds(np.array(self._stamps_ns, dtype=np.int64)))
        gaps_s = gaps_s[gaps_s <= MAX_STEP_S]
        if len(gaps_s) < _FEWEST:
            return 0.0
        if gaps_s.max() < _ONE_PERIOD * gaps_s.min():
            return 0.0
        period_s = _common_period_s(gaps_s)
        if period_s is None:
            return 0.0
        gaps_s = gaps_s[gaps_s <= _PAUSE * period_s]
        steps = np.maximum(np.rint(gaps_s / period_s), 1.0)
        if not _in_no_order(steps.tolist()):
            return 0.0
        # From the sum of the gaps: jitter lengthens one gap and shortens the next.
        expected = max(round(gaps_s.sum() / period_s), len(gaps_s))
        return 1.0 - len(gaps_s) / expected


def _common_period_s(gaps_s: npt.NDArray[np.float64]) -> float | None:
    """Return the longest period that the gaps are multiples of; None if there is none.

    A gap is a vector whose angle is its place in the period. The vectors of multiples point in the
    same direction, so that their mean is long (periodogram of point events).
    """
    # Few gaps are shorter than a period, and their mean is not.
    longest_s = min(1.25 * np.percentile(gaps_s, 25.0), 1.02 * gaps_s.mean())
    periods_s = _PERIODS_S[longest_s >= _PERIODS_S]
    if not len(periods_s):
        return None
    common = np.cos(2.0 * np.pi * gaps_s / periods_s[:, None]).mean(axis=1)
    if common.max() < _REGULAR:
        return None
    limit = _COMMON * common.max()
    good = common >= limit
    # The highest of the last row of neighbours that are good.
    end = int(np.flatnonzero(good)[-1]) + 1
    start = end - int(np.argmin(np.append(good[:end][::-1], False)))
    rough_s = periods_s[start + np.argmax(common[start:end])]
    steps = np.maximum(np.rint(gaps_s / rough_s), 1.0)
    return float(np.median(gaps_s / steps))


def _in_no_order(steps: Sequence[float]) -> bool:
    """Whether neighbours differ as often as in a sequence without order, or nearly."""
    if len(steps) < _FEWEST:
        return False
    values, counts = np.unique(steps, return_counts=True)
    by_chance = 1.0 - float(((counts / counts.sum()) ** 2).sum())
    changes = float(np.mean(np.diff(steps) != 0.0))
    return len(values) > 1 and changes >= _IN_NO_ORDER * by_chance
