"""Whether the body of the last seconds can be that of a person, frame by frame."""

from collections import deque

import numpy as np

from apsa_perception.assessment.body_plausibility import implausible_body
from apsa_perception.biomechanics.posture import Posture
from apsa_perception.model.skeleton import BoolArray, FloatArray, Skeleton
from apsa_perception.model.time import to_nanoseconds

WINDOW_S = 2.0
"""The time that is looked at: about one repetition, as for its own judgement."""

HOLD_S = 1.0
"""How long a body stays implausible after it last was, in seconds of the recording."""

_LEAST_S = 0.5
_CHECK_S = 0.1
_SEEN_SHARE = 0.5


class PlausibilityWatch:
    """Follows the body of one person."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget the person."""
        self._frames: deque[tuple[int, FloatArray, BoolArray]] = deque()
        self._implausible_ns: int | None = None
        self._checked_ns: int | None = None

    def update(self, skeleton: Skeleton, posture: Posture) -> bool:
        """Process a frame; return whether to raise no error: the body is not one, or too new."""
        stamp_ns = skeleton.stamp_ns
        frames = self._frames
        frames.append((stamp_ns, skeleton.positions, posture.seen))
        while stamp_ns - frames[0][0] > to_nanoseconds(WINDOW_S):
            frames.popleft()
        if self._checked_ns is None or stamp_ns - self._checked_ns >= to_nanoseconds(_CHECK_S):
            self._checked_ns = stamp_ns
            seen = np.mean([seen for _, _, seen in frames], axis=0) > _SEEN_SHARE
            if implausible_body(np.stack([positions for _, positions, _ in frames]), seen):
                self._implausible_ns = stamp_ns
        if self._implausible_ns is None:
            return stamp_ns - frames[0][0] < to_nanoseconds(_LEAST_S)
        if stamp_ns - self._implausible_ns > to_nanoseconds(HOLD_S):
            self._implausible_ns = None
        return self._implausible_ns is not None
