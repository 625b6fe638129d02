"""Whether the body of the last seconds can be that of a person, frame by frame."""

from collections import deque

import numpy as np

from apsa_perception.assessment.body_plausibility import implausible_body
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


class PlausibilityWatch:
    """Follows the body of one person."""

    def __init__(self) -> None:
        self._bodies = np.empty((_ROWS, JOINT_COUNT, 3))
        self.reset()

    def reset(self) -> None:
        """Forget the person."""
        self._frames: deque[tuple[int, BoolArray]] = deque()
        self._seen = np.zeros(JOINT_COUNT, dtype=np.int64)
        self._end = 0
        self._implausible_ns: int | None = None
        self._checked_ns: int | None = None

    def update(self, skeleton: Skeleton, posture: Posture) -> bool:
        """Process a frame; return whether to raise no error: the body is not one, or too new."""
        stamp_ns = skeleton.stamp_ns
        self._add(stamp_ns, skeleton.positions, posture.seen)
        if self._checked_ns is None or stamp_ns - self._checked_ns >= _CHECK_NS:
            self._checked_ns = stamp_ns
            bodies = self._bodies[self._end - len(self._frames) : self._end]
            if implausible_body(bodies, self._seen > _SEEN_SHARE * len(self._frames)):
                self._implausible_ns = stamp_ns
        if self._implausible_ns is None:
            return stamp_ns - self._frames[0][0] < _LEAST_NS
        if stamp_ns - self._implausible_ns > _HOLD_NS:
            self._implausible_ns = None
        return self._implausible_ns is not None

    def _add(self, stamp_ns: int, positions: FloatArray, seen: BoolArray) -> None:
        """Append a frame to those of the window, whose bodies are consecutive rows."""
        if self._end == len(self._bodies):
            kept = self._bodies[self._end - len(self._frames) :]
            self._bodies = np.concatenate([kept, np.empty((len(kept) + _ROWS, JOINT_COUNT, 3))])
            self._end = len(kept)
        self._bodies[self._end] = positions
        self._end += 1
        self._frames.append((stamp_ns, seen))
        self._seen += seen
        while stamp_ns - self._frames[0][0] > _WINDOW_NS:
            self._seen -= self._frames.popleft()[1]
