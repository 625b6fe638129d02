"""Whether the body of the last seconds can be that of a person, frame by frame."""

from collections import deque

import numpy as np

from apsa_perception.assessment.body_plausibility import (
    SEGMENT_COUNT,
    implausible_motion,
    jolts,
    segment_lengths,
)
from apsa_perception.biomechanics.posture import Posture
from apsa_perception.model.joints import JOINT_COUNT
from apsa_perception.model.skeleton import BoolArray, FloatArray, Skeleton
from apsa_perception.model.time import to_nanoseconds

WINDOW_S = 2.0
"""The time that is looked at: about one repetition, as for its own judgement."""

HOLD_S = 1.0
"""How long a body stays implausible after it last was, in seconds of the recording."""

_WINDOW_NS, _HOLD_NS = to_nanoseconds(WINDOW_S), to_nanoseconds(HOLD_S)
_LEAST_NS = to_nanoseconds(0.5)
_CHECK_NS = to_nanoseconds(0.1)
_SEEN_SHARE = 0.5
_ROWS = 512
"""Frames for which there is room before the window is moved: some seconds."""


class _Rows:
    """Rows of numbers of the last frames, so that each is computed once."""

    def __init__(self, width: int) -> None:
        self._rows = np.empty((_ROWS, width))
        self._end = 0

    def append(self, rows: FloatArray, needed: int) -> None:
        """Add rows; of those before, so many may be asked for later."""
        end = self._end + len(rows)
        if end > len(self._rows):
            kept = self.last(needed)
            room = np.empty((len(rows) + _ROWS, self._rows.shape[1]))
            self._rows = np.concatenate([kept, room])
            self._end, end = len(kept), len(kept) + len(rows)
        self._rows[self._end : end] = rows
        self._end = end

    def last(self, count: int) -> FloatArray:
        """Return the newest rows, at most so many."""
        return self._rows[max(self._end - count, 0) : self._end]


class PlausibilityWatch:
    """Follows the body of one person."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget the person."""
        self._frames: deque[tuple[int, BoolArray]] = deque()
        self._seen = np.zeros(JOINT_COUNT, dtype=np.int64)
        self._lengths = _Rows(SEGMENT_COUNT)
        self._jolts = _Rows(JOINT_COUNT)
        self._recent: list[FloatArray] = []
        self._known = 0  # of them, the first ones, which later changes need
        self._implausible_ns: int | None = None
        self._checked_ns: int | None = None

    def update(self, skeleton: Skeleton, posture: Posture) -> bool:
        """Process a frame; return whether to raise no error: the body is not one, or too new."""
        stamp_ns = skeleton.stamp_ns
        self._add(stamp_ns, skeleton.positions, posture.seen)
        if self._checked_ns is None or stamp_ns - self._checked_ns >= _CHECK_NS:
            self._checked_ns = stamp_ns
            self._measure()
            count = len(self._frames)
            lengths, changes = self._lengths.last(count), self._jolts.last(max(count - 2, 0))
            if implausible_motion(lengths, changes, self._seen > _SEEN_SHARE * count):
                self._implausible_ns = stamp_ns
        if self._implausible_ns is None:
            return stamp_ns - self._frames[0][0] < _LEAST_NS
        if stamp_ns - self._implausible_ns > _HOLD_NS:
            self._implausible_ns = None
        return self._implausible_ns is not None

    def _add(self, stamp_ns: int, positions: FloatArray, seen: BoolArray) -> None:
        """Append a frame to those of the window."""
        self._recent.append(positions)
        self._frames.append((stamp_ns, seen))
        self._seen += seen
        while stamp_ns - self._frames[0][0] > _WINDOW_NS:
            self._seen -= self._frames.popleft()[1]

    def _measure(self) -> None:
        """Measure the bodies that are new, with the two before them."""
        bodies, known = np.array(self._recent), self._known
        self._lengths.append(segment_lengths(bodies[known:]), len(self._frames))
        self._jolts.append(jolts(bodies), len(self._frames))
        self._recent = self._recent[-2:]
        self._known = len(self._recent)
